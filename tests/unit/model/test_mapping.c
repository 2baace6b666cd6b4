/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/mapping.h"

static void test_bytes_are_mapped(void **state)
{
    (void)state;
    const char *path = fixture_write("plain", "abc\0d", 5);
    struct error error = {0};
    struct mapping *mapping = mapping_open(path, &error);
    assert_non_null(mapping);
    assert_string_equal(mapping->path, path);
    assert_string_equal(mapping->label, path);
    assert_int_equal(mapping->size, 5);
    assert_memory_equal(mapping->data, "abc\0d", 5);
    char bytes[3] = "";
    assert_true(mapping_read(mapping, 2, 3, bytes, &error));
    assert_memory_equal(bytes, "c\0d", 3);
    assert_true(mapping_read(mapping, 5, 0, NULL, &error));
    mapping_free(mapping);
    mapping_free(NULL);
}

static void test_an_empty_file_is_mapped(void **state)
{
    (void)state;
    struct error error = {0};
    struct mapping *mapping = mapping_open(fixture_write("empty", "", 0), &error);
    assert_non_null(mapping);
    assert_null(mapping->data);
    assert_int_equal(mapping->size, 0);
    mapping_free(mapping);
}

static void refused(const char *path, const char *text)
{
    struct error error = {0};
    assert_null(mapping_open(path, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, text);
}

static void refused_in_folder(const char *name, const char *fault)
{
    char text[1024];
    snprintf(text, sizeof text, "%s: %s", fixture_path(name), fault);
    refused(fixture_path(name), text);
}

static void test_only_regular_files(void **state)
{
    (void)state;
    refused_in_folder(".", "is a directory");
    refused_in_folder("nothing", "No such file or directory");
    refused("/dev/null", "/dev/null: is not a regular file");
    refused("", ": No such file or directory");
}

/* Must not wait for a writer: the alarm would kill the test. */
static void test_a_fifo_does_not_block(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(fixture_path("fifo"), 0600), 0);
    alarm(5);
    refused_in_folder("fifo", "is not a regular file");
    alarm(0);
}

static void test_labels_are_printable(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(mapping_open("/no\x1b[2Jwhere", &error));
    assert_string_equal(error.text, "/no\\u{1B}[2Jwhere: No such file or directory");
}

enum { PAGES = 4 };

/* A file of four pages that has lost the last three since it was mapped. */
static struct mapping *truncated(const char *name)
{
    fixture_restore_guard();
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *bytes = calloc(PAGES, page);
    memset(bytes, 'x', PAGES * page);
    const char *path = fixture_write(name, bytes, PAGES * page);
    free(bytes);
    struct error error = {0};
    struct mapping *mapping = mapping_open(path, &error);
    assert_non_null(mapping);
    assert_int_equal(truncate(path, (off_t)page), 0);
    return mapping;
}

static void test_truncation_is_an_error(void **state)
{
    (void)state;
    struct mapping *mapping = truncated("short");
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct error error = {0};
    char byte = 0, text[1024];
    snprintf(text, sizeof text, "%s: was truncated while open, at byte %zu", mapping->label, page);
    for (int i = 0; i < 100; i++) { /* SIGBUS must not stay blocked after the first */
        error = (struct error){0};
        assert_true(mapping_read(mapping, 0, 1, &byte, &error));
        assert_int_equal(byte, 'x');
        assert_false(mapping_read(mapping, page, 1, &byte, &error));
        assert_int_equal(error.code, ERROR_FILE);
        assert_string_equal(error.text, text);
    }
    mapping_free(mapping);
}

struct reading {
    const struct mapping *mapping;
    uint64_t offset;
    bool expected;
    int wrong;
};

static void *read_often(void *argument)
{
    struct reading *reading = argument;
    for (int i = 0; i < 2000; i++) {
        char byte;
        struct error error;
        if (mapping_read(reading->mapping, reading->offset, 1, &byte, &error) != reading->expected)
            reading->wrong++;
    }
    return NULL;
}

/* One thread's fault must not end the read of another. */
static void test_threads_have_guards_of_their_own(void **state)
{
    (void)state;
    struct mapping *mapping = truncated("shared");
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    struct reading readings[4] = {
        {mapping, 0, true, 0}, {mapping, page, false, 0}, {mapping, 1, true, 0},
        {mapping, 2 * page, false, 0}};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &readings[i]), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(readings[i].wrong, 0);
    }
    mapping_free(mapping);
}

/* The signal that ends a child which runs body. */
static int fatal_signal(void (*body)(void *argument), void *argument)
{
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        body(argument);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void touch(void *argument)
{
    const struct mapping *mapping = argument;
    volatile unsigned char byte = mapping->data[mapping->size - 1];
    (void)byte;
}

static void raise_bus_error(void *argument)
{
    (void)argument;
    raise(SIGBUS);
}

static void raise_in_guard(void *argument)
{
    mapping_guard(raise_bus_error, argument);
}

static void test_other_bus_errors_stay_fatal(void **state)
{
    (void)state;
    struct mapping *mapping = truncated("unguarded");
    assert_true(mapping_guard(touch, &(struct mapping){.data = (const unsigned char *)"x",
                                                       .size = 1}));
    assert_false(mapping_guard(touch, mapping));
    assert_int_equal(fatal_signal(touch, mapping), SIGBUS);
    assert_int_equal(fatal_signal(raise_in_guard, NULL), SIGBUS);
    mapping_free(mapping);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_mapped),
        cmocka_unit_test(test_an_empty_file_is_mapped),
        cmocka_unit_test(test_only_regular_files),
        cmocka_unit_test(test_a_fifo_does_not_block),
        cmocka_unit_test(test_labels_are_printable),
        cmocka_unit_test(test_truncation_is_an_error),
        cmocka_unit_test(test_threads_have_guards_of_their_own),
        cmocka_unit_test(test_other_bus_errors_stay_fatal),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
