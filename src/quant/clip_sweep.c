/* SPDX-License-Identifier: MIT */
#include "quant/clip_sweep.h"

#include <math.h>
#include <string.h>

/* Crossings are counted in bins of the factor, about two of them to each. */
#define BINS_LEAST 64
#define BINS_MOST  4096

/* What changes in the sums where the factor passes each bin. */
struct bins {
    size_t n;
    double per_factor; /* bins to a unit of the factor, counted down from 1 */
    struct clip_fit change[BINS_MOST];
};

static void clear(struct bins *bins, const struct clip_sample *sample,
                  const struct clip_ladder *ladder, double least)
{
    const double wanted = 2 * (double)sample->values * ladder->reach * (1 - least) / least;
    bins->n = (size_t)fmin(fmax(wanted, BINS_LEAST), BINS_MOST);
    bins->per_factor = (double)bins->n / (1 - least);
    memset(bins->change, 0, bins->n * sizeof *bins->change);
}

/* A value goes one level further out where the factor takes the threshold below it. */
static void add_crossings(struct bins *bins, const struct clip_sample *sample,
                          const struct clip_ladder *ladder, size_t i, double least)
{
    const double threshold = ladder->threshold[i], inverse = 1 / threshold;
    const double outwards = threshold > 0 ? 1 : -1;
    const double low = ladder->level[i], high = ladder->level[i + 1];
    const double step = outwards * (high - low), square = step * (high + low);
    const double from = fmin(least * threshold, threshold), to = fmax(least * threshold, threshold);
    const size_t end = (size_t)clip_sample_below(sample, to).count;
    for (size_t k = (size_t)clip_sample_below(sample, from).count; k < end; k++) {
        const double value = sample->value[k];
        const double place = (1 - value * inverse) * bins->per_factor;
        const size_t bin = place < (double)(bins->n - 1) ? (size_t)place : bins->n - 1;
        bins->change[bin].product += step * value;
        bins->change[bin].square += square;
    }
}

void clip_sweep(const struct clip_sample *sample, const struct clip_ladder *ladder, double least,
                void (*found)(void *context, const struct clip_fit *fit), void *context)
{
    struct bins bins;
    struct clip_fit fit = clip_ladder_fit(ladder, sample, 1);
    clear(&bins, sample, ladder, least);
    for (size_t i = 0; i + 1 < ladder->n; i++)
        if (ladder->threshold[i] != 0)
            add_crossings(&bins, sample, ladder, i, least);
    for (size_t bin = 0; bin < bins.n; bin++) {
        if (bins.change[bin].square == 0)
            continue;
        fit.product += bins.change[bin].product;
        fit.square += bins.change[bin].square;
        found(context, &fit);
    }
}
