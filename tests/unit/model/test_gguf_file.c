/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gguf_writer.h"
#include "model/parts.h"

static struct model *accepted(const char *path)
{
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static void check_value(const struct tensor *tensor, uint64_t element, double expected)
{
    struct error error = {0};
    double value;
    assert_true(tensor_read(tensor, (struct tensor_view){0}, element, 1, &value, &error));
    if (value != expected)
        fail_msg("%s[%d] is %g, not %g", tensor->label, (int)element, value, expected);
}

/* Scales of 2 and minima of 0.25 times 1 for the first four groups of 32, 0 for the others; codes
 * of 3 and 5 in turns. */
static void put_q4_k(struct gguf_writer *writer)
{
    gguf_put(writer, 2, 0x4000);
    gguf_put(writer, 2, 0x3400);
    for (unsigned i = 0; i < 12; i++)
        gguf_put(writer, 1, 1);
    for (unsigned i = 0; i < 128; i++)
        gguf_put(writer, 1, 0x53);
}

/* A tensor of each kind of block: 2x3 F32, 2 F16, 1x32 Q8_0 and 1x256 Q4_K. */
static void put_four(struct gguf_writer *writer)
{
    gguf_begin(writer, 4, 0);
    gguf_tensor(writer, "f32", GGML_F32, 2, (const uint64_t[]){3, 2}, 0);
    gguf_vector(writer, "f16", GGML_F16, 2, 32);
    gguf_tensor(writer, "q8_0", GGML_Q8_0, 2, (const uint64_t[]){32, 1}, 64);
    gguf_tensor(writer, "q4_K", GGML_Q4_K, 2, (const uint64_t[]){256, 1}, 128);
    gguf_align(writer, 32);
    for (unsigned i = 0; i < 6; i++)
        gguf_put(writer, 4, 0x3f800000 + (i << 20)); /* 1 + i / 8 */
    gguf_align(writer, 32);
    gguf_put(writer, 2, 0x3c00); /* 1 */
    gguf_put(writer, 2, 0xc500); /* -5 */
    gguf_align(writer, 32);
    gguf_put(writer, 2, 0x3800); /* scale of 0.5 */
    for (unsigned i = 0; i < 32; i++)
        gguf_put(writer, 1, 0xf0 + i); /* -16 + i */
    gguf_align(writer, 32);
    put_q4_k(writer);
}

static void check_four(const struct model *model, bool big_endian)
{
    assert_string_equal(model->format, "GGUF");
    assert_int_equal(model->count, 4);
    assert_int_equal(model->elements, 6 + 2 + 32 + 256);
    assert_int_equal(model->bytes, 24 + 4 + 34 + 144);
    const struct tensor *f32 = &model->tensors[0], *f16 = f32 + 1, *q8 = f32 + 2, *q4 = f32 + 3;
    assert_string_equal(f32->label, "f32");
    assert_int_equal(f32->rank, 2);
    assert_int_equal(f32->dims[0], 2); /* outermost first */
    assert_int_equal(f32->dims[1], 3);
    assert_int_equal(f32->big_endian, big_endian);
    for (unsigned i = 0; i < 6; i++)
        check_value(f32, i, 1 + i / 8.0);
    check_value(f16, 0, 1);
    check_value(f16, 1, -5);
    for (unsigned i = 0; i < 32; i++)
        check_value(q8, i, ((int)i - 16) / 2.0);
    assert_string_equal(q4->dtype_name, "Q4_K");
    check_value(q4, 0, 2 * 3 - 0.25);
    check_value(q4, 63, 2 * 5 - 0.25);
    check_value(q4, 128, 2 * 3);
    check_value(q4, 255, 2 * 5);
}

static void check_version(unsigned version, bool big_endian)
{
    struct gguf_writer writer = {.version = version, .big_endian = big_endian};
    put_four(&writer);
    struct model *model = accepted(gguf_write(&writer, "four"));
    check_four(model, big_endian);
    model_free(model);
}

static void test_versions(void **state)
{
    (void)state;
    check_version(1, false);
    check_version(2, false);
    check_version(3, false);
    check_version(3, true);
}

static void check_header(const char *bytes, size_t length, const char *part)
{
    fixture_refused(fixture_write("header.gguf", bytes, length), part);
}

#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void test_headers(void **state)
{
    (void)state;
    model_free(accepted(fixture_write("empty", "GGUF\3\0\0\0" ZEROS, 24)));
    model_free(accepted(fixture_write("empty", "GGUF\0\0\0\3" ZEROS, 24)));
    check_header("GGUF\3\0\0\0" ZEROS, 23,
                 "header: is cut short or damaged: 8 bytes should follow, "
                 "7 are there (byte 16)");
    check_header("GGUF", 4, "4 bytes should follow, 0 are there (byte 4)");
    check_header("lmgg\3\0\0\0" ZEROS, 24, "header: does not begin with \"GGUF\" (byte 0)");
    check_header("GGUF\0\0\0\0" ZEROS, 24,
                 "version 0 of the format is not one from 1 to 3 (byte 4)");
    check_header("GGUF\4\0\0\0" ZEROS, 24, "version 4 of the format");
    check_header("GGUF\0\0\0\4" ZEROS, 24, "version 4 of the format");
    check_header("GGUF\1\0\0\0" ZEROS, 24, "version 1 without any tensors and key-values");
    check_header("GGUF\3\0\0\0\0\0\0\0\0\0\0\x10" ZEROS, 32,
                 "header: claims 1152921504606846976 tensors, for which the 16 bytes behind are "
                 "too few (byte 8)");
    check_header("GGUF\3\0\0\0\0\0\0\0\0\0\0\0\2" ZEROS, 33, "claims 2 key-values, for which");
}

/* Zeros describe scalars without names, in 24 bytes each. */
static void test_more_tensors_than_any_model_has(void **state)
{
    (void)state;
    struct gguf_writer writer = {0};
    gguf_begin(&writer, PARTS_TENSORS_MOST + 1, 0);
    for (size_t i = 0; i < 3 * (PARTS_TENSORS_MOST + 1); i++)
        gguf_put(&writer, 8, 0);
    fixture_refused(gguf_write(&writer, "many"),
                    "header: claims more tensors or key-values than any model has (byte 8)");
}

/* A file of one tensor at an offset, with n bytes behind the header's last one. */
static const char *write_one(const char *name, unsigned type, unsigned rank, const uint64_t *dims,
                             uint64_t offset, size_t n)
{
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 1, 0);
    gguf_tensor(&writer, name, type, rank, dims, offset);
    gguf_align(&writer, 32);
    for (size_t i = 0; i < n; i++)
        gguf_put(&writer, 1, i);
    return gguf_write(&writer, "one");
}

static const uint64_t dims[] = {2, 3, 4, 5, 1};
static const uint64_t halves[] = {UINT64_C(1) << 32, UINT64_C(1) << 32};

static void test_shapes(void **state)
{
    (void)state;
    struct model *model = accepted(write_one("w", GGML_F32, 4, dims, 0, 480));
    assert_int_equal(model->tensors[0].dims[0], 5);
    assert_int_equal(model->tensors[0].dims[3], 2);
    model_free(model);
    model = accepted(write_one("w", GGML_F32, 0, dims, 0, 4));
    assert_int_equal(model->tensors[0].elements, 1);
    model_free(model);
    fixture_refused(write_one("w", GGML_F32, 5, dims, 0, 480),
                    "tensor \"w\": has 5 dimensions, more than the 4 of the format (byte 33)");
    fixture_refused(write_one("w", GGML_F32, 2, (const uint64_t[]){2, 0}, 0, 8),
                    "tensor \"w\": has a dimension of 0 (byte 45)");
    fixture_refused(write_one("w", GGML_F32, 2, halves, 0, 8),
                    "the product of its shape is beyond 64 bits (byte 24)");
    fixture_refused(write_one("w", GGML_F32, 1, (const uint64_t[]){UINT64_MAX}, 0, 8),
                    "its size is beyond 64 bits");
    fixture_refused(write_one("w", GGML_Q8_0, 1, (const uint64_t[]){33}, 0, 80),
                    "its rows of 33 elements are not whole blocks of 32");
    fixture_refused(write_one("w", GGML_Q4_K, 2, (const uint64_t[]){128, 2}, 0, 200),
                    "its rows of 128 elements are not whole blocks of 256");
}

static void test_places(void **state)
{
    (void)state;
    struct model *model = accepted(write_one("w", GGML_F32, 1, dims, 0, 8));
    assert_int_equal(model->tensors[0].offset, 64);
    model_free(model);
    fixture_refused(write_one("w", GGML_F32, 1, dims, 6, 14),
                    "its data begin at byte 70 instead of 64 (byte 24)");
    fixture_refused(write_one("w", GGML_F32, 1, dims, 0, 7),
                    "its 8 bytes from 64 on are not all in the 71 that there are; "
                    "the file is cut short or its header wrong (byte 24)");
    fixture_refused(write_one("w", GGML_F32, 1, dims, 100, 50),
                    "its offset 100 is beyond the end of the file (byte 24)");
    fixture_refused(write_one("w", GGML_F32, 1, dims, UINT64_MAX - 31, 50),
                    "its offset 18446744073709551584 is beyond the end of the file");
}

static void test_names(void **state)
{
    (void)state;
    struct model *model = accepted(write_one("a\x1b[2J", GGML_F32, 0, NULL, 0, 4));
    assert_string_equal(model->tensors[0].name, "a\x1b[2J");
    assert_string_equal(model->tensors[0].label, "a\\u{1B}[2J");
    model_free(model);
    model = accepted(write_one("a\xff", GGML_F32, 0, NULL, 0, 4));
    assert_string_equal(model->tensors[0].name, model->tensors[0].label);
    assert_null(strchr(model->tensors[0].label, '\xff'));
    model_free(model);
    static char big[65537];
    memset(big, 'n', 65536);
    fixture_refused(write_one(big, GGML_F32, 0, NULL, 0, 4),
                    "tensor 1: its name has 65536 bytes, more than 65535 (byte 24)");
}

static void test_types_that_are_not_decoded(void **state)
{
    (void)state;
    const char *reason = NULL;
    struct model *model = accepted(write_one("w", GGML_IQ2_XXS, 1, (const uint64_t[]){256}, 0, 66));
    assert_string_equal(model->tensors[0].dtype_name, "IQ2_XXS");
    assert_int_equal(model->tensors[0].bytes, 66);
    assert_false(tensor_readable(&model->tensors[0], &reason));
    assert_non_null(strstr(reason, "IQ2_XXS"));
    model_free(model);
}

static void test_types_that_are_not_known(void **state)
{
    (void)state;
    const char *reason = NULL;
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 3, 0);
    gguf_vector(&writer, "last", 99, 8, 96);
    gguf_vector(&writer, "first", 57, 512, 0);
    gguf_vector(&writer, "next", GGML_F32, 1, 64);
    gguf_align(&writer, 32);
    for (unsigned i = 0; i < 97; i++)
        gguf_put(&writer, 1, 0);
    struct model *model = accepted(gguf_write(&writer, "unknown"));
    const struct tensor *last = &model->tensors[0], *first = &model->tensors[1];
    assert_string_equal(first->dtype_name, "type 57 (unknown)");
    assert_null(first->dtype);
    assert_int_equal(first->elements, 512);
    assert_int_equal(first->bytes, 64); /* up to the next one */
    assert_int_equal(last->bytes, 1);   /* up to the end */
    assert_false(tensor_readable(first, &reason));
    assert_non_null(reason);
    model_free(model);
    fixture_refused(write_one("w", 57, 1, (const uint64_t[]){9}, 0, 1),
                    "tensor \"w\": has more elements than its data has bits (byte 24)");
    fixture_refused(write_one("w", 57, 2, halves, 0, 1), "the product of its shape is beyond 64");
    fixture_refused(write_one("w", 57, 1, dims, 2, 1), "its offset 2 is beyond the end");
}

static const char *write_two(const char *first, const char *second, uint64_t offset)
{
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 2, 0);
    gguf_vector(&writer, first, GGML_F32, 8, offset);
    gguf_vector(&writer, second, GGML_F32, 8, 0);
    gguf_align(&writer, 32);
    for (unsigned i = 0; i < 64; i++)
        gguf_put(&writer, 1, 0);
    return gguf_write(&writer, "two");
}

static void test_two_tensors(void **state)
{
    (void)state;
    struct model *model = accepted(write_two("v", "w", 32));
    assert_string_equal(model->tensors[0].label, "v"); /* in the order of the header */
    model_free(model);
    fixture_refused(write_two("w", "w", 32), "tensor \"w\": is there twice (byte 57)");
    fixture_refused(write_two("v", "w", 31), "tensor \"v\": its data overlap those of tensor \"w\" "
                                             "(byte 24)");
    fixture_refused(write_two("v", "w", 0), "its data overlap those of");
    fixture_refused(write_two("v", "w", 33), "tensor \"v\": its ");
}

static void check_alignment(uint64_t alignment)
{
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 1, 1);
    gguf_key_number(&writer, "general.alignment", GGUF_U32, 4, alignment);
    gguf_vector(&writer, "w", GGML_F32, 1, 0);
    gguf_align(&writer, alignment);
    gguf_put(&writer, 4, 0x40400000);
    struct model *model = accepted(gguf_write(&writer, "aligned"));
    check_value(&model->tensors[0], 0, 3);
    model_free(model);
}

static void test_alignment(void **state)
{
    (void)state;
    check_alignment(1);
    check_alignment(8);
    check_alignment(64);
    check_alignment(4096);
}

/* A header that is a multiple of the alignment has no padding behind it. */
static void test_an_aligned_header(void **state)
{
    (void)state;
    struct gguf_writer writer = {0};
    gguf_begin(&writer, 1, 0);
    gguf_vector(&writer, "8 bytes.", GGML_F32, 1, 0);
    assert_int_equal(writer.bytes.length % 32, 0);
    gguf_put(&writer, 4, 0x40400000);
    struct model *model = accepted(gguf_write(&writer, "aligned"));
    check_value(&model->tensors[0], 0, 3);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_more_tensors_than_any_model_has),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_types_that_are_not_decoded),
        cmocka_unit_test(test_types_that_are_not_known),
        cmocka_unit_test(test_two_tensors),
        cmocka_unit_test(test_alignment),
        cmocka_unit_test(test_an_aligned_header),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
