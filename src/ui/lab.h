/* SPDX-License-Identifier: MIT
 *
 * The lab: a synthetic sample takes the tensor's place in every view.  Its standard deviation is
 * 1; the step and the mean move under the arrow keys.  Or a synthetic layer does, whose weights are
 * drawn, and its inputs too.
 */
#ifndef UI_LAB_H
#define UI_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/report.h"
#include "quant/scheme.h"
#include "stats/source.h"

#define LAB_DRAWS_LEAST 100
#define LAB_DRAWS_MOST  10000000

/* What is drawn, and where it lies on the grid. */
struct lab {
    struct source law;  /* type and shape; of mean 0 and standard deviation 1 */
    unsigned long seed;
    uint64_t draws;
    double phase;       /* µ/q */
    struct synthetic_layer layer; /* all zero: a vector of draws, of which the two above speak */
};

/* 100 000 draws of a Gaussian around 0. */
struct lab lab_default(void);

bool lab_equal(const struct lab *a, const struct lab *b);

/* Rows and columns of what is drawn: a vector is one row. */
void lab_shape(const struct lab *lab, uint64_t *rows, uint64_t *columns);

/* The next or previous of the sources that the lab offers by key. */
void lab_next_law(struct lab *lab, int direction);

/* Whether a scheme tells its step without looking at the sample: not if the largest weight or a
 * percentile sets it, nor at 1 bit, where the mean |w| does; only uniform symmetric levels do. */
bool lab_knows_step(const struct scheme *scheme);

/* The step that a scheme has on a sample of standard deviation 1, if it tells it; else 1, so that
 * the phase is the mean.  And the scheme with `factor` times that step, within limits. */
double lab_step(const struct scheme *scheme);
void lab_scale_step(struct scheme *scheme, double factor);

/* What theory is told in the place of the law: a layer's weights do not all follow one, and are
 * taken for the nearer family. */
enum belief lab_belief(const struct lab *lab, enum belief belief);

/* Writes the lab into a request, in the place of a tensor.  A vector is not transformed, and a layer
 * has no phase. */
void lab_request(struct request *request, const struct lab *lab, const struct scheme *scheme);

#endif
