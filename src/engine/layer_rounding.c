/* SPDX-License-Identifier: MIT */
#include "engine/layer_rounding.h"

#include <math.h>

#include "base/mem.h"
#include "stats/kolmogorov.h"
#include "stats/quantile.h"

struct layer_rounder {
    struct scheme scheme;
    struct fitter *fitter;
    bool even; /* grids have even steps over a range */
};

bool layer_rounding_check(const struct scheme *scheme, struct error *error)
{
    return scheme_granularity(scheme).rows == 1 ||
           error_set(error, ERROR_USAGE,
                     "a layer's rows are rounded by themselves: channel or group:N is wanted, no "
                     "units of several rows");
}

bool layer_rounding_wants_abs_max(const struct scheme *scheme)
{
    return scheme->levels.kind == LEVELS_BLOCKS && scheme->levels.format->outer;
}

bool layer_rounding_wants_family(const struct scheme *scheme)
{
    const struct levels *levels = &scheme->levels;
    const bool follows =
        levels->kind == LEVELS_CODEBOOK && levels->codebook->scale == CODEBOOK_BY_SPREAD;
    return (follows && levels->family == LEVELS_FAMILY_TENSOR) ||
           (scheme->clip.rule == CLIP_ACIQ && scheme_searches(scheme));
}

bool layer_rounding_family(double values[], size_t n)
{
    struct moments moments = {0};
    moments_add(&moments, values, n);
    const double std = moments_std(&moments);
    if (n == 0 || !(std > 0) || !isfinite(std))
        return false;
    quantile_sort(values, n);
    const double median = values[(n - 1) / 2] / 2 + values[n / 2] / 2;
    double deviation = 0;
    for (size_t i = 0; i < n; i++)
        deviation += fabs(values[i] - median) / (double)n;
    const struct source gaussian = {.type = &source_gaussian, .mean = moments.mean, .std = std};
    const struct source laplace = {
        .type = &source_laplace, .mean = median, .std = M_SQRT2 * deviation};
    return deviation > 0 &&
           kolmogorov_distance(values, n, &laplace) < kolmogorov_distance(values, n, &gaussian);
}

double layer_rounding_steps(const struct scheme *scheme)
{
    if (scheme->levels.kind != LEVELS_UNIFORM || scheme->clip.rule == CLIP_STEP)
        return 0;
    const bool all = scheme->bits == 1 || scheme->asymmetric || scheme->full_range;
    return ldexp(1, scheme->bits) - (all ? 1 : 2);
}

struct layer_rounder *layer_rounder_new(const struct scheme *scheme, const struct books *books,
                                        const struct layer_facts *facts)
{
    struct layer_rounder *rounder = mem_zero(1, sizeof *rounder);
    rounder->scheme = *scheme;
    rounder->fitter = fitter_new(scheme, books, facts->laplace, facts->abs_max);
    rounder->even = layer_rounding_steps(scheme) > 0;
    return rounder;
}

void layer_rounder_free(struct layer_rounder *rounder)
{
    if (!rounder)
        return;
    fitter_free(rounder->fitter);
    mem_free(rounder);
}

static void correct(const struct scheme *scheme, const double w[], size_t d, double e[])
{
    if (!scheme->correct_mean && !scheme->correct_norm)
        return;
    struct correction_sums sums = {0};
    correction_add(&sums, w, e, d);
    const struct correction correction = correction_make(scheme, &sums);
    correction_apply(&correction, w, e, d);
}

/* Returns the row's range r, squared: the mean of its units' by the columns that they have, which
 * is what the error's power goes with. */
static double round_row(struct layer_rounder *rounder, const double w[], size_t d, double e[])
{
    const uint64_t columns = scheme_granularity(&rounder->scheme).columns;
    const size_t unit = columns > 0 && columns < d ? (size_t)columns : d;
    double squares = 0;
    for (size_t from = 0, n; from < d; from += n) {
        n = d - from < unit ? d - from : unit;
        const struct quantizer quantizer = fitter_fit(rounder->fitter, w + from, n);
        quantizer_round(&quantizer, w + from, n, e + from, NULL);
        const double range = rounder->even ? 2 * quantizer.grid.clip : 0;
        squares += range * range * (double)n;
    }
    correct(&rounder->scheme, w, d, e);
    return squares / (double)d;
}

void layer_rounder_round(struct layer_rounder *rounder, const double w[], size_t count, size_t d,
                         double e[], struct concentration *sums)
{
    for (size_t i = 0; i < count; i++) {
        const double squares = round_row(rounder, w + i * d, d, e + i * d);
        concentration_add(sums, w + i * d, d, sqrt(squares));
    }
}
