/* SPDX-License-Identifier: MIT
 *
 * The line-up of transforms as a stage of the chain: whether the tensor is a linear layer at all,
 * which layers share its input, and what is known of that.
 */
#include "base/mem.h"
#include "engine/chain.h"
#include "engine/layer_rounding.h"
#include "model/layer_name.h"

/* The weight whose layer is looked at, and the layers of its model: the lab has its own. */
struct subject {
    const struct tensor *tensor;
    const struct layer_index *layers; /* NULL: it is alone */
    bool lab;
};

static struct subject subject_of(const struct chain *chain, const struct report *so_far)
{
    const struct synthetic *synthetic = so_far->synthetic;
    return (struct subject){chain->stage.rows->tensor,
                            synthetic ? synthetic->layers : chain->request->layers,
                            synthetic != NULL};
}

static const char *why_not_linear(const struct tensor *tensor)
{
    if (tensor->rank != 2)
        return tensor->rank < 2 ? "one dimension: no linear layer has it for its weight"
                                : "more than two dimensions: not the weight of a linear layer";
    return tensor->elements == 0 ? "no elements"
                                 : "embeddings are looked up, they are not multiplied with inputs";
}

/* Why there is nothing to compare; NULL if there is. */
static const char *find_refusal(const struct subject *subject, const struct request *request,
                                struct error *why)
{
    if (subject->lab && !subject->layers)
        return "these draws are no layer: nothing is multiplied with them";
    if (!layer_is_linear(subject->tensor))
        return why_not_linear(subject->tensor);
    return layer_group_check(subject->tensor, request->view, why) &&
                   layer_rounding_check(&request->scheme, why)
               ? NULL
               : why->text;
}

static struct layer_list list_layers(const struct subject *subject)
{
    const struct layer_index *layers = subject->layers;
    if (layers)
        return layer_index_group(layers, (size_t)(subject->tensor - layers->model->tensors));
    struct layer_list list = {.tensor = mem_alloc(1, sizeof(const struct tensor *)), .count = 1};
    list.tensor[0] = subject->tensor;
    return list;
}

/* What was computed from a file that has been cut meanwhile is not trusted. */
static bool check_files(const struct layer_list *list, struct error *error)
{
    const struct activation *inputs = list->match ? list->match->inputs : NULL;
    for (size_t i = 0; i < list->count; i++)
        if (!content_whole(list->tensor[i]->content, error))
            return false;
    return !inputs || content_whole(inputs->tensor->content, error);
}

static const struct layer_group *compute_group(const struct chain *chain,
                                               const struct subject *subject,
                                               const struct transform_spec *own,
                                               struct error *error)
{
    struct transform_spec specs[LAYER_LINEUP_TRANSFORMS];
    struct layer_list list = list_layers(subject);
    const struct layer_group_request wanted = {
        .tensors = list.tensor,
        .count = list.count,
        .view = chain->request->view,
        .match = list.match,
        .transforms = specs,
        .transform_count = layer_lineup_transforms(own, specs),
    };
    const struct layer_group *group = layer_group_compute(&wanted, chain->stage.watch, error);
    if (group && !check_files(&list, error)) {
        part_unref(&group->part);
        group = NULL;
    }
    layer_list_done(&list);
    return group;
}

/* The moments are the same whatever the scheme is, and take their time: nor does the transform
 * matter, if it needs no more of them than those that are always compared. */
static struct request group_key(const struct request *request, const struct transform_spec *own,
                                size_t columns)
{
    struct transform_spec specs[LAYER_LINEUP_TRANSFORMS];
    const size_t n = layer_lineup_transforms(own, specs), usual = LAYER_LINEUP_TRANSFORMS - 1;
    struct request key = *request;
    if (layer_group_block(specs, n, columns) == layer_group_block(specs, usual, columns))
        key.transform = (struct transform_spec){.count = 0};
    return key;
}

/* A sample of the lab may be dropped before what is kept of its layer, so nothing is. */
static const struct layer_group *obtain_group(const struct chain *chain,
                                              const struct subject *subject,
                                              const struct transform_spec *own, struct error *error)
{
    struct cache *cache = subject->lab ? NULL : chain->analysis->groups;
    if (!cache)
        return compute_group(chain, subject, own, error);
    const size_t columns = (size_t)tensor_channel_length(subject->tensor, chain->request->view);
    const struct request key = group_key(chain->request, own, columns);
    const struct part *kept = cache_get(cache, RESULT_LAYER_GROUP, &key, false);
    if (kept)
        return (const struct layer_group *)kept;
    const struct layer_group *group = compute_group(chain, subject, own, error);
    if (group)
        cache_put(cache, RESULT_LAYER_GROUP, &key, false, &group->part);
    return group;
}

/* Appends the activation file's name, and why it does not tell if so; nothing in the lab, whose
 * inputs are from no file. */
static void describe_source(const struct subject *subject, const struct layer_group *group,
                            struct text *out)
{
    const struct layer_index *layers = subject->layers;
    if (!layers || !layers->matches.activations || subject->lab)
        return;
    const size_t i = (size_t)(subject->tensor - layers->model->tensors);
    const char *reason = layers->matches.layers[i].reason;
    text_puts(out, layers->matches.activations->model->label);
    if (group->inputs->kind == ACTIVATION_UNKNOWN && reason)
        text_printf(out, ": %s", reason);
}

/* A line-up as it is filled. */
struct showing {
    const struct chain *chain;
    const struct report *so_far;
};

static void show_lineup(void *context, const struct layer_lineup *lineup)
{
    const struct showing *showing = context;
    struct report content = *showing->so_far;
    content.lineup = lineup;
    chain_publish(showing->chain->analysis, &content);
}

const struct part *chain_lineup(const struct chain *chain, const struct report *so_far,
                                struct error *error)
{
    const struct request *request = chain->request;
    struct error why = {ERROR_NONE, ""};
    const struct subject subject = subject_of(chain, so_far);
    const char *refusal = find_refusal(&subject, request, &why);
    if (refusal)
        return (const struct part *)layer_lineup_refuse(refusal);
    const struct transform_spec *own = &request->transform;
    const struct layer_group *group = obtain_group(chain, &subject, own, error);
    if (!group)
        return NULL;
    struct showing showing = {chain, so_far};
    struct text source = {0};
    describe_source(&subject, group, &source);
    const struct layer_lineup_job job = {
        .pool = chain->stage.pool,
        .watch = chain->stage.watch,
        .group = group,
        .own = own,
        .scheme = &request->scheme,
        .inputs = &request->inputs,
        .source = source.data,
        .show = show_lineup,
        .context = &showing,
    };
    const struct layer_lineup *lineup = layer_lineup_compute(&job, error);
    text_done(&source);
    part_unref(&group->part);
    return (const struct part *)lineup;
}
