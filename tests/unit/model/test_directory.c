/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "imatrix_writer.h"
#include "model/directory.h"

static void refused(const char *path, const char *part)
{
    struct directory directory = {0};
    struct error error = {0};
    assert_false(directory_list(&directory, path, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, path));
    assert_non_null(strstr(error.text, part));
    directory_done(&directory);
}

static void make(const char *name)
{
    assert_int_equal(mkdir(fixture_path(name), 0700), 0);
}

static void test_model_files_in_natural_order(void **state)
{
    (void)state;
    make("plain");
    make("plain/c.safetensors");
    static const char *const names[] = {"m-10", "m-9", ".hidden", "m-1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "plain/%s.safetensors", names[i]);
        fixture_write(name, "", 0);
    }
    fixture_write("plain/README.md", "", 0);
    assert_int_equal(symlink("m-1.safetensors", fixture_path("plain/link.safetensors")), 0);
    struct directory directory = {0};
    struct error error = {0};
    assert_true(directory_list(&directory, fixture_path("plain"), &error));
    assert_int_equal(directory.count, 4);
    assert_string_equal(directory.paths[0], fixture_path("plain/link.safetensors"));
    assert_string_equal(directory.paths[1], fixture_path("plain/m-1.safetensors"));
    assert_string_equal(directory.paths[2], fixture_path("plain/m-9.safetensors"));
    assert_string_equal(directory.paths[3], fixture_path("plain/m-10.safetensors"));
    directory_done(&directory);
}

static void test_an_index_is_preferred(void **state)
{
    (void)state;
    make("sharded");
    fixture_write("sharded/consolidated.safetensors", "", 0);
    fixture_write("sharded/model.safetensors.index.json", "", 0);
    fixture_write("sharded/pytorch_model.bin.index.json", "", 0);
    struct directory directory = {0};
    struct error error = {0};
    assert_true(directory_list(&directory, fixture_path("sharded/"), &error));
    assert_int_equal(directory.count, 1);
    assert_string_equal(directory.paths[0], fixture_path("sharded/model.safetensors.index.json"));
    directory_done(&directory);
    fixture_write("sharded/other.safetensors.index.json", "", 0);
    refused(fixture_path("sharded"), "more than one index of a model");
}

static void lists_only(const char *folder, const char *name)
{
    struct directory directory = {0};
    struct error error = {0};
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!directory_list(&directory, fixture_path(folder), &error))
        fail_msg("%s", error.text);
    assert_int_equal(directory.count, 1);
    assert_string_equal(directory.paths[0], fixture_path(path));
    directory_done(&directory);
}

/* Names say nothing: each better file that comes replaces those before it. */
static void test_files_go_by_their_content(void **state)
{
    (void)state;
    make("content");
    fixture_write("content/config.json", "{}", 2);
    fixture_write("content/notes.gguf", "no model", 8);
    refused(fixture_path("content"), "no model files in it");
    fixture_write("content/old", "GGUF\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    lists_only("content", "old");
    fixture_write("content/pytorch_model.bin.index.json", "", 0);
    lists_only("content", "pytorch_model.bin.index.json");
    fixture_write_safetensors("content/weights", "{}", 0);
    lists_only("content", "weights");
    fixture_write_safetensors("content/weights.second-moments.safetensors", "{}", 0);
    lists_only("content", "weights");
    fixture_write("content/model.safetensors.index.json", "", 0);
    lists_only("content", "model.safetensors.index.json");
}

/* Whatever they are called, and though there are as many of them as of model files. */
static void test_importance_matrices_are_left_out(void **state)
{
    (void)state;
    static const char matrix[] = "GGUF\3\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"
                                 "\14\0\0\0\0\0\0\0general.type\10\0\0\0"
                                 "\7\0\0\0\0\0\0\0imatrix";
    struct text older = {0};
    make("beside");
    fixture_write("beside/imatrix.gguf", matrix, sizeof matrix - 1);
    imatrix_number(&older, 1);
    imatrix_entry(&older, "blk.0.attn_q.weight", 1, (const float[]){1, 2}, 2);
    fixture_write("beside/model.imatrix", older.data, older.length);
    text_done(&older);
    refused(fixture_path("beside"), "no model files in it");
    fixture_write("beside/model.gguf", "GGUF\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    lists_only("beside", "model.gguf");
}

static void test_a_broken_safetensors_file_is_listed(void **state)
{
    (void)state;
    make("broken");
    fixture_write("broken/model.safetensors", "oops", 4);
    lists_only("broken", "model.safetensors");
    fixture_refused(fixture_path("broken"), "inside the header length (byte 4)");
}

static void test_nothing_to_open(void **state)
{
    (void)state;
    make("bare");
    fixture_write("bare/config.json", "{}", 2);
    refused(fixture_path("bare"), "no model files in it");
    refused(fixture_path("nowhere"), "No such file or directory");
}

static void test_is_directory(void **state)
{
    (void)state;
    make("real");
    assert_int_equal(symlink("real", fixture_path("link")), 0);
    assert_true(directory_is(fixture_path("real")));
    assert_true(directory_is(fixture_path("link")));
    assert_false(directory_is(fixture_write("file", "", 0)));
    assert_false(directory_is(fixture_path("none")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model_files_in_natural_order),
        cmocka_unit_test(test_an_index_is_preferred),
        cmocka_unit_test(test_files_go_by_their_content),
        cmocka_unit_test(test_importance_matrices_are_left_out),
        cmocka_unit_test(test_a_broken_safetensors_file_is_listed),
        cmocka_unit_test(test_nothing_to_open),
        cmocka_unit_test(test_is_directory),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
