/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "model/activations.h"

/* Checks what is beside a path in the folder; NULL is nothing. */
static void check(const char *model, const char *wanted)
{
    struct text path = {0};
    assert_int_equal(activations_beside(fixture_path(model), &path), wanted != NULL);
    if (wanted)
        assert_string_equal(path.data, fixture_path(wanted));
    text_done(&path);
}

static void test_files(void **state)
{
    (void)state;
    check("llama.safetensors", NULL);
    fixture_write_text("imatrix.dat", "x");
    check("llama.safetensors", "imatrix.dat");
    fixture_write_text("imatrix.gguf", "x");
    check("llama.safetensors", "imatrix.gguf");
    fixture_write_text("llama.second-moments.safetensors", "x");
    check("llama.safetensors", "llama.second-moments.safetensors");
    check("llama.gguf", "llama.second-moments.safetensors");
    check("other.safetensors", "imatrix.gguf");
}

static void test_folder(void **state)
{
    (void)state;
    assert_int_equal(mkdir(fixture_path("folder"), 0700), 0);
    check("folder", NULL);
    fixture_write_text("folder/model.second-moments.safetensors", "x");
    check("folder", "folder/model.second-moments.safetensors");
    check("folder/model.safetensors.index.json", NULL);
    check("folder/model.gguf", "folder/model.second-moments.safetensors");
}

static void test_without_folder(void **state)
{
    (void)state;
    struct text path = {0};
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(fixture_path("")), 0);
    fixture_write_text("imatrix.gguf", "x");
    assert_true(activations_beside("any.gguf", &path));
    assert_string_equal(path.data, "imatrix.gguf");
    assert_int_equal(chdir(here), 0);
    text_done(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_folder),
        cmocka_unit_test(test_without_folder),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
