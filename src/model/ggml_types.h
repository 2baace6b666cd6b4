/* SPDX-License-Identifier: MIT
 *
 * The element types of ggml, which GGUF files name by number.
 */
#ifndef MODEL_GGML_TYPES_H
#define MODEL_GGML_TYPES_H

#include <stdint.h>

#include "model/dtype.h"

/* The type of this number; NULL if ggml has never had one.  Types that were removed from ggml or
 * that are not decoded here have a row without decode, with the reason. */
const struct dtype *ggml_type(uint32_t id);

#endif
