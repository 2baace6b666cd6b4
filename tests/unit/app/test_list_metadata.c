/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/list_metadata.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/arena.h"

/* A model of nothing but metadata. */
struct subject {
    struct model model;
    struct arena arena;
    struct options options;
    char path[64];       /* that the listing is written to */
    char printed[65536]; /* what it was */
};

static int setup(void **state)
{
    static char label[] = "hand.gguf";
    struct subject *subject = mem_zero(1, sizeof *subject);
    subject->model = (struct model){ .path = label, .label = label, .format = "gguf" };
    subject->options = (struct options){ .utf8 = true };
    strcpy(subject->path, "/tmp/roundoff-test-XXXXXX");
    close(mkstemp(subject->path));
    *state = subject;
    return 0;
}

static int teardown(void **state)
{
    struct subject *subject = *state;
    unlink(subject->path);
    mem_free(subject->model.metadata.entries);
    arena_done(&subject->arena);
    mem_free(subject);
    return 0;
}

static void add(struct subject *subject, const char *source, const char *key, const char *value)
{
    metadata_add(&subject->model.metadata, &subject->arena, source, "string", key, strlen(key),
                 value, strlen(value));
}

static const char *list(struct subject *subject)
{
    struct output output;
    struct error error = { 0 };
    subject->options.output = subject->path;
    assert_true(output_open(&output, subject->path, &error));
    list_metadata(&subject->options, &subject->model, &output);
    assert_true(output_close(&output, true, &error));
    FILE *file = fopen(subject->path, "r");
    assert_non_null(file);
    size_t length = fread(subject->printed, 1, sizeof subject->printed - 1, file);
    subject->printed[length] = '\0';
    fclose(file);
    return subject->printed;
}

static void test_nothing(void **state)
{
    struct subject *subject = *state;
    assert_string_equal(list(subject), "no metadata\n");
    subject->options.form = FORM_TSV;
    assert_string_equal(list(subject), "source\tkey\ttype\tvalue\n");
}

static void test_entries_are_aligned(void **state)
{
    struct subject *subject = *state;
    add(subject, "hand.gguf", "general.name", "Tiny");
    add(subject, "hand.gguf", "caf\xc3\xa9", "");
    subject->model.metadata.dropped = 2;
    assert_string_equal(list(subject), "key           type    value\n"
                                       "general.name  string  Tiny\n"
                                       "caf\xc3\xa9          string\n"
                                       "2 entries, 2 more were dropped\n");
    subject->options.no_header = true;
    assert_memory_equal(list(subject), "general.name  string  Tiny\n", 27);
}

static void test_several_files_are_told_apart(void **state)
{
    struct subject *subject = *state;
    add(subject, "a.gguf", "name", "A");
    add(subject, "config.json", "name", "B");
    assert_string_equal(list(subject), "source       key   type    value\n"
                                       "a.gguf       name  string  A\n"
                                       "config.json  name  string  B\n"
                                       "2 entries\n");
}

/* Lines of people's text keep to 100 columns, whole characters, with something of each value; but
 * programs get everything. */
static void test_long_ones_are_cut_for_people(void **state)
{
    struct subject *subject = *state;
    char key[256], value[1200];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    for (int i = 0; i < 399; i++)
        memcpy(value + 3 * i, "\xe4\xbd\xa0", 3);
    value[3 * 399] = '\0';
    add(subject, "hand.gguf", key, value);
    add(subject, "hand.gguf", "short", value);
    for (int utf8 = 0; utf8 < 2; utf8++) {
        subject->options.utf8 = utf8;
        char *copy = strdup(list(subject)), *line = strtok(copy, "\n");
        for (int i = 0; line && i < 3; line = strtok(NULL, "\n"), i++)
            assert_in_range(utf8_width(line, strlen(line)), 20, 100);
        free(copy);
        assert_non_null(strstr(subject->printed, utf8 ? "\xe4\xbd\xa0…\n" : "??...\n"));
    }
    subject->options.form = FORM_TSV;
    list(subject);
    assert_non_null(strstr(subject->printed, key));
    assert_non_null(strstr(subject->printed, value));
    subject->options.form = FORM_JSON;
    list(subject);
    assert_non_null(strstr(subject->printed, "\"dropped\": 0"));
    assert_non_null(strstr(subject->printed, value));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing),
        TEST(test_entries_are_aligned),
        TEST(test_several_files_are_told_apart),
        TEST(test_long_ones_are_cut_for_people),
    };
    return cmocka_run_group_tests_name("app/list_metadata", tests, NULL, NULL);
}
