/* SPDX-License-Identifier: MIT
 *
 * The method of the four Russians: four elements of a row are one of 16 patterns of signs, so the
 * 16 signed sums of each four inputs are formed once, and each output adds one of them for every
 * four inputs.
 */
#include "linear/sign_matrix.h"

#include <string.h>

#include "base/mem.h"

#define LANES    SIGN_MATRIX_LANES
#define GROUP    4            /* columns that share a table */
#define PATTERNS (1 << GROUP) /* sums in it */
#define TILE     8            /* groups whose tables, 8 KiB, are kept in the first-level cache */

/* Two doubles in one register: left to itself, gcc keeps the running sums below in memory, which
 * takes five times as long. */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));

#define PAIRS (LANES / 2)

struct sign_matrix {
    size_t order, tiles;
    unsigned char *pattern; /* [tiles, order, TILE]: bit k says that column k of the group is +1 */
};

struct sign_matrix *sign_matrix_new(const signed char elements[], size_t order)
{
    struct sign_matrix *matrix = mem_alloc(1, sizeof *matrix);
    matrix->order = order;
    matrix->tiles = (order + GROUP * TILE - 1) / (GROUP * TILE);
    matrix->pattern = mem_zero(matrix->tiles * order, TILE);
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < order; j++) {
            const size_t group = j / GROUP;
            unsigned char *pattern =
                &matrix->pattern[(group / TILE * order + i) * TILE + group % TILE];
            if (elements[i * order + j] > 0)
                *pattern |= (unsigned char)(1 << j % GROUP);
        }
    return matrix;
}

void sign_matrix_free(struct sign_matrix *matrix)
{
    if (matrix)
        mem_free(matrix->pattern);
    mem_free(matrix);
}

/* The 16 signed sums of four inputs, or of fewer at the end of the vectors. */
static void sum_group(const double in[], size_t columns, pair sum[PATTERNS][PAIRS])
{
    pair x[GROUP][PAIRS] = {{{0}}};
    memcpy(x, in, columns * sizeof *x);
    for (size_t i = 0; i < PAIRS; i++) {
        const pair low_sum = x[0][i] + x[1][i], low_difference = x[0][i] - x[1][i];
        const pair high_sum = x[2][i] + x[3][i], high_difference = x[2][i] - x[3][i];
        const pair low[4] = {-low_sum, low_difference, -low_difference, low_sum};
        const pair high[4] = {-high_sum, high_difference, -high_difference, high_sum};
        for (size_t pattern = 0; pattern < PATTERNS; pattern++)
            sum[pattern][i] = low[pattern % 4] + high[pattern / 4];
    }
}

static void add_sums(double out[LANES], const unsigned char pattern[TILE], size_t groups,
                     const pair sum[TILE][PATTERNS][PAIRS])
{
    pair total[PAIRS];
    memcpy(total, out, sizeof total);
    pair a = total[0], b = total[1], c = total[2], d = total[3];
    for (size_t group = 0; group < groups; group++) {
        const pair *addend = sum[group][pattern[group]];
        a += addend[0];
        b += addend[1];
        c += addend[2];
        d += addend[3];
    }
    memcpy(out, (const pair[PAIRS]){a, b, c, d}, sizeof total);
}

void sign_matrix_multiply(const struct sign_matrix *matrix, const double in[], double out[])
{
    pair sum[TILE][PATTERNS][PAIRS];
    const size_t order = matrix->order;
    memset(out, 0, order * LANES * sizeof *out);
    for (size_t tile = 0; tile < matrix->tiles; tile++) {
        size_t groups = 0;
        for (size_t j = tile * TILE * GROUP; groups < TILE && j < order; j += GROUP)
            sum_group(in + j * LANES, order - j < GROUP ? order - j : GROUP, sum[groups++]);
        const unsigned char *pattern = matrix->pattern + tile * order * TILE;
        for (size_t i = 0; i < order; i++)
            add_sums(out + i * LANES, pattern + i * TILE, groups, sum);
    }
}
