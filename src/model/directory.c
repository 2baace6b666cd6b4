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

bool directory_is(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Links are followed: a cache of downloads is a directory of links.  A link to nothing counts as a
 * file, so that opening it says what is missing. */
static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

static void add(struct directory *directory, const char *path, const char *name)
{
    struct text full = {0};
    text_puts(&full, path);
    if (path[strlen(path) - 1] != '/')
        text_puts(&full, "/");
    text_puts(&full, name);
    if (is_file(full.data)) {
        directory->paths = mem_grow(directory->paths, &directory->capacity, directory->count + 1,
                                    sizeof *directory->paths);
        directory->paths[directory->count++] = mem_string(full.data, full.length);
    }
    text_done(&full);
}

/* Second moments of a model's activations lie beside it under this name; they are no part of it. */
static bool is_companion(const char *name)
{
    static const char suffix[] = ".second-moments.safetensors";
    size_t length = strlen(name), size = sizeof suffix - 1;
    return length > size && strcmp(name + length - size, suffix) == 0;
}

static int compare_paths(const void *a, const void *b)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    return text_natural_compare(left, strlen(left), right, strlen(right));
}

static bool fail(const char *path, struct error *error, const char *fault)
{
    struct text label = {0};
    utf8_escape(&label, path, strlen(path));
    error_set(error, ERROR_FILE, "%s: %s", label.data, fault);
    text_done(&label);
    return false;
}

/* Keeps the index alone, if there is one.  Indices are told from model files by their suffix, so
 * no file is both. */
static bool prefer_index(struct directory *directory, const char *path, struct error *error)
{
    char *index = NULL;
    for (size_t i = 0; i < directory->count; i++) {
        if (!formats_has_index_suffix(directory->paths[i]))
            continue;
        if (index)
            return fail(path, error, "has more than one index of a model; name the one to open");
        index = directory->paths[i];
    }
    if (!index)
        return true;
    index = mem_string(index, strlen(index));
    directory_done(directory);
    directory->paths = mem_grow(NULL, &directory->capacity, 1, sizeof *directory->paths);
    directory->paths[directory->count++] = index;
    return true;
}

bool directory_list(struct directory *directory, const char *path, struct error *error)
{
    DIR *stream = opendir(path);
    if (!stream)
        return fail(path, error, strerror(errno));
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL; errno = 0) {
        const char *name = entry->d_name;
        if (name[0] != '.' && !is_companion(name) &&
            (formats_has_suffix(name) || formats_has_index_suffix(name)))
            add(directory, path, name);
    }
    int fault = errno;
    closedir(stream);
    if (fault)
        return fail(path, error, strerror(fault));
    if (directory->count == 0)
        return fail(path, error, "no model files in it");
    qsort(directory->paths, directory->count, sizeof *directory->paths, compare_paths);
    return prefer_index(directory, path, error);
}

void directory_done(struct directory *directory)
{
    for (size_t i = 0; i < directory->count; i++)
        mem_free(directory->paths[i]);
    mem_free(directory->paths);
    *directory = (struct directory){0};
}
