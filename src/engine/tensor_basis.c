/* SPDX-License-Identifier: MIT */
#include "engine/tensor_basis.h"

#include "base/mem.h"
#include "base/text.h"
#include "engine/layer_basis.h"
#include "engine/layer_group.h"

bool tensor_basis_wanted(const struct tensor *tensor, const struct basis_wish *wish)
{
    return wish->transform->count > 0 && tensor->rank >= 2 && tensor->elements > 0;
}

/* Whether it is all the same which tensor of a width it is made for. */
static bool is_general(const struct transform_spec *transform)
{
    return !transform_spec_fits_layer(transform) && !transform_spec_needs(transform, 1).matrix;
}

/* The layers that share a transform with a tensor: those of its input, or, if it is no linear
 * layer, the tensor alone. */
static struct layer_list list_group(const struct tensor *tensor, const struct layer_index *layers)
{
    const size_t i = layers ? (size_t)(tensor - layers->model->tensors) : 0;
    if (layers && layer_index_has(layers, i, NULL))
        return layer_index_group(layers, i);
    struct layer_list list = {.tensor = mem_alloc(1, sizeof *list.tensor), .count = 1};
    list.tensor[0] = tensor;
    return list;
}

/* The first one of its group; NULL if it is all the same. */
static const struct tensor *find_leader(const struct tensor *tensor, const struct basis_wish *wish)
{
    const struct layer_index *layers = wish->layers;
    if (is_general(wish->transform))
        return NULL;
    if (!layers)
        return tensor;
    const struct tensor *first = layers->model->tensors;
    return &first[layers->leader[tensor - first]];
}

bool tensor_basis_serves(const struct tensor_basis *basis, const struct tensor *tensor,
                         const struct basis_wish *wish)
{
    return basis->columns == tensor_channel_length(tensor, wish->view) &&
           basis->view.axis == wish->view.axis && basis->view.scaled == wish->view.scaled &&
           basis->layers == wish->layers &&
           transform_spec_equal(&basis->transform, wish->transform) &&
           basis->leader == find_leader(tensor, wish);
}

static void basis_part_free(struct part *part)
{
    struct tensor_basis *basis = (struct tensor_basis *)part;
    basis_free(basis->basis);
    mem_free(basis->text);
    mem_free(basis);
}

static struct basis *make_general(const struct tensor_basis *made, struct error *error)
{
    const struct basis_input input = {.columns = made->columns};
    return basis_new(&made->transform, &input, error);
}

static struct basis *make_for_group(struct tensor_basis *made, const struct tensor *tensor,
                                    struct watch *watch, struct error *error)
{
    struct layer_list list = list_group(tensor, made->layers);
    const struct layer_group_request request = {.tensors = list.tensor,
                                                .count = list.count,
                                                .view = made->view,
                                                .match = list.match,
                                                .transforms = &made->transform,
                                                .transform_count = 1,
                                                .basis_only = true};
    const struct layer_group *group = layer_group_compute(&request, watch, error);
    struct basis *basis = group ? layer_basis_new(group, &made->transform, error) : NULL;
    if (group) {
        const struct transform_needs needs = transform_spec_needs(&made->transform, made->columns);
        made->isotropic = needs.moment_block > 0 && !group->inputs->moment.value;
        part_unref(&group->part);
    }
    layer_list_done(&list);
    return basis;
}

const struct tensor_basis *tensor_basis_compute(const struct tensor *tensor,
                                                const struct basis_wish *wish, struct watch *watch,
                                                struct error *error)
{
    struct tensor_basis *made = mem_zero(1, sizeof *made);
    struct error why = {ERROR_NONE, ""};
    made->transform = *wish->transform;
    made->view = wish->view;
    made->layers = wish->layers;
    made->columns = (size_t)tensor_channel_length(tensor, wish->view);
    made->leader = find_leader(tensor, wish);
    made->basis = is_general(wish->transform) ? make_general(made, &why)
                                              : make_for_group(made, tensor, watch, &why);
    if (!made->basis) {
        mem_free(made);
        error_set(error, why.code, "%s", why.text);
        return NULL;
    }
    struct text text = {0};
    basis_print(made->basis, &text);
    made->text = text.data;
    part_init(&made->part, sizeof *made + text.length + basis_bytes(made->basis), basis_part_free);
    return made;
}
