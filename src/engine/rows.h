/* SPDX-License-Identifier: MIT
 *
 * The rows that an analysis reads: the channels of a tensor, one of them, or a sample of them,
 * transformed on the way; and how they are cut into parts and batches of work.
 *
 * A part is a channel, or a piece of one that is longer than a worker's buffer.  A batch is a part
 * or several short channels.  Both depend on the shape alone, never on the number of threads:
 * that is what makes results the same for any number.
 *
 * The units of a quantizer that span several channels are read in the same way: rows_units makes
 * each of them a "channel", a rectangle of the matrix, and so every stage can work on units.
 */
#ifndef ENGINE_ROWS_H
#define ENGINE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "linear/basis.h"
#include "model/tensor.h"

/* Channels that one analysis may hold figures of. */
#define ROWS_CHANNELS_MOST (UINT64_C(1) << 22)

struct rows {
    const struct tensor *tensor;
    struct tensor_view view;
    const struct basis *basis; /* the transform of the input side, lent; NULL: none */
    size_t block;              /* columns that it mixes: they are read together */
    double shift;              /* added to every element, behind the transform */
    uint64_t first,
        of;           /* line i of the matrix is the tensor's channel first + floor(i of / lines) */
    size_t chunk;     /* a sampled line is made of chunks of this size, 0: lines are whole */
    uint64_t lines;   /* of the matrix that is read: channels, or some of them */
    uint64_t columns; /* elements read of each */
    /* What takes the place of a channel: so many lines and columns of the matrix, fewer at its
     * ends; 1 and all for a channel itself. */
    uint64_t unit_lines, unit_columns;
    size_t skip;     /* units of the matrix before the first one */
    size_t channels; /* units read: channels, if not said otherwise */
    uint64_t length; /* elements of one that is not cut short by the matrix's ends */
    size_t part_lines, part_columns; /* of a part */
    size_t parts_per_channel;
    size_t channels_per_batch;
    size_t batches;
};

/* All channels (channel < 0) or one.  ERROR_USAGE if the tensor cannot be read or has too many
 * channels, or if there is no such channel. */
bool rows_init(struct rows *rows, const struct tensor *tensor, struct tensor_view view,
               int64_t channel, struct error *error);

/* Has the rows read behind a transform, which is NULL for none, made for rows of this length, and
 * must live as long as they do.  Before they are sampled or cut.  ERROR_USAGE if it mixes more
 * columns than a worker has room for. */
bool rows_transform(struct rows *rows, const struct basis *basis, struct error *error);

/* Elements that a sample may have, about. */
#define ROWS_SAMPLE 131072

/* Replaces *rows by a sample of them: some whole channels evenly spread, or some evenly spread
 * chunks of channels that are too long for that.  False, leaving *rows alone, if the rows have no
 * more than twice that many elements, so that a sample is not worth it. */
bool rows_sample(struct rows *rows);

/* Cuts long channels at multiples of so many columns (1 .. WORKSPACE_ELEMENTS), and at whole blocks
 * of the transform where both go together. */
void rows_align(struct rows *rows, size_t columns);

/* *units are the rectangles of so many lines and columns (1 and more) that the channels in *rows
 * are cut into, numbered line by line; what is left at the ends makes smaller ones. */
void rows_units(const struct rows *rows, uint64_t lines, uint64_t columns, struct rows *units);

/* *one is unit i alone. */
void rows_one(const struct rows *units, size_t i, struct rows *one);

uint64_t rows_elements(const struct rows *rows);
size_t rows_parts(const struct rows *rows);

/* The parts of a batch. */
struct rows_batch {
    size_t part, parts; /* first one, and how many */
};
struct rows_batch rows_batch(const struct rows *rows, size_t batch);

size_t rows_part_channel(const struct rows *rows, size_t part);
size_t rows_part_length(const struct rows *rows, size_t part);   /* may be 0 */
uint64_t rows_part_column(const struct rows *rows, size_t part); /* where it begins */

/* Reads a part, transformed, into out, of WORKSPACE_ELEMENTS; scratch, of WORKSPACE_SCRATCH, serves
 * the transform. */
bool rows_read(const struct rows *rows, size_t part, double out[], double scratch[],
               struct error *error);

/* The channel of the tensor that row `row` is; not of units. */
uint64_t rows_channel(const struct rows *rows, size_t row);

#endif
