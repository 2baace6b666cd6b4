/* SPDX-License-Identifier: MIT
 *
 * Activation files: what is known of the inputs of a model's linear layers.  Each entry is a tensor
 * under the name of its weight, in any format that tensors are read from, or a part of one of
 * llama.cpp's importance matrices (GGUF, or the older format of imatrix.h).
 */
#ifndef MODEL_ACTIVATIONS_H
#define MODEL_ACTIVATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "model/model.h"

enum activation_kind {
    ACTIVATION_UNKNOWN,       /* not what this is for, or not readable: never used */
    ACTIVATION_SAMPLES,       /* [tokens, d]; of more dimensions all but the last are tokens */
    ACTIVATION_SECOND_MOMENT, /* [d, d] E[xxᵀ] */
    ACTIVATION_DIAGONAL,      /* [d] E[x_i²] */
    ACTIVATION_RANGES,        /* [d] max |x_i| */
    ACTIVATION_KINDS
};

/* An entry; pointers are borrowed from the file's model. */
struct activation {
    const char *weight; /* whose inputs these are: the entry's name without what tells the kind;
                         * printable */
    enum activation_kind kind;
    const struct tensor *tensor;
    uint64_t width;       /* d; of a flat entry all that it has */
    uint64_t rows;        /* tokens; d; 1; or one for each expert of an importance matrix's stack */
    bool flat;            /* of an importance matrix that does not say how many experts share it */
    bool relative;        /* only ratios of the values mean something: an importance matrix's */
    const double *counts; /* what its values are to be divided by; NULL for others */
    uint64_t count_rows;  /* rows, or 1 for all rows */
};

struct activations {
    struct model *model;        /* the file */
    struct activation *entries; /* in its order */
    size_t count;
};

/* "samples", "second-moment", "diagonal", "absmax". */
const char *activation_kind_name(enum activation_kind kind);
bool activation_kind_parse(const char *text, enum activation_kind *kind, struct error *error);

/* Opens a file.  What an entry is, is settled by `kind`, if it is not ACTIVATION_UNKNOWN; else by a
 * suffix of its name (".input", ".second_moment", ".diagonal", ".absmax"); else by "kind" in the
 * file's metadata; else by its shape, where a [d, d] that is symmetric is a second moment.  A [d]
 * that nothing settles is refused with advice, as is a shape that the kind cannot have.  NULL with
 * *error on failure. */
struct activations *activations_open(const char *path, enum activation_kind kind,
                                     struct error *error);
/* The same of a model that is open, which it takes over, also where it fails. */
struct activations *activations_of(struct model *model_stolen, enum activation_kind kind,
                                   struct error *error);
void activations_free(struct activations *activations);

/* Appends the path of the activation file that lies beside a model: STEM.second-moments.safetensors
 * or imatrix.gguf or imatrix.dat.  False if there is none. */
bool activations_beside(const char *model_path, struct text *path);

/* Reading entries: false with ERROR_FILE if a value is not what it must be, `FILE: tensor "NAME":
 * what is wrong and where`. */

/* Rows first .. first + n - 1 of samples, n * width values, all finite. */
bool activation_read_samples(const struct activation *entry, uint64_t first, size_t n,
                             double rows[], struct error *error);

/* A second moment of width * width values: finite, symmetric, no negative diagonal. */
bool activation_read_second_moment(const struct activation *entry, double moment[],
                                   struct error *error);

/* `width` values, finite and not negative, of a diagonal or of ranges: row `row` of them, each of
 * the given width, which is the entry's own if it is not flat.  Of an importance matrix they are
 * mean squares up to a factor. */
bool activation_read_vector(const struct activation *entry, uint64_t row, uint64_t width,
                            double values[], struct error *error);

/* False if the row of an importance matrix is of an expert that saw no tokens. */
bool activation_seen(const struct activation *entry, uint64_t row);

#endif
