/* SPDX-License-Identifier: MIT
 *
 * The rows that an analysis reads: the channels of a tensor, one of them, or a sample of them,
 * transformed on the way; and how they are cut into parts and units of work.
 *
 * A part is a channel, or a piece of one that is longer than a worker's buffer.  A unit is a part
 * or several short channels.  Both depend on the shape alone, never on the number of threads:
 * that is what makes results the same for any number.
 */
#ifndef ENGINE_ROWS_H
#define ENGINE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "linear/transform.h"
#include "model/tensor.h"

/* Channels that one analysis may hold figures of. */
#define ROWS_CHANNELS_MOST (UINT64_C(1) << 22)

struct rows {
    const struct tensor *tensor;
    struct tensor_view view;
    enum transform transform;
    double shift;            /* added to every element, behind the transform */
    size_t block;            /* columns that the transform mixes */
    size_t channels;         /* rows read */
    uint64_t length;         /* elements read of each */
    uint64_t first, of;      /* row i is channel first + floor(i of / channels) */
    size_t chunk;            /* a sampled row is made of chunks of this size, 0: rows are whole */
    size_t parts_per_channel;
    size_t channels_per_unit;
    size_t units;
};

/* All channels (channel < 0) or one.  ERROR_USAGE if the tensor cannot be read or has too many
 * channels, or if there is no such channel. */
bool rows_init(struct rows *rows, const struct tensor *tensor, struct tensor_view view,
               int64_t channel, enum transform transform, struct error *error);

/* Elements that a sample may have, about. */
#define ROWS_SAMPLE 131072

/* Replaces *rows by a sample of them: some whole channels evenly spread, or some evenly spread
 * chunks of channels that are too long for that.  False, leaving *rows alone, if the rows have no
 * more than twice that many elements, so that a sample is not worth it. */
bool rows_sample(struct rows *rows);

uint64_t rows_elements(const struct rows *rows);
size_t rows_parts(const struct rows *rows);

/* The parts of a unit. */
struct rows_unit {
    size_t part, parts; /* first one, and how many */
};
struct rows_unit rows_unit(const struct rows *rows, size_t unit);

size_t rows_part_channel(const struct rows *rows, size_t part);
size_t rows_part_length(const struct rows *rows, size_t part);

/* Reads a part, transformed, into out (WORKSPACE_ELEMENTS). */
bool rows_read(const struct rows *rows, size_t part, double out[], struct error *error);

/* The channel of the tensor that row `row` is. */
uint64_t rows_channel(const struct rows *rows, size_t row);

#endif
