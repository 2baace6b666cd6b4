/* SPDX-License-Identifier: MIT
 *
 * Element types by their numbers in ONNX (TensorProto.DataType), and where their elements go when
 * they are not written as raw bytes.
 */
#ifndef MODEL_ONNX_TYPE_H
#define MODEL_ONNX_TYPE_H

#include <stdint.h>

#include "model/dtype.h"

/* Fields of TensorProto with a number for each element, or each byte of elements below 8 bits. */
enum onnx_field {
    ONNX_FLOAT_DATA = 4,
    ONNX_INT32_DATA = 5,
    ONNX_STRING_DATA = 6,
    ONNX_INT64_DATA = 7,
    ONNX_DOUBLE_DATA = 10,
    ONNX_UINT64_DATA = 11,
};

struct onnx_type {
    const char *name;
    const struct dtype *dtype; /* NULL if elements are no numbers */
    enum onnx_field field;     /* for elements that are not written as bytes */
};

/* NULL for a number that is not known. */
const struct onnx_type *onnx_type_of(uint64_t number);

#endif
