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

#include "fixture.h"
#include "model/model.h"
#include "model/shards.h"

#define ONE(NAME) "{\"" NAME "\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}"
#define INDEX "model.safetensors.index.json"

/* Shards s-1 with tensor a, s-2 with b, s-10 with c. */
static void write_shards(void)
{
    fixture_write_safetensors("s-1.safetensors", ONE("a"), 2);
    fixture_write_safetensors("s-2.safetensors", ONE("b"), 2);
    fixture_write_safetensors("s-10.safetensors", ONE("c"), 2);
}

static void refused(const char *index, const char *part)
{
    fixture_refused(fixture_write_text(INDEX, index), part);
}

static void test_an_index_is_followed(void **state)
{
    (void)state;
    write_shards();
    const char *path = fixture_write_text(INDEX, "{\"metadata\":{\"total_size\":6.5,\"x\":[{}]},"
                                          "\"weight_map\":{\"c\":\"s-10.safetensors\","
                                          "\"a\":\"s-1.safetensors\",\"b\":\"s-2.safetensors\"}}");
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_string_equal(model->label, INDEX);
    assert_string_equal(model->format, "safetensors");
    assert_int_equal(model->count, 3); /* shards in natural order */
    assert_string_equal(model->tensors[0].label, "a");
    assert_string_equal(model->tensors[1].label, "b");
    assert_string_equal(model->tensors[2].label, "c");
    assert_string_equal(model->tensors[2].content->path, fixture_path("s-10.safetensors"));
    model_free(model);
}

static void test_only_named_shards_are_opened(void **state)
{
    (void)state;
    write_shards();
    fixture_write("s-2.safetensors", "rubbish", 7);
    struct error error = {0};
    struct model *model = fixture_open(
        fixture_write_text(INDEX, "{\"weight_map\":{\"a\":\"s-1.safetensors\"}}"), &error);
    assert_non_null(model);
    assert_int_equal(model->count, 1);
    model_free(model);
    refused("{\"weight_map\":{\"a\":\"s-1.safetensors\",\"b\":\"s-2.safetensors\"}}",
            "s-2.safetensors: is cut short inside the header length");
}

static void test_three_ways_to_be_wrong(void **state)
{
    (void)state;
    write_shards();
    refused("{\"weight_map\":{\"a\":\"s-1.safetensors\",\"b\":\"s-3.safetensors\"}}",
            INDEX ": shard \"s-3.safetensors\" is missing; download it");
    refused("{\"weight_map\":{\"a\":\"s-1.safetensors\",\"b\":\"s-1.safetensors\"}}",
            INDEX ": tensor \"b\" is not in shard \"s-1.safetensors\", where the index puts it");
    refused("{\"weight_map\":{\"d\":\"s-1.safetensors\"}}", /* not: a is unnamed */
            INDEX ": tensor \"d\" is not in shard \"s-1.safetensors\"");
    refused("{\"weight_map\":{\"a\":\"s-2.safetensors\",\"b\":\"s-1.safetensors\"}}",
            INDEX ": is stale: it puts tensor \"a\" into shard \"s-2.safetensors\", but "
                  "\"s-1.safetensors\" holds it");
    fixture_write_safetensors("s-1.safetensors",
                              "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                              "\"z\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", 4);
    refused("{\"weight_map\":{\"a\":\"s-1.safetensors\"}}",
            INDEX ": is stale: it does not name tensor \"z\", which shard \"s-1.safetensors\"");
}

static void test_a_link_to_nothing_is_missing(void **state)
{
    (void)state;
    assert_int_equal(symlink("blobs/none", fixture_path("linked.safetensors")), 0);
    refused("{\"weight_map\":{\"a\":\"linked.safetensors\"}}", "is missing");
}

static void test_duplicates(void **state)
{
    (void)state;
    write_shards();
    refused("{\"weight_map\":{\"a\":\"s-1.safetensors\",\"\\u0061\":\"s-1.safetensors\"}}",
            "weight_map names tensor \"a\" twice");
    fixture_write_safetensors("s-2.safetensors", ONE("a"), 2);
    refused("{\"weight_map\":{\"a\":\"s-1.safetensors\",\"b\":\"s-2.safetensors\"}}",
            "tensor \"a\" is also in ");
    refused("{\"weight_map\":{},\"weight_map\":{}}", "has \"weight_map\" twice");
}

static void test_shards_lie_beside_the_index(void **state)
{
    (void)state;
    static const char *const names[] = {
        "/etc/passwd", "../s", "d/s", "..", ".", "", "a\\u0000b", "s/",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char index[100];
        snprintf(index, sizeof index, "{\"weight_map\":{\"a\":\"%s\"}}", names[i]);
        refused(index, "is not a plain file name (byte ");
    }
    refused("{\"weight_map\":{\"a\":\"" INDEX "\"}}", "is the index itself");
}

static void test_forms(void **state)
{
    (void)state;
    refused("", "model.safetensors.index.json: not valid JSON: parse error: premature EOF");
    refused("{\"weight_map\":[1]}", "weight_map is an array, not an object (byte 15)");
    refused("{\"weight_map\":{\"a\":5}}", "tensor \"a\": its shard is a number, not a string");
    refused("{\"weight_map\":{}}", "names no tensors");
    refused("{\"a\":{\"weight_map\":{}}}", "has no \"weight_map\", so it is no index");
    refused("[]", "the index is an array, not an object");
    refused("{\"weight_map\":{\"a\":", "not valid JSON: parse error: premature EOF (byte 19)");
}

static void test_too_many_shards(void **state)
{
    (void)state;
    size_t room = (size_t)(SHARDS_MAX + 1) * 32;
    char *index = malloc(room);
    size_t length = (size_t)snprintf(index, room, "{\"weight_map\":{\"a\":\"s\"");
    for (int i = 0; i < SHARDS_MAX; i++)
        length += (size_t)snprintf(index + length, room - length, ",\"%d\":\"%d\"", i, i);
    snprintf(index + length, room - length, "}}");
    refused(index, "names more than 65536 shards");
    free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_index_is_followed),
        cmocka_unit_test(test_only_named_shards_are_opened),
        cmocka_unit_test(test_three_ways_to_be_wrong),
        cmocka_unit_test(test_a_link_to_nothing_is_missing),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_shards_lie_beside_the_index),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_too_many_shards),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
