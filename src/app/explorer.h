/* SPDX-License-Identifier: MIT
 *
 * The explorer on a terminal, for whichever command opens it.
 */
#ifndef APP_EXPLORER_H
#define APP_EXPLORER_H

#include "app/options.h"
#include "base/error.h"
#include "engine/engine.h"
#include "engine/layers.h"
#include "engine/scan.h"
#include "model/model.h"
#include "ui/lab.h"
#include "ui/lesson.h"
#include "ui/session.h"

/* Where it begins. */
struct explorer_start {
    const struct lesson_set *lessons; /* for the lab, lent; may be NULL */
    const struct lab *lab;            /* begin in the lab, with this; NULL: with the tensors */
    const struct lesson *lesson;      /* begin with this lesson, in the lab; may be NULL */
    struct layers *layers; /* what is known of the inputs of layers; may be NULL */
    const char *warning;   /* shown until the first key; may be NULL or empty */
    const struct scan *scan; /* the model is that of a scan, whose records are known; may be NULL */
};

/* A session as the command line asks for it; session_free when done. */
struct session *explorer_session(const struct options *options, const struct model *model,
                                 struct engine *engine, const struct explorer_start *start);

/* Runs until the user quits; returns the exit status.  A signal ends the program as it would have,
 * after the terminal was given back. */
int explorer_run(const struct options *options, const struct model *model,
                 const struct explorer_start *start, struct error *error);

#endif
