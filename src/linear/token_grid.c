/* SPDX-License-Identifier: MIT */
#include "linear/token_grid.h"

#include <assert.h>
#include <math.h>

double token_grid_steps(int bits, bool symmetric)
{
    assert(bits >= TOKEN_GRID_BITS_LEAST && bits <= TOKEN_GRID_BITS_MOST);
    return ldexp(1, bits) - (symmetric ? 2 : 1);
}

struct token_grid token_grid_make(double low, double high, int bits, bool symmetric)
{
    assert(low <= high);
    double steps = token_grid_steps(bits, symmetric);
    double top = symmetric ? fmax(fabs(low), fabs(high)) : fmax(high, 0);
    double bottom = symmetric ? -top : fmin(low, 0);
    struct token_grid grid = {.range = top - bottom, .steps = steps};
    if (grid.range == 0)
        return grid;
    grid.step = grid.range / steps;
    grid.zero = symmetric ? 0 : rint(-bottom * steps / grid.range);
    grid.least = symmetric ? -steps / 2 : 0;
    grid.most = grid.least + steps;
    return grid;
}

struct token_grid token_grid_of(const double x[], size_t n, int bits, bool symmetric)
{
    assert(n > 0);
    double low = x[0], high = x[0];
    for (size_t i = 1; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    return token_grid_make(low, high, bits, symmetric);
}

void token_grid_round(const struct token_grid *grid, const double x[], size_t n, double error[])
{
    if (grid->range == 0) { /* a token of zeros; a grid that was fixed by zeros makes all zero */
        for (size_t i = 0; i < n; i++)
            error[i] = -x[i];
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double code = rint(x[i] * grid->steps / grid->range) + grid->zero;
        code = code < grid->least ? grid->least : code > grid->most ? grid->most : code;
        error[i] = grid->step * (code - grid->zero) - x[i];
    }
}
