/* SPDX-License-Identifier: MIT */
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/label.h"

struct model *parts_new_model(const char *path)
{
    struct model *model = mem_zero(1, sizeof *model);
    model->parts = mem_zero(1, sizeof *model->parts);
    model->path = mem_string(path, strlen(path));
    struct text label = {0};
    label_last(&label, path);
    model->label = mem_string(label.data ? label.data : "", label.length);
    text_done(&label);
    return model;
}

void parts_add_file(struct model *model, struct mapping *file)
{
    struct model_parts *parts = model->parts;
    parts->files = mem_grow(parts->files, &parts->file_capacity, parts->file_count + 1,
                            sizeof(struct mapping *));
    parts->files[parts->file_count++] = file;
}

void parts_add_tensor(struct model *model, const struct tensor *tensor)
{
    model->tensors = mem_grow(model->tensors, &model->parts->tensor_capacity, model->count + 1,
                              sizeof *model->tensors);
    model->tensors[model->count++] = *tensor;
}

static int compare_names(const struct tensor *a, const struct tensor *b)
{
    size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
    int order = memcmp(a->name, b->name, shorter);
    return order ? order : (a->name_length > b->name_length) - (a->name_length < b->name_length);
}

int parts_compare_names(const void *a, const void *b)
{
    return compare_names(*(const struct tensor *const *)a, *(const struct tensor *const *)b);
}

const struct tensor **parts_by_name(const struct tensor *tensors, size_t n)
{
    const struct tensor **ordered = mem_alloc(n, sizeof *ordered);
    for (size_t i = 0; i < n; i++)
        ordered[i] = &tensors[i];
    qsort(ordered, n, sizeof *ordered, parts_compare_names);
    return ordered;
}

const struct tensor *const *parts_twin(const struct tensor *const ordered[], size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare_names(ordered[i - 1], ordered[i]) == 0)
            return &ordered[i - 1];
    return NULL;
}

bool parts_check_twins(const struct tensor *const ordered[], size_t n, struct error *error)
{
    const struct tensor *const *twin = parts_twin(ordered, n);
    struct quote name;
    return !twin ||
           error_set(error, ERROR_FILE, "%s: tensor %s is also in %s", twin[0]->file->label,
                     label_quote(&name, twin[0]->name, twin[0]->name_length), twin[1]->file->label);
}
