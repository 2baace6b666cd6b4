/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/mapping.h"

static char folder[] = "/tmp/roundoff-test-XXXXXX";
static struct sigaction guard;

static void nothing(void *argument)
{
    (void)argument;
}

int fixture_setup(void **state)
{
    (void)state;
    mapping_guard(nothing, NULL);
    sigaction(SIGBUS, NULL, &guard);
    return mkdtemp(folder) ? 0 : -1;
}

void fixture_restore_guard(void)
{
    sigaction(SIGBUS, &guard, NULL);
}

static void remove_all(const char *path)
{
    DIR *stream = opendir(path);
    for (const struct dirent *entry; stream && (entry = readdir(stream)) != NULL;) {
        char inner[1024];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (unlink(inner) != 0)
            remove_all(inner);
    }
    if (stream)
        closedir(stream);
    rmdir(path);
}

int fixture_teardown(void **state)
{
    (void)state;
    remove_all(folder);
    return 0;
}

const char *fixture_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *fixture_write(const char *name, const void *bytes, size_t length)
{
    const char *path = fixture_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *fixture_write_text(const char *name, const char *text)
{
    return fixture_write(name, text, strlen(text));
}

const char *fixture_write_safetensors(const char *name, const char *header, size_t n)
{
    size_t length = strlen(header);
    unsigned char *bytes = malloc(8 + length + n);
    assert_non_null(bytes);
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)length >> 8 * i);
    memcpy(bytes + 8, header, length);
    for (size_t i = 0; i < n; i++)
        bytes[8 + length + i] = (unsigned char)i;
    const char *path = fixture_write(name, bytes, 8 + length + n);
    free(bytes);
    return path;
}

struct model *fixture_open(const char *path, struct error *error)
{
    return model_open(&path, 1, NULL, error);
}

void fixture_refused(const char *path, const char *part)
{
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    if (model)
        fail_msg("%s was accepted, but should fail with \"%s\"", path, part);
    assert_int_equal(error.code, ERROR_FILE);
    if (!strstr(error.text, part))
        fail_msg("\"%s\" has no \"%s\"", error.text, part);
}
