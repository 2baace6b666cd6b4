/* SPDX-License-Identifier: MIT
 *
 * The distribution of a sample of any size in fixed memory: counts by the leading 19 bits of each
 * value's IEEE single, in the order of the values.  Exact for every type of at most 10 mantissa
 * bits (BF16, F16, FP8, small integers); for others a bin is 2^-10 of its value wide.
 */
#ifndef STATS_COUNTS_H
#define STATS_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNTS_BITS 19

struct counts {
    uint64_t total;   /* finite values added */
    uint64_t rounded; /* of them, those with more mantissa bits than a bin tells */
    uint64_t *bin;    /* 2^COUNTS_BITS */
};

struct counts *counts_new(void); /* 4 MiB */
void counts_free(struct counts *counts);
void counts_add(struct counts *counts, const double x[], size_t n); /* skips NaN and infinities */
void counts_merge(struct counts *counts, const struct counts *other);

/* The k-th smallest value, k = 0 .. total - 1, for n ascending ranks at once in one sweep.  Exact
 * if no value was rounded; else values are taken as evenly spread within their bin.  What is nearer
 * to 0 than 2^-136 counts as 0, what lies beyond the singles as the largest bin's value. */
void counts_quantiles(const struct counts *counts, const uint64_t rank[], size_t n, double out[]);

/* Steps through the bins that hold anything, ascending: *bin is 0 before the first and changes with
 * each call.  Gives the bin's range of values (equal ends if the sample is exact) and its count;
 * false behind the last. */
bool counts_next(const struct counts *counts, size_t *bin, double *low, double *high,
                 uint64_t *count);

#endif
