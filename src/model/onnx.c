/* SPDX-License-Identifier: MIT
 *
 * The ONNX format: a ModelProto of protobuf, whose graph has the weights as initialisers.  After
 * onnx.proto3, IR.md and ExternalData.md of onnx/onnx.  Graphs that are attributes of nodes (the
 * branches of an If, the body of a Loop), of functions, or for training have initialisers too.
 * Constant nodes are not weights but parts of the computation: shapes, axes, small numbers.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/formats.h"
#include "model/label.h"
#include "model/onnx_data.h"
#include "model/onnx_metadata.h"
#include "model/onnx_recognise.h"
#include "model/onnx_tensor.h"
#include "model/parts.h"

/* Graphs in graphs: with their nodes and attributes about the 100 messages of protobuf's readers. */
#define DEPTH_MOST 32

enum {
    MODEL_GRAPH = PROTOBUF_TAG(7, PROTOBUF_BYTES),
    MODEL_TRAINING = PROTOBUF_TAG(20, PROTOBUF_BYTES),
    MODEL_FUNCTION = PROTOBUF_TAG(25, PROTOBUF_BYTES),
    TRAINING_INITIALIZATION = PROTOBUF_TAG(1, PROTOBUF_BYTES),
    TRAINING_ALGORITHM = PROTOBUF_TAG(2, PROTOBUF_BYTES),
    FUNCTION_NODE = PROTOBUF_TAG(7, PROTOBUF_BYTES),
    GRAPH_NODE = PROTOBUF_TAG(1, PROTOBUF_BYTES),
    GRAPH_INITIALIZER = PROTOBUF_TAG(5, PROTOBUF_BYTES),
    GRAPH_SPARSE = PROTOBUF_TAG(15, PROTOBUF_BYTES),
    NODE_ATTRIBUTE = PROTOBUF_TAG(5, PROTOBUF_BYTES),
    ATTRIBUTE_GRAPH = PROTOBUF_TAG(6, PROTOBUF_BYTES),
    ATTRIBUTE_GRAPHS = PROTOBUF_TAG(11, PROTOBUF_BYTES),
};

/* A graph that is being read. */
struct graph {
    struct onnx *onnx;
    unsigned number; /* 0 for the main one */
};

static bool read_graph(struct onnx *onnx, const struct protobuf_field *message, unsigned number);

static bool take_attribute_field(void *context, const struct protobuf_field *field)
{
    struct onnx *onnx = context;
    return (field->tag != ATTRIBUTE_GRAPH && field->tag != ATTRIBUTE_GRAPHS) ||
           read_graph(onnx, field, ++onnx->graphs);
}

static bool take_node_field(void *context, const struct protobuf_field *field)
{
    struct onnx *onnx = context;
    return field->tag != NODE_ATTRIBUTE ||
           protobuf_each(&onnx->cursor, field, onnx, take_attribute_field);
}

static bool take_graph_field(void *context, const struct protobuf_field *field)
{
    const struct graph *graph = context;
    struct onnx *onnx = graph->onnx;
    switch (field->tag) {
    case GRAPH_NODE:
        return protobuf_each(&onnx->cursor, field, onnx, take_node_field);
    case GRAPH_INITIALIZER:
        return onnx_tensor_read(onnx, field, graph->number);
    case GRAPH_SPARSE:
        return onnx_tensor_read_sparse(onnx, field, graph->number);
    default:
        return graph->number > 0 || onnx_metadata_take_graph(onnx, field);
    }
}

static bool read_graph(struct onnx *onnx, const struct protobuf_field *message, unsigned number)
{
    struct graph graph = {onnx, number};
    if (onnx->depth == DEPTH_MOST)
        return cursor_fail(&onnx->cursor, message->at, "has more than %d graphs in each other",
                           DEPTH_MOST);
    onnx->depth++;
    bool good = protobuf_each(&onnx->cursor, message, &graph, take_graph_field);
    onnx->depth--;
    return good;
}

static bool take_training_field(void *context, const struct protobuf_field *field)
{
    struct onnx *onnx = context;
    return (field->tag != TRAINING_INITIALIZATION && field->tag != TRAINING_ALGORITHM) ||
           read_graph(onnx, field, ++onnx->graphs);
}

static bool take_function_field(void *context, const struct protobuf_field *field)
{
    struct onnx *onnx = context;
    return field->tag != FUNCTION_NODE ||
           protobuf_each(&onnx->cursor, field, onnx, take_node_field);
}

static bool take_model_field(void *context, const struct protobuf_field *field)
{
    struct onnx *onnx = context;
    switch (field->tag) {
    case MODEL_GRAPH:
        onnx->has_graph = true;
        return read_graph(onnx, field, 0);
    case MODEL_TRAINING:
        return protobuf_each(&onnx->cursor, field, onnx, take_training_field);
    case MODEL_FUNCTION:
        return protobuf_each(&onnx->cursor, field, onnx, take_function_field);
    default:
        return onnx_metadata_take_model(onnx, field);
    }
}

/* Pointers to the tensors ordered by name. */
static const struct tensor **by_name(const struct onnx *onnx)
{
    const struct tensor **ordered = mem_alloc(onnx->count, sizeof *ordered);
    for (size_t i = 0; i < onnx->count; i++)
        ordered[i] = &onnx->tensors[i].tensor;
    qsort(ordered, onnx->count, sizeof *ordered, parts_compare_names);
    return ordered;
}

/* "NAME" of graph 3 becomes "graph 3.NAME": short whatever the nodes around it are called. */
static void add_graph_to_name(struct onnx *onnx, struct onnx_tensor *tensor)
{
    struct arena *arena = &onnx->model->parts->arena;
    struct text name = {0};
    text_printf(&name, "graph %u.", tensor->graph);
    text_add(&name, tensor->tensor.name, tensor->tensor.name_length);
    tensor->tensor.name = arena_string(arena, name.data, name.length);
    tensor->tensor.name_length = name.length;
    tensor->tensor.label = label_of(arena, tensor->tensor.name, name.length);
    text_done(&name);
}

/* Graphs beside each other, as the two branches of an If, may use a name for one thing each.  Where
 * they do, all but the main graph's get the numbers of their graphs before their names. */
static void tell_apart(struct onnx *onnx)
{
    const struct tensor **ordered = by_name(onnx);
    bool *twin = mem_zero(onnx->count, sizeof *twin);
    for (size_t i = 1; i < onnx->count; i++)
        if (parts_compare_names(&ordered[i - 1], &ordered[i]) == 0)
            twin[i - 1] = twin[i] = true;
    for (size_t i = 0; i < onnx->count; i++) {
        size_t place = (size_t)((const struct onnx_tensor *)ordered[i] - onnx->tensors);
        if (twin[i] && onnx->tensors[place].graph > 0)
            add_graph_to_name(onnx, &onnx->tensors[place]);
    }
    mem_free(twin);
    mem_free(ordered);
}

static bool check_twins(const struct onnx *onnx)
{
    const struct tensor **ordered = by_name(onnx);
    const struct tensor *const *twin = parts_twin(ordered, onnx->count);
    if (twin) {
        uint64_t a = ((const struct onnx_tensor *)twin[0])->at;
        uint64_t b = ((const struct onnx_tensor *)twin[1])->at;
        parts_fail(twin[0], a > b ? a : b, onnx->error, "is there twice");
    }
    mem_free(ordered);
    return !twin;
}

static bool read_model(struct onnx *onnx)
{
    const struct protobuf_field message = {.length = onnx->file->size};
    if (!protobuf_each(&onnx->cursor, &message, onnx, take_model_field))
        return false;
    if (!onnx->has_graph)
        return cursor_fail(&onnx->cursor, onnx->file->size, "has no graph");
    if (onnx->graphs > 0)
        tell_apart(onnx);
    return check_twins(onnx) && onnx_data_decode(onnx);
}

static bool read_onnx(struct model *model, const struct content *file, struct error *error)
{
    struct onnx onnx = {
        .model = model, .file = file, .source = parts_source(model, file), .error = error};
    cursor_start(&onnx.cursor, file, "model", error);
    bool good = read_model(&onnx);
    for (size_t i = 0; good && i < onnx.count; i++)
        parts_add_tensor(model, &onnx.tensors[i].tensor);
    mem_free(onnx.tensors);
    onnx_files_done(&onnx.files);
    return good;
}

const struct format format_onnx = {"ONNX", ".onnx", onnx_recognise, read_onnx};
