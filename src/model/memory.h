/* SPDX-License-Identifier: MIT
 *
 * A model without a file: one tensor of F32 that somebody fills.
 */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/model.h"

/* A model of one tensor of these rank >= 1 dimensions, all at least 1, under this label (printable
 * UTF-8); *values is where its elements go, row by row, before anybody reads it.  NULL with
 * ERROR_SYSTEM. */
struct model *memory_model(const char *label, unsigned rank, const uint64_t dims[], float **values,
                           struct error *error);

#endif
