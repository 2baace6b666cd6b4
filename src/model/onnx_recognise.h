/* SPDX-License-Identifier: MIT
 *
 * Telling an ONNX model from other files, which takes a look at several of its fields.
 */
#ifndef MODEL_ONNX_RECOGNISE_H
#define MODEL_ONNX_RECOGNISE_H

#include "model/formats.h"

bool onnx_recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size);

#endif
