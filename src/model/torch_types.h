/* SPDX-License-Identifier: MIT
 *
 * Element types as PyTorch names them.
 */
#ifndef MODEL_TORCH_TYPES_H
#define MODEL_TORCH_TYPES_H

#include "model/dtype.h"

struct torch_type {
    const char *name;          /* of torch.NAME: "float32" */
    const char *storage;       /* the class of its typed storages: "FloatStorage"; NULL if none */
    const char *shown;         /* for a person: "F32" */
    const struct dtype *dtype; /* NULL if elements are not whole bytes: no place can be checked */
    unsigned bytes;            /* of what a storage counts */
    const char *reason;        /* why it cannot be decoded, if dtype does not say; NULL */
};

/* The type of a storage class or of a dtype by its global ("torch.FloatStorage",
 * "torch.cuda.FloatStorage", "torch.float32"); NULL if it is not known. */
const struct torch_type *torch_type_of_storage(const char *global);
const struct torch_type *torch_type_of_dtype(const char *global);

/* The type of a NumPy dtype's string without its byte order, "f4"; NULL if it is not known. */
const struct torch_type *torch_type_of_numpy(const char *string);

#endif
