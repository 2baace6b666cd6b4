/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/lessons.h"
#include "base/mem.h"

#define GOOD "title: T\nsummary: S\n=== 1\na\n"

/* The test's own folder, and the files made in it. */
struct folder {
    char path[64];
    char *made[16];
    size_t count;
};

static int set_up(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    strcpy(folder->path, "/tmp/roundoff-lessons-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct folder *folder = *state;
    for (size_t i = folder->count; i-- > 0;) {
        remove(folder->made[i]);
        mem_free(folder->made[i]);
    }
    remove(folder->path);
    free(folder);
    return 0;
}

static const char *path_of(struct folder *folder, const char *name)
{
    struct text path = { 0 };
    text_printf(&path, "%s/%s", folder->path, name);
    assert_true(folder->count < sizeof folder->made / sizeof folder->made[0]);
    return folder->made[folder->count++] = path.data;
}

static const char *write_file(struct folder *folder, const char *name, const char *bytes)
{
    const char *path = path_of(folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(bytes, file);
    fclose(file);
    return path;
}

static void assert_fails(const char *path, const char *message)
{
    struct error error = { ERROR_NONE, "" };
    assert_null(lessons_read(path, &error));
    assert_int_equal(error.code, ERROR_FILE);
    if (strncmp(error.text, path, strlen(path)) != 0 || !strstr(error.text, message))
        fail_msg("\"%s\" is not \"%s ... %s\"", error.text, path, message);
}

static void test_folder(void **state)
{
    struct folder *folder = *state;
    write_file(folder, "10-b.lesson", GOOD);
    write_file(folder, "9-a.lesson", GOOD);
    write_file(folder, ".hidden.lesson", "bad");
    write_file(folder, "notes.txt", "bad");
    write_file(folder, "x.lesson~", "bad");
    struct error error;
    struct lesson_set *lessons = lessons_read(folder->path, &error);
    assert_non_null(lessons);
    assert_int_equal(lessons->count, 2);
    assert_string_equal(lessons->lesson[0]->name, "9-a");
    assert_string_equal(lessons->lesson[1]->name, "10-b");
    lessons_free(lessons);
    lessons_free(NULL);
}

static void test_file(void **state)
{
    struct folder *folder = *state;
    struct error error;
    struct lesson_set *lessons = lessons_read(write_file(folder, "any name", GOOD), &error);
    assert_non_null(lessons);
    assert_int_equal(lessons->count, 1);
    assert_string_equal(lessons->lesson[0]->name, "any name");
    lessons_free(lessons);
}

/* Nothing waits for a pipe, and nothing is read for ever. */
static void test_bad(void **state)
{
    struct folder *folder = *state;
    assert_fails(folder->path, "no lessons");
    assert_fails("/tmp/roundoff-there-is-no-such-file", "No such file");
    assert_fails("/dev/zero", "no regular file");
    const char *pipe = path_of(folder, "pipe.lesson");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_fails(pipe, "no regular file");
    assert_fails(write_file(folder, "empty.lesson", ""), ":1: ");
    assert_fails(write_file(folder, "bad.lesson", GOOD "set x 1\n"), ":5: ");
}

/* One that is wrong fails all, so that its author hears of it. */
static void test_one_bad(void **state)
{
    struct folder *folder = *state;
    write_file(folder, "1.lesson", GOOD);
    write_file(folder, "2.lesson", "title: T\n");
    struct error error;
    assert_null(lessons_read(folder->path, &error));
    assert_non_null(strstr(error.text, "/2.lesson:1: "));
}

static void test_too_long(void **state)
{
    struct folder *folder = *state;
    char *bytes = malloc(LESSON_BYTES_MOST + 2);
    memset(bytes, '\n', LESSON_BYTES_MOST + 1);
    memcpy(bytes, GOOD, strlen(GOOD));
    bytes[LESSON_BYTES_MOST + 1] = '\0';
    assert_fails(write_file(folder, "long.lesson", bytes), "bytes");
    bytes[LESSON_BYTES_MOST] = '\0';
    struct error error;
    struct lesson_set *lessons = lessons_read(write_file(folder, "most.lesson", bytes), &error);
    assert_non_null(lessons);
    lessons_free(lessons);
    free(bytes);
}

static void test_place(void **state)
{
    struct folder *folder = *state;
    const char *lessons_path = path_of(folder, "lessons");
    assert_int_equal(mkdir(lessons_path, 0700), 0);
    write_file(folder, "lessons/1.lesson", GOOD);
    const char *before = getenv("ROUNDOFF_DATA");
    char *kept = before ? strdup(before) : NULL;
    struct error error;
    setenv("ROUNDOFF_DATA", folder->path, 1);
    struct lesson_set *lessons = lessons_load(&error);
    if (kept)
        setenv("ROUNDOFF_DATA", kept, 1);
    else
        unsetenv("ROUNDOFF_DATA");
    free(kept);
    assert_non_null(lessons);
    assert_int_equal(lessons->count, 1);
    lessons_free(lessons);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_folder),  TEST(test_file),     TEST(test_bad),
        TEST(test_one_bad), TEST(test_too_long), TEST(test_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
