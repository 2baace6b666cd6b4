/* SPDX-License-Identifier: MIT */
#include "model/onnx_files.h"

#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/label.h"
#include "model/parts.h"

struct onnx_file {
    const char *location;
    const struct content *content;
};

/* A relative path that stays within its folder, as far as names tell; links are the user's own. */
static bool stays_inside(const char *location, size_t length)
{
    if (memchr(location, '\0', length))
        return false;
    for (size_t begin = 0, end; begin <= length; begin = end + 1) {
        const char *component = location + begin, *slash = memchr(component, '/', length - begin);
        end = slash ? (size_t)(slash - location) : length;
        size_t size = end - begin;
        if (size == 0 || (size == 2 && memcmp(component, "..", 2) == 0))
            return false;
    }
    return true;
}

/* The place of the first file whose location is not before this one. */
static size_t find(const struct onnx_files *files, const char *location)
{
    size_t low = 0, high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files->files[middle].location, location) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct content *open_beside(const struct content *model_file, const char *location,
                                   bool *missing, struct error *error)
{
    struct text path = {0};
    const char *self = model_file->path, *slash = strrchr(self, '/');
    if (slash)
        text_add(&path, self, (size_t)(slash + 1 - self));
    text_puts(&path, location);
    *missing = access(path.data, F_OK) != 0;
    struct content *content = *missing ? NULL : content_open(path.data, error);
    text_done(&path);
    return content;
}

static void insert(struct onnx_files *files, size_t place, struct onnx_file file)
{
    files->files = mem_grow(files->files, &files->capacity, files->count + 1, sizeof *files->files);
    struct onnx_file *there = files->files + place;
    memmove(there + 1, there, (files->count - place) * sizeof *there);
    *there = file;
    files->count++;
}

const struct content *onnx_files_open(struct onnx_files *files, struct model *model,
                                      const struct tensor *tensor, uint64_t at,
                                      const char *location, size_t length, struct error *error)
{
    struct quote quote;
    label_quote(&quote, location, length);
    if (!stays_inside(location, length)) {
        parts_fail(tensor, at, error, "its data file %s is no path below the model's folder",
                   quote.text);
        return NULL;
    }
    size_t place = find(files, location);
    if (place < files->count && strcmp(files->files[place].location, location) == 0)
        return files->files[place].content;
    if (files->count == ONNX_FILES_MAX) {
        parts_fail(tensor, at, error, "its data file is one more than %d", ONNX_FILES_MAX);
        return NULL;
    }
    bool missing;
    struct content *content = open_beside(tensor->content, location, &missing, error);
    if (missing)
        parts_fail(tensor, at, error,
                   "its data file %s is missing; it belongs into the folder of the model",
                   quote.text);
    if (!content)
        return NULL;
    parts_add_sibling(model, content);
    insert(files, place,
           (struct onnx_file){arena_string(&model->parts->arena, location, length), content});
    return content;
}

void onnx_files_done(struct onnx_files *files)
{
    mem_free(files->files);
}
