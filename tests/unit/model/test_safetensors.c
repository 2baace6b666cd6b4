/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "fixture.h"
#include "model/model.h"

static struct model *accepted(const char *header, size_t n)
{
    struct error error = {0};
    struct model *model = fixture_open(fixture_write_safetensors("good", header, n), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static void refused(const char *header, size_t n, const char *part)
{
    fixture_refused(fixture_write_safetensors("bad.safetensors", header, n), part);
}

static void test_tensors(void **state)
{
    (void)state;
    struct model *model = accepted("{\"__metadata__\":{\"format\":\"pt\"},"
                                   "\"b.weight\":{\"dtype\":\"BF16\",\"shape\":[2,3,1],"
                                   "\"data_offsets\":[2,14]},"
                                   "\"a\":{\"data_offsets\":[0,2],\"shape\":[],\"dtype\":\"I16\"}}"
                                   "    ", 14);
    assert_string_equal(model->format, "safetensors");
    assert_string_equal(model->label, "good");
    assert_int_equal(model->count, 2);
    assert_int_equal(model->elements, 7);
    assert_int_equal(model->bytes, 14);
    const struct tensor *a = &model->tensors[0], *b = &model->tensors[1]; /* in order of data */
    assert_string_equal(a->label, "a");
    assert_int_equal(a->rank, 0);
    assert_int_equal(a->elements, 1);
    assert_string_equal(b->label, "b.weight");
    assert_ptr_equal(b->label, b->name);
    assert_int_equal(b->name_length, 8);
    assert_string_equal(b->dtype_name, "BF16");
    assert_int_equal(b->rank, 3);
    assert_int_equal(b->dims[0], 2);
    assert_int_equal(b->dims[1], 3);
    assert_int_equal(b->dims[2], 1);
    assert_int_equal(b->bytes, 12);
    assert_int_equal(*content_mapped(b->content, b->offset), 2);
    assert_int_equal(b->offset, a->offset + 2);
    assert_int_equal(model->metadata.count, 1);
    const struct metadata_entry *entry = &model->metadata.entries[0];
    assert_string_equal(entry->source, "good");
    assert_string_equal(entry->key, "format");
    assert_string_equal(entry->type, "string");
    assert_string_equal(entry->value, "pt");
    model_free(model);
}

static void test_empty_things(void **state)
{
    (void)state;
    struct model *model = accepted("{}", 0);
    assert_int_equal(model->count, 0);
    model_free(model);
    model = accepted("{\"\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[0,0]},"
                     "\"x\":{\"dtype\":\"F64\",\"shape\":[3,0],\"data_offsets\":[0,0]}}", 0);
    assert_int_equal(model->count, 2);
    assert_int_equal(model->elements, 0);
    assert_string_equal(model->tensors[0].label, "\"\"");
    assert_string_equal(model->tensors[1].label, "x");
    model_free(model);
}

static void test_names_are_made_printable(void **state)
{
    (void)state;
    struct model *model = accepted("{\"a\\u0000\\u001b[2J\":{\"dtype\":\"\\u001b\",\"shape\":[2],"
                                   "\"data_offsets\":[0,4]}}", 4);
    const struct tensor *tensor = &model->tensors[0];
    assert_int_equal(tensor->name_length, 6);
    assert_memory_equal(tensor->name, "a\0\x1b[2J", 6);
    assert_string_equal(tensor->label, "a\\u{0}\\u{1B}[2J");
    assert_null(tensor->dtype);
    assert_string_equal(tensor->dtype_name, "\\u{1B}");
    assert_int_equal(tensor->bytes, 4);
    model_free(model);
}

static void test_rows_of_narrow_types_are_whole_blocks(void **state)
{
    (void)state;
    struct model *model = accepted("{\"f\":{\"dtype\":\"F4\",\"shape\":[2,8],\"data_offsets\":"
                                   "[0,8]},\"g\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],"
                                   "\"data_offsets\":[8,11]}}", 11);
    assert_int_equal(model->elements, 20);
    model_free(model);
    refused("{\"f\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2,
            "its rows of 3 elements are not whole blocks of 2 (byte ");
    /* Six elements are whole bytes, but rows are what is read and scaled. */
    refused("{\"f\":{\"dtype\":\"F4\",\"shape\":[2,3],\"data_offsets\":[0,3]}}", 3,
            "its rows of 3 elements are not whole blocks of 2");
    refused("{\"f\":{\"dtype\":\"F6_E3M2\",\"shape\":[2,2],\"data_offsets\":[0,3]}}", 3,
            "its rows of 2 elements are not whole blocks of 4");
    refused("{\"f\":{\"dtype\":\"F4\",\"shape\":[],\"data_offsets\":[0,1]}}", 1,
            "its rows of 1 elements are not whole blocks of 2");
    model_free(accepted("{\"f\":{\"dtype\":\"F4\",\"shape\":[0,3],\"data_offsets\":[0,0]}}", 0));
}

static void test_fields_to_come_are_skipped(void **state)
{
    (void)state;
    struct model *model = accepted("{\"f\":{\"new\":{\"a\":[1,{\"dtype\":2}],\"b\":null},"
                                   "\"dtype\":\"U8\",\"x\":1e9,\"y\":true,\"z\":[],\"shape\":[1],"
                                   "\"w\":\"\",\"data_offsets\":[0,1]}}", 1);
    assert_int_equal(model->count, 1);
    model_free(model);
    char header[600] = "{\"a\":{\"x\":";
    for (int i = 0; i < 200; i++)
        strcat(header, "[");
    refused(header, 0, "nested more than 64 deep (byte 81)");
}

#define FIELDS(OFFSETS) "{\"a.b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[" OFFSETS "]}}"

static void test_messages_say_what_and_where(void **state)
{
    (void)state;
    const char *path = fixture_write_safetensors("bad.safetensors", FIELDS("200,120"), 300);
    char text[1024];
    snprintf(text, sizeof text, "%s: header: tensor \"a.b\": end of data 120 is before its begin "
             "200 (byte 66)", path);
    struct error error = {0};
    assert_null(fixture_open(path, &error));
    assert_string_equal(error.text, text);
}

static void test_offsets(void **state)
{
    (void)state;
    model_free(accepted(FIELDS("0,4"), 4));
    refused(FIELDS("0,4"), 3, "end of data 4 is beyond the file's 3 bytes");
    refused(FIELDS("0,4"), 5, "the last 1 bytes belong to no tensor");
    refused(FIELDS("1,5"), 5, "1 bytes before the data of tensor \"a.b\" belong to no tensor");
    refused(FIELDS("0,5"), 5, "need 4 bytes, but its data has 5");
    refused(FIELDS("0"), 4, "fewer than two data_offsets");
    refused(FIELDS("0,4,4"), 4, "more than two data_offsets");
    refused(FIELDS("-0,4"), 4, "offset is not a whole number");
    refused(FIELDS("0,4.0"), 4, "offset is not a whole number");
    refused(FIELDS("0,4e0"), 4, "offset is not a whole number");
    refused(FIELDS("0,\"4\""), 4, "offset is a string, not a whole number");
    refused(FIELDS("00,4"), 4, "not valid JSON");
    refused(FIELDS("0,18446744073709551615"), 4, "end of data 18446744073709551615 is beyond");
    refused(FIELDS("0,18446744073709551616"), 4, "offset is beyond 64 bits");
    refused(FIELDS("0,18446744073709551620"), 4, "offset is beyond 64 bits");
}

#define ENTRY(NAME, BEGIN, END) \
    "\"" NAME "\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[" BEGIN "," END "]}"

static void test_layout(void **state)
{
    (void)state;
    refused("{" ENTRY("a", "0", "2") "," ENTRY("b", "1", "3") "}", 3,
            "data of tensor \"b\" overlaps that of tensor \"a\" (byte ");
    refused("{" ENTRY("a", "0", "2") "," ENTRY("b", "0", "2") "}", 2,
            "data of tensor \"b\" overlaps that of tensor \"a\" (byte ");
    refused("{" ENTRY("b", "3", "5") "," ENTRY("a", "0", "2") "}", 5,
            "1 bytes before the data of tensor \"b\" belong to no tensor");
    refused("{" ENTRY("a", "0", "2") "," ENTRY("b", "2", "4") "," ENTRY("\\u0061", "4", "6") "}",
            6, "tensor \"a\" is there twice (byte ");
}

#define SHAPED "{\"a\":{\"dtype\":\"U8\",\"shape\":[%s],\"data_offsets\":[0,1]}}"

static void test_shapes(void **state)
{
    (void)state;
    char header[1024], dims[300] = "1";
    for (int i = 1; i < 64; i++)
        strcat(dims, ",1");
    snprintf(header, sizeof header, SHAPED, dims);
    struct model *model = accepted(header, 1);
    assert_int_equal(model->tensors[0].rank, 64);
    model_free(model);
    strcat(dims, ",1");
    snprintf(header, sizeof header, SHAPED, dims);
    refused(header, 1, "more than 64 dimensions");
    snprintf(header, sizeof header, SHAPED, "4294967296,4294967296");
    refused(header, 1, "the product of its shape is beyond 64 bits");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],"
            "\"data_offsets\":[0,1]}}",
            1, "its size is beyond 64 bits");
    snprintf(header, sizeof header, SHAPED, "-1");
    refused(header, 1, "a dimension is not a whole number");
    refused("{\"a\":{\"dtype\":\"NEW\",\"shape\":[9],\"data_offsets\":[0,1]}}", 1,
            "more elements than its data has bits");
}

static void test_forms(void **state)
{
    (void)state;
    refused("{\"a\":1}", 0, "tensor \"a\": its description is a number, not an object (byte 14)");
    refused("{\"a\":{}}", 0, "tensor \"a\": has no \"dtype\"");
    refused("{\"a\":{\"dtype\":\"U8\"}}", 0, "has no \"shape\"");
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}", 0, "has no \"data_offsets\"");
    refused("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 0, "has \"dtype\" twice");
    refused("{\"a\":{\"dtype\":null}}", 0, "its dtype is null, not a string");
    refused("{\"a\":{\"shape\":{}}}", 0, "its shape is an object, not an array");
    refused("{\"a\":{\"shape\":[true]}}", 0, "a dimension is true or false, not a whole number");
    refused("{\"__metadata__\":{\"a\":1}}", 0, "a value of __metadata__ is a number");
    refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__ twice");
    refused("{}x", 0, "header: not valid JSON: parse error: trailing garbage (byte 1");
    refused("{\"a\":", 0, "premature EOF (byte 13)");
    refused(" {}", 0, "does not begin with '{' (byte 8)");
    refused("{\"\\ud800\":1}", 0, "an escape is half a surrogate pair (byte 10)");
    refused("{\"\\udc00\":1}", 0, "an escape is half a surrogate pair");
    refused("{\"\\ud800\\u0041\":1}", 0, "an escape is half a surrogate pair");
    refused("{\"\\ud83d\\ude00\\\\ud800\":1}", 0, "its description is a number");
    refused("{\"\xed\xa0\x80\":1}", 0, "its name is not valid UTF-8");
    refused("{\"\xff\":1}", 0, "invalid bytes in UTF8 string");
}

static void test_lengths(void **state)
{
    (void)state;
    const char *name = "bad.safetensors";
    fixture_refused(fixture_write(name, "", 0), "is empty");
    fixture_refused(fixture_write(name, "\2\0\0", 3), "inside the header length (byte 3)");
    fixture_refused(fixture_write(name, "\1\0\0\0\0\0\0\0{}", 10), "header length 1 is not");
    fixture_refused(fixture_write(name, "\1\341\365\5\0\0\0\0{}", 10),
                    "header length 100000001 is not between 2 and 100000000");
    fixture_refused(fixture_write(name, "\3\0\0\0\0\0\0\0{}", 10),
                    "inside the header, which should have 3 bytes (byte 10)");
}

/* Each a whole file; the name must not matter, and does not end as a model's would. */
static void test_other_formats_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *part;
    } files[] = {
        {"version https://git-lfs.github.com/spec/v1\n", 43,
         "is a Git LFS pointer, not the file itself: run `git lfs pull`"},
        {"\x89HDF\r\n\x1a\n", 8, "is an HDF5 file, which this version does not read"},
        {"\x1c\0\0\0TFL3", 8, "is a TensorFlow Lite file"},
        {"\x28\xb5\x2f\xfd", 4, "is compressed with zstd: unpack it first"},
        {"<!DOCTYPE html>", 15, "is a web page, not a model"},
        {"hello", 5,
         "is no model file that roundoff knows: starts with bytes 68 65 6c 6c 6f (byte 0)"},
        {"hello, world", 12, "starts with bytes 68 65 6c 6c 6f 2c 20 77 (byte 0)"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        fixture_refused(fixture_write("file", files[i].bytes, files[i].length), files[i].part);
    }
}

/* A header whose length has the first bytes of a pickle is still a header. */
static void test_content_is_recognised_before_magic(void **state)
{
    (void)state;
    char header[0x280 + 1];
    memset(header, ' ', sizeof header);
    memcpy(header, "{}", 2);
    header[0x280] = '\0';
    model_free(accepted(header, 0));
}

/* One file of the manifest of broken files. */
static void check_manifest_entry(const char *folder, const char *file, const char *expect)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/malformed/%s", folder, file);
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    if (model && strcmp(expect, "reject") == 0)
        fail_msg("%s was accepted", file);
    if (!model && strcmp(expect, "accept") == 0)
        fail_msg("%s was refused: %s", file, error.text);
    if (!model) {
        assert_int_equal(error.code, ERROR_FILE);
        assert_memory_equal(error.text, path, strlen(path));
    }
    model_free(model);
}

static char *file_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    size_t room = 1 << 20;
    char *text = calloc(room, 1);
    size_t length = fread(text, 1, room - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static void test_manifest(void **state)
{
    (void)state;
    const char *folder = getenv("ROUNDOFF_MODELS");
    char path[1024];
    snprintf(path, sizeof path, "%s/malformed/MANIFEST.json", folder ? folder : "");
    char *text = folder ? file_text(path) : NULL;
    if (!text)
        skip();
    yajl_val manifest = yajl_tree_parse(text, NULL, 0);
    free(text);
    assert_true(YAJL_IS_OBJECT(manifest));
    size_t checked = 0;
    for (size_t i = 0; i < manifest->u.object.len; i++) {
        const char *file = manifest->u.object.keys[i];
        const char *field[] = {"expect", NULL};
        yajl_val expect = yajl_tree_get(manifest->u.object.values[i], field, yajl_t_string);
        if (strncmp(file, "safetensors", 11) != 0)
            continue;
        check_manifest_entry(folder, file, YAJL_GET_STRING(expect));
        checked++;
    }
    yajl_tree_free(manifest);
    assert_true(checked > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tensors),
        cmocka_unit_test(test_empty_things),
        cmocka_unit_test(test_names_are_made_printable),
        cmocka_unit_test(test_rows_of_narrow_types_are_whole_blocks),
        cmocka_unit_test(test_fields_to_come_are_skipped),
        cmocka_unit_test(test_messages_say_what_and_where),
        cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_other_formats_are_told),
        cmocka_unit_test(test_content_is_recognised_before_magic),
        cmocka_unit_test(test_manifest),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
