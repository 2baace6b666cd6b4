/* SPDX-License-Identifier: MIT
 *
 * The header of a .npy file: the literal of a Python dictionary that has just the keys descr,
 * fortran_order and shape.  Nothing in it is evaluated.
 */
#ifndef MODEL_NPY_HEADER_H
#define MODEL_NPY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"
#include "model/tensor.h"

/* Where a .npy file lies: it is a whole content, or a member of an archive. */
struct npy_file {
    const struct content *content;
    uint64_t offset, size;
    const char *member; /* printable; NULL if the content's label says it all */
};

struct npy_header {
    const char *descr; /* the type, within the text: of a string, what is between its quotes */
    size_t descr_length;
    bool structured; /* descr is the list of the fields of a structure, and no string */
    bool fortran_order;
    unsigned rank;
    uint64_t dims[TENSOR_RANK_MOST];
    uint64_t descr_at, shape_at; /* bytes of the content where they stand, for messages */
};

/* Reads text[0..length-1], which begins at byte `at` of the file's content.  False with
 * ERROR_FILE. */
bool npy_header_read(struct npy_header *header, const struct npy_file *file, uint64_t at,
                     const char *text, size_t length, struct error *error);

/* A fault of a file: `FILE: TEXT (byte AT)`, or `FILE: MEMBER: TEXT (byte AT)`; false. */
bool npy_fail(const struct npy_file *file, uint64_t at, struct error *error, const char *format,
              ...) __attribute__((format(printf, 4, 5)));

#endif
