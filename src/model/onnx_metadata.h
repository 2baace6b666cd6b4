/* SPDX-License-Identifier: MIT
 *
 * What an ONNX model says about itself; private to onnx*.c.
 */
#ifndef MODEL_ONNX_METADATA_H
#define MODEL_ONNX_METADATA_H

#include "model/onnx_tensor.h"

/* Adds a field of a ModelProto, or of the main GraphProto, to the metadata if it is about that. */
bool onnx_metadata_take_model(struct onnx *onnx, const struct protobuf_field *field);
bool onnx_metadata_take_graph(struct onnx *onnx, const struct protobuf_field *field);

#endif
