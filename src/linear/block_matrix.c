/* SPDX-License-Identifier: MIT */
#include "linear/block_matrix.h"

#include <assert.h>

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

void block_matrix_turn(const struct block_matrix *matrix, double rows[], size_t count,
                       double scratch[])
{
    for (size_t start = 0; count > 0 && start < matrix->columns; start += matrix->block) {
        gsl_matrix_view square = block_matrix_square(matrix, start);
        const size_t n = square.matrix.size1;
        gsl_matrix_view part =
            gsl_matrix_view_array_with_tda(rows + start, count, n, matrix->columns);
        gsl_matrix_view product = gsl_matrix_view_array(scratch, count, n);
        product_form(&part.matrix, &square.matrix, &product.matrix);
        gsl_matrix_memcpy(&part.matrix, &product.matrix);
    }
}
