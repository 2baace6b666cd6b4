/* SPDX-License-Identifier: MIT */
#include "ui/channel_pick.h"

#include <math.h>

#include "engine/agreement.h"

/* Whether the key means something in this view; says where it does if not. */
static bool draws_channels(struct session *session)
{
    if (!session->view->channels)
        session_say(session, STYLE_DIM, "for the views of all channels: 4 and 5");
    return session->view->channels;
}

void channel_pick_moment_key(struct session *session, int key)
{
    (void)key;
    if (session->view != &view_channels)
        session_say(session, STYLE_DIM, "for the view of theory by channel: 4");
    else
        session->options.means = !session->options.means;
}

void channel_pick_normal_key(struct session *session, int key)
{
    (void)key;
    if (draws_channels(session))
        session->options.normal_only = !session->options.normal_only;
}

void channel_pick_whole_key(struct session *session, int key)
{
    (void)key;
    if (!session->view->draw_model) {
        session_say(session, STYLE_DIM, "for the views of a whole model: 4, 5, 6 and 8");
        return;
    }
    session->whole = !session->whole;
    if (session->whole && session->view->outliers)
        session->focus = FOCUS_VIEW; /* where its list is walked */
    session_ask(session); /* the whole model needs less of the selected tensor */
}

/* How bad a channel is in the view; NaN if it is not drawn. */
static double badness(const struct session *session, const struct report *report, size_t row)
{
    if (session->options.normal_only && !agreement_is_normal(report, row))
        return NAN;
    if (session->view == &view_ratio)
        return agreement_ratio(report, row);
    const struct agreement_dot dot =
        agreement_dot(report, row, session->options.means ? AGREEMENT_MEAN : AGREEMENT_STD);
    return fabs(dot.y - dot.x);
}

/* Whether a channel comes behind another in the order from the worst on; of equally bad ones the
 * first comes first. */
static bool comes_behind(double bad, size_t row, double other_bad, size_t other)
{
    return bad < other_bad || (bad == other_bad && row > other);
}

/* The worst row behind `from`, or of all if that is VIEW_NONE or not drawn; at the end
 * VIEW_NONE. */
static size_t next_worst(const struct session *session, const struct report *report, size_t from)
{
    const double limit = from == VIEW_NONE ? (double)NAN : badness(session, report, from);
    size_t best = VIEW_NONE;
    double best_bad = NAN;
    for (size_t i = 0; i < report->errors->channels; i++) {
        const double bad = badness(session, report, i);
        if (isnan(bad) || (!isnan(limit) && !comes_behind(bad, i, limit, from)))
            continue;
        if (best == VIEW_NONE || comes_behind(best_bad, best, bad, i)) {
            best = i;
            best_bad = bad;
        }
    }
    return best;
}

void channel_pick_worst_key(struct session *session, int key)
{
    (void)key;
    const struct report *report = session_report(session);
    if (session->whole && session->view->channels) {
        session_say(session, STYLE_DIM, "A goes back to one tensor, whose channels can be picked");
        return;
    }
    if (!draws_channels(session) || !report || !report->errors || report->request.channel >= 0)
        return;
    const struct view_options options = {.channel = session->settings.channel};
    const size_t row = next_worst(session, report, view_picked(report, &options));
    if (row == VIEW_NONE || report->rows.of < 2) {
        session_say(session, STYLE_DIM,
                    report->rows.of < 2 ? "one channel is all there is" : "that was the last one");
        return;
    }
    struct settings settings = session->settings;
    settings.channel = (int64_t)rows_channel(&report->rows, row);
    session_change(session, &settings);
}

bool channel_pick_show(struct session *session)
{
    if (!session->view->channels || session->whole || session->settings.channel < 0)
        return false;
    session_show(session, &view_error);
    return true;
}
