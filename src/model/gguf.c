/* SPDX-License-Identifier: MIT
 *
 * The GGUF format of llama.cpp: a header of key-values and tensors, and the data, each tensor at a
 * multiple of an alignment; in versions 1 (32-bit lengths) to 3 (either byte order).  After
 * docs/gguf.md of ggml and, where it is silent, ggml's own reader.  A large model is split into
 * files NAME-00001-of-00003.gguf, which are opened all together, whichever of them is asked for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "model/formats.h"
#include "model/gguf_file.h"
#include "model/label.h"
#include "model/parts.h"

/* The path of a file of a split model. */
struct shard_path {
    const char *path;
    size_t stem;            /* bytes before "-00001-of-00003.gguf" */
    unsigned number, count; /* from 1; as the name has them */
};

/* The model that is being put together of its files. */
struct split {
    struct model *model;
    const struct gguf_file *opened; /* the file that was asked for */
    struct shard_path path;         /* of that file */
    uint64_t tensors;               /* of the files so far */
    struct error *error;
};

#define TAIL "-00001-of-00003.gguf"

/* Takes five digits and the text behind them off *text; false if it begins with anything else. */
static bool take_digits(const char **text, unsigned *number, const char *behind)
{
    *number = 0;
    for (unsigned i = 0; i < 5; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *number = 10 * *number + (unsigned)(**text - '0');
    }
    size_t length = strlen(behind);
    bool same = strncmp(*text, behind, length) == 0;
    *text += same ? length : 0;
    return same;
}

static bool parse_path(struct shard_path *out, const char *path)
{
    size_t length = path ? strlen(path) : 0, tail = sizeof TAIL - 1;
    if (length < tail || path[length - tail] != '-')
        return false;
    out->path = path;
    out->stem = length - tail;
    const char *text = path + out->stem + 1;
    return take_digits(&text, &out->number, "-of-") && take_digits(&text, &out->count, ".gguf") &&
           out->number >= 1 && out->number <= out->count;
}

static bool fail(const struct split *split, const struct gguf_file *file,
                 const struct gguf_number *number, const char *key, const char *fault)
{
    return error_set(split->error, ERROR_FILE, "%s: %s is %" PRIu64 ", but %s (byte %" PRIu64 ")",
                     file->content->label, key, number->value, fault, number->at);
}

/* Checks that what a file says of the split is what its name and the opened file say. */
static bool check_file(const struct split *split, const struct gguf_file *file, unsigned number)
{
    const struct gguf_facts *facts = &file->facts, *opened = &split->opened->facts;
    if (!facts->split_no.given || !facts->split_count.given)
        return error_set(split->error, ERROR_FILE,
                         "%s: has no split.no or no split.count, so it is no part of a split model",
                         file->content->label);
    if (facts->split_count.value != split->path.count)
        return fail(split, file, &facts->split_count, "split.count",
                    "its name says another number of files");
    if (facts->split_no.value != number - 1)
        return fail(split, file, &facts->split_no, "split.no",
                    "its name says another place (which counts from 1)");
    if (facts->split_tensors.given && opened->split_tensors.given &&
        facts->split_tensors.value != opened->split_tensors.value)
        return fail(split, file, &facts->split_tensors, "split.tensors.count",
                    "another file of the model says another number");
    return true;
}

static void add_tensors(struct model *model, const struct gguf_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        parts_add_tensor(model, &file->tensors[i].tensor);
}

static bool add_file(struct split *split, const struct gguf_file *file, unsigned number)
{
    if (!check_file(split, file, number))
        return false;
    add_tensors(split->model, file);
    split->tensors += file->count;
    return true;
}

/* Opens the file of this number beside the one that was asked for. */
static struct content *open_sibling(const struct split *split, unsigned number)
{
    struct text path = {0}, last = {0};
    text_add(&path, split->path.path, split->path.stem);
    text_printf(&path, "-%05u-of-%05u.gguf", number, split->path.count);
    label_last(&last, path.data);
    /* A link to nothing is a missing file too, and the usual one in a cache of downloads. */
    bool missing = access(path.data, F_OK) != 0;
    if (missing)
        error_set(split->error, ERROR_FILE, "%s: is one of %u files, of which %s is missing",
                  split->opened->content->label, split->path.count, last.data);
    struct content *content = missing ? NULL : content_open(path.data, split->error);
    text_done(&path);
    text_done(&last);
    return content;
}

static bool add_sibling(struct split *split, unsigned number)
{
    struct content *content = open_sibling(split, number);
    if (!content)
        return false;
    parts_add_sibling(split->model, content);
    struct gguf_file file = {0};
    bool good = gguf_file_read(&file, split->model, content, split->error) &&
                add_file(split, &file, number);
    gguf_file_done(&file);
    return good;
}

static bool add_split(struct model *model, const struct gguf_file *opened,
                      const struct shard_path *path, struct error *error)
{
    struct split split = {.model = model, .opened = opened, .path = *path, .error = error};
    if (!check_file(&split, opened, path->number)) /* before any of the others is opened */
        return false;
    for (unsigned number = 1; number <= path->count; number++)
        if (!(number == path->number ? add_file(&split, opened, number)
                                     : add_sibling(&split, number)))
            return false;
    const struct gguf_number *tensors = &opened->facts.split_tensors;
    return !tensors->given || tensors->value == split.tensors ||
           fail(&split, opened, tensors, "split.tensors.count",
                "its files have another number of tensors");
}

static bool read_gguf(struct model *model, const struct content *content, struct error *error)
{
    struct gguf_file file = {0};
    struct shard_path path;
    bool good = gguf_file_read(&file, model, content, error);
    /* A file of another name was renamed by somebody who wants it alone. */
    if (good && file.facts.split_count.value > 1 && parse_path(&path, content->path))
        good = add_split(model, &file, &path, error);
    else if (good)
        add_tensors(model, &file);
    gguf_file_done(&file);
    return good;
}

static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    (void)size;
    return memcmp(prefix, GGUF_MAGIC, sizeof GGUF_MAGIC - 1) == 0;
}

const struct format format_gguf = {"GGUF", ".gguf", recognise, read_gguf};
