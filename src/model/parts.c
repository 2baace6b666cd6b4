/* SPDX-License-Identifier: MIT */
#include "model/parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/label.h"
#include "model/mapping.h"

struct model *parts_new_model(const char *path)
{
    struct model *model = mem_zero(1, sizeof *model);
    model->parts = mem_zero(1, sizeof *model->parts);
    model->path = mem_string(path, strlen(path));
    struct text label = {0};
    label_last(&label, path);
    model->label = mem_string(label.data ? label.data : "", label.length);
    text_done(&label);
    return model;
}

void parts_add_content(struct model *model, struct content *content)
{
    struct model_parts *parts = model->parts;
    parts->contents = mem_grow(parts->contents, &parts->content_capacity, parts->content_count + 1,
                               sizeof(struct content *));
    parts->contents[parts->content_count++] = content;
}

void parts_add_sibling(struct model *model, struct content *content)
{
    struct model_parts *parts = model->parts;
    parts_add_content(model, content);
    parts->siblings = mem_grow(parts->siblings, &parts->sibling_capacity, parts->sibling_count + 1,
                               sizeof(struct content *));
    parts->siblings[parts->sibling_count++] = content;
}

bool parts_is_sibling(const struct model *model, const struct content *content)
{
    const struct mapping *file = content->mapping;
    for (size_t i = 0; i < model->parts->sibling_count; i++) {
        const struct mapping *sibling = model->parts->siblings[i]->mapping;
        if (file->device == sibling->device && file->inode == sibling->inode)
            return true;
    }
    return false;
}

const char *parts_source(struct model *model, const struct content *content)
{
    struct text source = {0};
    label_last(&source, content->path ? content->path : content->label);
    const char *copy =
        arena_string(&model->parts->arena, source.data ? source.data : "", source.length);
    text_done(&source);
    return copy;
}

void parts_reserve(struct model *model, size_t n)
{
    model->tensors = mem_grow(model->tensors, &model->parts->tensor_capacity, model->count + n,
                              sizeof *model->tensors);
}

void parts_add_tensor(struct model *model, const struct tensor *tensor)
{
    parts_reserve(model, 1);
    model->tensors[model->count++] = *tensor;
}

void parts_note(struct model *model, const char *key, const char *value)
{
    metadata_add(&model->metadata, &model->parts->arena, MODEL_NOTES, "note", key, strlen(key),
                 value, strlen(value));
}

static int compare_names(const struct tensor *a, const struct tensor *b)
{
    size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
    int order = memcmp(a->name, b->name, shorter);
    return order ? order : (a->name_length > b->name_length) - (a->name_length < b->name_length);
}

int parts_compare_names(const void *a, const void *b)
{
    return compare_names(*(const struct tensor *const *)a, *(const struct tensor *const *)b);
}

const struct tensor **parts_by_name(const struct tensor *tensors, size_t n)
{
    const struct tensor **ordered = mem_alloc(n, sizeof *ordered);
    for (size_t i = 0; i < n; i++)
        ordered[i] = &tensors[i];
    qsort(ordered, n, sizeof *ordered, parts_compare_names);
    return ordered;
}

const struct tensor *const *parts_twin(const struct tensor *const ordered[], size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare_names(ordered[i - 1], ordered[i]) == 0)
            return &ordered[i - 1];
    return NULL;
}

bool parts_check_twins(const struct tensor *const ordered[], size_t n, struct error *error)
{
    const struct tensor *const *twin = parts_twin(ordered, n);
    struct quote name;
    return !twin ||
           error_set(error, ERROR_FILE, "%s: tensor %s is also in %s", twin[0]->content->label,
                     label_quote(&name, twin[0]->name, twin[0]->name_length),
                     twin[1]->content->label);
}

bool parts_fail(const struct tensor *tensor, uint64_t at, struct error *error, const char *format,
                ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    struct quote name;
    return error_set(error, ERROR_FILE, "%s: tensor %s: %s (byte %" PRIu64 ")",
                     tensor->content->label, label_quote(&name, tensor->name, tensor->name_length),
                     reason, at);
}

/* Bytes from the first element to behind the last one of a tensor with gaps or overlaps. */
static bool strided_bytes(const struct tensor *tensor, uint64_t *bytes)
{
    uint64_t last = 0, step;
    for (unsigned i = 0; i < tensor->rank; i++)
        if (!mem_multiply(tensor->dims[i] - 1, tensor->strides[i], &step) ||
            !mem_sum(last, step, &last))
            return false;
    return mem_sum(last, 1, &last) && dtype_bytes(tensor->dtype, last, bytes);
}

bool parts_place(struct tensor *tensor, uint64_t at, struct error *error)
{
    tensor->elements = 1;
    tensor->bytes = 0;
    bool empty = false;
    for (unsigned i = 0; i < tensor->rank; i++)
        empty |= tensor->dims[i] == 0;
    for (unsigned i = 0; i < tensor->rank; i++)
        if (!mem_multiply(tensor->elements, tensor->dims[i], &tensor->elements))
            return parts_fail(tensor, at, error, "the product of its shape is beyond 64 bits");
    const struct dtype *dtype = tensor->dtype;
    if (empty || !dtype)
        return true;
    uint64_t row = tensor->rank > 0 ? tensor->dims[tensor->rank - 1] : 1;
    if (row % dtype->block != 0)
        return parts_fail(tensor, at, error,
                          "its rows of %" PRIu64 " elements are not whole blocks of %u", row,
                          dtype->block);
    if (!(tensor->strides ? strided_bytes(tensor, &tensor->bytes)
                          : dtype_bytes(dtype, tensor->elements, &tensor->bytes)))
        return parts_fail(tensor, at, error, "its size is beyond 64 bits");
    uint64_t size = tensor->content->size;
    return (tensor->offset <= size && tensor->bytes <= size - tensor->offset) ||
           parts_fail(tensor, at, error,
                      "its %" PRIu64 " bytes from %" PRIu64 " on are not all in the %" PRIu64
                      " that there are; the file is cut short or its header wrong",
                      tensor->bytes, tensor->offset, size);
}
