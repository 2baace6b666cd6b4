/* SPDX-License-Identifier: MIT */
#include "linear/walsh.h"

#include <assert.h>

/* Values that a loop takes at a time: a constant, so that compilers turn it into vectors. */
#define LANES 4

/* Two stages in one sweep, at distances h and 2h: half the loads and stores.  h is a multiple of
 * LANES.  The four quarters are parameters because restrict tells that they do not overlap. */
static void double_stage(double *restrict a, double *restrict b, double *restrict c,
                         double *restrict d, size_t h)
{
    for (size_t j = 0; j < h; j += LANES)
        for (size_t lane = j; lane < j + LANES; lane++) {
            double p = a[lane] + b[lane], q = a[lane] - b[lane];
            double r = c[lane] + d[lane], s = c[lane] - d[lane];
            a[lane] = p + r;
            b[lane] = q + s;
            c[lane] = p - r;
            d[lane] = q - s;
        }
}

static void single_stage(double *restrict a, double *restrict b, size_t h)
{
    for (size_t j = 0; j < h; j += LANES)
        for (size_t lane = j; lane < j + LANES; lane++) {
            double p = a[lane], q = b[lane];
            a[lane] = p + q;
            b[lane] = p - q;
        }
}

/* The stages at distances 1 and 2, with the scale, which costs nothing while values are at hand. */
static void first_stages(double x[], size_t n, double scale)
{
    for (size_t i = 0; i < n; i += 4) {
        double p = x[i] + x[i + 1], q = x[i] - x[i + 1];
        double r = x[i + 2] + x[i + 3], s = x[i + 2] - x[i + 3];
        x[i] = scale * (p + r);
        x[i + 1] = scale * (q + s);
        x[i + 2] = scale * (p - r);
        x[i + 3] = scale * (q - s);
    }
}

/* n < 4. */
static void short_transform(double x[], size_t n, double scale)
{
    double p = x[0], q = n == 2 ? x[1] : 0;
    x[0] = scale * (p + q);
    if (n == 2)
        x[1] = scale * (p - q);
}

void walsh_transform(double x[], size_t n, double scale)
{
    assert(n > 0 && (n & (n - 1)) == 0);
    if (n < 4) {
        short_transform(x, n, scale);
        return;
    }
    first_stages(x, n, scale);
    size_t h = 4;
    for (; 4 * h <= n; h *= 4)
        for (size_t i = 0; i < n; i += 4 * h)
            double_stage(x + i, x + i + h, x + i + 2 * h, x + i + 3 * h, h);
    if (2 * h == n)
        single_stage(x, x + h, h);
}
