/* SPDX-License-Identifier: MIT
 *
 * Element types as NumPy writes them: "<f4" is an order of bytes, a kind, and a size in bytes.
 */
#ifndef MODEL_NPY_TYPE_H
#define MODEL_NPY_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/dtype.h"

struct npy_type {
    const struct dtype *dtype; /* NULL if the elements are no numbers, or of an unknown type */
    bool big_endian;
    const char *fault; /* without dtype, what a file of them "holds"; NULL otherwise */
};

/* The type of this description.  Elements that it leaves untyped are taken for void_as (NULL for
 * none) if that has their size. */
struct npy_type npy_type_of(const char *descr, size_t length, const struct dtype *void_as);

/* The type of structures, whatever their fields are. */
struct npy_type npy_type_structured(void);

#endif
