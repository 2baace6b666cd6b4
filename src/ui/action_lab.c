/* SPDX-License-Identifier: MIT
 *
 * What keys do in the lab: looked up before the keys of the tensors.
 */
#include <math.h>

#include "ui/action.h"
#include "ui/keys.h"
#include "ui/lab.h"
#include "ui/lesson_player.h"
#include "ui/scheme_settings.h"

static void ratio(struct session *session, int key)
{
    struct settings settings = session->settings;
    bool up = key == KEY_CURSOR_RIGHT || key == 'l';
    lab_scale_step(&settings.scheme, up ? exp2(0.125) : exp2(-0.125));
    if (!lab_knows_step(&settings.scheme))
        session_say(session, STYLE_DIM, "the step is the sample's: %s",
                    settings.scheme.bits == 1 ? "+ adds a bit" : "c chooses a clip rule");
    else if (clip_equal(&settings.scheme.clip, &session->settings.scheme.clip))
        session_say(session, STYLE_DIM, "steps and clip thresholds end here");
    session_change(session, &settings);
}

/* Says so where there is no vector of draws, of which alone a key speaks. */
static bool is_vector(struct session *session)
{
    const bool layer = synthetic_layer_is(&session->settings.lab.layer);
    if (layer)
        session_say(session, STYLE_DIM, "a layer lies on its rows' grids: :layer tells its size");
    return !layer;
}

static void phase(struct session *session, int key)
{
    struct settings settings = session->settings;
    if (!is_vector(session))
        return;
    double step = key == KEY_CURSOR_UP || key == 'k' ? 1.0 / 32 : -1.0 / 32;
    settings.lab.phase = round((settings.lab.phase + step) * 32) / 32;
    session_change(session, &settings);
}

static void law(struct session *session, int key)
{
    struct settings settings = session->settings;
    lab_next_law(&settings.lab, key == 's' ? 1 : -1);
    session_change(session, &settings);
}

static void draws(struct session *session, int key)
{
    struct settings settings = session->settings;
    if (!is_vector(session))
        return;
    uint64_t n = key == '}' ? settings.lab.draws * 10 : settings.lab.draws / 10;
    if (n < LAB_DRAWS_LEAST || n > LAB_DRAWS_MOST) {
        session_say(session, STYLE_DIM, "samples have from 100 to 10 000 000 elements");
        return;
    }
    settings.lab.draws = n;
    session_change(session, &settings);
}

static void seed(struct session *session, int key)
{
    (void)key;
    struct settings settings = session->settings;
    settings.lab.seed++;
    session_change(session, &settings);
}

static void lab_clip_rule(struct session *session, int key)
{
    (void)key;
    static const struct clip rules[] = {
        {CLIP_STEP, 1}, {CLIP_SIGMA, 3}, {CLIP_VALUE, 3}, {CLIP_MAX, 0}};
    struct scheme scheme;
    if (scheme_settings_next_clip(session, rules, sizeof rules / sizeof *rules, &scheme))
        scheme_settings_change(session, &scheme, NULL);
}

static void leave(struct session *session, int key)
{
    (void)key;
    if (session->lesson)
        lesson_close(session);
    else
        session_enter_lab(session, false);
}

const struct action lab_actions[] = {
    /* clang-format off */
    { { KEY_CURSOR_RIGHT, 'l' }, "Lab", "q/std", "< >", "Wider step: more q/std", ratio },
    { { KEY_CURSOR_LEFT, 'h' }, "Lab", NULL, NULL, "Narrower step", ratio },
    { { KEY_CURSOR_UP, 'k' }, "Lab", "phase", "^ v", "Mean up by 1/32 of a step", phase },
    { { KEY_CURSOR_DOWN, 'j' }, "Lab", NULL, NULL, "Mean down by 1/32 of a step", phase },
    { { 's' }, "Lab", "source", NULL, "Next source", law },
    { { 'S' }, "Lab", NULL, NULL, "Previous source", law },
    { { '}' }, "Lab", "draws", "{ }", "Ten times the draws", draws },
    { { '{' }, "Lab", NULL, NULL, "A tenth of the draws", draws },
    { { 'r' }, "Lab", "redraw", NULL, "Other draws: next seed", seed },
    { { 'c' }, "Lab", "clip", NULL, "Grid without ends (step), or clipped at sigma, value, max",
      lab_clip_rule },
    { { ' ', KEY_ENTER_CODE }, "Lab", "lesson", "Space", "Next step of the lesson, or the lessons",
      lesson_forward },
    { { KEY_RUBOUT }, "Lab", NULL, NULL, "Previous step of the lesson", lesson_back },
    { { KEY_PAGE_DOWN, KEY_PAGE_UP }, "Lab", NULL, NULL, "Scroll the words", lesson_scroll },
    { { 'n', 'p' }, "Lab", NULL, NULL, "Mark the next or previous lesson", lesson_mark },
    { { KEY_ESCAPE }, "Lab", NULL, NULL, "Leave the lesson, then the lab", leave },
    /* clang-format on */
};
const size_t lab_action_count = sizeof lab_actions / sizeof *lab_actions;
