/* SPDX-License-Identifier: MIT
 *
 * Where the elements of an ONNX tensor are: in the file as they are, in a file beside it, or as a
 * row of protobuf's numbers; private to onnx*.c.
 */
#ifndef MODEL_ONNX_DATA_H
#define MODEL_ONNX_DATA_H

#include "model/onnx_tensor.h"
#include "model/onnx_type.h"

/* What the fields of a TensorProto say about it; all zero before the first. */
struct onnx_data {
    bool external;
    struct protobuf_field location, offset, length; /* of the data file; length 0 if not given */
    struct protobuf_field raw;                      /* the last; length 0 if there is none */
    struct protobuf_field numbers;                  /* the last; length 0 if there are none */
    uint64_t number_bytes;                          /* of all of them */
    unsigned number_fields;                         /* that they are in */
};

/* Notes a field of a TensorProto if it is about the place of elements. */
bool onnx_data_take(struct onnx_data *data, struct onnx *onnx, const struct protobuf_field *field);

/* Sets content, offset and bytes of a tensor that has its type and number of elements, or the
 * reason why it cannot be read, or notes the field that is to be decoded. */
bool onnx_data_place(const struct onnx_data *data, struct onnx *onnx, const struct onnx_type *type,
                     struct onnx_tensor *out);

/* Decodes the noted fields of all tensors into memory, which the model owns. */
bool onnx_data_decode(struct onnx *onnx);

#endif
