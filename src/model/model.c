/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/directory.h"
#include "model/formats.h"
#include "model/parts.h"
#include "model/shards.h"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool add_file(struct model *model, const char *path, struct error *error)
{
    struct mapping *file = mapping_open(path, error);
    if (!file)
        return false;
    if (!ends_with(path, ".index.json"))
        return formats_read(model, file, error);
    bool good = shards_read_index(model, file, error);
    mapping_free(file);
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
    directory_done(&directory);
    return good;
}

/* Readers refuse twins within a file; this is for those in different ones. */
static bool check_twins(const struct model *model, struct error *error)
{
    if (model->parts->file_count < 2)
        return true;
    const struct tensor **ordered = parts_by_name(model->tensors, model->count);
    bool good = parts_check_twins(ordered, model->count, error);
    mem_free(ordered);
    return good;
}

struct model *model_open(const char *const paths[], size_t n, struct error *error)
{
    if (n == 0) {
        error_set(error, ERROR_USAGE, "no model file is given");
        return NULL;
    }
    struct model *model = parts_new_model(paths[0]);
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = add_path(model, paths[i], error);
    if (!good || !check_twins(model, error)) {
        model_free(model);
        return NULL;
    }
    for (size_t i = 0; i < model->count; i++) {
        model->elements += model->tensors[i].elements;
        model->bytes += model->tensors[i].bytes;
    }
    return model;
}

void model_free(struct model *model)
{
    if (!model)
        return;
    struct model_parts *parts = model->parts;
    for (size_t i = 0; i < parts->file_count; i++)
        mapping_free(parts->files[i]);
    mem_free(parts->files);
    arena_done(&parts->arena);
    mem_free(parts);
    mem_free(model->tensors);
    mem_free(model->path);
    mem_free(model->label);
    mem_free(model);
}
