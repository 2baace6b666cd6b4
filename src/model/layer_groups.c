/* SPDX-License-Identifier: MIT */
#include "model/layer_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/layer_name.h"

/* A layer under the name of the first role that gets its input. */
struct member {
    char *input;
    uint64_t width;
    size_t index;
};

/* True if the tensor may have siblings, under which name. */
static bool describe(const struct tensor *tensor, struct tensor_view view, struct member *member)
{
    struct layer_name name;
    enum layer_role first;
    if (!layer_is_linear(tensor) || !layer_name_parse(tensor->label, &name) ||
        layer_role_siblings(name.role, &first) == 1)
        return false;
    struct text input = {0};
    name.role = first;
    layer_name_print(&input, &name);
    member->input = input.data;
    member->width = tensor_channel_length(tensor, view);
    return true;
}

static int compare_inputs(const struct member *a, const struct member *b)
{
    int order = strcmp(a->input, b->input);
    return order ? order : (a->width > b->width) - (a->width < b->width);
}

static int compare_members(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    int order = compare_inputs(a, b);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

void layer_groups(const struct model *model, struct tensor_view view, size_t leader[])
{
    struct member *members = mem_alloc(model->count, sizeof *members);
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        leader[i] = members[count].index = i;
        count += describe(&model->tensors[i], view, &members[count]);
    }
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 1; i < count; i++)
        if (compare_inputs(&members[i - 1], &members[i]) == 0)
            leader[members[i].index] = leader[members[i - 1].index];
    for (size_t i = 0; i < count; i++)
        mem_free(members[i].input);
    mem_free(members);
}
