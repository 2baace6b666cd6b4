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

#include "base/mem.h"
#include "base/text.h"
#include "fixture.h"
#include "model/config.h"

/* What a text gives, one line an entry: "KEY TYPE VALUE\n". */
static struct text flattened(const char *json, size_t length)
{
    struct metadata metadata = {0};
    struct arena arena = {0};
    struct text lines = {0};
    text_puts(&lines, "");
    config_flatten(&metadata, &arena, json, length);
    for (size_t i = 0; i < metadata.count; i++) {
        const struct metadata_entry *entry = &metadata.entries[i];
        assert_string_equal(entry->source, "config.json");
        text_printf(&lines, "%s %s %s\n", entry->key, entry->type, entry->value);
    }
    mem_free(metadata.entries);
    arena_done(&arena);
    return lines;
}

static void gives(const char *json, const char *expected)
{
    struct text lines = flattened(json, strlen(json));
    assert_string_equal(lines.data ? lines.data : "", expected);
    text_done(&lines);
}

static void test_values(void **state)
{
    (void)state;
    gives("{}", "");
    gives("{\"a\":\"x y\",\"b\":-1.50e3,\"c\":true,\"d\":false,\"e\":null}",
          "a string x y\nb number -1.50e3\nc boolean true\nd boolean false\ne null null\n");
    gives("{\"a\":{\"b\":{\"c\":1},\"d\":2},\"e\":3}",
          "a.b.c number 1\na.d number 2\ne number 3\n");
    gives("{\"a\":[\"x\",{\"b\":1},[2,3]],\"c\":4}",
          "a.0 string x\na.1.b number 1\na.2.0 number 2\na.2.1 number 3\nc number 4\n");
    gives("{\"a\":{},\"b\":[],\"c\":1}", "c number 1\n");
    gives("{\"a\\u001b\":\"b\\n\"}", "a\\u{1B} string b\\n\n");
    gives("{\"number\":18446744073709551617}", "number number 18446744073709551617\n");
}

static void test_long_arrays_are_cut(void **state)
{
    (void)state;
    struct text json = {0}, expected = {0};
    text_puts(&json, "{\"a\":[");
    for (int i = 0; i < 20; i++) {
        text_printf(&json, "{\"b\":[%d]},", i);
        if (i < METADATA_ARRAY_SHOWN)
            text_printf(&expected, "a.%d.b.0 number %d\n", i, i);
    }
    text_puts(&json, "1],\"c\":2}");
    text_puts(&expected, "a array … (5 more elements)\nc number 2\n");
    gives(json.data, expected.data);
    text_done(&json);
    text_done(&expected);
}

static void test_broken_texts_are_one_entry(void **state)
{
    (void)state;
    gives("", "not read string is not valid JSON: parse error: premature EOF (byte 0)\n");
    gives("[1]", "not read string is not a JSON object\n");
    gives("1", "not read string is not a JSON object\n");
    gives("null", "not read string is not a JSON object\n");
    gives("{\"a\":1,\"b\":2,}",
          "not read string is not valid JSON: parse error: invalid object key "
          "(must be a string) (byte 14)\n");
    gives("{\"a\":\"\xff\"}", "not read string is not valid JSON: lexical error: invalid bytes in "
                              "UTF8 string. (byte 7)\n");
    gives("{}{}", "not read string is not valid JSON: parse error: trailing garbage (byte 3)\n");
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    for (int depth = 64; depth <= 65; depth++) {
        struct text json = {0};
        text_puts(&json, "{\"a\":");
        for (int i = 1; i < depth; i++)
            text_puts(&json, "[");
        for (int i = 1; i < depth; i++)
            text_puts(&json, "]");
        text_puts(&json, "}");
        gives(json.data, depth == 64 ? "" : "not read string is nested more than 64 deep\n");
        text_done(&json);
    }
}

static struct model *opened(const char *name)
{
    struct error error = {0};
    struct model *model = fixture_open(fixture_path(name), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static void has_only(struct model *model, const char *key, const char *part)
{
    assert_int_equal(model->metadata.count, 1);
    const struct metadata_entry *entry = &model->metadata.entries[0];
    assert_string_equal(entry->source, "config.json");
    assert_string_equal(entry->key, key);
    assert_non_null(strstr(entry->value, part));
    model_free(model);
}

static void test_it_lies_beside_the_first_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(fixture_path("model"), 0700), 0);
    fixture_write_safetensors("model/a.safetensors", "{}", 0);
    struct model *model = opened("model");
    assert_int_equal(model->metadata.count, 0);
    model_free(model);
    fixture_write_text("model/config.json", "{\"model_type\":\"gpt2\"}");
    has_only(opened("model"), "model_type", "gpt2");
    has_only(opened("model/a.safetensors"), "model_type", "gpt2");
    assert_int_equal(chdir(fixture_path("model")), 0);
    const char *path = "a.safetensors";
    has_only(model_open(&path, 1, NULL, NULL), "model_type", "gpt2");
    assert_int_equal(chdir("/"), 0);
}

static void test_no_config_keeps_a_model_from_opening(void **state)
{
    (void)state;
    assert_int_equal(mkdir(fixture_path("odd"), 0700), 0);
    fixture_write_safetensors("odd/a.safetensors", "{}", 0);
    fixture_write_text("odd/config.json", "");
    has_only(opened("odd"), "not read", "is not valid JSON");
    assert_int_equal(truncate(fixture_path("odd/config.json"), (16 << 20) + 1), 0);
    has_only(opened("odd"), "not read", "is larger than 16 MiB");
    assert_int_equal(unlink(fixture_path("odd/config.json")), 0);
    assert_int_equal(mkdir(fixture_path("odd/config.json"), 0700), 0);
    has_only(opened("odd/a.safetensors"), "not read", "is a directory");
    assert_int_equal(rmdir(fixture_path("odd/config.json")), 0);
    assert_int_equal(mkfifo(fixture_path("odd/config.json"), 0600), 0);
    has_only(opened("odd/a.safetensors"), "not read", "is not a regular file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_long_arrays_are_cut),
        cmocka_unit_test(test_broken_texts_are_one_entry),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_it_lies_beside_the_first_file),
        cmocka_unit_test(test_no_config_keeps_a_model_from_opening),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
