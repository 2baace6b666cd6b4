/* SPDX-License-Identifier: MIT
 *
 * Additive powers of two (arXiv 1909.13144): a magnitude is a sum of few powers of two, one of
 * each set, so that multiplying needs shifts and additions only (FORMULAS §4.3).
 */
#include "quant/codebook.h"

#include <gsl/gsl_sort_double.h>

#define BITS_LEAST 3
#define BITS_MOST  6
#define SETS       3
#define TERMS      3
#define MAGNITUDES (1 << (BITS_MOST - 1))

/* The sets by bit width, one bit less for the sign, without the 0 that each of them has. */
static const double sets[BITS_MOST - BITS_LEAST + 1][SETS][TERMS] = {
    /* clang-format off */
    {{0x1p-1, 0x1p-2, 0x1p-3}},
    {{0x1p-1, 0x1p-2, 0x1p-4}, {0x1p-3}},
    {{0x1p-1, 0x1p-3, 0x1p-5}, {0x1p-2, 0x1p-4, 0x1p-6}},
    {{0x1p-1, 0x1p-3, 0x1p-6}, {0x1p-2, 0x1p-4, 0x1p-7}, {0x1p-5}},
    /* clang-format on */
};

/* All sums, ascending; returns how many. */
static size_t list_sums(const double set[SETS][TERMS], double sum[MAGNITUDES])
{
    size_t n = 1;
    sum[0] = 0;
    for (size_t i = 0; i < SETS; i++) {
        const size_t before = n;
        for (size_t k = 0; k < TERMS && set[i][k] > 0; k++)
            for (size_t j = 0; j < before; j++)
                sum[n++] = sum[j] + set[i][k];
    }
    gsl_sort(sum, 1, n);
    return n;
}

static struct codebook *make(const struct codebook_type *type, int bits,
                             const struct source *source, struct error *error)
{
    (void)source;
    double magnitude[MAGNITUDES];
    if (!codebook_check_bits(type, bits, error))
        return NULL;
    const size_t n = list_sums(sets[bits - BITS_LEAST], magnitude);
    for (size_t i = 0; i < n; i++)
        magnitude[i] /= magnitude[n - 1]; /* the largest one last, which becomes 1 */
    return codebook_of_magnitudes(magnitude, n);
}

const struct codebook_type codebook_apot = {
    .name = "apot",
    .title = "APoT",
    .bits_least = BITS_LEAST,
    .bits_most = BITS_MOST,
    .scale = CODEBOOK_BY_CLIP,
    .make = make,
};
