/* SPDX-License-Identifier: MIT */
#include "model/memory.h"

#include <string.h>

#include "base/mem.h"
#include "model/parts.h"

/* The bytes of so many F32; false if there is no such number. */
static bool count_bytes(unsigned rank, const uint64_t dims[], uint64_t *bytes)
{
    bool fits = true;
    *bytes = sizeof(float);
    for (size_t i = 0; fits && i < rank; i++)
        fits = mem_multiply(*bytes, dims[i], bytes);
    return fits;
}

struct model *memory_model(const char *label, unsigned rank, const uint64_t dims[], float **values,
                           struct error *error)
{
    unsigned char *memory;
    uint64_t bytes;
    if (!count_bytes(rank, dims, &bytes)) {
        error_set(error, ERROR_SYSTEM, "no memory for so many elements");
        return NULL;
    }
    struct content *file = content_of_memory(label, bytes, &memory, error);
    if (!file)
        return NULL;
    *values = (float *)(void *)memory; /* a map begins on a page: aligned for anything */
    struct model *model = parts_new_model(label);
    parts_add_content(model, file);
    uint64_t *shape = arena_take(&model->parts->arena, rank * sizeof *shape);
    memcpy(shape, dims, rank * sizeof *shape);
    const char *name = arena_string(&model->parts->arena, label, strlen(label));
    const struct tensor tensor = {
        .name = name,
        .name_length = strlen(label),
        .label = name,
        .dtype = &dtype_f32,
        .dtype_name = "F32",
        .rank = rank,
        .dims = shape,
        .elements = bytes / sizeof(float),
        .bytes = bytes,
        .content = file,
    };
    parts_add_tensor(model, &tensor);
    model->format = "memory";
    model->elements = tensor.elements;
    model->bytes = bytes;
    return model;
}
