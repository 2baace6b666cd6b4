/* SPDX-License-Identifier: MIT
 *
 * Lessons of the lab: plain text that a teacher writes, parsed into settings of the lab, words with
 * figures that are computed while the student reads, and checks of what the words say.
 *
 * A lesson is a UTF-8 file NAME.lesson of at most LESSON_BYTES_MOST bytes and LESSON_LINE_MOST
 * bytes a line, printable characters only.  What a line is, its beginning says:
 *
 *   # ...            a comment
 *   title: ...       of the lesson; once, before the first step
 *   summary: ...     one line for the list of lessons; once, before the first step
 *   === HEADING      a step begins
 *   set KEY VALUE; KEY VALUE; ...
 *                    settings of the lab; what a step does not set is as in the step before, and
 *                    each lesson begins with the defaults (lesson_settings_default):
 *                      source  gaussian, laplace, uniform, logistic, t:NU, mixture:SHARE:RATIO;
 *                              standard deviation 1
 *                      n       draws, 100 .. 10 000 000
 *                      seed    1 .. 4 294 967 295
 *                      ratio   q/σ, 0.001 .. 1000: the step itself under `clip step`
 *                      phase   µ/q, -10 .. 10; where the sample decides on q, under max and
 *                              percentile:P, aciq, mse and lp:P, in groups and for other levels
 *                              than uniform ones, µ itself
 *                      layer   none, or a linear layer in the place of n draws (lab.h), as in
 *                              96x64:512+slope:3+mix:64+outliers:2:30: rows x columns of weights,
 *                              tokens of input (else 256); columns that are up to 2^(3/2) times as
 *                              large in the input and as small in the weights, and the other way
 *                              round; rotated 64 at a time; 2 columns of the input 30 times as large.
 *                              Under its weights' mean square of 1 ratio and phase mean nothing
 *                      transform  of a layer, as --transform has it
 *                      activation-bits  of a layer's inputs: none, 2 .. 16
 *                      bits    1 .. 16, or those that the scheme has; says nothing under `clip
 *                              step`
 *                      scheme  uniform, lloyd-max, nf:B, apot, mxfp4, ...: a name of --scheme
 *                      granularity  channel (all of the sample), group:N
 *                      asymmetric, full-range  on, off; not under `clip step`
 *                      correct none, mean, norm, both
 *                      clip    step (a uniform grid of step q without ends; of no meaning to
 *                              lloyd-max, whose levels follow the sample), max, sigma:K, value:C,
 *                              percentile:P, aciq, mse, lp:P
 *                      belief  law (theory is told the true source), gaussian, laplace, auto,
 *                              empirical
 *                      view    error, weights, qq, sqnr, cf, ...: a name of :view
 *                      log     on, off
 *   ask: ...         a question for the reader; at most once a step
 *   look: ...        what to look for on the screen; at most once a step
 *   check ...        what the tests assert under the settings of this step, see below
 *   (nothing)        ends a paragraph
 *   any other        text; a paragraph, and a question or hint too, may go on over many lines.  So
 *                    a line of text must not begin with a word from above: break it elsewhere.
 *
 * Words hold figures in braces, FIGURE or FIGURE:DIGITS (significant ones, 1 .. 9, else 4), as in
 * {theory_error_std/q:3}, on one line; `{{` is a brace.  A FIGURE is one of the names in
 * lesson_figures.c or, in the view sqnr, one of a layer's in lesson_layer.h; then perhaps `/q` (in steps: an error's mean is divided by q, an MSE by q²) or
 * `/pqn` (against the PQN model: by q/√12, an MSE by q²/12), then perhaps `*NUMBER`.
 *
 *   check A = B within TOLERANCE      A and B are FIGUREs or numbers; |A - B| <= TOLERANCE > 0
 *   check A near B within K sampling  |A - B| <= K standard errors of A: of the scatter that
 *                                     A, a figure of the sample, has from one sample of n
 *                                     independent draws to another (estimated from this one)
 *   check A < B
 *   check A > B
 *
 * A check of a figure that is not defined fails.  Not defined is, among others, the standard error
 * of the error's std and MSE once elements are clipped by several steps.
 */
#ifndef UI_LESSON_H
#define UI_LESSON_H

#include <stddef.h>

#include "base/error.h"
#include "model/arena.h"
#include "ui/lesson_check.h"
#include "ui/lesson_settings.h"

#define LESSON_BYTES_MOST      65536
#define LESSON_LINE_MOST       400
#define LESSON_STEPS_MOST      32
#define LESSON_PARAGRAPHS_MOST 12
#define LESSON_CHECKS_MOST     16

/* Columns, so that a line of a list or of a pane holds them. */
#define LESSON_TITLE_MOST   60
#define LESSON_SUMMARY_MOST 76

#define LESSON_SUFFIX ".lesson"

/* Texts are as they are written, a paragraph in one line; lesson_text puts the figures in. */
struct lesson_step {
    const char *heading;
    struct lesson_settings settings; /* complete */
    const char *paragraph[LESSON_PARAGRAPHS_MOST];
    size_t paragraphs;      /* at least 1 */
    const char *ask, *look; /* NULL for none */
    struct lesson_check check[LESSON_CHECKS_MOST];
    size_t checks;
};

struct lesson {
    const char *name; /* of the file, without folder and suffix; printable */
    const char *title, *summary;
    struct lesson_step *step;
    size_t steps;       /* at least 1 */
    struct arena arena; /* of all texts */
};

/* The lesson in these bytes.  path is for messages and gives the name.  NULL with ERROR_FILE,
 * "PATH:LINE: what is wrong". */
struct lesson *lesson_parse(const char *path, const char *bytes, size_t length,
                            struct error *error);
void lesson_free(struct lesson *lesson);

#endif
