/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "fixture.h"
#include "model/model.h"

/* The text packed with gzip. */
static struct text packed(const struct text *plain)
{
    z_stream stream = {.next_in = (Bytef *)plain->data, .avail_in = (uInt)plain->length};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, plain->length);
    unsigned char *out = mem_alloc(room, 1);
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    struct text text = {0};
    text_add(&text, (const char *)out, room - stream.avail_out);
    deflateEnd(&stream);
    mem_free(out);
    return text;
}

static struct text packed_over(const struct text *plain, int times)
{
    struct text text = packed(plain);
    for (int i = 1; i < times; i++) {
        struct text outer = packed(&text);
        text_done(&text);
        text = outer;
    }
    return text;
}

/* A model of one matrix U8 [2, 3] with elements 0 to 5. */
static struct text plain_model(void)
{
    static const char header[] = "{\"__metadata__\":{\"format\":\"pt\"},"
                                 "\"a\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[0,6]}}";
    struct text text = {0};
    text_add(&text, (const char[]){(char)strlen(header), 0, 0, 0, 0, 0, 0, 0}, 8);
    text_puts(&text, header);
    text_add(&text, "\0\1\2\3\4\5", 6);
    return text;
}

static void check_opens(const struct text *bytes)
{
    struct error error = {0};
    const char *path = fixture_write("model.safetensors.gz", bytes->data, bytes->length);
    struct model *model = fixture_open(path, &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_string_equal(model->label, "model.safetensors.gz");
    assert_string_equal(model->format, "safetensors");
    assert_int_equal(model->count, 1);
    const struct tensor *tensor = &model->tensors[0];
    assert_string_equal(tensor->content->label, path);
    const struct tensor_view columns = {.axis = 1};
    double values[6];
    assert_true(tensor_read(tensor, columns, 0, 6, values, &error));
    for (int i = 0; i < 6; i++)
        assert_true(values[i] == i / 2 + i % 2 * 3);
    assert_string_equal(model->metadata.entries[0].source, "model.safetensors.gz");
    model_free(model);
}

static void refused(const struct text *bytes, const char *part)
{
    fixture_refused(fixture_write("bad.gz", bytes->data, bytes->length), part);
}

static void test_up_to_four_times_over(void **state)
{
    (void)state;
    struct text plain = plain_model();
    for (int times = 1; times <= 5; times++) {
        struct text bytes = packed_over(&plain, times);
        if (times <= 4)
            check_opens(&bytes);
        else
            refused(&bytes, "bad.gz: is packed with gzip more than 4 times over");
        text_done(&bytes);
    }
    text_done(&plain);
}

static void test_every_cut_is_refused(void **state)
{
    (void)state;
    struct text plain = plain_model(), bytes = packed(&plain);
    for (; bytes.length > 3; bytes.length--) {
        struct text cut = bytes;
        cut.length--;
        refused(&cut, "(byte ");
    }
    text_done(&bytes);
    text_done(&plain);
}

static void test_sums_are_checked(void **state)
{
    (void)state;
    struct text plain = plain_model(), bytes = packed(&plain);
    for (size_t behind = 1; behind <= 8; behind++) {
        bytes.data[bytes.length - behind] ^= 1;
        refused(&bytes, "bad.gz: ");
        bytes.data[bytes.length - behind] ^= 1;
    }
    text_done(&bytes);
    text_done(&plain);
}

static void test_what_follows(void **state)
{
    (void)state;
    struct text plain = plain_model(), bytes = packed(&plain);
    text_add(&bytes, "\0\0\0\0", 4); /* of a tape's block */
    check_opens(&bytes);
    text_puts(&bytes, "garbage");
    refused(&bytes, "bad.gz: ");
    text_done(&bytes);
    text_done(&plain);
}

static void test_what_is_inside_must_be_a_model(void **state)
{
    (void)state;
    struct text plain = {0}, bytes;
    text_puts(&plain, "hello");
    bytes = packed(&plain);
    refused(&bytes, "bad.gz: is no model file that roundoff knows");
    text_done(&bytes);
    text_clear(&plain);
    bytes = packed(&plain);
    refused(&bytes, "bad.gz: is empty");
    text_done(&bytes);
    text_done(&plain);
}

/* A few KiB that would be 2 GiB when they are unpacked twice. */
static void test_bombs_are_refused(void **state)
{
    (void)state;
    struct text plain = {0}, half = {0};
    plain.data = mem_zero(1, 4 << 20);
    plain.length = 4 << 20;
    struct text piece = packed(&plain);
    for (int i = 0; i < 512; i++) /* members that follow each other are one stream */
        text_add(&half, piece.data, piece.length);
    struct text bytes = packed(&half);
    refused(&bytes, "bad.gz: holds a gzip stream that packs too well to be one");
    text_done(&bytes);
    text_done(&half);
    text_done(&piece);
    mem_free(plain.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_up_to_four_times_over),
        cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_sums_are_checked),
        cmocka_unit_test(test_what_follows),
        cmocka_unit_test(test_what_is_inside_must_be_a_model),
        cmocka_unit_test(test_bombs_are_refused),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
