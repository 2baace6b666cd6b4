/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "imatrix_writer.h"
#include "model/content.h"
#include "model/imatrix.h"
#include "model/parts.h"

static bool recognised(const char *bytes, size_t length, uint64_t size)
{
    unsigned char prefix[FORMAT_PREFIX] = {0};
    memcpy(prefix, bytes, length < sizeof prefix ? length : sizeof prefix);
    return format_imatrix.recognise(prefix, size);
}

/* Reads a file; NULL with *error. */
static struct model *read_file(const struct text *file, struct error *error)
{
    const char *path = fixture_write("imatrix.dat", file->data, file->length);
    struct model *model = parts_new_model(path);
    struct content *content = content_open(path, error);
    assert_non_null(content);
    parts_add_content(model, content);
    if (format_imatrix.read(model, content, error))
        return model;
    model_free(model);
    return NULL;
}

static void write_two(struct text *file)
{
    imatrix_number(file, 2);
    imatrix_entry(file, "blk.0.attn_q.weight", 10, (const float[]){1, 4, 0}, 3);
    imatrix_entry(file, "blk.0.ffn_up.weight", 5, (const float[]){2.5, 7}, 2);
}

static double element(const struct tensor *tensor, uint64_t i)
{
    double value;
    assert_true(tensor_read(tensor, (struct tensor_view){0}, i, 1, &value, NULL));
    return value;
}

static void check_two(const struct model *model)
{
    static const char *const labels[] = {
        "blk.0.attn_q.weight.in_sum2", "blk.0.attn_q.weight.counts", "blk.0.ffn_up.weight.in_sum2",
        "blk.0.ffn_up.weight.counts"};
    assert_int_equal(model->count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(model->tensors[i].label, labels[i]);
    assert_int_equal(model->tensors[0].elements, 3);
    assert_true(element(&model->tensors[0], 1) == 4);
    assert_true(element(&model->tensors[1], 0) == 10);
    assert_true(element(&model->tensors[2], 0) == 2.5);
    assert_true(element(&model->tensors[3], 0) == 5);
}

static void test_file(void **state)
{
    (void)state;
    struct text file = {0};
    struct error error = {0};
    write_two(&file); /* as the oldest end */
    assert_true(recognised(file.data, file.length, file.length));
    struct model *model = read_file(&file, &error);
    assert_non_null(model);
    check_two(model);
    assert_int_equal(model->metadata.count, 0);
    model_free(model);

    imatrix_number(&file, 123);
    model = read_file(&file, &error);
    assert_non_null(model);
    assert_string_equal(model->metadata.entries[0].value, "123");
    model_free(model);

    imatrix_string(&file, "wiki.txt");
    model = read_file(&file, &error);
    assert_non_null(model);
    check_two(model);
    assert_string_equal(model->metadata.entries[1].key, "imatrix.datasets");
    assert_string_equal(model->metadata.entries[1].value, "wiki.txt");
    model_free(model);
    text_done(&file);
}

/* By its content a file is a model like others; a name says nothing. */
static void test_as_a_model(void **state)
{
    (void)state;
    struct text file = {0};
    struct error error = {0};
    write_two(&file);
    struct model *model =
        fixture_open(fixture_write("matrix.bin", file.data, file.length), &error);
    if (!model)
        fail_msg("%s", error.text);
    check_two(model);
    assert_string_equal(model->format, "imatrix");
    model_free(model);
    text_done(&file);
}

static bool is_imatrix(const char *bytes, size_t length)
{
    unsigned char prefix[FORMAT_PREFIX] = {0};
    memcpy(prefix, bytes, length);
    return imatrix_is(prefix, length);
}

static void test_both_formats_are_known(void **state)
{
    (void)state;
    static const char head[] = "GGUF\3\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\14\0\0\0\0\0\0\0",
                      key[] = "general.type\10\0\0\0";
    struct text file = {0};
    write_two(&file);
    assert_true(is_imatrix(file.data, file.length));
    text_clear(&file);
    text_add(&file, head, sizeof head - 1);
    text_add(&file, key, sizeof key - 1);
    const size_t length = file.length;
    text_add(&file, "\7\0\0\0\0\0\0\0imatrix", 15);
    assert_true(is_imatrix(file.data, file.length));
    file.length = length;
    text_add(&file, "\5\0\0\0\0\0\0\0model", 13);
    assert_false(is_imatrix(file.data, file.length));
    assert_false(is_imatrix("GGUF", 4));
    text_done(&file);
}

static void refuse(struct text *file, const char *part)
{
    struct error error = {0};
    struct model *model = read_file(file, &error);
    if (model)
        fail_msg("accepted, but should fail with \"%s\"", part);
    assert_int_equal(error.code, ERROR_FILE);
    if (!strstr(error.text, part))
        fail_msg("\"%s\" has no \"%s\"", error.text, part);
    text_done(file);
}

static void test_cut(void **state)
{
    (void)state;
    struct text file = {0};
    write_two(&file);
    for (size_t length = 4; length < file.length; length++) {
        struct text cut = {0};
        text_add(&cut, file.data, length);
        refuse(&cut, length < 38 ? "too few" : "is cut short or damaged"); /* two entries' least */
    }
    text_done(&file);
}

static void test_damaged(void **state)
{
    (void)state;
    struct text file = {0};
    imatrix_number(&file, UINT32_MAX);
    refuse(&file, "claims 4294967295 entries");
    write_two(&file);
    text_puts(&file, "abcdef"); /* a number of chunks, and half of a length */
    refuse(&file, "end: is cut short");
    write_two(&file);
    imatrix_number(&file, 1);
    imatrix_string(&file, "x");
    text_puts(&file, "rest");
    refuse(&file, "the last 4 bytes belong to nothing");
    imatrix_number(&file, 1);
    imatrix_entry(&file, "bad\xff", 1, (const float[]){1}, 1);
    refuse(&file, "not valid UTF-8");
    imatrix_number(&file, 1);
    imatrix_entry(&file, "w", (uint32_t)-3, (const float[]){1, 2}, 2);
    refuse(&file, "entry 1: the number of calls is -3");
    imatrix_number(&file, 1);
    imatrix_entry(&file, "weight", 1, NULL, 0);
    refuse(&file, "the number of values is 0");
    imatrix_number(&file, 2);
    imatrix_entry(&file, "w", 1, (const float[]){1, 2}, 2);
    imatrix_entry(&file, "w", 1, (const float[]){1, 2}, 2);
    refuse(&file, "is there twice");
}

static void test_not_recognised(void **state)
{
    (void)state;
    struct text file = {0};
    write_two(&file);
    assert_false(recognised(file.data, file.length, 30)); /* too few bytes for what it claims */
    file.data[4] = 0;                                     /* a name of no bytes */
    assert_false(recognised(file.data, file.length, file.length));
    text_done(&file);
    imatrix_number(&file, 1);
    imatrix_entry(&file, "a\nb", 1, (const float[]){1, 2}, 2);
    assert_false(recognised(file.data, file.length, file.length));
    text_done(&file);
    static const char *const others[] = {"GGUF\3\0\0\0", "PK\3\4\24\0\0\0", "\x80\2}q\1(X\6"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(recognised(others[i], 8, 1 << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_as_a_model),
        cmocka_unit_test(test_both_formats_are_known),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_not_recognised),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
