/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/config.h"
#include "model/directory.h"
#include "model/experts.h"
#include "model/formats.h"
#include "model/parts.h"
#include "model/scales.h"
#include "model/shards.h"
#include "model/tied.h"
#include "model/training.h"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool add_file(struct model *model, const char *path, struct error *error)
{
    struct content *file = content_open(path, error);
    if (!file)
        return false;
    bool known = parts_is_sibling(model, file); /* opened already, with one that it belongs to */
    if (!known && !ends_with(path, ".index.json"))
        return formats_read(model, file, error);
    bool good = known || shards_read_index(model, file, error);
    content_free(file);
    return good;
}

static bool add_path(struct model *model, const char *path, struct error *error)
{
    if (!directory_is(path))
        return add_file(model, path, error);
    struct directory directory = {0};
    bool good = directory_list(&directory, path, error);
    for (size_t i = 0; good && i < directory.count; i++)
        good = add_file(model, directory.paths[i], error);
    if (good && directory.others.length > 0)
        parts_note(model, "not opened", directory.others.data);
    directory_done(&directory);
    return good;
}

/* Readers refuse twins within a file; this is for those in different ones. */
static bool check_twins(const struct model *model, struct error *error)
{
    if (model->parts->content_count < 2)
        return true;
    const struct tensor **ordered = parts_by_name(model->tensors, model->count);
    bool good = parts_check_twins(ordered, model->count, error);
    mem_free(ordered);
    return good;
}

/* Shapes by strides of 0 and types that are not known may claim any number of elements. */
static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return mem_sum(a, b, &sum) ? sum : UINT64_MAX;
}

static void add_up(struct model *model, const struct tensor *tensor)
{
    if (tensor->alias_of)
        return;
    model->elements = add(model->elements, tensor->elements);
    model->bytes = add(model->bytes, tensor->bytes);
}

struct model *model_open(const char *const paths[], size_t n, const struct model_options *options,
                         struct error *error)
{
    if (n == 0) {
        error_set(error, ERROR_USAGE, "no model file is given");
        return NULL;
    }
    struct model *model = parts_new_model(paths[0]);
    if (options)
        model->parts->options = *options;
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = add_path(model, paths[i], error);
    if (!good || !check_twins(model, error)) {
        model_free(model);
        return NULL;
    }
    training_leave_out(model);
    for (size_t i = 0; i < model->count; i++)
        add_up(model, &model->tensors[i]);
    experts_split(model);
    scales_attach(model);
    config_read(model);
    tied_note(model);
    return model;
}

void model_free(struct model *model)
{
    if (!model)
        return;
    struct model_parts *parts = model->parts;
    for (size_t i = parts->content_count; i-- > 0;) /* those that lie in others first */
        content_free(parts->contents[i]);
    mem_free(parts->contents);
    mem_free(parts->siblings);
    mem_free(model->metadata.entries);
    arena_done(&parts->arena);
    mem_free(parts);
    mem_free(model->tensors);
    mem_free(model->path);
    mem_free(model->label);
    mem_free(model);
}
