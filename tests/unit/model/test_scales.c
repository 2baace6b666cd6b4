/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/model.h"

/* Opens a model of a matrix "w" of zeros and one companion; types are of a byte for the matrix. */
static struct model *opened(const char *type, unsigned rows, unsigned columns, const char *suffix,
                            const char *scale_type, const char *scale_shape, unsigned scale_bytes)
{
    char header[512];
    unsigned bytes = rows * columns / (strcmp(type, "F4") == 0 ? 2 : 1);
    snprintf(header, sizeof header,
             "{\"w\":{\"dtype\":\"%s\",\"shape\":[%u,%u],\"data_offsets\":[0,%u]},"
             "\"w%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%u,%u]}}",
             type, rows, columns, bytes, suffix, scale_type, scale_shape, bytes,
             bytes + scale_bytes);
    struct error error = {0};
    struct model *model = fixture_open(
        fixture_write_safetensors("file", header, (size_t)bytes + scale_bytes), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

/* Blocks of rows x columns; none if rows is 0. */
static void has_blocks(struct model *model, unsigned rows, unsigned columns)
{
    const struct tensor_scale *scale = model->tensors[0].scale;
    assert_null(model->tensors[1].scale);
    if (rows == 0) {
        assert_null(scale);
    } else {
        assert_non_null(scale);
        assert_string_equal(scale->values.label, model->tensors[1].label);
        assert_int_equal(scale->rows, rows);
        assert_int_equal(scale->columns, columns);
    }
    model_free(model);
}

static void fits(unsigned rows, unsigned columns, const char *shape, unsigned scales,
                 unsigned block_rows, unsigned block_columns)
{
    has_blocks(opened("F8_E4M3", rows, columns, "_scale_inv", "F32", shape, 4 * scales), block_rows,
               block_columns);
}

static void test_shapes(void **state)
{
    (void)state;
    fits(6, 8, "", 1, 6, 8);
    fits(6, 8, "1", 1, 6, 8);
    fits(6, 8, "1,1", 1, 128, 128); /* one block either way */
    fits(6, 8, "6", 6, 1, 8);
    fits(6, 8, "6,1", 6, 1, 8);
    fits(6, 8, "1,8", 8, 6, 1);
    fits(6, 8, "6,4", 24, 1, 2);
    fits(6, 8, "2,4", 8, 3, 2);
    fits(6, 8, "6,8", 48, 1, 1);
    fits(256, 384, "2,3", 6, 128, 128);
    fits(130, 300, "2,3", 6, 128, 128);
    fits(192, 64, "2,1", 2, 128, 128); /* 96 would divide it too */
    fits(192, 64, "2,2", 4, 128, 32);
    fits(3, 200, "3,2", 6, 1, 128);
    fits(160, 96, "160,3", 480, 1, 32);
}

static void test_shapes_that_do_not_fit(void **state)
{
    (void)state;
    fits(6, 8, "8", 8, 0, 0);
    fits(6, 8, "5", 5, 0, 0);
    fits(6, 8, "4,1", 4, 0, 0);
    fits(6, 8, "6,3", 18, 0, 0);
    fits(6, 8, "7,1", 7, 0, 0);
    fits(6, 8, "1,1,1", 1, 0, 0);
    fits(6, 8, "0", 0, 0, 0);
    fits(6, 8, "0,1", 0, 0, 0);
    fits(0, 8, "", 1, 0, 0);
}

static void test_types(void **state)
{
    (void)state;
    has_blocks(opened("F8_E5M2", 4, 4, "_scale", "BF16", "4", 8), 1, 4);
    has_blocks(opened("I8", 4, 4, "_scale", "F16", "4", 8), 1, 4);
    has_blocks(opened("F4", 4, 64, "_scale", "F8_E8M0", "4,2", 8), 1, 32);
    has_blocks(opened("F8_E5M2FNUZ", 4, 4, "_scale", "F32", "", 4), 4, 4);
    has_blocks(opened("U8", 4, 4, "_scale", "F32", "4", 16), 0, 0);
    has_blocks(opened("I8", 4, 4, "_scale", "I32", "4", 16), 0, 0);
    has_blocks(opened("I8", 4, 4, "_scales", "F32", "4", 16), 0, 0);
}

static void test_the_inverse_is_preferred(void **state)
{
    (void)state;
    struct error error = {0};
    struct model *model = fixture_open(
        fixture_write_safetensors(
            "file",
            "{\"w\":{\"dtype\":\"I8\",\"shape\":[2,2],\"data_offsets\":[0,4]},"
            "\"w_scale\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]},"
            "\"w_scale_inv\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}",
            12),
        &error);
    assert_non_null(model);
    assert_string_equal(model->tensors[0].scale->values.label, "w_scale_inv");
    model_free(model);
}

/* Stored times scale, by rows and by columns. */
static void test_values_are_scaled(void **state)
{
    (void)state;
    struct model *model = opened("I8", 2, 4, "_scale", "F8_E8M0", "2,2", 4);
    const struct tensor *tensor = &model->tensors[0]; /* bytes are 0, 1, 2, ... */
    for (unsigned axis = 0; axis < 2; axis++)
        for (int scaled = 0; scaled < 2; scaled++) {
            const struct tensor_view view = {.axis = axis, .scaled = scaled};
            double values[8];
            assert_true(tensor_read(tensor, view, 0, 8, values, NULL));
            for (int i = 0; i < 8; i++) {
                int row = axis == 0 ? i / 4 : i % 2, column = axis == 0 ? i % 4 : i / 2;
                int scale = 8 + 2 * row + column / 2;
                double power = scaled ? 0x1p-127 * (1 << scale) : 1;
                assert_true(values[i] == (4 * row + column) * power);
            }
        }
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_shapes_that_do_not_fit),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_the_inverse_is_preferred),
        cmocka_unit_test(test_values_are_scaled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
