/* SPDX-License-Identifier: MIT
 *
 * Schemes of all sorts, and weights to try them on.
 */
#ifndef TESTS_SCHEMES_H
#define TESTS_SCHEMES_H

#include <stddef.h>
#include <stdint.h>

#include "quant/scheme.h"
#include "weights.h"

/* As the options say it. */
struct words {
    int bits;
    const char *levels, *clip;
    bool asymmetric, full_range, corrected;
};

#define WORDS 22
extern const struct words all_words[WORDS];

#define GRANULARITIES 9
extern const char *const granularities[GRANULARITIES];

struct scheme scheme_of(const struct words *words, const char *granularity);

/* For the figures of all channels. */
struct request request_of(const struct weights *weights, const struct scheme *scheme);

/* An F64 matrix of draws of a Gaussian, some of them four times as large. */
struct weights random_weights(uint64_t channels, uint64_t length);

#endif
