/* SPDX-License-Identifier: MIT */
#include "linear/product.h"

#include <assert.h>
#include <stddef.h>

/* The part of b that all rows of a meet before the next: 128 KiB, for the second-level cache, of
 * which one row, 2 KiB, meets a row of the result in the first. */
#define TILE_ROWS    64
#define TILE_COLUMNS 256

/* Columns that a loop takes at a time: a constant, so that compilers turn it into vectors. */
#define LANES 4

/* Rows of b that are added in one sweep over a row of the result. */
#define SWEEP 4

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* y += x[0] b[0] + ... + x[3] b[3], b's rows `stride` apart. */
static void add_four(double *restrict y, const double x[SWEEP], const double *restrict b,
                     size_t stride, size_t n)
{
    const double x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3];
    const double *b1 = b + stride, *b2 = b1 + stride, *b3 = b2 + stride;
    size_t j = 0;
    for (; j + LANES <= n; j += LANES)
        for (size_t lane = j; lane < j + LANES; lane++)
            y[lane] += (x0 * b[lane] + x1 * b1[lane]) + (x2 * b2[lane] + x3 * b3[lane]);
    for (; j < n; j++)
        y[j] += (x0 * b[j] + x1 * b1[j]) + (x2 * b2[j] + x3 * b3[j]);
}

static void add_one(double *restrict y, double x, const double *restrict b, size_t n)
{
    for (size_t j = 0; j < n; j++)
        y[j] += x * b[j];
}

/* Adds to out what the tile of b from (row, column) contributes. */
static void add_tile(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out, size_t row,
                     size_t column)
{
    const size_t rows = smaller(TILE_ROWS, b->size1 - row);
    const size_t columns = smaller(TILE_COLUMNS, b->size2 - column);
    const double *tile = gsl_matrix_const_ptr(b, row, column);
    for (size_t k = 0; k < a->size1; k++) {
        const double *x = gsl_matrix_const_ptr(a, k, row);
        double *y = gsl_matrix_ptr(out, k, column);
        size_t i = 0;
        for (; i + SWEEP <= rows; i += SWEEP)
            add_four(y, x + i, tile + i * b->tda, b->tda, columns);
        for (; i < rows; i++)
            add_one(y, x[i], tile + i * b->tda, columns);
    }
}

void product_form(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out)
{
    assert(a->size2 == b->size1 && out->size1 == a->size1 && out->size2 == b->size2);
    gsl_matrix_set_zero(out);
    for (size_t column = 0; column < b->size2; column += TILE_COLUMNS)
        for (size_t row = 0; row < b->size1; row += TILE_ROWS)
            add_tile(a, b, out, row, column);
}
