/* SPDX-License-Identifier: MIT */
#include "stats/histogram.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"

struct histogram *histogram_new(double low, double high, size_t bins)
{
    assert(bins > 0 && low < high && isfinite(high - low));
    struct histogram *histogram = mem_zero(1, sizeof *histogram);
    histogram->low = low;
    histogram->high = high;
    histogram->bins = bins;
    histogram->count = mem_zero(bins, sizeof *histogram->count);
    return histogram;
}

void histogram_free(struct histogram *histogram)
{
    if (!histogram)
        return;
    mem_free(histogram->count);
    mem_free(histogram);
}

void histogram_add(struct histogram *histogram, const double x[], size_t n)
{
    const double low = histogram->low, high = histogram->high;
    const double per_unit = (double)histogram->bins / (high - low);
    const size_t last = histogram->bins - 1;
    for (size_t i = 0; i < n; i++) {
        if (x[i] >= low && x[i] <= high) {
            size_t bin = (size_t)((x[i] - low) * per_unit);
            histogram->count[bin < last ? bin : last]++;
        } else {
            histogram->under += x[i] < low;
            histogram->over += x[i] > high;
        }
    }
}

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    assert(histogram->low == other->low && histogram->high == other->high &&
           histogram->bins == other->bins);
    for (size_t i = 0; i < histogram->bins; i++)
        histogram->count[i] += other->count[i];
    histogram->under += other->under;
    histogram->over += other->over;
}

uint64_t histogram_total(const struct histogram *histogram)
{
    uint64_t total = histogram->under + histogram->over;
    for (size_t i = 0; i < histogram->bins; i++)
        total += histogram->count[i];
    return total;
}

double histogram_mass(const struct histogram *histogram, double a, double b)
{
    const double bins = (double)histogram->bins;
    const double per_unit = bins / (histogram->high - histogram->low);
    a = fmin(fmax((a - histogram->low) * per_unit, 0), bins);
    b = fmin(fmax((b - histogram->low) * per_unit, 0), bins);
    double mass = 0;
    for (size_t i = (size_t)a; i < histogram->bins && (double)i < b; i++)
        mass += (double)histogram->count[i] * (fmin(b, (double)i + 1) - fmax(a, (double)i));
    return mass;
}
