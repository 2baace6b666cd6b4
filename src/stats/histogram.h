/* SPDX-License-Identifier: MIT
 *
 * Counts of a sample in equal bins.
 */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/* bins equal bins over [low, high), the last one closed; under and over count what lies outside.
 * NaN is not counted. */
struct histogram {
    double low, high;
    size_t bins;
    uint64_t *count;
    uint64_t under, over;
};

struct histogram *histogram_new(double low, double high, size_t bins);
void histogram_free(struct histogram *histogram);
void histogram_add(struct histogram *histogram, const double x[], size_t n);

/* Adds the counts of other, which has the same bins. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/* All counts, under and over included. */
uint64_t histogram_total(const struct histogram *histogram);

/* Elements in [a, b), bins cut in proportion: what a plot's column shows. */
double histogram_mass(const struct histogram *histogram, double a, double b);

#endif
