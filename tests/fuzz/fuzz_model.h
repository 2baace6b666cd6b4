/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets of model/ do with a file: open it and use everything that it yields.
 */
#ifndef TESTS_FUZZ_MODEL_H
#define TESTS_FUZZ_MODEL_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/utf8.h"
#include "model/model.h"

static inline void fuzz_require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

/* Makes these bytes the content of an open file. */
static inline void fuzz_replace(int file, const void *data, size_t size)
{
    fuzz_require(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size,
                 "the temporary file can be written");
}

/* Mapped bytes can always be read; those of a packed stream may turn out to be corrupt. */
static inline void fuzz_read(const struct tensor *tensor, struct tensor_view view, uint64_t first)
{
    struct error error = {0};
    double value;
    bool good = tensor_read(tensor, view, first, 1, &value, &error);
    fuzz_require(good || (tensor->content->inflated && error.code == ERROR_FILE),
                 "elements can be read");
}

static inline void fuzz_tensor(const struct tensor *tensor)
{
    const char *reason = NULL;
    fuzz_require(utf8_printable(tensor->label, strlen(tensor->label)), "labels are printable");
    fuzz_require(utf8_printable(tensor->dtype_name, strlen(tensor->dtype_name)),
                 "types are printable");
    fuzz_require(!tensor->alias_of || utf8_printable(tensor->alias_of, strlen(tensor->alias_of)),
                 "aliases are printable");
    if (!tensor_readable(tensor, &reason)) {
        fuzz_require(reason && *reason, "there is a reason for not reading");
        return;
    }
    if (tensor->elements == 0)
        return;
    fuzz_require(tensor->bytes <= tensor->content->size &&
                     tensor->offset <= tensor->content->size - tensor->bytes,
                 "tensors lie within their files");
    for (unsigned axis = 0; axis < 2; axis++) {
        struct tensor_view view = {.axis = axis, .scaled = axis == 1};
        fuzz_read(tensor, view, 0);
        fuzz_read(tensor, view, tensor->elements - 1);
        fuzz_require(tensor_channels(tensor, view) * tensor_channel_length(tensor, view) ==
                         tensor->elements,
                     "channels make up the tensor");
    }
}

static inline void fuzz_entry(const struct metadata_entry *entry)
{
    fuzz_require(utf8_printable(entry->key, strlen(entry->key)), "keys are printable");
    fuzz_require(utf8_printable(entry->value, strlen(entry->value)), "values are printable");
    fuzz_require(utf8_printable(entry->type, strlen(entry->type)), "types are printable");
}

static inline void fuzz_model(const char *path)
{
    struct error error = {0};
    struct model *model = model_open(&path, 1, NULL, &error);
    if (!model) {
        fuzz_require(error.code == ERROR_FILE, "a bad file is the file's fault");
        fuzz_require(utf8_printable(error.text, strlen(error.text)), "messages are printable");
        return;
    }
    for (size_t i = 0; i < model->count; i++)
        fuzz_tensor(&model->tensors[i]);
    for (size_t i = 0; i < model->metadata.count; i++)
        fuzz_entry(&model->metadata.entries[i]);
    if (model->count > 0)
        fuzz_require(model_find(model, model->tensors[0].label, &error) != NULL,
                     "a tensor is found by its label");
    model_free(model);
}

#endif
