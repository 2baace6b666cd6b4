/* SPDX-License-Identifier: MIT */
#include "linear/moment.h"

#include "base/mem.h"

double moment_at(const struct moment *moment, size_t i, size_t j)
{
    if (!moment->value)
        return i == j;
    if (i / moment->block != j / moment->block)
        return 0;
    return moment->value[i % moment->block * moment->columns + j];
}

double moment_trace(const struct moment *moment)
{
    double trace = 0;
    for (size_t j = 0; j < moment->columns; j++)
        trace += moment_at(moment, j, j);
    return trace;
}

size_t moment_block_columns(size_t columns, size_t block, size_t start)
{
    return columns - start < block ? columns - start : block;
}

size_t moment_common_block(size_t columns, size_t a, size_t b)
{
    const size_t narrow = a < b ? a : b, wide = a < b ? b : a;
    return wide < columns && wide % narrow == 0 ? wide : columns;
}

void moment_copy_square(const struct moment *moment, size_t start, gsl_matrix *out)
{
    for (size_t i = 0; i < out->size1; i++)
        for (size_t j = 0; j < out->size2; j++)
            gsl_matrix_set(out, i, j, moment_at(moment, start + i, start + j));
}

double *moment_rearrange(const struct moment *moment, size_t block)
{
    const size_t columns = moment->columns;
    double *value = mem_try(block, columns * sizeof *value);
    if (!value)
        return NULL;
    for (size_t i = 0; i < block; i++)
        for (size_t j = 0; j < columns; j++) {
            const size_t row = j - j % block + i;
            if (row < columns)
                value[i * columns + j] = moment_at(moment, row, j);
        }
    return value;
}

void moment_transpose(double value[], size_t columns, size_t block)
{
    for (size_t start = 0; start < columns; start += block) {
        const size_t n = moment_block_columns(columns, block, start);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                double *lower = &value[i * columns + start + j];
                double *upper = &value[j * columns + start + i];
                const double swapped = *lower;
                *lower = *upper;
                *upper = swapped;
            }
    }
}
