/* SPDX-License-Identifier: MIT
 *
 * The shape of a sample: within each of its histogram's bins the density is constant.
 */
#include <assert.h>
#include <math.h>

#include "base/mem.h"
#include "stats/source.h"

#define PI 3.14159265358979323846

struct source_table {
    double mean, std;  /* of the histogram, in its units */
    double low, width; /* of the bins, where mean is 0 and std is 1 */
    size_t bins;
    double *cumulative; /* bins + 1 shares, from 0 to 1 */
};

struct source_table *source_table_new(const struct histogram *histogram)
{
    const double width = (histogram->high - histogram->low) / (double)histogram->bins;
    double total = 0, mean = 0, variance = 0;
    for (size_t i = 0; i < histogram->bins; i++)
        total += (double)histogram->count[i];
    if (!(total > 0))
        return NULL;
    for (size_t i = 0; i < histogram->bins; i++)
        mean += (double)histogram->count[i] / total * ((double)i + 0.5);
    for (size_t i = 0; i < histogram->bins; i++) {
        const double away = (double)i + 0.5 - mean;
        variance += (double)histogram->count[i] / total * (away * away + 1.0 / 12);
    }
    struct source_table *table = mem_zero(1, sizeof *table);
    table->mean = histogram->low + width * mean;
    table->std = width * sqrt(variance);
    table->low = -mean / sqrt(variance);
    table->width = 1 / sqrt(variance);
    table->bins = histogram->bins;
    table->cumulative = mem_zero(table->bins + 1, sizeof *table->cumulative);
    double below = 0;
    for (size_t i = 0; i < table->bins; i++) {
        below += (double)histogram->count[i];
        table->cumulative[i + 1] = below / total;
    }
    return table;
}

void source_table_free(struct source_table *table)
{
    if (!table)
        return;
    mem_free(table->cumulative);
    mem_free(table);
}

struct source source_empirical_make(const struct source_table *table)
{
    return (struct source){
        .type = &source_empirical, .mean = table->mean, .std = table->std, .table = table};
}

static double share(const struct source_table *table, size_t bin)
{
    return table->cumulative[bin + 1] - table->cumulative[bin];
}

/* x in bins from the left end. */
static double place(const struct source *source, double x)
{
    const struct source_table *table = source->table;
    assert(table);
    return ((x - source->mean) / source->std - table->low) / table->width;
}

/* The left end of a bin. */
static double edge(const struct source *source, double bin)
{
    return source->mean + source->std * (source->table->low + source->table->width * bin);
}

static double density(const struct source *source, double x)
{
    const struct source_table *table = source->table;
    const double at = place(source, x);
    if (!(at >= 0 && at < (double)table->bins))
        return 0;
    return share(table, (size_t)at) / (table->width * source->std);
}

static double cdf(const struct source *source, double x)
{
    const struct source_table *table = source->table;
    const double at = place(source, x);
    if (!(at > 0))
        return 0;
    if (at >= (double)table->bins)
        return 1;
    const size_t bin = (size_t)at;
    return table->cumulative[bin] + (at - (double)bin) * share(table, bin);
}

/* In an empty stretch, its left end. */
static double quantile(const struct source *source, double p)
{
    const struct source_table *table = source->table;
    size_t low = 0, high = table->bins; /* cumulative[low] < p <= cumulative[high] */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(table->cumulative[middle] < p ? &low : &high) = middle;
    }
    const double within = (p - table->cumulative[low]) / share(table, low);
    return edge(source, (double)low + fmin(fmax(within, 0), 1));
}

/* Each bin is a uniform density, the next one turned by the same angle. */
static double complex characteristic(const struct source *source, double u)
{
    const struct source_table *table = source->table;
    const double turn = source->std * table->width * u, half = 0.5 * turn;
    double complex sum = 0, step = cos(turn) + I * sin(turn), angle = 1;
    for (size_t i = 0; i < table->bins; i++, angle *= step)
        sum += share(table, i) * angle;
    const double start = edge(source, 0.5) * u;
    return sum * (cos(start) + I * sin(start)) * (fabs(half) < 1e-8 ? 1 : sin(half) / half);
}

static size_t parts(const struct source *source)
{
    return source->table->bins;
}

static double part(const struct source *source, size_t i, struct source *part)
{
    *part = (struct source){
        .type = &source_uniform,
        .mean = edge(source, (double)i + 0.5),
        .std = source->std * source->table->width / sqrt(12),
    };
    return share(source->table, i);
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    const double bins = (double)source->table->bins;
    const double first = fmin(fmax(floor(place(source, a)), 0), bins),
                 last = fmin(fmax(ceil(place(source, b)), 0), bins);
    m[0] = m[1] = m[2] = 0;
    for (double bin = first; a < b && bin < last; bin++) {
        struct source uniform;
        double of_bin[3];
        const double mass = part(source, (size_t)bin, &uniform);
        if (!(mass > 0))
            continue;
        source_uniform.truncated(&uniform, a, b, at, of_bin);
        for (size_t k = 0; k < 3; k++)
            m[k] += mass * of_bin[k];
    }
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    return quantile(source, gsl_rng_uniform_pos(rng));
}

static struct source_rough rough(const struct source *source, bool quick)
{
    (void)quick;
    return (struct source_rough){
        1,
        {{edge(source, 0), edge(source, (double)source->table->bins)}},
        .empty_beyond = true,
    };
}

/* Looked for in steps that are short against the waves, whose length has the range for its
 * reciprocal, up to the frequency at which the bins themselves begin to show. */
static double crest(const struct source *source, double from)
{
    const double bin = source->std * source->table->width, end = PI / bin;
    const double step = end / (8 * (double)source->table->bins);
    double best = cabs(characteristic(source, from));
    for (double u = from + step; u < end && 2 / (bin * u) > best; u += step)
        best = fmax(best, cabs(characteristic(source, u)));
    return best;
}

/* At so many places within a unit: each bin adds its density as often as it covers the place. */
#define PHASES 64

static double ripple(const struct source *source)
{
    const struct source_table *table = source->table;
    const double width = table->width * source->std;
    double most = 0;
    for (size_t phase = 0; phase < PHASES; phase++) {
        double sum = 0, before = floor(edge(source, 0) - (double)phase / PHASES);
        for (size_t i = 0; i < table->bins; i++) {
            const double next = floor(edge(source, (double)i + 1) - (double)phase / PHASES);
            sum += share(table, i) / width * (next - before);
            before = next;
        }
        most = fmax(most, fabs(sum - 1));
    }
    return most;
}

const struct source_type source_empirical = {
    .name = "empirical",
    .title = "empirical",
    .usage = "empirical",
    .density = density,
    .cdf = cdf,
    .quantile = quantile,
    .characteristic = characteristic,
    .truncated = truncated,
    .draw = draw,
    .rough = rough,
    .parts = parts,
    .part = part,
    .crest = crest,
    .ripple = ripple,
};
