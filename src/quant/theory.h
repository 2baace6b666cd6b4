/* SPDX-License-Identifier: MIT
 *
 * Exact theory of the error of a uniform grid for a given source (MATH §3.4 - 3.7).
 */
#ifndef QUANT_THEORY_H
#define QUANT_THEORY_H

#include <stddef.h>

#include "stats/source.h"

/* levels_each_side of a grid without ends: what `clip max` is compared with (MATH §3.6). */
#define THEORY_INFINITE (-1)

/* The grid as theory sees it: levels m * step for |m| <= levels_each_side, or all m.  For
 * levels_each_side == 0 (one bit) the two levels are -step/2 and +step/2. */
struct theory_grid {
    double step; /* > 0 */
    int levels_each_side;
};

struct prediction {
    double mean;       /* E e */
    double variance;   /* of e */
    double mse;        /* E e^2, the sum of the next two */
    double granular;   /* part of E e^2 from within half a step of a level (one bit: |x| <= step) */
    double overload;   /* part from more than half a step beyond the outermost levels */
    double covariance; /* cov(x, e) */
    double clipped;    /* probability of overload */
};

struct prediction theory_predict(const struct source *source, const struct theory_grid *grid);

/* f_e(e) and P(error <= e). */
double theory_density(const struct source *source, const struct theory_grid *grid, double e);
double theory_cdf(const struct source *source, const struct theory_grid *grid, double e);

/* Adds weight * P(e/q <= t[i]) to cdf[i] for n ascending t: the pooled curve of many channels.  At
 * least 1e-7 accurate, and fast: a few terms a point whatever the grid. */
void theory_add_curve(const struct source *source, const struct theory_grid *grid, double weight,
                      const double t[], size_t n, double cdf[]);

/* Largest relative deviation of q f_e from 1 on the infinite grid: 2 sum |Phi(2 pi l / q)|. */
double theory_pqn_deviation(const struct source *source, double step);

enum pqn_verdict { PQN_HOLDS, PQN_STRAINED, PQN_BROKEN };
enum pqn_verdict theory_pqn_verdict(double deviation); /* below 2 %, below 25 %, above */
const char *theory_pqn_word(enum pqn_verdict verdict); /* "holds", "strained", "broken" */

#endif
