/* SPDX-License-Identifier: MIT
 *
 * The values of one tensor in order, for levels that are fitted to them.
 */
#ifndef APP_CODEBOOK_VALUES_H
#define APP_CODEBOOK_VALUES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/tensor.h"

/* Of larger tensors a sample is taken: every so many elements, evenly from all of it. */
#define CODEBOOK_VALUES_MOST ((size_t)1 << 24)

/* Finite values of the tensor, ascending, *n of them, at least one; the caller's to mem_free.
 * *sampled is whether elements were left out.  NULL with *error. */
double *codebook_values(const struct tensor *tensor, struct tensor_view view, size_t *n,
                        bool *sampled, struct error *error);

/* The distance from an element of the sample to the next; 1: all of them.  No divisor but 1 in
 * common with the length of a channel, or the sample would be of a few columns. */
uint64_t codebook_stride(uint64_t elements, uint64_t channel_length);

#endif
