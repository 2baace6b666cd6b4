/* SPDX-License-Identifier: MIT
 *
 * Two Gaussians of one mean, the weights and their outliers: a share of the elements has so many
 * times the standard deviation of the others.
 */
#include "stats/source.h"

#include <math.h>

#define PARTS 2

/* Standard deviations of a part that hold all but 1e-20 of it. */
#define REACH 9.5

static size_t parts(const struct source *source)
{
    (void)source;
    return PARTS;
}

/* Part 0 are the many, part 1 the outliers. */
static double part(const struct source *source, size_t i, struct source *part)
{
    const double share = source->shape[0], ratio = source->shape[1];
    const double std = source->std / sqrt(1 - share + share * ratio * ratio);
    *part = (struct source){
        .type = &source_gaussian, .mean = source->mean, .std = i == 0 ? std : ratio * std};
    return i == 0 ? 1 - share : share;
}

static double density(const struct source *source, double x)
{
    struct source gaussian;
    double sum = 0;
    for (size_t i = 0; i < PARTS; i++)
        sum += part(source, i, &gaussian) * source_gaussian.density(&gaussian, x);
    return sum;
}

static double cdf(const struct source *source, double x)
{
    struct source gaussian;
    double sum = 0;
    for (size_t i = 0; i < PARTS; i++)
        sum += part(source, i, &gaussian) * source_gaussian.cdf(&gaussian, x);
    return sum;
}

/* In the nearer tail, between the quantiles of the two parts, by halving. */
static double quantile(const struct source *source, double p)
{
    struct source few, many;
    const double tail = fmin(p, 1 - p);
    part(source, 0, &many);
    part(source, 1, &few);
    double low = source_gaussian.quantile(&few, tail), high = source_gaussian.quantile(&many, tail);
    if (low > high) {
        double swap = low;
        low = high;
        high = swap;
    }
    for (int i = 0; i < 100 && low < high; i++) {
        const double middle = 0.5 * (low + high);
        *(cdf(source, middle) < tail ? &low : &high) = middle;
    }
    return p < 0.5 ? low : 2 * source->mean - low;
}

static double complex characteristic(const struct source *source, double u)
{
    struct source gaussian;
    double complex sum = 0;
    for (size_t i = 0; i < PARTS; i++)
        sum += part(source, i, &gaussian) * source_gaussian.characteristic(&gaussian, u);
    return sum;
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    struct source gaussian;
    m[0] = m[1] = m[2] = 0;
    for (size_t i = 0; i < PARTS; i++) {
        const double share = part(source, i, &gaussian);
        double of_part[3];
        source_gaussian.truncated(&gaussian, a, b, at, of_part);
        for (size_t k = 0; k < 3; k++)
            m[k] += share * of_part[k];
    }
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    struct source gaussian;
    part(source, gsl_rng_uniform(rng) < source->shape[0] ? 1 : 0, &gaussian);
    return source_gaussian.draw(&gaussian, rng);
}

static bool valid(const double shape[SOURCE_SHAPES])
{
    return shape[0] > 0 && shape[0] < 1 && shape[1] >= 1e-6 && shape[1] <= 1e6;
}

static struct source_rough rough(const struct source *source, bool quick)
{
    (void)quick;
    struct source many, few;
    part(source, 0, &many);
    part(source, 1, &few);
    const double away = REACH * fmax(many.std, few.std);
    return (struct source_rough){
        1, {{source->mean - away, source->mean + away}}, .empty_beyond = true};
}

const struct source_type source_mixture = {
    .name = "mixture",
    .title = "mixture",
    .usage = "mixture:SHARE:RATIO",
    .shapes = 2,
    .limits = "SHARE between 0 and 1, RATIO from 1e-6 to 1e6",
    .valid = valid,
    .density = density,
    .cdf = cdf,
    .quantile = quantile,
    .characteristic = characteristic,
    .truncated = truncated,
    .draw = draw,
    .rough = rough,
    .parts = parts,
    .part = part,
};
