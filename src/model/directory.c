/* SPDX-License-Identifier: MIT */
#include "model/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/formats.h"
#include "model/label.h"

/* In the order of preference: an index of the first format of formats.c's table, files of that
 * format, an index of another one, files of other formats in the table's order. */
enum { KIND_INDEX, KIND_FIRST, KIND_OTHER_INDEX, KIND_OTHER };

bool directory_is(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Second moments of a model's activations lie beside it under this name; they are no part of it.
 * (Importance matrices are known by their content.) */
static bool is_companion(const char *name)
{
    static const char suffix[] = ".second-moments.safetensors";
    size_t length = strlen(name), size = sizeof suffix - 1;
    return length > size && strcmp(name + length - size, suffix) == 0;
}

static bool fail(const char *path, struct error *error, const char *fault)
{
    struct text label = {0};
    utf8_escape(&label, path, strlen(path));
    error_set(error, ERROR_FILE, "%s: %s", label.data, fault);
    text_done(&label);
    return false;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

/* What kind of file this is, the lowest being what a directory stands for if it has several, since
 * a model published in several formats has the same tensors in each; -1 for no model file.  A
 * file is known by its content; one whose content says nothing, by the name of a safetensors file,
 * so that opening it says what is wrong.  Links are followed: a cache of downloads is a directory
 * of links. */
static int kind_of(const char *path)
{
    if (ends_with(path, ".safetensors.index.json"))
        return KIND_INDEX;
    if (ends_with(path, ".index.json"))
        return KIND_OTHER_INDEX;
    int rank = formats_rank(path);
    if (rank > 0)
        return KIND_OTHER + rank;
    return rank == 0 || (ends_with(path, ".safetensors") && !directory_is(path)) ? KIND_FIRST : -1;
}

static void mention(struct directory *directory, const char *name)
{
    if (directory->others.length > 0)
        text_puts(&directory->others, ", ");
    label_last(&directory->others, name);
}

/* Leaves out the files so far, of which those that an index stands for need no mention. */
static void leave_out(struct directory *directory)
{
    for (size_t i = 0; i < directory->count; i++) {
        if (directory->kind >= KIND_OTHER)
            mention(directory, directory->paths[i]);
        mem_free(directory->paths[i]);
    }
    directory->count = 0;
}

/* Adds a file that is of a better kind than those so far, in their place, or of the same kind. */
static void add(struct directory *directory, const char *path, const char *name)
{
    struct text full = {0};
    text_puts(&full, path);
    if (path[strlen(path) - 1] != '/')
        text_puts(&full, "/");
    text_puts(&full, name);
    int kind = kind_of(full.data);
    if (kind >= 0 && (directory->count == 0 || kind <= directory->kind)) {
        if (directory->count > 0 && kind < directory->kind)
            leave_out(directory);
        directory->kind = kind;
        directory->paths = mem_grow(directory->paths, &directory->capacity, directory->count + 1,
                                    sizeof *directory->paths);
        directory->paths[directory->count++] = mem_string(full.data, full.length);
    } else if (kind >= KIND_OTHER) {
        mention(directory, name);
    }
    text_done(&full);
}

static int compare_paths(const void *a, const void *b)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    return text_natural_compare(left, strlen(left), right, strlen(right));
}

bool directory_list(struct directory *directory, const char *path, struct error *error)
{
    DIR *stream = opendir(path);
    if (!stream)
        return fail(path, error, strerror(errno));
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL; errno = 0)
        if (entry->d_name[0] != '.' && !is_companion(entry->d_name))
            add(directory, path, entry->d_name);
    int fault = errno;
    closedir(stream);
    if (fault)
        return fail(path, error, strerror(fault));
    if (directory->count == 0)
        return fail(path, error, "no model files in it");
    if (directory->count > 1 &&
        (directory->kind == KIND_INDEX || directory->kind == KIND_OTHER_INDEX))
        return fail(path, error, "has more than one index of a model; name the one to open");
    qsort(directory->paths, directory->count, sizeof *directory->paths, compare_paths);
    return true;
}

void directory_done(struct directory *directory)
{
    for (size_t i = 0; i < directory->count; i++)
        mem_free(directory->paths[i]);
    mem_free(directory->paths);
    text_done(&directory->others);
    *directory = (struct directory){0};
}
