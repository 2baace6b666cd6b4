/* SPDX-License-Identifier: MIT
 *
 * Exact theory of the error of a uniform grid, or of any codebook, for a given source (MATH §3.4 -
 * 3.7).
 */
#ifndef QUANT_THEORY_H
#define QUANT_THEORY_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/source.h"

/* The grid as theory sees it: levels offset + m * step for lowest <= m <= highest, or for all m. */
struct theory_grid {
    double step;         /* > 0 */
    double offset;       /* step / 2 for a mid-rise grid */
    int lowest, highest; /* lowest <= highest; of no meaning if endless */
    bool endless;        /* what `clip max` is compared with (MATH §3.6) */
};

/* levels_each_side of a grid without ends. */
#define THEORY_INFINITE (-1)

/* Levels m * step for |m| <= levels_each_side.  For levels_each_side == 0 (one bit) the two levels
 * are -step/2 and +step/2. */
struct theory_grid theory_grid_symmetric(double step, int levels_each_side);

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

/* The correlation of x and e; 0 without an error that varies. */
double theory_correlation(const struct source *source, const struct prediction *prediction);

/* f_e(e) and P(error <= e). */
double theory_density(const struct source *source, const struct theory_grid *grid, double e);
double theory_cdf(const struct source *source, const struct theory_grid *grid, double e);

/* Adds weight * P(e/q <= t[i]) to cdf[i] for n ascending t: the pooled curve of many channels.  At
 * least 1e-7 accurate, and fast: a few terms a point whatever the grid. */
void theory_add_curve(const struct source *source, const struct theory_grid *grid, double weight,
                      const double t[], size_t n, double cdf[]);

/* What is known of a unit by the way its levels were laid: its extremes.  Given those, the other
 * elements are independent draws of the source within them: the source's tails beyond, which would
 * swamp the error of a scale that is max |w|, are not there (MATH §3.6, for levels that end).  Of
 * many units with the same levels each member is the mean. */
struct theory_extremes {
    double low, high; /* all elements x lie in low .. high */
    double share;     /* of the elements that are extremes themselves, whose error is known */
    /* Sums over these of x, of the error and of products, divided by the number of all elements. */
    double x, e, ee, xe;
};

/* Nothing is known: all of the source. */
struct theory_extremes theory_extremes_none(void);

/* The same for n >= 1 ascending levels and the n - 1 thresholds between them; thresholds may be
 * NULL for those half way.  Overload is what lies further beyond an outermost level than the
 * threshold on its other side; with one level there is none. */
struct theory_codebook {
    const double *level, *threshold;
    size_t n;
    const struct theory_extremes *extremes; /* NULL: none; so if the source hardly reaches there */
};

struct prediction theory_predict_codebook(const struct source *source,
                                          const struct theory_codebook *codebook);

/* Those of the error of all of the source, whatever the extremes. */
double theory_codebook_density(const struct source *source, const struct theory_codebook *codebook,
                               double e);
double theory_codebook_cdf(const struct source *source, const struct theory_codebook *codebook,
                           double e);

/* Adds weight * P(error <= unit * t[i]) to cdf[i] for n ascending t, unit > 0: the pooled curve of
 * many channels, to 1e-7. */
void theory_codebook_add_curve(const struct source *source, const struct theory_codebook *codebook,
                               double unit, double weight, const double t[], size_t n,
                               double cdf[]);

/* Largest relative deviation of q f_e from 1 on the infinite grid: 2 sum |Phi(2 pi l / q)| for
 * those sources whose characteristic function is positive. */
double theory_pqn_deviation(const struct source *source, double step);

#define THEORY_PQN_HOLDS    0.02
#define THEORY_PQN_STRAINED 0.25

enum pqn_verdict { PQN_HOLDS, PQN_STRAINED, PQN_BROKEN };
enum pqn_verdict theory_pqn_verdict(double deviation); /* below 2 %, below 25 %, above */
const char *theory_pqn_word(enum pqn_verdict verdict); /* "holds", "strained", "broken" */

#endif
