/* SPDX-License-Identifier: MIT
 *
 * What the tests of ui/ share: models made by hand, and a session over a small real one.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stddef.h>

#include "plot/cells.h"
#include "ui/session.h"

/* A model of these labels, each tensor a vector of i + 1 elements without data: for what looks at
 * names alone. */
struct model *fixture_named_model(const char *const labels[], size_t n);
void fixture_free_named_model(struct model *model);

/* The tensors of the small model, in the order of their names. */
enum {
    FIXTURE_EMPTY,   /* "empty" [0, 4] */
    FIXTURE_FLAT,    /* "layers.0.flat.weight" [4, 8], all 0.5 */
    FIXTURE_MATRIX,  /* "layers.0.proj.weight" [6, 64], about Gaussian */
    FIXTURE_NAN,     /* "layers.1.nan.weight" [2, 8], no finite element */
    FIXTURE_TAILS,   /* "layers.1.proj.weight" [6, 64], with outliers and a NaN */
    FIXTURE_NORM,    /* "norm.bias" [33] */
    FIXTURE_SCALAR,  /* "scalar" */
    FIXTURE_UNKNOWN, /* "unknown" [2], of a type that cannot be read */
    FIXTURE_ZERO,    /* "zero.weight" [2, 8], all zero */
    FIXTURE_TENSORS,
};

/* A session over the small model: 80x24 cells, 4 bits, clip max.  One at a time. */
struct fixture {
    struct model *model;
    struct engine *engine;
    struct session *session;
    struct cells *cells;
};
void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);

/* Waits for the exact report of what is selected, and composes. */
void fixture_settle(struct fixture *fixture);

/* Presses keys by name, between blanks; each is settled before the next. */
void fixture_press(struct fixture *fixture, const char *keys);

/* Selects a tensor of the small model and settles. */
void fixture_select(struct fixture *fixture, size_t tensor);

/* The frame as text, until the next call. */
const char *fixture_frame(const struct fixture *fixture);

#endif
