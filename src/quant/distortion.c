/* SPDX-License-Identifier: MIT */
#include "quant/grid.h"

#include <math.h>

#include "base/decibels.h"

/* Sum of squares of the finite values, in four partial sums that need not wait for each other. */
static double sum_squares(const double w[], size_t n)
{
    double sum[4] = {0};
    for (size_t i = 0; i < n; i++)
        sum[i % 4] += isfinite(w[i]) ? w[i] * w[i] : 0;
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

void distortion_add(struct distortion *distortion, const double w[], const double e[], size_t n)
{
    moments_add(&distortion->error, e, n);
    distortion->power += sum_squares(w, n);
}

void distortion_merge(struct distortion *distortion, const struct distortion *other)
{
    moments_merge(&distortion->error, &other->error);
    distortion->power += other->power;
    distortion->clipped += other->clipped;
}

double distortion_mse(const struct distortion *distortion)
{
    const struct moments *error = &distortion->error;
    return error->count ? error->m2 / (double)error->count + error->mean * error->mean
                        : (double)NAN;
}

double distortion_sqnr_db(const struct distortion *distortion)
{
    double noise = distortion_mse(distortion) * (double)distortion->error.count;
    return decibels(distortion->power / noise);
}
