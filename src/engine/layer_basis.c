/* SPDX-License-Identifier: MIT */
#include "engine/layer_basis.h"

#include <string.h>

#include "base/mem.h"
#include "model/model.h"

static bool is_named_after(const struct tensor *tensor, const struct layer_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(tensor->label, group->member[i].tensor->label) == 0)
            return true;
    return false;
}

/* The matrix for the group among those of a file; NULL if there is none, or none is meant. */
static const struct tensor *choose_matrix(const struct model *model,
                                          const struct layer_group *group)
{
    const struct tensor *found = NULL;
    size_t fitting = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        const char *reason;
        if (tensor->rank != 2 || tensor->dims[0] != group->columns ||
            tensor->dims[1] != group->columns || !tensor_readable(tensor, &reason))
            continue;
        if (is_named_after(tensor, group))
            return tensor;
        found = tensor;
        fitting++;
    }
    return fitting == 1 ? found : NULL;
}

static double *read_matrix(const char *path, const struct layer_group *group, struct error *error)
{
    struct model *model = model_open(&path, 1, NULL, error);
    if (!model)
        return NULL;
    const struct tensor *tensor = choose_matrix(model, group);
    double *matrix = tensor ? mem_try(group->columns, group->columns * sizeof *matrix) : NULL;
    if (!tensor)
        error_set(error, ERROR_USAGE,
                  "%s: has no %zu x %zu matrix, or several without the name of %s", model->label,
                  group->columns, group->columns, group->member[0].tensor->label);
    else if (!matrix)
        error_set(error, ERROR_SYSTEM, "no memory for a matrix of %zu columns", group->columns);
    else if (!tensor_read(tensor, (struct tensor_view){0}, 0, group->columns * group->columns,
                          matrix, error)) {
        mem_free(matrix);
        matrix = NULL;
    }
    model_free(model);
    return matrix;
}

struct basis *layer_basis_new(const struct layer_group *group, const struct transform_spec *spec,
                              struct error *error)
{
    struct basis_input input = {.columns = group->columns,
                                .x = group->inputs->moment,
                                .w = group->w,
                                .x_maxima = group->inputs->maxima,
                                .w_maxima = group->maxima};
    double *matrix = NULL;
    if (transform_spec_needs(spec, group->columns).matrix) {
        matrix = read_matrix(spec->file, group, error);
        if (!matrix)
            return NULL;
        input.matrix = matrix;
    }
    struct basis *basis = basis_new(spec, &input, error);
    mem_free(matrix);
    /* No file is broken: these layers do not admit the transform, and others may. */
    if (!basis && error && error->code == ERROR_FILE)
        error->code = ERROR_USAGE;
    return basis;
}

bool layer_basis_moment(const struct basis *basis, const struct moment *x, struct moment *turned,
                        struct error *error)
{
    *turned = (struct moment){.columns = x->columns, .block = 1};
    if (!x->value && basis_is_orthogonal(basis))
        return true;
    const size_t block = moment_common_block(x->columns, x->block, basis_width(basis));
    double *value = moment_rearrange(x, block);
    if (!value)
        return error_set(error, ERROR_SYSTEM, "no memory for a second moment of %zu x %zu", block,
                         x->columns);
    /* A row holds one row of each block: the transform does not mix blocks. */
    double *scratch = mem_alloc(basis_scratch(basis), sizeof *scratch);
    basis_turn_tokens(basis, value, block, scratch);
    moment_transpose(value, x->columns, block);
    basis_turn_tokens(basis, value, block, scratch);
    mem_free(scratch);
    turned->block = block;
    turned->value = value;
    return true;
}
