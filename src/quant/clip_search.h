/* SPDX-License-Identifier: MIT
 *
 * The clip threshold of least error for given weights (MATH §2.4, rules `mse` and `lp:P`), and the
 * curve of the error over it.  The weights are brought into order, or into fine bins, once; every
 * candidate is then evaluated from prefix sums.
 */
#ifndef QUANT_CLIP_SEARCH_H
#define QUANT_CLIP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* A family of grids, one for each factor that the range of the weights is shrunk by: writes the n
 * ascending levels of a factor in (0, 1].  Values go to the nearest level.  Levels must be
 * proportional to the factor: they are asked for at factor 1 only. */
struct clip_grids {
    size_t n;
    void (*levels)(const void *context, double factor, double level[]);
    const void *context;
};

/* The weights of one unit, in order. */
struct clip_sample;

/* From n weights, those that are not finite left out; NULL if none is left.  They are sorted if
 * there are few, else counted in so many fine bins that the error changes by less than 0.01 %.
 * The memory of an old sample, if one is given, is used again. */
struct clip_sample *clip_sample_make(struct clip_sample *old, const double w[], size_t n);

/* The same, in bins, of weights that come in parts: the range of all that are finite (at least
 * one), then each part, then the end, before which the sample is of no use. */
struct clip_sample *clip_sample_begin(struct clip_sample *old, double least, double most);
void clip_sample_add(struct clip_sample *sample, const double w[], size_t n);
void clip_sample_end(struct clip_sample *sample);

void clip_sample_free(struct clip_sample *sample);

struct clip_error {
    double mse;      /* mean of e^2, the sum of the next two */
    double granular; /* part of it from between the outermost levels and half a cell beyond */
    double overload; /* part from further out */
};

/* The error at a factor. */
struct clip_error clip_sample_error(const struct clip_sample *sample,
                                    const struct clip_grids *grids, double factor);

/* The factor in (0, 1] of least mean e^2: its true error on the weights is within 0.1 % of the
 * global minimum's, for up to 1024 levels.  With more, the error is taken as that of a smooth
 * density (step^2 / 12 within the levels); the true one is apart from it by noise, a share of about
 * 1 / sqrt(n) at any factor.  1 for a unit of zeros. */
double clip_search_mse(const struct clip_sample *sample, const struct clip_grids *grids);

/* The factor of least sum |e|^p, p in 1 .. 8, likewise. */
double clip_search_lp(const struct clip_sample *sample, const struct clip_grids *grids, double p);

#endif
