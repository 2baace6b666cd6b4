/* SPDX-License-Identifier: MIT */
#include "model/experts.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/label.h"
#include "model/parts.h"

/* Shapes by strides of 0 need no bytes, so a small file could ask for any number of matrices: twice
 * those of the largest models.  Each has a name of its own. */
#define MATRICES_MOST (1u << 17)
#define NAME_MOST     256u /* bytes of a stack's */

static bool ends_with(const char *bytes, size_t length, const char *tail)
{
    size_t size = strlen(tail);
    return length >= size && memcmp(bytes + length - size, tail, size) == 0;
}

static bool all_digits(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && bytes[i] >= '0' && bytes[i] <= '9')
        i++;
    return i == length;
}

/* Bytes of the name before the place of an expert's number; 0 if it is no stack's name. */
static size_t number_place(const char *name, size_t length)
{
    bool weight = ends_with(name, length, ".weight");
    size_t head = weight ? length - strlen(".weight") : length;
    size_t last = head; /* where the last component of the head begins */
    while (last > 0 && name[last - 1] != '.')
        last--;
    if (weight && ends_with(name, head, "_exps"))
        return head;
    /* A number there is an expert that is a tensor of its own. */
    bool owned =
        last > 0 && ends_with(name, last - 1, "experts") && (last == 8 || name[last - 9] == '.');
    return owned && !all_digits(name + last, head - last) ? head : 0;
}

/* A matrix must begin with a block of its own: the elements of ONNX's types below a byte need not. */
static bool is_stack(const struct tensor *tensor)
{
    return tensor->rank == 3 && tensor->elements > 0 && tensor->dims[0] <= EXPERTS_MOST &&
           tensor->name_length <= NAME_MOST && tensor->dtype && tensor->content &&
           tensor->dims[2] % tensor->dtype->block == 0 &&
           !(tensor->strides && tensor->strides[0] % tensor->dtype->block != 0) &&
           number_place(tensor->name, tensor->name_length) > 0;
}

/* Matrices that the stacks of a model would become. */
static uint64_t count_matrices(const struct model *model)
{
    uint64_t count = 0;
    for (size_t i = 0; i < model->count; i++)
        if (is_stack(&model->tensors[i]))
            count += model->tensors[i].dims[0];
    return count;
}

static void name_expert(struct tensor *matrix, uint64_t expert, struct arena *arena)
{
    size_t head = number_place(matrix->name, matrix->name_length);
    struct text name = {0};
    text_add(&name, matrix->name, head);
    text_printf(&name, ".%llu", (unsigned long long)expert);
    text_add(&name, matrix->name + head, matrix->name_length - head);
    matrix->name_length = name.length;
    matrix->name = arena_string(arena, name.data, name.length);
    matrix->label = label_of(arena, matrix->name, name.length);
    text_done(&name);
}

static struct tensor matrix_of(const struct tensor *stack, uint64_t expert, struct arena *arena)
{
    struct tensor matrix = *stack;
    uint64_t step = stack->strides ? stack->strides[0] : stack->dims[1] * stack->dims[2];
    matrix.rank = 2;
    matrix.dims++;
    if (matrix.strides)
        matrix.strides++;
    matrix.offset += expert * step / stack->dtype->block * stack->dtype->block_bytes;
    name_expert(&matrix, expert, arena);
    parts_place(&matrix, 0, NULL); /* it lies within the stack, which was placed already */
    return matrix;
}

/* The tensors with stacks replaced, count of them. */
static struct tensor *split(struct model *model, size_t count)
{
    struct tensor *tensors = mem_alloc(count, sizeof *tensors), *next = tensors;
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        if (!is_stack(tensor)) {
            *next++ = *tensor;
            continue;
        }
        for (uint64_t expert = 0; expert < tensor->dims[0]; expert++)
            *next++ = matrix_of(tensor, expert, &model->parts->arena);
    }
    return tensors;
}

static bool has_twins(const struct tensor *tensors, size_t count)
{
    const struct tensor **ordered = parts_by_name(tensors, count);
    bool twins = parts_twin(ordered, count) != NULL;
    mem_free(ordered);
    return twins;
}

void experts_split(struct model *model)
{
    uint64_t matrices = count_matrices(model);
    if (matrices == 0 || matrices > MATRICES_MOST)
        return;
    size_t count = model->count + (size_t)matrices;
    for (size_t i = 0; i < model->count; i++)
        count -= is_stack(&model->tensors[i]);
    struct tensor *tensors = split(model, count);
    if (has_twins(tensors, count)) {
        mem_free(tensors);
        return;
    }
    mem_free(model->tensors);
    model->tensors = tensors;
    model->count = model->parts->tensor_capacity = count;
}
