/* SPDX-License-Identifier: MIT
 *
 * The parts that a screen is composed of, each drawn into its own rectangle.
 */
#ifndef UI_PANE_H
#define UI_PANE_H

#include "base/text.h"
#include "plot/cells.h"
#include "ui/session.h"

/* Seconds: work shorter than this is not worth a progress bar. */
#define PANE_PATIENCE 0.2

/* The first line, of what fits whole: the program, the model's name (cut if need be), its size and
 * type; at the right a progress bar of what the user waits for, or of the survey. */
void pane_header(const struct session *session, const struct engine_progress *progress,
                 struct cells *cells);

/* The rows of the tree that fit, the selected one among them; titles of its columns go to the row
 * above rect, right-aligned, written over a frame line of STYLE_FRAME. */
void pane_tree(struct session *session, struct cells *cells, struct rect rect);

/* The lab's settings, and the lesson's text or the list of lessons; clamps session->lesson_top. */
void pane_lab(struct session *session, struct cells *cells, struct rect rect);

/* Appends a tensor's name cut to so many columns: modules lose all but their first letter from the
 * left, numbers stay, so that "m.l.2.s.k_proj" still says which one it is. */
void pane_name(struct text *out, const char *label, size_t length, size_t columns, bool ascii);

/* Bytes of a tensor's label, of `length` bytes, without ".weight" at its end: what most of them are
 * need not be said on every line of a list. */
size_t pane_name_length(const char *label, size_t length);

/* Bytes of the text's first line of at most so many columns, up to a blank if there is one. */
size_t pane_line(const char *text, size_t columns);

/* One line: the settings in words. */
void pane_settings(const struct session *session, struct cells *cells, struct rect rect);

/* One line, at least two columns wide: the command or search being typed, else the message, else
 * the keys that matter most. */
void pane_prompt(const struct session *session, struct cells *cells, struct rect rect);

/* Keys and commands, from their tables; clamps session->help_top. */
void pane_help(struct session *session, struct cells *cells, struct rect rect);

/* A box with a title, for what lies over the panes. */
void pane_box(struct cells *cells, struct rect rect, const char *title, bool ascii);

#endif
