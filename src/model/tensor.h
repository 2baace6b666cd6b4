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
#include "model/dtype.h"
#include "model/mapping.h"

/* All pointers are borrowed from the model that holds the tensor. */
struct tensor {
    const char *name;            /* the file's own bytes, valid UTF-8, may hold NUL or controls */
    size_t name_length;
    const char *label;           /* the name, printable; what a person sees and types */
    const struct dtype *dtype;   /* NULL if the file names a type we do not know */
    const char *dtype_name;      /* printable, even of an unknown type */
    unsigned rank;               /* 0 for a scalar */
    const uint64_t *dims;        /* outermost first */
    uint64_t elements;           /* product of dims: 1 for a scalar, 0 for an empty tensor */
    uint64_t bytes;              /* in the file */
    const struct mapping *file;
    uint64_t offset;             /* of the first byte, from the file's start */
};

/* The tensor as a matrix of channels (MATH §1): dimension 0 by the rest, one channel if rank is
 * below 2. */
uint64_t tensor_channels(const struct tensor *tensor);
uint64_t tensor_channel_length(const struct tensor *tensor);

/* True if the elements can be decoded; else false with the reason in *reason (static text). */
bool tensor_readable(const struct tensor *tensor, const char **reason);

/* Decodes elements first .. first + n - 1, in file order, into out.  False with ERROR_FILE if the
 * file was truncated meanwhile ("... was truncated while open, at byte N").  The range must lie
 * within the tensor and the tensor must be readable. */
bool tensor_read(const struct tensor *tensor, uint64_t first, size_t n, double *out,
                 struct error *error);

#endif
