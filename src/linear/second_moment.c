/* SPDX-License-Identifier: MIT */
#include "linear/second_moment.h"

#include <gsl/gsl_cblas.h>

/* Columns that are multiplied with all to their left at a time: half the work of the full product,
 * and a strip of the result that stays in a cache whatever library multiplies. */
#define STRIP 64

void second_moment_add(double sums[], size_t d, const double rows[], size_t n)
{
    for (size_t first = 0; first < d; first += STRIP) {
        size_t end = first + STRIP < d ? first + STRIP : d;
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)(end - first), (int)end, (int)n,
                    1, rows + first, (int)d, rows, (int)d, 1, sums + first * d, (int)d);
    }
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
