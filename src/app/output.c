/* SPDX-License-Identifier: MIT */
#include "app/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

static bool fail(const char *path, int number, struct error *error)
{
    struct text name = {0};
    if (path)
        utf8_escape(&name, path, strlen(path));
    else
        text_puts(&name, "standard output");
    error_set(error, ERROR_SYSTEM, "%.500s: %s", name.data, strerror(number));
    text_done(&name);
    return false;
}

/* The permissions that open would give a new file. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A temporary file in the folder of output->path, which the later rename needs. */
static bool open_temporary(struct output *output, mode_t mode)
{
    struct text name = {0};
    text_printf(&name, "%s.XXXXXX", output->path);
    int descriptor = mkstemp(name.data);
    if (descriptor < 0 || fchmod(descriptor, mode) != 0 ||
        !(output->file = fdopen(descriptor, "w"))) {
        int number = errno;
        if (descriptor >= 0) {
            unlink(name.data);
            close(descriptor);
        }
        errno = number;
    } else {
        output->temporary = mem_string(name.data, name.length);
    }
    text_done(&name);
    return output->file;
}

bool output_open(struct output *output, const char *path, struct error *error)
{
    *output = (struct output){.file = path ? NULL : stdout};
    if (!path)
        return true;
    struct stat status;
    bool there = stat(path, &status) == 0;
    /* Through symbolic links, or the rename would replace the link. */
    char *target = there ? realpath(path, NULL) : NULL;
    output->path = mem_string(target ? target : path, strlen(target ? target : path));
    free(target);
    if (there && !S_ISREG(status.st_mode))
        output->file = fopen(output->path, "w");
    else
        open_temporary(output, there ? status.st_mode & 0777 : usual_mode());
    if (output->file)
        return true;
    fail(path, errno, error);
    mem_free(output->path);
    return false;
}

void output_write(struct output *output, const char *bytes, size_t length)
{
    if (!output->failure && fwrite(bytes, 1, length, output->file) < length)
        output->failure = errno;
}

bool output_broken(const struct output *output)
{
    return output->failure != 0;
}

bool output_close(struct output *output, bool keep, struct error *error)
{
    if (fflush(output->file) != 0 && !output->failure)
        output->failure = errno;
    /* Some file systems tell only here that there was no room. */
    if (fclose(output->file) != 0 && !output->failure)
        output->failure = errno;
    bool ok = keep && (!output->failure || output->failure == EPIPE);
    if (output->temporary && ok && rename(output->temporary, output->path) != 0) {
        output->failure = errno;
        ok = false;
    }
    if (output->temporary && !ok)
        unlink(output->temporary);
    if (keep && !ok)
        fail(output->path, output->failure, error);
    mem_free(output->temporary);
    mem_free(output->path);
    return ok;
}

bool output_is_terminal(const char *path)
{
    return !path && isatty(STDOUT_FILENO);
}

int output_columns(const char *path)
{
    if (!output_is_terminal(path))
        return 0;
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int width = columns ? atoi(columns) : 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    return width > 0 ? width : 0;
}

bool output_all(const char *path, const struct text *text, struct error *error)
{
    struct output output;
    if (!output_open(&output, path, error))
        return false;
    output_write(&output, text->data, text->length);
    return output_close(&output, true, error);
}

void output_fold(struct text *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t point;
        size_t size = utf8_decode(bytes + i, length - i, &point);
        if (size == 1) {
            text_add(out, bytes + i, 1);
        } else {
            int columns = size ? utf8_columns(point) : 1;
            text_puts(out, columns == 1 ? "?" : columns == 2 ? "??" : "");
        }
        i += size ? size : 1;
    }
}
