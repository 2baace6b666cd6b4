/* SPDX-License-Identifier: MIT */
#include "model/layer_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/layer_name.h"

/* A layer under the name of its input. */
struct member {
    char *input;
    uint64_t width;
    size_t index;
};

/* The input that the user's rules make of a layer's name; false if none fits it. */
static bool name_by_rule(const char *label, const struct name_map *rules, struct text *input)
{
    text_puts(input, "="); /* no input is called so by roles */
    name_map_apply(rules, label, input);
    return strcmp(input->data + 1, label) != 0;
}

/* The name of the first role that gets the layer's input; false if that is its own. */
static bool name_by_role(const char *label, struct text *input)
{
    struct layer_name name;
    enum layer_role first;
    if (!layer_name_parse(label, &name) || layer_role_siblings(name.role, &first) == 1)
        return false;
    name.role = first;
    text_clear(input);
    layer_name_print(input, &name);
    return true;
}

/* True if the tensor may have siblings, under which name. */
static bool describe(const struct tensor *tensor, struct tensor_view view,
                     const struct name_map *rules, struct member *member)
{
    if (!layer_is_linear(tensor))
        return false;
    struct text input = {0};
    if (!(rules && name_by_rule(tensor->label, rules, &input)) &&
        !name_by_role(tensor->label, &input)) {
        text_done(&input);
        return false;
    }
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

bool layer_grouping_parse(const char *text, struct layer_grouping *grouping, struct error *error)
{
    const bool alone = strcmp(text, "none") == 0;
    if (!alone && strcmp(text, "names") != 0)
        return name_map_add(&grouping->inputs, text, error);
    layer_grouping_done(grouping);
    grouping->alone = alone;
    return true;
}

void layer_grouping_done(struct layer_grouping *grouping)
{
    name_map_done(&grouping->inputs);
    grouping->alone = false;
}

void layer_groups(const struct model *model, struct tensor_view view,
                  const struct layer_grouping *grouping, size_t leader[])
{
    const bool alone = grouping && grouping->alone;
    const struct name_map *rules = grouping ? &grouping->inputs : NULL;
    struct member *members = mem_alloc(model->count, sizeof *members);
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        leader[i] = members[count].index = i;
        count += !alone && describe(&model->tensors[i], view, rules, &members[count]);
    }
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 1; i < count; i++)
        if (compare_inputs(&members[i - 1], &members[i]) == 0)
            leader[members[i].index] = leader[members[i - 1].index];
    for (size_t i = 0; i < count; i++)
        mem_free(members[i].input);
    mem_free(members);
}
