/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gguf_writer.h"
#include "model/metadata.h"

static struct model *opened(struct gguf_writer *writer)
{
    struct error error = {0};
    struct model *model = fixture_open(gguf_write(writer, "metadata.gguf"), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static void check(const struct model *model, size_t i, const char *key, const char *type,
                  const char *value)
{
    assert_in_range(i, 0, model->metadata.count - 1);
    const struct metadata_entry *entry = &model->metadata.entries[i];
    assert_string_equal(entry->source, "metadata.gguf");
    assert_string_equal(entry->key, key);
    assert_string_equal(entry->type, type);
    assert_string_equal(entry->value, value);
}

static void put_numbers(struct gguf_writer *writer)
{
    gguf_key_number(writer, "a", GGUF_U8, 1, 255);
    gguf_key_number(writer, "b", GGUF_I8, 1, 255);
    gguf_key_number(writer, "c", GGUF_U16, 2, 65534);
    gguf_key_number(writer, "d", GGUF_I16, 2, 65534);
    gguf_key_number(writer, "e", GGUF_U32, 4, 0xffffffff);
    gguf_key_number(writer, "f", GGUF_I32, 4, 0xfffffffd);
    gguf_key_number(writer, "g", GGUF_U64, 8, UINT64_MAX);
    gguf_key_number(writer, "h", GGUF_I64, 8, (uint64_t)INT64_MIN);
    gguf_key_number(writer, "i", GGUF_BOOL, 1, 1);
    gguf_key_number(writer, "j", GGUF_BOOL, 1, 0);
    gguf_key_number(writer, "k", GGUF_F32, 4, 0x3727c5ac); /* the one next to 1e-5 */
    gguf_key_number(writer, "l", GGUF_F32, 4, 0x3eaaaaab); /* next to 1/3 */
    gguf_key_number(writer, "m", GGUF_F64, 8, 0x3fb999999999999a);
    gguf_key_number(writer, "n", GGUF_F32, 4, 0xffc00000);
    gguf_key_number(writer, "o", GGUF_F64, 8, 0xfff0000000000000);
}

static void check_numbers(struct gguf_writer *writer)
{
    gguf_begin(writer, 0, 15);
    put_numbers(writer);
    struct model *model = opened(writer);
    assert_int_equal(model->metadata.count, 15);
    check(model, 0, "a", "u8", "255");
    check(model, 1, "b", "i8", "-1");
    check(model, 2, "c", "u16", "65534");
    check(model, 3, "d", "i16", "-2");
    check(model, 4, "e", "u32", "4294967295");
    check(model, 5, "f", "i32", "-3");
    check(model, 6, "g", "u64", "18446744073709551615");
    check(model, 7, "h", "i64", "-9223372036854775808");
    check(model, 8, "i", "bool", "true");
    check(model, 9, "j", "bool", "false");
    check(model, 10, "k", "f32", "1e-05");
    check(model, 11, "l", "f32", "0.33333334");
    check(model, 12, "m", "f64", "0.1");
    check(model, 13, "n", "f32", "nan");
    check(model, 14, "o", "f64", "-inf");
    model_free(model);
}

static void test_numbers(void **state)
{
    (void)state;
    check_numbers(&(struct gguf_writer){.version = 3});
    check_numbers(&(struct gguf_writer){.version = 2});
    check_numbers(&(struct gguf_writer){.version = 1});
    check_numbers(&(struct gguf_writer){.version = 3, .big_endian = true});
}

static void test_strings(void **state)
{
    (void)state;
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 0, 4);
    gguf_key(&writer, "plain", GGUF_STRING);
    gguf_put_string(&writer, "a ψ");
    gguf_key(&writer, "", GGUF_STRING);
    gguf_put_string(&writer, "");
    gguf_key(&writer, "k\x1b", GGUF_STRING);
    gguf_put_bytes(&writer, "\0\xff", 2);
    char big[METADATA_VALUE_MOST + 1000];
    memset(big, 'x', sizeof big);
    gguf_key(&writer, "long", GGUF_STRING);
    gguf_put_bytes(&writer, big, sizeof big);
    struct model *model = opened(&writer);
    check(model, 0, "plain", "string", "a ψ");
    check(model, 1, "", "string", "");
    check(model, 2, "k\\u{1B}", "string", "\\u{0}\\xFF");
    const char *value = model->metadata.entries[3].value;
    assert_memory_equal(value, big, METADATA_VALUE_MOST);
    assert_string_equal(value + METADATA_VALUE_MOST, "… (1000 more bytes)");
    model_free(model);
}

static void test_arrays(void **state)
{
    (void)state;
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 0, 4);
    gguf_key(&writer, "ints", GGUF_ARRAY);
    gguf_array(&writer, GGUF_I16, 20);
    for (unsigned i = 0; i < 20; i++)
        gguf_put(&writer, 2, 0xffff - i);
    gguf_key(&writer, "none", GGUF_ARRAY);
    gguf_array(&writer, GGUF_STRING, 0);
    gguf_key(&writer, "words", GGUF_ARRAY);
    gguf_array(&writer, GGUF_STRING, 18);
    for (unsigned i = 0; i < 18; i++)
        gguf_put_string(&writer, i % 2 ? "\n" : "ab");
    gguf_key(&writer, "one", GGUF_ARRAY);
    gguf_array(&writer, GGUF_BOOL, 1);
    gguf_put(&writer, 1, 1);
    struct model *model = opened(&writer);
    check(model, 0, "ints", "array of 20 i16",
          "[-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16, … (4 more)]");
    check(model, 1, "none", "array of 0 strings", "[]");
    check(model, 2, "words", "array of 18 strings",
          "[\"ab\", \"\\n\", \"ab\", \"\\n\", \"ab\", \"\\n\", \"ab\", \"\\n\", \"ab\", \"\\n\", "
          "\"ab\", \"\\n\", \"ab\", \"\\n\", \"ab\", \"\\n\", … (2 more)]");
    check(model, 3, "one", "array of 1 bool", "[true]");
    model_free(model);
}

/* Long strings in arrays are cut in front of a character, which here takes two bytes from an even
 * place on. */
static void test_long_elements(void **state)
{
    (void)state;
    struct gguf_writer writer = {0};
    char word[400], shown[400] = "[\"";
    for (unsigned i = 0; i < 200; i++)
        memcpy(word + 2 * i, "\xc3\xa4", 2);
    gguf_begin(&writer, 0, 1);
    gguf_key(&writer, "words", GGUF_ARRAY);
    gguf_array(&writer, GGUF_STRING, 1);
    gguf_put_bytes(&writer, word, sizeof word);
    struct model *model = opened(&writer);
    memcpy(shown + 2, word, 126);
    strcpy(shown + 2 + 126, "…\"]");
    check(model, 0, "words", "array of 1 string", shown);
    model_free(model);
}

/* An array of `depth` arrays, one in the other, the innermost of two bytes. */
static void put_nested(struct gguf_writer *writer, unsigned depth)
{
    gguf_begin(writer, 0, 1);
    gguf_key(writer, "nest", GGUF_ARRAY);
    for (unsigned i = 1; i < depth; i++)
        gguf_array(writer, GGUF_ARRAY, 1);
    gguf_array(writer, GGUF_U8, 2);
    gguf_put(writer, 2, 0);
}

static void test_nested_arrays(void **state)
{
    (void)state;
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 0, 2);
    gguf_key(&writer, "nest", GGUF_ARRAY);
    gguf_array(&writer, GGUF_ARRAY, 18);
    for (unsigned i = 0; i < 18; i++) {
        gguf_array(&writer, i == 1 ? GGUF_STRING : GGUF_U16, 1);
        if (i == 1)
            gguf_put_string(&writer, "x");
        else
            gguf_put(&writer, 2, i);
    }
    gguf_key_number(&writer, "behind", GGUF_U8, 1, 7);
    struct model *model = opened(&writer);
    assert_string_equal(model->metadata.entries[0].type, "array of 18 arrays");
    assert_non_null(strstr(model->metadata.entries[0].value,
                           "[array of 1 u16, array of 1 string, array of 1 u16, "));
    assert_non_null(strstr(model->metadata.entries[0].value, "array of 1 u16, … (2 more)]"));
    check(model, 1, "behind", "u8", "7");
    model_free(model);
    put_nested(&writer, 8);
    model_free(opened(&writer));
    put_nested(&writer, 9);
    fixture_refused(gguf_write(&writer, "deep"),
                    "metadata 1: key \"nest\" has arrays nested more than 8 deep (byte 136)");
}

static void check_refused(uint64_t keys, const char *key, unsigned type, unsigned size,
                          uint64_t value, const char *part)
{
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 0, keys);
    for (uint64_t i = 0; i < keys; i++)
        gguf_key_number(&writer, key, type, size, value);
    fixture_refused(gguf_write(&writer, "bad"), part);
}

static void test_bad_values(void **state)
{
    (void)state;
    check_refused(1, "a", 99, 8, 0,
                  "metadata 1: key \"a\" has a value of the unknown type 99 "
                  "(byte 33)");
    check_refused(1, "a", GGUF_ARRAY, 4, 13, "key \"a\" has a value of the unknown type 13");
    check_refused(1, "a", GGUF_U64, 7, 0,
                  "metadata 1: is cut short or damaged: 8 bytes should "
                  "follow, 7 are there (byte 37)");
    check_refused(1, "a", GGUF_STRING, 8, 1, "claims 1 bytes of text, for which the 0 bytes");
    check_refused(1, "split.no", GGUF_I32, 4, 0xffffffff, "key \"split.no\" is -1, which is below");
    check_refused(1, "split.count", GGUF_F32, 4, 0, "has a value of type f32 instead of a whole");
    check_refused(2, "split.count", GGUF_U16, 2, 1, "metadata 2: key \"split.count\" is there");
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 0, 1);
    gguf_key(&writer, "a", GGUF_ARRAY);
    gguf_array(&writer, GGUF_U64, UINT64_C(1) << 61);
    gguf_put(&writer, 8, 0);
    fixture_refused(gguf_write(&writer, "bad"), "claims 2305843009213693952 elements of an array, "
                                                "for which the 8 bytes behind are too few");
}

static void test_long_keys(void **state)
{
    (void)state;
    static char key[65537];
    memset(key, 'k', sizeof key);
    struct gguf_writer writer = {0};
    for (size_t length = 65535; length <= 65536; length++) {
        gguf_begin(&writer, 0, 1);
        gguf_put_bytes(&writer, key, length);
        gguf_put(&writer, 4, GGUF_U8);
        gguf_put(&writer, 1, 7);
        if (length == 65535)
            model_free(opened(&writer));
    }
    fixture_refused(gguf_write(&writer, "bad"), "its key has 65536 bytes, which is more than 65535 "
                                                "(byte 24)");
}

static void test_alignment(void **state)
{
    (void)state;
    static const uint64_t wrong[] = {0, 3, 33, UINT64_C(1) << 25, UINT64_C(1) << 31};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char part[80];
        snprintf(part, sizeof part, "general.alignment %llu is not a power of two",
                 (unsigned long long)wrong[i]);
        check_refused(1, "general.alignment", GGUF_U32, 4, wrong[i], part);
    }
    check_refused(1, "general.alignment", GGUF_U64, 8, 32,
                  "has a value of type u64 instead of "
                  "u32");
    check_refused(1, "general.alignment", GGUF_ARRAY, 8, 0, "has a value of type array instead");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),       cmocka_unit_test(test_strings),
        cmocka_unit_test(test_arrays),        cmocka_unit_test(test_long_elements),
        cmocka_unit_test(test_nested_arrays), cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_long_keys),     cmocka_unit_test(test_alignment),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
