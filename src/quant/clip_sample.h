/* SPDX-License-Identifier: MIT
 *
 * Private to the clip search: the weights of a unit in order, and the grid that is tried on them.
 *
 * Everything is in units of a power of two that takes the largest weight to 1 .. 2, so that no sum
 * of powers overflows or vanishes.
 */
#ifndef QUANT_CLIP_SAMPLE_H
#define QUANT_CLIP_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "quant/clip_search.h"

/* Of some of the weights. */
struct clip_sums {
    double count, sum, square;
};

/* Buckets divide least .. most evenly.  In a sorted sample they find the place of a value; in one
 * of bins they are all that is known: each one's weights are taken as spread with the density of
 * least slope that has their count and mean, a straight line. */
struct clip_sample {
    double unit;  /* weights are this times the values kept here */
    size_t count; /* of finite weights, at least 1 */
    double least, most;
    size_t buckets;
    double per_bucket; /* buckets to a unit of value; 0 if all values are the same */
    size_t values;     /* count, or 0: bins */
    double *value;     /* ascending */
    size_t *first;     /* of each bucket, the first value in it; at the end, values */
    struct clip_sums
        *below; /* the sums of all before each value or bucket, and of all at the end */
    size_t value_room, first_room, below_room; /* elements that the arrays have memory for */
};

/* The sums of all values below x.  Those of the values of a bin that x lies in are the model's. */
struct clip_sums clip_sample_below(const struct clip_sample *sample, double x);

struct clip_sums clip_sample_total(const struct clip_sample *sample);

/* How many values lie in the first so many buckets. */
double clip_sample_before_bucket(const struct clip_sample *sample, size_t bucket);

/* Levels and thresholds at factor 1, in the sample's unit; those of another factor are that many
 * times them. */
struct clip_ladder {
    size_t n;
    double *level;
    double *threshold; /* n - 1 */
    double reach;      /* the most cells, of a threshold's own width, between 0 and it; 1 .. n */
};

void clip_ladder_make(struct clip_ladder *ladder, const struct clip_sample *sample,
                      const struct clip_grids *grids);
void clip_ladder_done(struct clip_ladder *ladder);

/* What the squared error at a factor is made of: sum (v - f l)^2 = squares of v - 2 f products +
 * f^2 squares of l, over each value v and the level l (at factor 1) that it goes to. */
struct clip_fit {
    double product, square;
};

struct clip_fit clip_ladder_fit(const struct clip_ladder *ladder, const struct clip_sample *sample,
                                double factor);

#endif
