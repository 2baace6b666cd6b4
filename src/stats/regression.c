/* SPDX-License-Identifier: MIT */
#include "stats/regression.h"

#include <math.h>

void regression_add(struct regression *regression, double x, double y)
{
    const struct regression pair = {
        .n = 1, .mean_x = x, .mean_y = y, .residual = (y - x) * (y - x)};
    if (!isnan(x) && !isnan(y))
        regression_merge(regression, &pair);
}

void regression_merge(struct regression *regression, const struct regression *other)
{
    const double na = (double)regression->n, nb = (double)other->n;
    if (other->n == 0)
        return;
    const double dx = other->mean_x - regression->mean_x, dy = other->mean_y - regression->mean_y;
    const double share = nb / (na + nb), weight = na * share;
    regression->n += other->n;
    regression->mean_x += dx * share;
    regression->mean_y += dy * share;
    regression->xx += other->xx + weight * dx * dx;
    regression->yy += other->yy + weight * dy * dy;
    regression->xy += other->xy + weight * dx * dy;
    regression->residual += other->residual;
}

double regression_slope(const struct regression *regression)
{
    return regression->xx > 0 ? regression->xy / regression->xx : (double)NAN;
}

double regression_intercept(const struct regression *regression)
{
    return regression->mean_y - regression_slope(regression) * regression->mean_x;
}

double regression_r2(const struct regression *regression)
{
    const double share = regression->residual / regression->yy;
    return regression->yy > 0 && isfinite(share) ? 1 - share : (double)NAN;
}
