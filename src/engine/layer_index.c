/* SPDX-License-Identifier: MIT */
#include "engine/layer_index.h"

#include "base/mem.h"
#include "model/layer_name.h"

/* Chains the tensors of each group in the order of the model: from the last one on, each goes in
 * between its leader and those behind. */
static void chain_groups(struct layer_index *index)
{
    const size_t count = index->model->count;
    index->next = mem_alloc(count, sizeof *index->next);
    for (size_t i = 0; i < count; i++)
        index->next[i] = count;
    for (size_t i = count; i-- > 0;) {
        const size_t leader = index->leader[i];
        if (leader == i)
            continue;
        index->next[i] = index->next[leader];
        index->next[leader] = i;
    }
}

void layer_index_make(struct layer_index *index, const struct model *model, struct tensor_view view,
                      const struct activations *activations, const struct layer_rules *rules)
{
    *index = (struct layer_index){.model = model, .view = view};
    index->leader = mem_alloc(model->count, sizeof *index->leader);
    static const struct layer_rules none;
    if (!rules)
        rules = &none;
    layer_groups(model, view, &rules->groups, index->leader);
    chain_groups(index);
    if (activations)
        activations_match(&index->matches, activations, model, view, &rules->entries);
}

void layer_index_done(struct layer_index *index)
{
    activations_match_done(&index->matches);
    mem_free(index->next);
    mem_free(index->leader);
}

bool layer_index_has(const struct layer_index *index, size_t i, const char **reason)
{
    const char *why = NULL;
    const bool linear = layer_is_linear(&index->model->tensors[i]);
    const bool has = linear && tensor_readable(&index->model->tensors[i], &why);
    if (reason)
        *reason = why;
    return has;
}

/* Inputs are better than ranges alone, and these than nothing. */
static bool is_better(const struct activation_match *match, const struct activation_match *than)
{
    return !than || (match->inputs && !than->inputs) ||
           (match->ranges && !than->ranges && !than->inputs);
}

struct layer_list layer_index_group(const struct layer_index *index, size_t i)
{
    struct layer_list list = {.tensor = NULL};
    size_t room = 0;
    for (size_t k = index->leader[i]; k < index->model->count; k = index->next[k]) {
        if (!layer_index_has(index, k, NULL))
            continue;
        const struct activation_match *match =
            index->matches.layers ? &index->matches.layers[k] : NULL;
        if (match && is_better(match, list.match))
            list.match = match;
        list.tensor = mem_grow(list.tensor, &room, list.count + 1, sizeof(const struct tensor *));
        list.tensor[list.count++] = &index->model->tensors[k];
    }
    return list;
}

void layer_list_done(struct layer_list *list)
{
    mem_free(list->tensor);
}
