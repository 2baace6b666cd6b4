/* SPDX-License-Identifier: MIT
 *
 * A .npy file, alone or in an archive: one array of NumPy's.  After the documentation of
 * numpy.lib.format.
 */
#ifndef MODEL_NPY_H
#define MODEL_NPY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "model/label.h"
#include "model/model.h"
#include "model/npy_header.h"

/* The array of a file. */
struct npy_array {
    struct tensor tensor;
    struct quote type; /* as the file has it */
    uint64_t type_at;  /* byte of the content where it stands */
};

/* Describes the array of a file by its header; array->tensor has its name and label already, and
 * memory that it points to is the model's.  Elements that are no numbers leave it without a dtype
 * and with a reason, for the caller to list or to refuse.  False with ERROR_FILE. */
bool npy_read(struct model *model, const struct npy_file *file, struct npy_array *array,
              struct error *error);

/* Refuses a file that has nothing but an array without a dtype; false. */
bool npy_refuse(const struct npy_file *file, const struct npy_array *array, struct error *error);

#endif
