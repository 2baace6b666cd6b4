/* SPDX-License-Identifier: MIT */
#include "model/memory.h"

#include <string.h>

#include "base/mem.h"
#include "model/parts.h"

struct model *memory_model(const char *label, uint64_t n, float **values, struct error *error)
{
    unsigned char *memory;
    uint64_t bytes;
    if (!mem_multiply(n, sizeof(float), &bytes)) {
        error_set(error, ERROR_SYSTEM, "no memory for so many elements");
        return NULL;
    }
    struct content *file = content_of_memory(label, bytes, &memory, error);
    if (!file)
        return NULL;
    *values = (float *)(void *)memory; /* a map begins on a page: aligned for anything */
    struct model *model = parts_new_model(label);
    parts_add_content(model, file);
    uint64_t *dims = arena_take(&model->parts->arena, sizeof *dims);
    *dims = n;
    const char *name = arena_string(&model->parts->arena, label, strlen(label));
    const struct tensor tensor = {
        .name = name,
        .name_length = strlen(label),
        .label = name,
        .dtype = &dtype_f32,
        .dtype_name = "F32",
        .rank = 1,
        .dims = dims,
        .elements = n,
        .bytes = bytes,
        .content = file,
    };
    parts_add_tensor(model, &tensor);
    model->format = "memory";
    model->elements = n;
    model->bytes = bytes;
    return model;
}
