/* SPDX-License-Identifier: MIT */
#include "model/scales.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/parts.h"

/* The block of most FP8 checkpoints, in rows and in columns; the last ones may be cut. */
#define USUAL_BLOCK 128

static bool one_of(const struct dtype *dtype, const struct dtype *const types[], size_t n)
{
    size_t i = 0;
    while (i < n && types[i] != dtype)
        i++;
    return i < n;
}

static bool may_be_scaled(const struct tensor *tensor)
{
    static const struct dtype *const types[] = {&dtype_e4m3,     &dtype_e5m2, &dtype_e4m3fnuz,
                                                &dtype_e5m2fnuz, &dtype_i8,   &dtype_e2m1};
    return tensor->rank == 2 && tensor->elements > 0 &&
           one_of(tensor->dtype, types, sizeof types / sizeof types[0]);
}

static bool may_be_scales(const struct tensor *tensor)
{
    static const struct dtype *const types[] = {&dtype_f32, &dtype_bf16, &dtype_f16, &dtype_e8m0};
    const char *reason;
    return tensor_readable(tensor, &reason) &&
           one_of(tensor->dtype, types, sizeof types / sizeof types[0]);
}

static uint64_t blocks_in(uint64_t extent, uint64_t block)
{
    return extent / block + (extent % block != 0);
}

/* Elements of each of `count` blocks along a dimension; 0 if it cannot be told. */
static uint64_t block_of(uint64_t extent, uint64_t count)
{
    bool divides = count > 0 && extent % count == 0;
    uint64_t quotient = divides ? extent / count : 0;
    if (count == 1 || (divides && (quotient & (quotient - 1)) == 0))
        return quotient;
    return blocks_in(extent, USUAL_BLOCK) == count ? USUAL_BLOCK : quotient;
}

/* Finds the blocks of a matrix whose scales these are; false if they do not fit. */
static bool fit(const struct tensor *matrix, const struct tensor *scales, uint64_t *rows,
                uint64_t *columns)
{
    uint64_t height = matrix->dims[0], width = matrix->dims[1];
    *rows = height;
    *columns = width;
    if (scales->rank == 0 || (scales->rank == 1 && scales->dims[0] == 1))
        return true;
    if (scales->rank == 1) {
        *rows = 1;
        return scales->dims[0] == height;
    }
    if (scales->rank != 2)
        return false;
    uint64_t down = scales->dims[0], across = scales->dims[1];
    bool usual = blocks_in(height, USUAL_BLOCK) == down && blocks_in(width, USUAL_BLOCK) == across;
    *rows = usual ? USUAL_BLOCK : block_of(height, down);
    *columns = usual ? USUAL_BLOCK : block_of(width, across);
    return *rows > 0 && *columns > 0;
}

/* Length of a name without the number of an expert at its end: "experts.gate_up_proj.7" has its
 * scales in "experts.gate_up_proj_scale_inv.7". */
static size_t stem_length(const struct tensor *matrix)
{
    size_t end = matrix->name_length;
    while (end > 0 && matrix->name[end - 1] >= '0' && matrix->name[end - 1] <= '9')
        end--;
    bool numbered = end > 0 && end < matrix->name_length && matrix->name[end - 1] == '.';
    return numbered ? end - 1 : matrix->name_length;
}

/* The tensor of the name with a suffix, among those in the order of their names; or NULL. */
static const struct tensor *companion(const struct tensor *matrix, const char *suffix,
                                      const struct tensor *const ordered[], size_t count)
{
    struct text name = {0};
    size_t stem = stem_length(matrix);
    text_add(&name, matrix->name, stem);
    text_puts(&name, suffix);
    text_add(&name, matrix->name + stem, matrix->name_length - stem);
    const struct tensor key = {.name = name.data, .name_length = name.length}, *wanted = &key;
    const struct tensor *const *found =
        bsearch(&wanted, ordered, count, sizeof *ordered, parts_compare_names);
    text_done(&name);
    return found ? *found : NULL;
}

static void attach(struct tensor *matrix, const struct tensor *const ordered[], size_t count,
                   struct arena *arena)
{
    static const char *const suffixes[] = {"_scale_inv", "_scale"};
    struct tensor_scale scale;
    for (size_t i = 0; !matrix->scale && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        const struct tensor *scales = companion(matrix, suffixes[i], ordered, count);
        if (!scales || !may_be_scales(scales) || !fit(matrix, scales, &scale.rows, &scale.columns))
            continue;
        scale.values = *scales;
        struct tensor_scale *kept = arena_take(arena, sizeof *kept);
        *kept = scale;
        matrix->scale = kept;
    }
}

void scales_attach(struct model *model)
{
    size_t first = 0;
    while (first < model->count && !may_be_scaled(&model->tensors[first]))
        first++;
    if (first == model->count)
        return; /* as most models, without the sorting */
    const struct tensor **ordered = parts_by_name(model->tensors, model->count);
    for (size_t i = first; i < model->count; i++)
        if (may_be_scaled(&model->tensors[i]))
            attach(&model->tensors[i], ordered, model->count, &model->parts->arena);
    mem_free(ordered);
}
