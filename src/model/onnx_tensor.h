/* SPDX-License-Identifier: MIT
 *
 * Initialisers of an ONNX model, which is what ONNX calls its weights: TensorProto and
 * SparseTensorProto; private to onnx*.c.
 */
#ifndef MODEL_ONNX_TENSOR_H
#define MODEL_ONNX_TENSOR_H

#include "model/cursor.h"
#include "model/onnx_files.h"
#include "model/protobuf.h"

struct onnx_tensor {
    struct tensor tensor; /* first, so that pointers to it are pointers to the whole */
    uint64_t at;          /* where the file describes it */
    unsigned graph;       /* 0 for the main graph, else the number of another */
    struct protobuf_field message;
    unsigned numbers; /* of its fields, the one whose numbers are to be decoded; 0 for none */
};

/* A file that is being read. */
struct onnx {
    struct model *model;
    const struct content *file;
    const char *source; /* of metadata: the file's name */
    struct error *error;
    struct cursor cursor;
    struct onnx_files files;
    struct onnx_tensor *tensors; /* in the order of the file */
    size_t count, capacity;
    bool has_graph;  /* the main one */
    unsigned graphs; /* others, so far */
    unsigned depth;  /* of graphs in graphs, here */
};

/* Both append the tensor that a message describes. */
bool onnx_tensor_read(struct onnx *onnx, const struct protobuf_field *message, unsigned graph);
bool onnx_tensor_read_sparse(struct onnx *onnx, const struct protobuf_field *message,
                             unsigned graph);

#endif
