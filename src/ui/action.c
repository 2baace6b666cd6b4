/* SPDX-License-Identifier: MIT */
#include "ui/action.h"

#include <string.h>

#include "ui/about.h"
#include "ui/channel_pick.h"
#include "ui/explain.h"
#include "ui/input_settings.h"
#include "ui/keys.h"
#include "ui/prompt.h"
#include "ui/scheme_settings.h"
#include "ui/tensor_settings.h"
#include "ui/transform_settings.h"

static void move(struct session *session, int key)
{
    session_select(session,
                   keys_row(key, (long)session->cursor, (long)session->tree->rows, session->page));
}

static void step_channel(struct session *session, int direction)
{
    const struct tensor *tensor = session_tensor(session);
    if (!tensor || tensor_channels(tensor, session->settings.view) < 2) {
        session_say(session, STYLE_DIM, "one channel is all there is");
        return;
    }
    struct settings settings = session->settings;
    int64_t last = (int64_t)tensor_channels(tensor, session->settings.view) - 1;
    if (settings.channel < 0)
        settings.channel = direction > 0 ? 0 : last;
    else if (settings.channel + direction >= 0 && settings.channel + direction <= last)
        settings.channel += direction;
    session_change(session, &settings);
}

static void channel(struct session *session, int key)
{
    step_channel(session, key == '.' ? 1 : -1);
}

static void all_channels(struct session *session, int key)
{
    (void)key;
    struct settings settings = session->settings;
    settings.channel = REQUEST_ALL_CHANNELS;
    session_change(session, &settings);
}

/* Left and right fold modules in the tree and walk channels in the view. */
static void sideways(struct session *session, int key)
{
    bool right = key == KEY_CURSOR_RIGHT || key == 'l';
    if (session->focus == FOCUS_VIEW) {
        step_channel(session, right ? 1 : -1);
        return;
    }
    struct tree *tree = session->tree;
    if (tree->rows == 0 || tree->flat)
        return;
    size_t node = tree->row[session->cursor];
    bool module = tree->node[node].tensor == TREE_NO_TENSOR;
    if (module && tree->node[node].folded == right)
        tree_fold(tree, node, !right);
    else if (!right && tree->node[node].parent != SIZE_MAX)
        session_reveal(session, tree->node[node].parent);
    else if (right && module)
        session_select(session, (long)session->cursor + 1);
}

static void enter(struct session *session, int key)
{
    (void)key;
    struct tree *tree = session->tree;
    if (tree->rows == 0 || (session->focus == FOCUS_VIEW && channel_pick_show(session)))
        return;
    size_t node = tree->row[session->cursor];
    if (tree->node[node].tensor == TREE_NO_TENSOR)
        tree_fold(tree, node, !tree->node[node].folded);
    else
        session->focus = FOCUS_VIEW;
}

static void back(struct session *session, int key)
{
    (void)key;
    session->focus = FOCUS_TREE;
}

static void next_pane(struct session *session, int key)
{
    (void)key;
    session->focus = session->focus == FOCUS_TREE ? FOCUS_VIEW : FOCUS_TREE;
}

static void show_view(struct session *session, int key)
{
    for (size_t i = 0; i < view_count; i++)
        if (views[i]->key == key)
            session_show(session, views[i]);
}

static void source(struct session *session, int key)
{
    (void)key;
    struct settings settings = session->settings;
    /* Only the lab knows the law itself. */
    settings.belief = (settings.belief + 1) % (session->in_lab ? BELIEF_LAW + 1 : BELIEF_COUNT);
    session_change(session, &settings);
}

static void undo(struct session *session, int key)
{
    (void)key;
    session_undo(session);
}

static void sort(struct session *session, int key)
{
    if (key == 'S') {
        enum column column = (session->column + 1) % COLUMN_COUNT;
        session_sort(session, column, !column_types[column].low_is_bad); /* worst first */
        session_say(session, STYLE_DIM, "by %s: %s", column_types[column].name,
                    column_types[column].meaning);
    } else if (session->column == COLUMN_NAME) {
        session_say(session, STYLE_DIM, "the tree is in the order of names: S sorts by a column");
    } else {
        session_sort(session, session->column, key == '>');
    }
}

static void log_axis(struct session *session, int key)
{
    (void)key;
    session->options.log = !session->options.log;
}

static void glyphs(struct session *session, int key)
{
    (void)key;
    if (session->ascii_only)
        session_say(session, STYLE_DIM, "the locale is not UTF-8: ASCII is all there is");
    else
        session->options.glyphs = (session->options.glyphs + 1) % GLYPHS_COUNT;
}

static void pause_survey(struct session *session, int key)
{
    (void)key;
    if (!session->survey) {
        session_say(session, STYLE_DIM, "there is no survey");
        return;
    }
    session->paused = !session->paused;
    survey_hold(session->survey, SURVEY_HOLD_USER, session->paused);
    session_say(session, STYLE_DIM,
                session->paused ? "the survey stands still: P lets it go on"
                                : "the survey goes on");
}

static void help(struct session *session, int key)
{
    (void)key;
    session->mode = MODE_HELP;
    session->help_top = 0;
}

static void lab(struct session *session, int key)
{
    (void)key;
    session_enter_lab(session, !session->in_lab);
}

static void quit(struct session *session, int key)
{
    (void)key;
    session->quit = true;
}

static void redraw(struct session *session, int key)
{
    (void)session, (void)key; /* the terminal repaints by itself on this key */
}

/* clang-format off */
const struct action actions[] = {
    { { '?', KEY_FUNCTION + 1 }, "General", "help", NULL, "Show the keys", help },
    { { KEY_CURSOR_DOWN, 'j' }, "Tensors", NULL, NULL, "Next row", move },
    { { KEY_CURSOR_UP, 'k' }, "Tensors", NULL, NULL, "Previous row", move },
    { { KEY_PAGE_DOWN, KEY_CONTROL('f') }, "Tensors", NULL, NULL, "Next page", move },
    { { KEY_PAGE_UP, KEY_CONTROL('b') }, "Tensors", NULL, NULL, "Previous page", move },
    { { KEY_CONTROL('d') }, "Tensors", NULL, NULL, "Half a page down", move },
    { { KEY_CONTROL('u') }, "Tensors", NULL, NULL, "Half a page up", move },
    { { KEY_FIRST, 'g' }, "Tensors", NULL, NULL, "First row", move },
    { { KEY_LAST, 'G' }, "Tensors", NULL, NULL, "Last row", move },
    { { KEY_CURSOR_LEFT, 'h' }, "Tensors", NULL, NULL, "Fold the module, or go to it", sideways },
    { { KEY_CURSOR_RIGHT, 'l' }, "Tensors", NULL, NULL, "Unfold it, or go into it", sideways },
    { { KEY_ENTER_CODE }, "Tensors", NULL, NULL,
      "Fold a module; go to a tensor's view; there, to the error of a channel that is picked",
      enter },
    { { '/', KEY_FUNCTION + 3 }, "Tensors", "find", NULL, "Find as you type", prompt_search },
    { { 'n' }, "Tensors", NULL, NULL, "Next match", prompt_again },
    { { 'N' }, "Tensors", NULL, NULL, "Previous match", prompt_again },
    { { 'S' }, "Tensors", NULL, NULL, "Sort by the next column", sort },
    { { '<' }, "Tensors", NULL, NULL, "Smallest first", sort },
    { { '>' }, "Tensors", NULL, NULL, "Largest first", sort },
    { { KEY_TAB_CODE }, "Views", NULL, NULL, "Other pane; there h and l walk channels", next_pane },
    { { KEY_ESCAPE }, "Views", NULL, NULL, "Back to the tensors", back },
    { { '1', '2', '3', '4', '5' }, "Views", "views", "1-9", "The views described below",
      show_view },
    { { '6', '7', '8', '9', 'C' }, "Views", NULL, NULL, "More of them", show_view },
    { { 'o' }, "Views", "outliers", NULL, "Hunt outliers: the worst first; on a module, of all",
      action_hunt },
    { { '.' }, "Views", "channel", ". ,", "Next channel", channel },
    { { ',' }, "Views", NULL, NULL, "Previous channel", channel },
    { { '0' }, "Views", NULL, NULL, "All channels", all_channels },
    { { 't' }, "Views", NULL, NULL, "View 4: standard deviation or mean of the error",
      channel_pick_moment_key },
    { { 'f' }, "Views", NULL, NULL, "Views 4, 5: all channels, or the normal ones alone",
      channel_pick_normal_key },
    { { 'w' }, "Views", NULL, NULL, "Views 4, 5: pick the worst channel, then the next better one",
      channel_pick_worst_key },
    { { 'A' }, "Views", NULL, NULL, "Views 4, 5, 6, 8: of this tensor, or of the whole model",
      channel_pick_whole_key },
    { { 'T' }, "Views", NULL, NULL, "Turn the channels: rows, or columns (axis 1)",
      tensor_settings_turn_key },
    { { 'W' }, "Views", NULL, NULL, "Values times their scales, or as they are stored",
      tensor_settings_scale_key },
    { { 'L' }, "Views", NULL, NULL, "Logarithmic axis", log_axis },
    { { 'b' }, "Views", NULL, NULL, "Braille, blocks or ASCII", glyphs },
    { { '+', '=' }, "Quantizer", "bits", "+ -", "One bit more", scheme_settings_bits_key },
    { { '-', '_' }, "Quantizer", NULL, NULL, "One bit less", scheme_settings_bits_key },
    { { 's' }, "Quantizer", "scheme", NULL, "Next levels: uniform, codebooks, block formats",
      scheme_settings_levels_key },
    { { 'v' }, "Quantizer", "granularity", NULL,
      "What shares a scale: the tensor, a channel, a group of a row, a block",
      scheme_settings_granularity_key },
    { { '{' }, "Quantizer", NULL, NULL, "Groups or blocks of half the size",
      scheme_settings_size_key },
    { { '}' }, "Quantizer", NULL, NULL, "Groups or blocks of twice the size",
      scheme_settings_size_key },
    { { 'a' }, "Quantizer", NULL, NULL, "Symmetric, asymmetric, full range",
      scheme_settings_symmetry_key },
    { { 'c' }, "Quantizer", "clip", NULL, "Next clip rule", scheme_settings_clip_key },
    { { '[' }, "Quantizer", NULL, NULL, "Lower clip threshold, or power of lp",
      scheme_settings_threshold_key },
    { { ']' }, "Quantizer", NULL, NULL, "Higher clip threshold, or power of lp",
      scheme_settings_threshold_key },
    { { 'B' }, "Quantizer", NULL, NULL, "Bias correction: none, the mean, mean and norm",
      scheme_settings_correction_key },
    { { ')' }, "Quantizer", NULL, NULL,
      "View 6: round the inputs of layers, too; one bit more for them", input_settings_bits_key },
    { { '(' }, "Quantizer", NULL, NULL, "View 6: one bit less for the inputs; at last none",
      input_settings_bits_key },
    { { 'x' }, "Quantizer", "transform", NULL,
      "Next transform of the inputs: none, hadamard, cat, align:1", transform_settings_next_key },
    { { 'X' }, "Quantizer", NULL, NULL, "Previous transform", transform_settings_previous_key },
    { { 'd' }, "Quantizer", NULL, NULL,
      "Theory's source: Gaussian, Laplace, the nearer one, empirical", source },
    { { 'i' }, "Views", "facts", NULL, "Explain the facts: definition, formula, source",
      explain_open },
    { { 'u' }, "Quantizer", "undo", NULL, "Undo the last change of a setting", undo },
    { { KEY_FUNCTION + 6 }, "General", "lab", "F6", "Into the lab, and back", lab },
    { { 'M' }, "General", NULL, NULL, "Metadata: what the files say about themselves",
      about_open },
    { { 'P' }, "General", NULL, NULL, "Pause the survey, and let it go on", pause_survey },
    { { ':' }, "General", NULL, NULL, "Command line; :help lists the commands", prompt_command },
    { { KEY_CONTROL('l') }, "General", NULL, NULL, "Draw the screen again", redraw },
    { { 'q', KEY_FUNCTION + 10 }, "General", "quit", NULL, "Quit", quit },
};
/* clang-format on */
const size_t action_count = sizeof actions / sizeof *actions;

static const struct action *find_action(const struct action table[], size_t n, int key)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < ACTION_KEYS && table[i].key[k]; k++)
            if (table[i].key[k] == key)
                return &table[i];
    return NULL;
}

/* Whether an action means nothing in the lab. */
static bool of_tensors(const struct action *action)
{
    return strcmp(action->group, "Tensors") == 0 || action->run == channel ||
           action->run == all_channels || action->run == channel_pick_moment_key ||
           action->run == channel_pick_normal_key || action->run == channel_pick_whole_key ||
           action->run == channel_pick_worst_key || action->run == transform_settings_next_key ||
           action->run == transform_settings_previous_key ||
           action->run == tensor_settings_turn_key || action->run == tensor_settings_scale_key;
}

const struct action *action_local(const struct session *session, size_t *count)
{
    bool hunting = session->view == &view_outliers && session->focus == FOCUS_VIEW;
    if (hunting && session_is_whole(session)) {
        *count = model_outlier_action_count;
        return model_outlier_actions;
    }
    if (session_is_whole(session) && session->view->layers) {
        *count = model_layer_action_count;
        return model_layer_actions;
    }
    *count = session->in_lab ? lab_action_count : hunting ? outlier_action_count : 0;
    return session->in_lab ? lab_actions : outlier_actions;
}

static void browse_key(struct session *session, int key)
{
    size_t local_count;
    const struct action *local = action_local(session, &local_count);
    const struct action *action = find_action(local, local_count, key);
    if (!action)
        action = find_action(actions, action_count, key);
    bool elsewhere = action && session->in_lab && of_tensors(action);
    if (action && !elsewhere) {
        action->run(session, key);
        return;
    }
    struct text name = {0};
    key_name_add(&name, key, session->ascii_only);
    session_say(session, STYLE_DIM,
                elsewhere ? "%s is for tensors; F6 leaves the lab"
                          : "%s does nothing here; ? shows the keys",
                name.data);
    text_done(&name);
}

static void help_key(struct session *session, int key)
{
    switch (key) {
    case KEY_CURSOR_DOWN:
    case 'j':
        session->help_top += 1;
        break;
    case KEY_CURSOR_UP:
    case 'k':
        session->help_top -= 1;
        break;
    case KEY_PAGE_DOWN:
    case ' ':
        session->help_top += session->page;
        break;
    case KEY_PAGE_UP:
        session->help_top -= session->page;
        break;
    default:
        session->mode = MODE_BROWSE;
        break;
    }
}

void session_key(struct session *session, int key)
{
    session->message[0] = '\0';
    switch (session->mode) {
    case MODE_BROWSE:
        browse_key(session, key);
        break;
    case MODE_HELP:
        help_key(session, key);
        break;
    case MODE_EXPLAIN:
        explain_key(session, key);
        break;
    case MODE_ABOUT:
        about_key(session, key);
        break;
    case MODE_SEARCH:
    case MODE_COMMAND:
    case MODE_ABOUT_SEARCH:
        prompt_key(session, key);
        break;
    case MODE_COUNT:
        break;
    }
}
