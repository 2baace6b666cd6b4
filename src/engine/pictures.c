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
    if (part < pictures->origin) {
        pictures->origin = part;
        pictures->levels = quantizer_levels(quantizer);
        quantizer_positions(quantizer, pictures->position);
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
