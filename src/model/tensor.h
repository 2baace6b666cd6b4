/* SPDX-License-Identifier: MIT
 *
 * A tensor of a model: a name, a type, a shape, and where its elements lie.
 */
#ifndef MODEL_TENSOR_H
#define MODEL_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"
#include "model/dtype.h"

#define TENSOR_RANK_MOST 64

/* All pointers are borrowed from the model that holds the tensor. */
struct tensor {
    const char *name;            /* the file's own bytes, valid UTF-8, may hold NUL or controls */
    size_t name_length;
    const char *label;           /* the name, printable; what a person sees and types */
    const struct dtype *dtype;   /* NULL if the file names a type we do not know */
    const char *dtype_name;      /* printable, even of an unknown type */
    unsigned rank;               /* 0 for a scalar */
    const uint64_t *dims;        /* outermost first */
    const uint64_t *strides;     /* elements from an index to the next; NULL: row by row, no gaps */
    uint64_t elements;           /* product of dims: 1 for a scalar, 0 for an empty tensor */
    uint64_t bytes;              /* in the file: from the first element's to the last one's */
    bool big_endian;
    const struct content *content; /* NULL if it cannot be read at all */
    uint64_t offset;             /* of the first element, from the content's start */
    const char *reason;          /* why it is not read although its type could be; NULL */
    const char *alias_of;        /* label of an earlier tensor that has all these bytes; NULL */
    const struct tensor_scale *scale; /* what stored values are to be multiplied by; NULL */
};

/* Scales of a matrix's values, kept in a tensor of their own: one for each block of rows x columns
 * (MATH of the FP8 checkpoints: value = stored * scale). */
struct tensor_scale {
    struct tensor values; /* a scalar, or a matrix of ceil(channels / rows) x ceil(length / columns) */
    uint64_t rows, columns; /* of a block; both the whole matrix for a scalar */
};

/* How a tensor is looked at; all zero: as it lies in the file. */
struct tensor_view {
    unsigned axis; /* the dimension whose indices are the channels: 0, or 1 for [in, out] weights */
    bool scaled;   /* whether stored values are multiplied by their scales, where there are any */
};

/* The tensor as a matrix of channels (MATH §1): dimension `axis` by all others in their order, one
 * channel if rank is below 2. */
uint64_t tensor_channels(const struct tensor *tensor, struct tensor_view view);
uint64_t tensor_channel_length(const struct tensor *tensor, struct tensor_view view);

/* True if the elements can be decoded; else false with the reason in *reason (text that lives as
 * long as the model). */
bool tensor_readable(const struct tensor *tensor, const char **reason);

/* Decodes elements first .. first + n - 1, channel after channel, into out.  False with ERROR_FILE
 * if the file was truncated meanwhile ("... was truncated while open, at byte N") or its packed
 * bytes are corrupt.  The range must lie within the tensor and the tensor must be readable. */
bool tensor_read(const struct tensor *tensor, struct tensor_view view, uint64_t first, size_t n,
                 double *out, struct error *error);

#endif
