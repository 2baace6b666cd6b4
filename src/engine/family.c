/* SPDX-License-Identifier: MIT */
#include "engine/family.h"

#include <math.h>

#include "base/mem.h"
#include "engine/sample.h"
#include "stats/source.h"

/* The sample's distribution function against that of a source, at one value after the other. */
struct distance {
    struct source source;
    double total, most;
};

/* `count` equal or nearly equal values, `below` smaller ones. */
static void compare(struct distance *distance, double low, double high, uint64_t below,
                    uint64_t count)
{
    const struct source *source = &distance->source;
    double before = (double)below / distance->total;
    double after = (double)(below + count) / distance->total;
    double from = source->type->cdf(source, low);
    double to = high == low ? from : source->type->cdf(source, high);
    distance->most = fmax(distance->most, fmax(fabs(from - before), fabs(after - to)));
}

/* Calls compare for both distances over the whole sample, ascending. */
static void compare_all(struct distance distance[2], const struct sample *sample)
{
    uint64_t below = 0, count;
    size_t bin = 0;
    double low, high;
    for (uint64_t i = 0; sample->sorted && i < sample->n; i++)
        for (int k = 0; k < 2; k++)
            compare(&distance[k], sample->sorted[i], sample->sorted[i], i, 1);
    for (; sample->counts && counts_next(sample->counts, &bin, &low, &high, &count); below += count)
        for (int k = 0; k < 2; k++)
            compare(&distance[k], low, high, below, count);
}

static double median_of(const struct sample *sample)
{
    const uint64_t rank[] = {(sample->n - 1) / 2, sample->n / 2};
    double middle[2];
    sample_quantiles(sample, rank, 2, middle);
    return middle[0] / 2 + middle[1] / 2;
}

static double deviation_of(const struct sample *sample, double median)
{
    double sum = 0, low, high;
    uint64_t count;
    size_t bin = 0;
    for (uint64_t i = 0; sample->sorted && i < sample->n; i++)
        sum += fabs(sample->sorted[i] - median);
    while (sample->counts && counts_next(sample->counts, &bin, &low, &high, &count))
        sum += (double)count * fabs(low / 2 + high / 2 - median);
    return sum / (double)sample->n;
}

static void family_free(struct part *part)
{
    mem_free(part);
}

static const struct family *family_of(const struct sample *sample, const struct profile *profile)
{
    struct family *family = mem_zero(1, sizeof *family);
    part_init(&family->part, sizeof *family, family_free);
    family->median = family->deviation = family->ks_gaussian = family->ks_laplace = NAN;
    if (sample->n == 0)
        return family;
    family->median = median_of(sample);
    family->deviation = deviation_of(sample, family->median);
    double mean = moments_mean(&profile->total), std = moments_std(&profile->total);
    if (!(std > 0) || !isfinite(std) || !(family->deviation > 0))
        return family;
    struct distance distance[2] = {
        {{.type = &source_gaussian, .mean = mean, .std = std}, (double)sample->n, 0},
        {{.type = &source_laplace, .mean = family->median, .std = M_SQRT2 * family->deviation},
         (double)sample->n,
         0},
    };
    compare_all(distance, sample);
    family->ks_gaussian = distance[0].most;
    family->ks_laplace = distance[1].most;
    family->laplace = family->ks_laplace < family->ks_gaussian;
    return family;
}

const struct family *family_compute(const struct stage *stage, const struct profile *profile,
                                    struct error *error)
{
    struct sample sample;
    if (!sample_read(&sample, stage, "family", NULL, NULL, error))
        return NULL;
    const struct family *family = family_of(&sample, profile);
    sample_done(&sample);
    return family;
}
