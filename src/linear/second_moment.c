/* SPDX-License-Identifier: MIT */
#include "linear/second_moment.h"

#include <gsl/gsl_matrix.h>

#include "base/mem.h"
#include "linear/product.h"

/* Columns that are multiplied with all to their left at a time: half the work of the full product,
 * and a strip of the result that stays in a cache. */
#define STRIP 64

/* product = the columns first .. end - 1 of the rows, transposed, times the columns 0 .. end - 1. */
static void multiply_strip(const double rows[], size_t n, size_t d, size_t first, size_t end,
                           double strip[], double product[])
{
    const size_t width = end - first;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < width; i++)
            strip[i * n + k] = rows[k * d + first + i];
    gsl_matrix_const_view a = gsl_matrix_const_view_array(strip, width, n);
    gsl_matrix_const_view b = gsl_matrix_const_view_array_with_tda(rows, n, end, d);
    gsl_matrix_view out = gsl_matrix_view_array(product, width, end);
    product_form(&a.matrix, &b.matrix, &out.matrix);
}

void second_moment_add(double sums[], size_t d, const double rows[], size_t n)
{
    if (n == 0)
        return;
    double *strip = mem_alloc(STRIP, n * sizeof *strip);
    double *product = mem_alloc(STRIP, d * sizeof *product);
    for (size_t first = 0; first < d; first += STRIP) {
        const size_t end = first + STRIP < d ? first + STRIP : d;
        multiply_strip(rows, n, d, first, end, strip, product);
        for (size_t i = first; i < end; i++)
            for (size_t j = 0; j <= i; j++)
                sums[i * d + j] += product[(i - first) * end + j];
    }
    mem_free(product);
    mem_free(strip);
}

void second_moment_finish(double sums[], size_t d, double count)
{
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j <= i; j++)
            sums[j * d + i] = sums[i * d + j] = sums[i * d + j] / count;
}

void second_moment_add_diagonal(double sums[], size_t d, const double rows[], size_t n)
{
    for (const double *row = rows; row < rows + n * d; row += d)
        for (size_t j = 0; j < d; j++)
            sums[j] += row[j] * row[j];
}

double second_moment_trace(const double moment[], size_t d)
{
    double trace = 0;
    for (size_t i = 0; i < d; i++)
        trace += moment[i * d + i];
    return trace;
}
