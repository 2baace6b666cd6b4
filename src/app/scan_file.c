/* SPDX-License-Identifier: MIT */
#include "app/scan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

#define CHUNK 65536

static bool fail(const char *path, enum error_code code, const char *what, struct error *error)
{
    struct text name = {0};
    if (path)
        utf8_escape(&name, path, strlen(path));
    else
        text_puts(&name, "standard output");
    error_set(error, code, "%.500s: %s", name.data ? name.data : "", what);
    text_done(&name);
    return false;
}

/* Opens a regular file; a pipe would make us wait. */
static gzFile open_to_read(const char *path, struct error *error)
{
    struct stat status;
    gzFile file = NULL;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        fail(path, ERROR_FILE, strerror(errno), error);
    else if (!S_ISREG(status.st_mode))
        fail(path, ERROR_FILE, "is not a regular file", error);
    else if ((file = gzdopen(descriptor, "rb")) == NULL)
        fail(path, ERROR_FILE, strerror(errno), error);
    if (!file && descriptor >= 0)
        close(descriptor);
    return file;
}

/* A stream that was cut is no error: it is what a killed scan leaves. */
static bool feed(struct scan_reader *reader, gzFile file, struct error *error)
{
    char *chunk = mem_alloc(CHUNK, 1);
    int length, status;
    bool good = true;
    while (good && (length = gzread(file, chunk, CHUNK)) > 0)
        good = scan_reader_feed(reader, chunk, (size_t)length, error);
    const char *reason = gzerror(file, &status);
    if (good && status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        good = error_set(error, ERROR_FILE, "%s", status == Z_ERRNO ? strerror(errno) : reason);
    mem_free(chunk);
    return good;
}

struct scan *scan_file_read(const char *path, struct error *error)
{
    gzFile file = open_to_read(path, error);
    if (!file)
        return NULL;
    struct error inner = {ERROR_NONE, ""}, later;
    struct scan_reader *reader = scan_reader_new();
    bool good = feed(reader, file, &inner);
    struct scan *scan = scan_reader_end(reader, good ? &inner : &later);
    gzclose(file);
    if (good && scan)
        return scan;
    scan_free(scan);
    fail(path, inner.code, inner.text, error);
    return NULL;
}

static void put(struct scan_writer *writer)
{
    const char *bytes = writer->buffer.data;
    size_t length = writer->buffer.length;
    errno = 0;
    if (writer->failure) {
        /* Nothing more: the file is to end with what is whole. */
    } else if (writer->packed) {
        if (gzwrite(writer->packed, bytes, (unsigned)length) != (int)length ||
            gzflush(writer->packed, Z_SYNC_FLUSH) != Z_OK)
            writer->failure = errno ? errno : EIO;
    } else {
        for (ssize_t done; length > 0 && !writer->failure; bytes += done, length -= (size_t)done)
            if ((done = write(writer->descriptor, bytes, length)) < 0) {
                writer->failure = errno == EINTR ? 0 : errno;
                done = 0;
            }
    }
    text_clear(&writer->buffer);
}

static void put_head(struct scan_writer *writer, const struct scan *scan)
{
    scan_write_head(&writer->buffer, scan);
    put(writer);
    for (size_t i = 0; i < scan->model->count; i++)
        if (scan->records[i])
            scan_writer_add(writer, scan, i);
}

/* The permissions that open would give a new file. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool ends_with_gz(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".gz") == 0;
}

/* The file under a name that lasts until it has what the old one had. */
static void open_beside(struct scan_writer *writer, const struct scan *scan, const char *path,
                        mode_t mode)
{
    struct text name = {0};
    text_printf(&name, "%s.XXXXXX", path);
    writer->descriptor = mkstemp(name.data);
    bool made = writer->descriptor >= 0;
    if (made && ends_with_gz(path) && !(writer->packed = gzdopen(dup(writer->descriptor), "wb")))
        writer->failure = ENOMEM;
    if (made)
        put_head(writer, scan);
    if (!made ||
        (!writer->failure && (fchmod(writer->descriptor, mode) != 0 ||
                              fsync(writer->descriptor) != 0 || rename(name.data, path) != 0)))
        writer->failure = errno;
    if (made && writer->failure)
        unlink(name.data);
    text_done(&name);
}

bool scan_writer_open(struct scan_writer *writer, const struct scan *scan, const char *path,
                      struct error *error)
{
    struct stat status;
    *writer = (struct scan_writer){.path = path, .descriptor = -1, .first = true};
    bool there = path && stat(path, &status) == 0;
    bool in_place = there && !S_ISREG(status.st_mode);
    if (!path || in_place) {
        writer->descriptor = path ? open(path, O_WRONLY | O_CLOEXEC) : dup(STDOUT_FILENO);
        if (writer->descriptor < 0)
            writer->failure = errno;
        else
            put_head(writer, scan);
    } else {
        /* Through symbolic links, or the rename would replace the link. */
        char *target = there ? realpath(path, NULL) : NULL;
        open_beside(writer, scan, target ? target : path,
                    there ? status.st_mode & 0777 : usual_mode());
        free(target);
    }
    if (!writer->failure)
        return true;
    scan_writer_close(writer, error);
    return false;
}

bool scan_writer_add(struct scan_writer *writer, const struct scan *scan, size_t tensor)
{
    scan_write_record(&writer->buffer, scan, tensor, writer->first);
    writer->first = false;
    put(writer);
    return !writer->failure;
}

void scan_writer_end(struct scan_writer *writer, bool complete)
{
    scan_write_end(&writer->buffer, complete);
    put(writer);
}

bool scan_writer_close(struct scan_writer *writer, struct error *error)
{
    if (writer->packed && gzclose(writer->packed) != Z_OK && !writer->failure)
        writer->failure = errno ? errno : EIO;
    if (writer->descriptor >= 0 && close(writer->descriptor) != 0 && !writer->failure)
        writer->failure = errno;
    text_done(&writer->buffer);
    return !writer->failure || writer->failure == EPIPE ||
           fail(writer->path, ERROR_SYSTEM, strerror(writer->failure), error);
}
