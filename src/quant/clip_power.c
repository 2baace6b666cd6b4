/* SPDX-License-Identifier: MIT */
#include "quant/clip_power.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* The table's parabolas in place of x^p: each octave has so many.  Groups make differences of them,
 * and so the slope counts: it is right to 1e-4 at p = 2.4, to 1e-3 at p = 8 (straight pieces, with
 * their 2 %, put teeth on the error of a unit with an outlier).  Below the lowest octave values
 * count as nothing. */
#define PIECE_BITS    6
#define PIECES        (1 << PIECE_BITS)
#define LOWEST_OCTAVE (-40)
#define OCTAVES       44

#define GROUPS_PER_CELL 32
#define GROUPS_LEAST    1024
#define GROUPS_MOST     8192

struct piece {
    double constant, linear, square;
};

struct clip_power {
    const struct clip_sample *sample;
    const struct clip_ladder *ladder;
    /* Of groups: their edges, but for those between groups of the same density (many have none),
     * and by how much it falls there.  0 edges: single values. */
    size_t edges;
    double *edge, *fall;
    double *up_to_level; /* integral of |e|^p, from the lowest level to each, at factor 1 */
    double exponent;     /* of the table: p for single values, p + 1 for integrals */
    struct piece piece[OCTAVES * PIECES];
};

/* Through both ends of a piece of 1 .. 2 and its middle. */
static struct piece piece_between(double left, double right, double exponent)
{
    const double middle = (left + right) / 2, width = right - left;
    const double low = pow(left, exponent), half = pow(middle, exponent),
                 high = pow(right, exponent);
    const double square = 2 * (low - 2 * half + high) / (width * width);
    const double slope = (high - low) / width;
    return (struct piece){half - middle * (slope - middle * square), slope - 2 * middle * square,
                          square};
}

static void fill_table(struct clip_power *power)
{
    struct piece first[PIECES];
    for (int i = 0; i < PIECES; i++)
        first[i] = piece_between(1 + (double)i / PIECES, 1 + (i + 1.0) / PIECES, power->exponent);
    for (int octave = 0; octave < OCTAVES; octave++) {
        const double smaller = ldexp(1, -(octave + LOWEST_OCTAVE));
        const double scale = pow(smaller, -power->exponent);
        for (int i = 0; i < PIECES; i++)
            power->piece[octave * PIECES + i] =
                (struct piece){first[i].constant * scale, first[i].linear * scale * smaller,
                               first[i].square * scale * smaller * smaller};
    }
}

/* x^exponent for x >= 0, from the bits of x: its exponent and the first of its fraction number the
 * piece. */
static inline double raise(const struct clip_power *power, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int64_t lowest = (int64_t)(1023 + LOWEST_OCTAVE) * PIECES;
    const int64_t number = (int64_t)(bits >> (52 - PIECE_BITS)) - lowest;
    if (number < 0)
        return 0;
    const struct piece *piece =
        &power->piece[number < OCTAVES * PIECES ? number : OCTAVES * PIECES - 1];
    return piece->constant + x * (piece->linear + x * piece->square);
}

/* The level that x goes to, at or above `level`: in steps that double, then by bisection, for x may
 * pass one threshold in a hundred or a hundred in one. */
static inline size_t climb(const struct clip_ladder *ladder, double factor, size_t level, double x)
{
    const size_t last = ladder->n - 1;
    if (level == last || x <= factor * ladder->threshold[level])
        return level;
    size_t step = 1;
    while (step < last - level && x > factor * ladder->threshold[level + step])
        step *= 2;
    size_t low = level + 1, high = level + step < last ? level + step : last;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (x > factor * ladder->threshold[middle])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double sum_values(const struct clip_power *power, double factor)
{
    const struct clip_sample *sample = power->sample;
    const struct clip_ladder *ladder = power->ladder;
    double sum = 0;
    for (size_t i = 0, level = 0; i < sample->values; i++) {
        level = climb(ladder, factor, level, sample->value[i]);
        sum += raise(power, fabs(sample->value[i] - factor * ladder->level[level]));
    }
    return sum;
}

/* With F an integral of |e|^p over v, a group adds its density times the difference of F between
 * its ends; so each edge adds F times what the density loses there. */
static double sum_groups(const struct clip_power *power, double factor)
{
    const struct clip_ladder *ladder = power->ladder;
    const double scale = pow(factor, power->exponent), over = 1 / power->exponent;
    const size_t edges = power->edges, last = ladder->n - 1;
    double sum = 0;
    for (size_t i = 0, level = 0; i < edges;) {
        level = climb(ladder, factor, level, power->edge[i]);
        const double limit = level < last ? factor * ladder->threshold[level] : INFINITY;
        const double center = factor * ladder->level[level];
        const double start = scale * power->up_to_level[level];
        do {
            const double e = power->edge[i] - center;
            sum += power->fall[i] * (start + copysign(raise(power, fabs(e)) * over, e));
            i++;
        } while (i < edges && power->edge[i] <= limit);
    }
    return sum;
}

static void put_edge(struct clip_power *power, double edge, double fall)
{
    if (fall == 0)
        return;
    power->edge[power->edges] = edge;
    power->fall[power->edges++] = fall;
}

static void make_groups(struct clip_power *power, size_t groups)
{
    const struct clip_sample *sample = power->sample;
    double before = 0, density = 0;
    for (size_t i = 0; i < groups; i++) {
        const size_t bucket = sample->buckets * i / groups;
        const size_t next = sample->buckets * (i + 1) / groups;
        const double after = clip_sample_before_bucket(sample, next), last = density;
        density = (after - before) * sample->per_bucket / (double)(next - bucket);
        before = after;
        put_edge(power, sample->least + (double)bucket / sample->per_bucket, last - density);
    }
    put_edge(power, sample->most, density);
}

static void integrate_levels(struct clip_power *power)
{
    const double *level = power->ladder->level;
    double *sum = power->up_to_level;
    sum[0] = 0;
    for (size_t i = 0; i + 1 < power->ladder->n; i++)
        sum[i + 1] = sum[i] + 2 * raise(power, (level[i + 1] - level[i]) / 2) / power->exponent;
}

/* How many groups; 0 if it is quicker to take each value by itself. */
static size_t choose_groups(const struct clip_sample *sample, const struct clip_ladder *ladder,
                            double factor)
{
    size_t groups = GROUPS_LEAST;
    while (groups < GROUPS_MOST && (double)groups * factor < GROUPS_PER_CELL * (double)ladder->n)
        groups *= 2;
    return sample->values > 0 && sample->values <= groups ? 0 : groups;
}

struct clip_power *clip_power_make(const struct clip_sample *sample,
                                   const struct clip_ladder *ladder, double p, double factor)
{
    const size_t groups = choose_groups(sample, ladder, factor);
    struct clip_power *power = mem_alloc(1, sizeof *power);
    power->sample = sample;
    power->ladder = ladder;
    power->exponent = groups > 0 ? p + 1 : p;
    power->edges = 0;
    power->edge = mem_alloc(2 * (groups + 1) + ladder->n, sizeof *power->edge);
    power->fall = power->edge + groups + 1;
    power->up_to_level = power->fall + groups + 1;
    fill_table(power);
    if (groups > 0) {
        make_groups(power, groups);
        integrate_levels(power);
    }
    return power;
}

void clip_power_free(struct clip_power *power)
{
    mem_free(power->edge);
    mem_free(power);
}

double clip_power_error(const struct clip_power *power, double factor)
{
    return power->edges > 0 ? sum_groups(power, factor) : sum_values(power, factor);
}
