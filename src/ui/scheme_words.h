/* SPDX-License-Identifier: MIT
 *
 * The quantizer's settings in words, as options, prompts and lessons read them, and as the line of
 * settings shows them.
 */
#ifndef UI_SCHEME_WORDS_H
#define UI_SCHEME_WORDS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "quant/scheme.h"

/* Bias correction: "none", "mean", "norm" or "both"; false with ERROR_USAGE. */
bool scheme_words_parse_correction(const char *text, struct scheme *scheme, struct error *error);
const char *scheme_words_correction(const struct scheme *scheme);

/* "on" or "off"; false with ERROR_USAGE. */
bool scheme_words_parse_switch(const char *text, bool *on, struct error *error);

/* Whether the grid is of a given step: without ends, and so without bits. */
bool scheme_words_given_step(const struct scheme *scheme);

/* Whether it has but two levels, at plus and minus the mean |w|, whatever is clipped. */
bool scheme_words_is_sign(const struct scheme *scheme);

/* "symmetric", "asymmetric" or "full range", if brief "sym" or "asym"; NULL for levels that are as
 * they are. */
const char *scheme_words_symmetry(const struct scheme *scheme, bool brief);

/* "per tensor", "per channel", "groups of 64", "blocks of 128x128", of what holds. */
void scheme_words_granularity(struct text *out, const struct scheme *scheme);

#endif
