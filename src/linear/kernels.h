/* SPDX-License-Identifier: MIT
 *
 * The inner loops of linear/, for the widest vectors that the processor has.  Every sum is formed
 * in one order and no kernel fuses a multiplication with an addition, so the results are the same
 * on all processors, to the last bit.
 */
#ifndef LINEAR_KERNELS_H
#define LINEAR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Vectors that a sign matrix multiplies at a time, side by side. */
#define KERNELS_SIGN_LANES 16

/* Columns of a sign matrix that share a table of their signed sums, sums in it, and tables that are
 * made at a time: 16 KiB, which stay in the first-level cache, and their patterns fill a word. */
#define KERNELS_SIGN_GROUP    4
#define KERNELS_SIGN_PATTERNS 16
#define KERNELS_SIGN_TILE     8

/* out += a b; matrices by rows, whose beginnings are a stride apart. */
struct kernels_product {
    size_t rows, inner, columns; /* a is [rows, inner], b [inner, columns] */
    const double *a, *b;
    double *out;
    size_t a_stride, b_stride, out_stride;
};

/* Rows `first` to first + count, turned one pair after the other: rotation i makes the rows a and b
 * that are i and i + 1 below the first cosine a + sine b and cosine b - sine a. */
struct kernels_rotation {
    double cosine, sine;
};

struct kernels_sweep {
    size_t first, count;
    const struct kernels_rotation *rotation;
};

struct kernels {
    const char *name;
    /* n numbers, whole blocks of a power of two, as walsh.h has it. */
    void (*walsh)(double x[], size_t n, size_t block, double scale);
    void (*walsh_single)(float x[], size_t n, size_t block, float scale);
    /* out[order, KERNELS_SIGN_LANES] = matrix * in, rows of which begin `stride` apart.  The
     * matrix is [tiles, order] words, of whose bytes the lowest is for a tile's first group: the
     * number KERNELS_SIGN_LANES * p, which is where a table has the sum of pattern p, in which bit
     * k says that column k of the group is 1, not -1. */
    void (*sign_product)(const uint64_t patterns[], size_t order, const double in[], size_t stride,
                         double out[]);
    void (*product)(const struct kernels_product *product);
    /* One sweep after the other over rows of `columns` values that begin a stride apart. */
    void (*rotate)(double rows[], size_t stride, size_t columns,
                   const struct kernels_sweep sweeps[], size_t count);
};

/* The best of this machine, and all that it can run, the best first, up to NULL. */
const struct kernels *kernels_best(void);
#define KERNELS_MOST 4
void kernels_all(const struct kernels *kernels[KERNELS_MOST]);

#endif
