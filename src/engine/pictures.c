/* SPDX-License-Identifier: MIT */
#include "engine/pictures.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"

/* Widest pictures: errors to 2.5 steps and weights to 4 times the reach; what lies beyond is
 * counted.  Without ends errors stay within half a step, give or take the rounding of a quotient,
 * and weights within the reach, or on a grid of full range and 2 bits within 4/3 of it: its middle
 * lies half a step below 0. */
#define ERROR_REACH          2.5
#define ERROR_REACH_ENDLESS  0.5
#define WEIGHT_REACH         4.0
#define WEIGHT_REACH_ENDLESS 1.5
#define WEIGHT_BINS          1024
#define WEIGHT_BINS_ENDLESS  768
#define MARGIN_ENDLESS       (2.0 / 512) /* so that what is at the reach is within a bin */

/* Counts of singles, in several tables in turn, since adding to one count twice in a row has to wait
 * for the memory; and in 32 bits, which hold so many elements. */
#define TALLY_TABLES  4
#define TALLY_MOST    ((uint64_t)1 << 31)
#define TALLY_ERRORS  (5 * PICTURES_PER_STEP + 4) /* bins of the widest pictures, and outside */
#define TALLY_WEIGHTS (WEIGHT_BINS + 2)
struct pictures_tally {
    uint64_t elements;
    uint32_t level[TALLY_TABLES][PICTURES_LEVELS_MOST];
    uint32_t error[TALLY_TABLES][TALLY_ERRORS];
    uint32_t weight[TALLY_TABLES][TALLY_WEIGHTS];
};

static struct histogram *error_histogram(bool endless)
{
    const double half = endless ? ERROR_REACH_ENDLESS : ERROR_REACH;
    const double reach = half + 1.0 / PICTURES_PER_STEP;
    return histogram_new(-reach, reach, (size_t)(2 * half * PICTURES_PER_STEP) + 2);
}

static struct histogram *weight_histogram(bool endless)
{
    const size_t bins = endless ? WEIGHT_BINS_ENDLESS : WEIGHT_BINS;
    const double reach = endless ? WEIGHT_REACH_ENDLESS * (1 + MARGIN_ENDLESS)
                                 : WEIGHT_REACH * (1 + 2.0 / WEIGHT_BINS);
    return histogram_new(-reach, reach, bins);
}

struct pictures *pictures_new(bool endless, bool count_levels)
{
    struct pictures *pictures = mem_zero(1, sizeof *pictures);
    pictures->error = error_histogram(endless);
    pictures->weight = weight_histogram(endless);
    pictures->count_levels = count_levels;
    pictures->origin = SIZE_MAX;
    pictures->furthest = 1;
    return pictures;
}

void pictures_free(struct pictures *pictures)
{
    if (!pictures)
        return;
    histogram_free(pictures->error);
    histogram_free(pictures->weight);
    mem_free(pictures->tally);
    mem_free(pictures);
}

/* The largest finite magnitude, or `least`. */
static double furthest(const double x[], size_t n, double least)
{
    for (size_t i = 0; i < n; i++) {
        const double magnitude = fabs(x[i]);
        least = magnitude > least && magnitude <= DBL_MAX ? magnitude : least;
    }
    return least;
}

/* A unit has been seen whose levels are counted. */
static void note_levels(struct pictures *pictures, size_t part, const struct quantizer *quantizer)
{
    if (!pictures->count_levels || part >= pictures->origin)
        return;
    pictures->origin = part;
    pictures->levels = quantizer_levels(quantizer);
    quantizer_positions(quantizer, pictures->position);
}

void pictures_add(struct pictures *pictures, size_t part, const struct quantizer *quantizer,
                  const double w[], const double e[], const int32_t code[], size_t n)
{
    double scaled[PICTURES_SLICE];
    const double step = quantizer->step, centre = quantizer->centre, reach = quantizer->reach;
    assert(n <= PICTURES_SLICE);
    if (!(step > 0) || n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        scaled[i] = e[i] / step;
    histogram_add(pictures->error, scaled, n);
    for (size_t i = 0; i < n; i++)
        scaled[i] = (w[i] - centre) / reach;
    histogram_add(pictures->weight, scaled, n);
    pictures->furthest = furthest(scaled, n, pictures->furthest);
    if (!pictures->count_levels || quantizer_levels(quantizer) == 0)
        return;
    for (size_t i = 0; i < n; i++)
        if (!isnan(e[i]))
            pictures->mass[code[i]]++;
    note_levels(pictures, part, quantizer);
}

/* Counts places below `size` in the tables. */
static void tally_places(uint32_t *table, size_t size, const int32_t place[], size_t n)
{
    size_t i = 0;
    for (; i + TALLY_TABLES <= n; i += TALLY_TABLES)
        _Pragma("GCC unroll 4") for (size_t t = 0; t < TALLY_TABLES; t++)
            table[t * size + (size_t)place[i + t]]++;
    for (; i < n; i++)
        table[place[i]]++;
}

void pictures_add_singles(struct pictures *pictures, size_t part, const struct quantizer *quantizer,
                          const struct ladder_row *row, const struct moments *unit)
{
    const struct histogram *error = pictures->error, *weight = pictures->weight;
    const struct grid *grid = &quantizer->grid;
    const double per_unit = (double)weight->bins / (weight->high - weight->low);
    const double scale = per_unit / quantizer->reach;
    const struct ladder_picture picture = {
        .half = ((double)grid->highest - grid->lowest) / 2,
        .clip = grid->clip,
        .lowest = grid->lowest,
        .highest = grid->highest,
        .error_scale = PICTURES_PER_STEP,
        .error_bins = (double)error->bins,
        .weight_scale = scale,
        .weight_low = -quantizer->centre * scale - weight->low * per_unit,
        .weight_bins = (double)weight->bins,
    };
    struct ladder_places places;
    if (!pictures->tally)
        pictures->tally = mem_zero(1, sizeof *pictures->tally);
    struct pictures_tally *tally = pictures->tally;
    for (size_t begin = 0, m; begin < row->n; begin += m) {
        m = row->n - begin < LADDER_SLICE ? row->n - begin : LADDER_SLICE;
        row->kernels->place(row->x + begin, m, &picture, &places);
        tally_places(tally->level[0], PICTURES_LEVELS_MOST, places.level, m);
        tally_places(tally->error[0], TALLY_ERRORS, places.error, m);
        tally_places(tally->weight[0], TALLY_WEIGHTS, places.weight, m);
    }
    tally->elements += row->n;
    const double furthest = fmax(unit->max - quantizer->centre, quantizer->centre - unit->min);
    pictures->furthest = fmax(pictures->furthest, furthest / quantizer->reach);
    if (tally->elements > TALLY_MOST)
        pictures_finish(pictures);
    note_levels(pictures, part, quantizer);
}

/* Adds a table of bins with what lies outside at its ends, and clears it. */
static void take_table(struct histogram *histogram, uint32_t table[])
{
    histogram->under += table[0];
    histogram->over += table[histogram->bins + 1];
    for (size_t k = 0; k < histogram->bins; k++)
        histogram->count[k] += table[k + 1];
    memset(table, 0, (histogram->bins + 2) * sizeof *table);
}

void pictures_finish(struct pictures *pictures)
{
    struct pictures_tally *tally = pictures->tally;
    for (size_t t = 0; tally && t < TALLY_TABLES; t++) {
        take_table(pictures->error, tally->error[t]);
        take_table(pictures->weight, tally->weight[t]);
        for (size_t k = 0; pictures->count_levels && k < PICTURES_LEVELS_MOST; k++)
            pictures->mass[k] += tally->level[t][k];
        memset(tally->level[t], 0, sizeof tally->level[t]);
        tally->elements = 0;
    }
}

void pictures_merge(struct pictures *pictures, const struct pictures *other)
{
    histogram_merge(pictures->error, other->error);
    histogram_merge(pictures->weight, other->weight);
    pictures->furthest = fmax(pictures->furthest, other->furthest);
    for (size_t i = 0; i < PICTURES_LEVELS_MOST; i++)
        pictures->mass[i] += other->mass[i];
    if (other->origin < pictures->origin) {
        pictures->origin = other->origin;
        pictures->levels = other->levels;
        memcpy(pictures->position, other->position, sizeof pictures->position);
    }
}
