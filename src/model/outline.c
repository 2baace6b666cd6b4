/* SPDX-License-Identifier: MIT */
#include "model/outline.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/label.h"
#include "model/parts.h"

struct model *outline_new(const char *path, const char *format)
{
    struct model *model = parts_new_model(path);
    model->format = arena_string(&model->parts->arena, format, strlen(format));
    return model;
}

static const char *copy_printable(struct arena *arena, const char *string)
{
    struct text escaped = {0};
    utf8_escape(&escaped, string, strlen(string));
    const char *copy = arena_string(arena, escaped.data ? escaped.data : "", escaped.length);
    text_done(&escaped);
    return copy;
}

static bool multiply_dims(const struct outline_tensor *tensor, uint64_t *elements)
{
    *elements = 1;
    for (unsigned i = 0; i < tensor->rank; i++)
        if (!mem_multiply(*elements, tensor->dims[i], elements))
            return false;
    return true;
}

/* A scan may claim any size: the sums stay at the most there can be. */
static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return mem_sum(a, b, &sum) ? sum : UINT64_MAX;
}

bool outline_add(struct model *model, const struct outline_tensor *tensor, const char *reason,
                 struct error *error)
{
    struct arena *arena = &model->parts->arena;
    uint64_t elements;
    struct quote quote;
    if (model->count == PARTS_TENSORS_MOST)
        return error_set(error, ERROR_FILE, "it has more than %u tensors", PARTS_TENSORS_MOST);
    if (tensor->rank > TENSOR_RANK_MOST || !multiply_dims(tensor, &elements))
        return error_set(error, ERROR_FILE, "tensor %s is too large",
                         label_quote(&quote, tensor->name, tensor->name_length));
    uint64_t *dims = arena_take(arena, tensor->rank * sizeof *dims);
    if (tensor->rank > 0)
        memcpy(dims, tensor->dims, tensor->rank * sizeof *dims);
    const char *name = arena_string(arena, tensor->name, tensor->name_length);
    const struct tensor known = {
        .name = name,
        .name_length = tensor->name_length,
        .label = label_of(arena, name, tensor->name_length),
        .dtype = dtype_of_safetensors(tensor->dtype, strlen(tensor->dtype)),
        .dtype_name = copy_printable(arena, tensor->dtype),
        .rank = tensor->rank,
        .dims = dims,
        .elements = elements,
        .bytes = tensor->bytes,
        .reason = reason,
        .alias_of = tensor->alias_of ? copy_printable(arena, tensor->alias_of) : NULL,
    };
    parts_add_tensor(model, &known);
    if (!known.alias_of) {
        model->elements = add(model->elements, elements);
        model->bytes = add(model->bytes, tensor->bytes);
    }
    return true;
}

bool outline_check(const struct model *model, struct error *error)
{
    struct quote quote;
    const struct tensor **ordered = parts_by_name(model->tensors, model->count);
    const struct tensor *const *twin = parts_twin(ordered, model->count);
    bool good = !twin || error_set(error, ERROR_FILE, "two tensors have the name %s",
                                   label_quote(&quote, twin[0]->name, twin[0]->name_length));
    mem_free(ordered);
    return good;
}
