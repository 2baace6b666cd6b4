/* SPDX-License-Identifier: MIT
 *
 * A model without a file: one vector of F32 that somebody fills.
 */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include <stdint.h>

#include "base/error.h"
#include "model/model.h"

/* A model of one tensor of n >= 1 elements under this label (printable UTF-8); *values is where
 * they go, before anybody reads the tensor.  NULL with ERROR_SYSTEM. */
struct model *memory_model(const char *label, uint64_t n, float **values, struct error *error);

#endif
