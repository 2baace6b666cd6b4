/* SPDX-License-Identifier: MIT
 *
 * What keys do in the map of outliers and in the list of those of the whole model: looked up before
 * the keys of the tensors while that view has the focus.
 */
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/model_outliers.h"

/* A zoom step, and the least region: no more elements than a small screen has cells. */
#define ZOOM          4
#define LEAST_ROWS    8
#define LEAST_COLUMNS 32

/* Elements that a page of the list moves by. */
#define PAGE 10

static const struct outlier *selected(const struct session *session)
{
    const struct report *report = session_report(session);
    size_t at = session->options.outlier;
    if (!report || !report->outliers || at >= report->outliers->listed)
        return NULL;
    return &report->outliers->worst[at];
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Shows so many rows and columns about the selected element, or all of them. */
static void look_at(struct session *session, uint64_t rows, uint64_t columns)
{
    const struct outlier *outlier = selected(session);
    const struct tensor *tensor = session_tensor(session);
    if (!outlier || !tensor)
        return;
    uint64_t all_rows = tensor_channels(tensor, session->settings.view);
    uint64_t all_columns = tensor_channel_length(tensor, session->settings.view);
    struct outlier_region region = {0};
    if (rows < all_rows || columns < all_columns) {
        region.rows = least(rows, all_rows);
        region.columns = least(columns, all_columns);
        region.row = outlier->channel - least(outlier->channel, region.rows / 2);
        region.column = outlier->column - least(outlier->column, region.columns / 2);
    }
    session->region = region;
    session_ask(session);
}

static void walk(struct session *session, int key)
{
    const struct report *report = session_report(session);
    long listed = report && report->outliers ? (long)report->outliers->listed : 0;
    long at = keys_row(key, (long)session->options.outlier, listed, PAGE);
    at = at >= listed ? listed - 1 : at;
    session->options.outlier = at > 0 ? (size_t)at : 0;
    /* The map goes along where it shows a part only. */
    if (session->region.rows > 0)
        look_at(session, session->region.rows, session->region.columns);
}

static void zoom_in(struct session *session, int key)
{
    (void)key;
    const struct tensor *tensor = session_tensor(session);
    if (!tensor || !selected(session)) {
        session_say(session, STYLE_DIM, "there is no element to look at");
        return;
    }
    struct outlier_region region = session->region;
    if (region.rows == 0) {
        region.rows = tensor_channels(tensor, session->settings.view);
        region.columns = tensor_channel_length(tensor, session->settings.view);
    }
    if (region.rows <= LEAST_ROWS && region.columns <= LEAST_COLUMNS)
        session_say(session, STYLE_DIM, "these are single elements; Z shows more");
    uint64_t rows = region.rows / ZOOM, columns = region.columns / ZOOM;
    look_at(session, rows > LEAST_ROWS ? rows : least(region.rows, LEAST_ROWS),
            columns > LEAST_COLUMNS ? columns : least(region.columns, LEAST_COLUMNS));
}

static void zoom_out(struct session *session, int key)
{
    (void)key;
    if (session->region.rows == 0)
        session_say(session, STYLE_DIM, "this is all of it");
    else
        look_at(session, session->region.rows * ZOOM, session->region.columns * ZOOM);
}

void action_hunt(struct session *session, int key)
{
    (void)key;
    if (!session->in_lab)
        session->whole = !session_tensor(session);
    session->options.outlier = session->options.model_outlier = 0;
    session->region = (struct outlier_region){0};
    session->focus = FOCUS_VIEW;
    session_show(session, &view_outliers);
}

static void walk_model(struct session *session, int key)
{
    const struct model_outliers outliers = model_outliers_of(session->model, session->record);
    const size_t from = model_outliers_selected(&outliers, session->options.model_outlier);
    const long to = keys_row(key, (long)from, (long)outliers.listed, PAGE);
    session->options.model_outlier = model_outliers_selected(&outliers, to > 0 ? (size_t)to : 0);
}

/* From an element of the whole model's list to the map of its tensor, where it is selected.  A
 * tensor that cannot be read, as those of a scan, is selected in the tree alone. */
static void go_to_element(struct session *session, int key)
{
    (void)key;
    const struct model_outliers outliers = model_outliers_of(session->model, session->record);
    if (outliers.listed == 0) {
        session_say(session, STYLE_DIM, "there is no element to look at");
        return;
    }
    const size_t at = model_outliers_selected(&outliers, session->options.model_outlier);
    const struct model_outlier *outlier = &outliers.worst[at];
    const char *reason;
    session_reveal(session, tree_find(session->tree, outlier->tensor));
    if (!tensor_readable(&session->model->tensors[outlier->tensor], &reason)) {
        session_say(session, STYLE_DIM, "no map: %s", reason);
        return;
    }
    /* Records are of all channels, and so is the place in their list. */
    struct settings settings = session->settings;
    settings.channel = REQUEST_ALL_CHANNELS;
    session_change(session, &settings);
    session->whole = false;
    session->region = (struct outlier_region){0};
    session->options.outlier = outlier->place;
    session_ask(session);
}

/* clang-format off */
const struct action outlier_actions[] = {
    { { KEY_CURSOR_DOWN, 'j' }, "Outliers", NULL, NULL, "Next element of the list", walk },
    { { KEY_CURSOR_UP, 'k' }, "Outliers", NULL, NULL, "Previous element", walk },
    { { KEY_PAGE_DOWN, KEY_CONTROL('f') }, "Outliers", NULL, NULL, "Ten elements on", walk },
    { { KEY_PAGE_UP, KEY_CONTROL('b') }, "Outliers", NULL, NULL, "Ten elements back", walk },
    { { KEY_FIRST, 'g' }, "Outliers", NULL, NULL, "The worst element", walk },
    { { KEY_LAST, 'G' }, "Outliers", NULL, NULL, "The last one listed", walk },
    { { KEY_ENTER_CODE, 'z' }, "Outliers", "zoom", "z Z", "Closer to the element", zoom_in },
    { { KEY_RUBOUT, 'Z' }, "Outliers", NULL, NULL, "Further away, to all of the tensor",
      zoom_out },
};
const struct action model_outlier_actions[] = {
    { { KEY_CURSOR_DOWN, 'j' }, "Outliers", NULL, NULL, "Next element of the list", walk_model },
    { { KEY_CURSOR_UP, 'k' }, "Outliers", NULL, NULL, "Previous element", walk_model },
    { { KEY_PAGE_DOWN, KEY_CONTROL('f') }, "Outliers", NULL, NULL, "Ten elements on", walk_model },
    { { KEY_PAGE_UP, KEY_CONTROL('b') }, "Outliers", NULL, NULL, "Ten elements back", walk_model },
    { { KEY_FIRST, 'g' }, "Outliers", NULL, NULL, "The worst element", walk_model },
    { { KEY_LAST, 'G' }, "Outliers", NULL, NULL, "The last one listed", walk_model },
    { { KEY_ENTER_CODE }, "Outliers", "map", NULL, "The element in the map of its tensor",
      go_to_element },
};
/* clang-format on */
const size_t model_outlier_action_count =
    sizeof model_outlier_actions / sizeof *model_outlier_actions;
const size_t outlier_action_count = sizeof outlier_actions / sizeof *outlier_actions;
