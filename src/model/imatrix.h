/* SPDX-License-Identifier: MIT
 *
 * llama.cpp's importance matrices in their older format: no magic, then for each weight its name, a
 * count, and the sums of its inputs' squares.  (The newer one is GGUF.)
 */
#ifndef MODEL_IMATRIX_H
#define MODEL_IMATRIX_H

#include <stdbool.h>
#include <stdint.h>

#include "model/formats.h"

/* What a weight's two tensors are called behind its name, in both formats. */
#define IMATRIX_SUMS   ".in_sum2"
#define IMATRIX_COUNTS ".counts"

/* Yields for each weight NAME the tensors NAME.in_sum2 [n] and NAME.counts [1], as the newer format
 * has them but flat: n is the width, or several experts' widths behind each other. */
extern const struct format format_imatrix;

/* Whether a file of that beginning is an importance matrix of either format. */
bool imatrix_is(const unsigned char prefix[FORMAT_PREFIX], uint64_t size);

#endif
