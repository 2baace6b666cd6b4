/* SPDX-License-Identifier: MIT */
#include "quant/clip_sample.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"

void clip_ladder_make(struct clip_ladder *ladder, const struct clip_sample *sample,
                      const struct clip_grids *grids)
{
    const size_t n = grids->n;
    assert(n >= 1);
    ladder->n = n;
    ladder->level = mem_alloc(2 * n, sizeof *ladder->level);
    ladder->threshold = ladder->level + n;
    ladder->reach = 1;
    grids->levels(grids->context, 1, ladder->level);
    for (size_t i = 0; i < n; i++)
        ladder->level[i] /= sample->unit;
    for (size_t i = 0; i + 1 < n; i++) {
        const double low = ladder->level[i], high = ladder->level[i + 1];
        ladder->threshold[i] = low + (high - low) / 2;
        if (fabs(ladder->threshold[i]) > ladder->reach * (high - low) && high > low)
            ladder->reach = fabs(ladder->threshold[i]) / (high - low);
    }
    ladder->reach = fmin(ladder->reach, (double)n);
}

void clip_ladder_done(struct clip_ladder *ladder)
{
    mem_free(ladder->level);
}

/* As if all values were at the level of 0, and then away from it by a level for each threshold that
 * they are beyond: one look-up a threshold, and no sums larger than the result. */
struct clip_fit clip_ladder_fit(const struct clip_ladder *ladder, const struct clip_sample *sample,
                                double factor)
{
    const double *level = ladder->level, *threshold = ladder->threshold;
    const struct clip_sums total = clip_sample_total(sample);
    double product = 0, square = 0, center = level[0];
    for (size_t i = 0; i + 1 < ladder->n; i++) {
        const struct clip_sums below = clip_sample_below(sample, factor * threshold[i]);
        const double step = level[i + 1] - level[i], squares = step * (level[i + 1] + level[i]);
        if (threshold[i] > 0) {
            product += step * (total.sum - below.sum);
            square += squares * (total.count - below.count);
        } else {
            product -= step * below.sum;
            square -= squares * below.count;
            center = level[i + 1];
        }
    }
    return (struct clip_fit){product + center * total.sum, square + center * center * total.count};
}
