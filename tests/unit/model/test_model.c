/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/model.h"

#define ONE(NAME) "{\"" NAME "\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}"

static void test_several_files_are_one_model(void **state)
{
    (void)state;
    const char *paths[] = {fixture_write_safetensors("x.safetensors", ONE("a"), 2),
                           fixture_write_safetensors("y.safetensors", ONE("b"), 2)};
    struct error error = {0};
    struct model *model = model_open(paths, 2, NULL, &error);
    assert_non_null(model);
    assert_string_equal(model->path, paths[0]);
    assert_string_equal(model->label, "x.safetensors");
    assert_int_equal(model->count, 2);
    assert_int_equal(model->elements, 4);
    assert_int_equal(model->bytes, 4);
    assert_string_equal(model->tensors[0].content->path, paths[0]);
    assert_string_equal(model->tensors[1].content->path, paths[1]);
    model_free(model);
}

static void test_twins_name_both_files(void **state)
{
    (void)state;
    const char *paths[] = {fixture_write_safetensors("x.safetensors", ONE("a"), 2),
                           fixture_write_safetensors("y.safetensors", ONE("a"), 2)};
    struct error error = {0};
    assert_null(model_open(paths, 2, NULL, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, "tensor \"a\" is also in "));
    assert_non_null(strstr(error.text, paths[0]));
    assert_non_null(strstr(error.text, paths[1]));
}

static void test_a_directory_is_a_model(void **state)
{
    (void)state;
    assert_int_equal(mkdir(fixture_path("dir"), 0700), 0);
    fixture_refused(fixture_path("dir"), "no model files in it");
    fixture_write_safetensors("dir/2.safetensors", ONE("b"), 2);
    fixture_write_safetensors("dir/10.safetensors", ONE("a"), 2);
    struct error error = {0};
    struct model *model = fixture_open(fixture_path("dir/"), &error);
    assert_non_null(model);
    assert_string_equal(model->label, "dir");
    assert_int_equal(model->count, 2);
    assert_string_equal(model->tensors[0].label, "b");
    model_free(model);
    fixture_write_text("dir/model.safetensors.index.json",
                       "{\"weight_map\":{\"a\":\"10.safetensors\"}}");
    model = fixture_open(fixture_path("dir"), &error);
    assert_non_null(model);
    assert_int_equal(model->count, 1);
    model_free(model);
}

static void test_nothing_is_no_model(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(model_open(NULL, 0, NULL, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    fixture_refused(fixture_path("none"), "No such file or directory");
    fixture_refused("", "No such file or directory");
    model_free(NULL);
}

/* A model of empty tensors with these names; ends with NULL. */
static struct model *named(const char *const names[])
{
    char header[4096] = "{";
    for (size_t i = 0; names[i]; i++) {
        size_t length = strlen(header);
        snprintf(header + length, sizeof header - length,
                 "%s\"%s\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", i ? "," : "",
                 names[i]);
    }
    strcat(header, "}");
    struct error error = {0};
    struct model *model = fixture_open(fixture_write_safetensors("named", header, 0), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static const char *const llama[] = {
    "model.layers.1.mlp.down_proj.weight", "model.layers.11.mlp.down_proj.weight",
    "model.layers.1.mlp.up_proj.weight",   "model.layers.1.norm.weight",
    "model.layers.1.norm.bias",            "lm_head.weight",
    "norm",                                "model.layers.12.mlp.down_proj.weight",
    "model.layers.2.mlp.down_proj.weight", "model.layers.3.mlp.down_proj.weight",
    "bad\\u001bname.weight",               NULL,
};

static void finds(const struct model *model, const char *query, const char *label)
{
    struct error error = {0};
    const struct tensor *tensor = model_find(model, query, &error);
    if (!tensor)
        fail_msg("%s: %s", query, error.text);
    assert_string_equal(tensor->label, label);
}

static void misses(const struct model *model, const char *query, const char *text)
{
    struct error error = {0};
    assert_null(model_find(model, query, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.text, text);
}

static void test_find(void **state)
{
    (void)state;
    struct model *model = named(llama);
    finds(model, "lm_head.weight", "lm_head.weight");
    finds(model, "lm_head", "lm_head.weight");
    finds(model, "norm", "norm"); /* exact before suffix */
    finds(model, "norm.bias", "model.layers.1.norm.bias");
    finds(model, "1.norm", "model.layers.1.norm.weight");
    finds(model, "1.mlp.down_proj", "model.layers.1.mlp.down_proj.weight");
    finds(model, "11.mlp.down_proj.weight", "model.layers.11.mlp.down_proj.weight");
    finds(model, "bad\\u{1B}name", "bad\\u{1B}name.weight");
    model_free(model);
}

static void test_find_says_what_is_close(void **state)
{
    (void)state;
    struct model *model = named(llama);
    misses(model, "1.mlp.dwon_proj",
           "no tensor \"1.mlp.dwon_proj\"; did you mean \"model.layers.1.mlp.down_proj.weight\"?");
    misses(model, "lm_heed.weight",
           "no tensor \"lm_heed.weight\"; did you mean \"lm_head.weight\"?");
    misses(model, "up_pro",
           "no tensor \"up_pro\"; did you mean \"model.layers.1.mlp.up_proj.weight\"?");
    misses(model, "something else", "no tensor \"something else\"");
    misses(model, "", "no tensor \"\"");
    misses(model, "\x1b[2J", "no tensor \"\\u{1B}[2J\"");
    model_free(model);
}

static void test_find_lists_what_matches(void **state)
{
    (void)state;
    struct model *model = named(llama);
    misses(model, "down_proj",
           "\"down_proj\" matches 5 tensors: \"model.layers.1.mlp.down_proj.weight\", "
           "\"model.layers.11.mlp.down_proj.weight\", \"model.layers.12.mlp.down_proj.weight\", "
           "\"model.layers.2.mlp.down_proj.weight\", …");
    model_free(model);
}

static void test_find_survives_long_names(void **state)
{
    (void)state;
    char name[1500];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    const char *const names[] = {name, NULL};
    struct model *model = named(names);
    finds(model, name, name);
    struct error error = {0};
    name[700] = 'y';
    assert_null(model_find(model, name, &error));
    assert_true(strlen(error.text) < 200);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_several_files_are_one_model),
        cmocka_unit_test(test_twins_name_both_files),
        cmocka_unit_test(test_a_directory_is_a_model),
        cmocka_unit_test(test_nothing_is_no_model),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_find_says_what_is_close),
        cmocka_unit_test(test_find_lists_what_matches),
        cmocka_unit_test(test_find_survives_long_names),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
