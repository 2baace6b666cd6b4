/* SPDX-License-Identifier: MIT
 *
 * What the user is looking at: the state that keys change and the screen shows.  It computes
 * nothing: it asks the engine and keeps the newest report.
 */
#ifndef UI_SESSION_H
#define UI_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/engine.h"
#include "engine/record_store.h"
#include "engine/layers.h"
#include "engine/survey.h"
#include "model/model.h"
#include "plot/cells.h"
#include "ui/column.h"
#include "ui/filter.h"
#include "ui/lab.h"
#include "ui/listing.h"
#include "ui/model_layers.h"
#include "ui/tree.h"
#include "ui/view.h"

enum mode {
    MODE_BROWSE,
    MODE_SEARCH,       /* for tensors, as one types */
    MODE_COMMAND,
    MODE_HELP,
    MODE_EXPLAIN,
    MODE_ABOUT,        /* the metadata lies over the panes */
    MODE_ABOUT_SEARCH, /* in it, as one types */
    MODE_COUNT
};

/* Where arrows go, and which pane a small screen shows. */
enum focus { FOCUS_TREE, FOCUS_VIEW };

/* What `u` brings back. */
struct settings {
    struct tensor_view view;
    struct scheme scheme;
    int bits_wanted; /* that the user last chose; scheme.bits may be all that the levels have */
    struct transform_spec transform;
    int64_t channel;
    enum belief belief;
    struct input_grid inputs; /* how inputs of layers are rounded */
    struct lab lab; /* of meaning in the lab alone */
};

#define SESSION_LINE 256
#define SESSION_UNDO 64

struct session {
    const struct model *model;
    struct engine *engine;
    struct layers *layers;           /* lent, outlives the engine; NULL: nothing is known of inputs */
    struct tree *tree;
    size_t cursor, top;              /* rows of the tree: selected, first shown */
    int page;                        /* rows that were shown last */

    bool in_lab;                     /* a synthetic sample takes the tensor's place */
    struct settings elsewhere;       /* the lab's settings outside of it, and the other way round */
    const struct lesson_set *lessons; /* lent; NULL or empty: none were found */
    const struct lesson *lesson;     /* being taken, or NULL */
    size_t lesson_index, lesson_step;
    int lesson_top;                  /* lines of its words scrolled away */

    struct settings settings;
    struct settings undo[SESSION_UNDO];
    size_t undo_count;
    const struct view *view;
    struct view_options options;
    struct outlier_limits limits;    /* where outliers begin */
    struct outlier_region region;    /* that the map of outliers shows; all zero: everything */
    bool ascii_only;                 /* the terminal cannot show anything else */

    bool has_asked;
    struct request asked;            /* newest request, once has_asked */
    const struct report *report;     /* newest answer, perhaps of an earlier request */
    struct survey *survey;           /* lent; NULL: none goes on behind the screen */
    struct model_layers *model_layers; /* what a survey of the linear layers tells; NULL: none does */
    bool paused;                     /* by the user */
    struct record_store *records;    /* where those of `record` lie */
    struct survey_record **record;   /* by tensor, as the survey told it; NULL where it has not */
    bool whole;                      /* views that can show the whole model do */
    struct listing *listing;         /* what is known of every tensor under the settings */
    enum column column;              /* that the list is sorted by */
    bool descending;
    struct filter *filter;           /* of the tensors that it shows; NULL: all */
    size_t shown;                    /* how many these are */

    enum mode mode;
    enum focus focus;
    char line[SESSION_LINE];         /* being typed, UTF-8 */
    char pattern[SESSION_LINE];      /* last search */
    size_t origin;                   /* node, or entry of the metadata, where the search began */
    int help_top;
    size_t explained;                /* entry of the glossary under the cursor */
    size_t about;                    /* entry of the metadata under the cursor */
    bool about_whole;                /* nothing but that entry is shown */
    int about_top;                   /* lines of its value scrolled away */
    char message[SESSION_LINE];      /* until the next key */
    enum style message_style;
    bool quit;
};

struct session *session_new(const struct model *model, struct engine *engine, enum glyphs glyphs,
                            const struct settings *settings);
void session_free(struct session *session);

/* The tensor under the cursor; NULL on a module or in an empty model. */
const struct tensor *session_tensor(const struct session *session);

/* Whether the view is of the whole model. */
bool session_is_whole(const struct session *session);

/* The linear layers as tensors are looked at now; NULL if nothing is known of them. */
const struct layer_index *session_layers(const struct session *session);

/* Asks the engine for what is selected now, unless that was asked last. */
void session_ask(struct session *session);

/* Goes into the lab, or back to the tensors; each side finds its settings as they were left. */
void session_enter_lab(struct session *session, bool enter);

/* Takes the engine's newest report, if there is one: true if the screen has to change. */
bool session_receive(struct session *session);

/* The report to draw: of the selected tensor, at best of the current settings; NULL if none. */
const struct report *session_report(const struct session *session);

/* Shows another view, and asks for what only that draws. */
void session_show(struct session *session, const struct view *view);

/* Changes the settings, remembering the old ones for session_undo. */
void session_change(struct session *session, const struct settings *settings);
void session_undo(struct session *session);

/* Selects a row (clamped), or a node wherever it is hidden. */
void session_select(struct session *session, long row);
void session_reveal(struct session *session, size_t node);

/* Orders the list by a column; the selected node stays selected. */
void session_sort(struct session *session, enum column column, bool descending);

/* Shows the tensors alone that pass the filter, which is the session's from here on; NULL: all. */
void session_choose(struct session *session, struct filter *filter);

/* Has a survey tell about all tensors from here on; it is asked for the session's settings. */
void session_attach(struct session *session, struct survey *survey);

/* Takes what the survey has found out: true if the screen has to change. */
bool session_survey(struct session *session);

/* Has the tensors on the screen surveyed first. */
void session_prefer_shown(const struct session *session);

/* Takes a record, wherever it comes from. */
void session_learn(struct session *session, size_t tensor, const struct survey_record *record);

void session_say(struct session *session, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
