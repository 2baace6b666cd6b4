/* SPDX-License-Identifier: MIT */
#include "stats/kolmogorov.h"

#include <assert.h>
#include <math.h>

/* The sample's function steps up at each value, where it is compared before and behind. */
double kolmogorov_distance(const double sorted[], size_t n, const struct source *source)
{
    assert(n > 0 && source->std > 0);
    const double total = (double)n;
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        const double cdf = source->type->cdf(source, sorted[i]);
        const double before = cdf - (double)i / total, behind = (double)(i + 1) / total - cdf;
        most = before > most ? before : most;
        most = behind > most ? behind : most;
    }
    return most;
}
