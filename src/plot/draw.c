/* SPDX-License-Identifier: MIT */
#include "plot/draw.h"

#include <math.h>

double plot_x(const struct plot *plot, double value)
{
    return scale_position(&plot->x, value) * plot->area.width;
}

double plot_y(const struct plot *plot, double value)
{
    return (1 - scale_position(&plot->y, value)) * plot->area.height;
}

int plot_cell(double coordinate, int count)
{
    if (!(coordinate >= 0 && coordinate <= count))
        return -1;
    return coordinate < count ? (int)coordinate : count - 1;
}

double plot_height(const struct plot *plot, double value)
{
    if (isnan(value))
        return NAN;
    if (plot->y.log && value <= 0)
        return 0;
    double height = isinf(value) ? value : plot->area.height - plot_y(plot, value);
    return fmin(fmax(height, 0), plot->area.height);
}

double plot_base(const struct plot *plot)
{
    return plot_height(plot, 0);
}
