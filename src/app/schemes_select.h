/* SPDX-License-Identifier: MIT
 *
 * Which tensors of a model `schemes` compares schemes on.
 */
#ifndef APP_SCHEMES_SELECT_H
#define APP_SCHEMES_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/options.h"
#include "base/text.h"
#include "model/model.h"

/* Why tensors of those that were asked for are left out. */
enum left_out {
    LEFT_OUT_NONE,
    LEFT_OUT_UNREAD, /* it cannot be read */
    LEFT_OUT_EMPTY,  /* it has no elements */
    LEFT_OUT_WHOLE,  /* whole numbers: codes or indices, not weights */
    LEFT_OUT_SHARED, /* another tensor has its bytes, which would count twice */
    LEFT_OUT_NARROW, /* fewer than two dimensions, and no --tensor names it */
    LEFT_OUT_REASONS
};

struct selection {
    size_t tensors; /* compared on */
    uint64_t elements, bytes;
    size_t left_out[LEFT_OUT_REASONS];
};

enum left_out schemes_why_not(const struct options *options, const struct tensor *tensor);

/* Of the tensors that options_match. */
struct selection schemes_select(const struct options *options, const struct model *model);

/* Appends "16 of one dimension, 1 of whole numbers"; nothing if none is left out. */
void schemes_print_left_out(struct text *out, const struct selection *selection);

#endif
