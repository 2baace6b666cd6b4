/* SPDX-License-Identifier: MIT
 *
 * The method of the four Russians: four elements of a row are one of 16 patterns of signs, so the
 * 16 signed sums of each four inputs are formed once, and each output adds one of them for every
 * four inputs.
 */
#include "linear/sign_matrix.h"

#include <stdint.h>

#include "base/mem.h"

#define GROUP KERNELS_SIGN_GROUP
#define TILE  KERNELS_SIGN_TILE

struct sign_matrix {
    size_t order;
    uint64_t *patterns; /* as kernels.h has them */
};

struct sign_matrix *sign_matrix_new(const signed char elements[], size_t order)
{
    struct sign_matrix *matrix = mem_alloc(1, sizeof *matrix);
    const size_t tiles = (order + GROUP * TILE - 1) / (GROUP * TILE);
    matrix->order = order;
    matrix->patterns = mem_zero(tiles * order, sizeof *matrix->patterns);
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++) {
            const size_t group = j / GROUP;
            const uint64_t bit = (uint64_t)SIGN_MATRIX_LANES << j % GROUP;
            if (elements[i * order + j] > 0)
                matrix->patterns[group / TILE * order + i] |= bit << 8 * (group % TILE);
        }
    return matrix;
}

void sign_matrix_free(struct sign_matrix *matrix)
{
    if (matrix)
        mem_free(matrix->patterns);
    mem_free(matrix);
}

void sign_matrix_multiply(const struct sign_matrix *matrix, const double in[], size_t stride,
                          double out[])
{
    kernels_best()->sign_product(matrix->patterns, matrix->order, in, stride, out);
}
