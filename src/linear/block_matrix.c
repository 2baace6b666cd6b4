/* SPDX-License-Identifier: MIT */
#include "linear/block_matrix.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "linear/moment.h"
#include "linear/product.h"

/* Block after block, each without gaps: the one that begins at column s is at s * block.  In rows
 * of the whole width, a block's rows would share the few cache lines of one set whenever the width
 * is a power of two. */
struct block_matrix {
    size_t columns, block;
    double *value;
};

struct block_matrix *block_matrix_new(size_t columns, size_t block)
{
    assert(0 < block && block <= columns);
    double *value = mem_try(columns, block * sizeof *value);
    if (!value)
        return NULL;
    struct block_matrix *matrix = mem_alloc(1, sizeof *matrix);
    *matrix = (struct block_matrix){.columns = columns, .block = block, .value = value};
    return matrix;
}

void block_matrix_free(struct block_matrix *matrix)
{
    if (matrix)
        mem_free(matrix->value);
    mem_free(matrix);
}

gsl_matrix_view block_matrix_square(const struct block_matrix *matrix, size_t start)
{
    assert(start % matrix->block == 0);
    const size_t n = moment_block_columns(matrix->columns, matrix->block, start);
    return gsl_matrix_view_array(matrix->value + start * matrix->block, n, n);
}

size_t block_matrix_scratch(const struct block_matrix *matrix, size_t count)
{
    return matrix->block * count;
}

void block_matrix_turn_stretch(const struct block_matrix *matrix, size_t first, size_t n,
                               double rows[], size_t count, double scratch[])
{
    assert(first % matrix->block == 0);
    for (size_t at = 0, size; count > 0 && at < n; at += size) {
        gsl_matrix_view square = block_matrix_square(matrix, first + at);
        size = square.matrix.size1;
        gsl_matrix_view part = gsl_matrix_view_array_with_tda(rows + at, count, size, n);
        gsl_matrix_view product = gsl_matrix_view_array(scratch, count, size);
        product_form(&part.matrix, &square.matrix, &product.matrix);
        for (size_t i = 0; i < count; i++)
            memcpy(rows + i * n + at, scratch + i * size, size * sizeof *rows);
    }
}

void block_matrix_turn(const struct block_matrix *matrix, double rows[], size_t count,
                       double scratch[])
{
    block_matrix_turn_stretch(matrix, 0, matrix->columns, rows, count, scratch);
}
