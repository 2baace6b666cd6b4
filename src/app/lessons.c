/* SPDX-License-Identifier: MIT */
#include "app/lessons.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/version.h"
#include "base/mem.h"
#include "base/utf8.h"

struct names {
    char **name;
    size_t count, capacity;
};

static bool fail(const char *path, const char *fault, struct error *error)
{
    struct text shown = {0};
    utf8_escape(&shown, path, strlen(path));
    error_set(error, ERROR_FILE, "%s: %s", shown.data ? shown.data : "", fault);
    text_done(&shown);
    return false;
}

/* ---- One file */

/* Up to `size` bytes of an open file; their number, or -1. */
static ssize_t read_up_to(int file, char *bytes, size_t size)
{
    size_t length = 0;
    while (length < size) {
        ssize_t n = read(file, bytes + length, size - length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        length += (size_t)n;
    }
    return (ssize_t)length;
}

/* One byte more than a lesson may have is read, so that the parser sees one that is too long. */
static struct lesson *read_open(const char *path, int file, struct error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        fail(path, "is no regular file", error);
        return NULL;
    }
    char *bytes = mem_alloc(LESSON_BYTES_MOST + 1, 1);
    ssize_t length = read_up_to(file, bytes, LESSON_BYTES_MOST + 1);
    struct lesson *lesson = NULL;
    if (length < 0)
        fail(path, strerror(errno), error);
    else
        lesson = lesson_parse(path, bytes, (size_t)length, error);
    mem_free(bytes);
    return lesson;
}

static bool add_file(struct lesson_set *lessons, const char *path, struct error *error)
{
    /* Nobody waits at the other end of a pipe. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return fail(path, strerror(errno), error);
    struct lesson *lesson = read_open(path, file, error);
    close(file);
    if (!lesson)
        return false;
    lessons->lesson = mem_resize(lessons->lesson, lessons->count + 1, sizeof *lessons->lesson);
    lessons->lesson[lessons->count++] = lesson;
    return true;
}

/* ---- A folder */

static bool is_lesson(const char *name)
{
    size_t length = strlen(name), suffix = strlen(LESSON_SUFFIX);
    return name[0] != '.' && length > suffix && strcmp(name + length - suffix, LESSON_SUFFIX) == 0;
}

static int compare_names(const void *a, const void *b)
{
    const char *left = *(char *const *)a, *right = *(char *const *)b;
    return text_natural_compare(left, strlen(left), right, strlen(right));
}

static void names_done(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->name[i]);
    mem_free(names->name);
}

/* Sorted.  One too many is enough to know that there are. */
static bool list_names(struct names *names, const char *path, struct error *error)
{
    DIR *stream = opendir(path);
    if (!stream)
        return fail(path, strerror(errno), error);
    errno = 0;
    for (const struct dirent *entry;
         names->count <= LESSONS_MOST && (entry = readdir(stream)) != NULL; errno = 0) {
        if (!is_lesson(entry->d_name))
            continue;
        names->name =
            mem_grow(names->name, &names->capacity, names->count + 1, sizeof *names->name);
        names->name[names->count++] = mem_string(entry->d_name, strlen(entry->d_name));
    }
    int fault = errno;
    closedir(stream);
    if (fault)
        return fail(path, strerror(fault), error);
    if (names->count == 0)
        return fail(path, "no lessons in it", error);
    if (names->count > LESSONS_MOST)
        return fail(path, "too many lessons in it", error);
    qsort(names->name, names->count, sizeof *names->name, compare_names);
    return true;
}

static bool add_folder(struct lesson_set *lessons, const char *path, struct error *error)
{
    struct names names = {0};
    struct text full = {0};
    bool ok = list_names(&names, path, error);
    for (size_t i = 0; ok && i < names.count; i++) {
        text_clear(&full);
        text_printf(&full, "%s/%s", path, names.name[i]);
        ok = add_file(lessons, full.data, error);
    }
    text_done(&full);
    names_done(&names);
    return ok;
}

struct lesson_set *lessons_read(const char *path, struct error *error)
{
    struct lesson_set *lessons = mem_zero(1, sizeof *lessons);
    struct stat status;
    bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    if (folder ? add_folder(lessons, path, error) : add_file(lessons, path, error))
        return lessons;
    lessons_free(lessons);
    return NULL;
}

struct lesson_set *lessons_load(struct error *error)
{
    const char *data = getenv("ROUNDOFF_DATA");
    struct text folder = {0};
    text_printf(&folder, "%s/lessons", data && *data ? data : ROUNDOFF_DATADIR);
    struct lesson_set *lessons = lessons_read(folder.data, error);
    text_done(&folder);
    return lessons;
}

void lessons_free(struct lesson_set *lessons)
{
    if (!lessons)
        return;
    for (size_t i = 0; i < lessons->count; i++)
        lesson_free((struct lesson *)lessons->lesson[i]); /* lent as const to all others */
    mem_free(lessons->lesson);
    mem_free(lessons);
}
