/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
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
#include "model/tensor.h"

static void test_channels(void **state)
{
    (void)state;
    const uint64_t dims[] = {6, 5, 4};
    const uint64_t none[] = {0, 5}, hollow[] = {6, 0};
    const struct tensor scalar = {.rank = 0, .dims = dims, .elements = 1};
    const struct tensor vector = {.rank = 1, .dims = dims, .elements = 6};
    const struct tensor cube = {.rank = 3, .dims = dims, .elements = 120};
    const struct tensor no_rows = {.rank = 2, .dims = none, .elements = 0};
    const struct tensor no_columns = {.rank = 2, .dims = hollow, .elements = 0};
    assert_int_equal(tensor_channels(&scalar), 1);
    assert_int_equal(tensor_channel_length(&scalar), 1);
    assert_int_equal(tensor_channels(&vector), 1);
    assert_int_equal(tensor_channel_length(&vector), 6);
    assert_int_equal(tensor_channels(&cube), 6);
    assert_int_equal(tensor_channel_length(&cube), 20);
    assert_int_equal(tensor_channels(&no_rows), 0);
    assert_int_equal(tensor_channel_length(&no_rows), 0);
    assert_int_equal(tensor_channels(&no_columns), 6);
    assert_int_equal(tensor_channel_length(&no_columns), 0);
}

static struct model *open_good(const char *header, size_t n)
{
    struct error error = {0};
    struct model *model = fixture_open(fixture_write_safetensors("file", header, n), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static void test_readable(void **state)
{
    (void)state;
    struct model *model = open_good("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                                    "\"b\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[1,2]},"
                                    "\"c\":{\"dtype\":\"X\",\"shape\":[1],\"data_offsets\":[2,3]}}",
                                    3);
    const char *reason = NULL;
    assert_true(tensor_readable(&model->tensors[0], &reason));
    assert_null(reason);
    assert_false(tensor_readable(&model->tensors[1], &reason));
    assert_string_equal(reason, "F4 elements are not decoded yet");
    assert_false(tensor_readable(&model->tensors[2], &reason));
    assert_string_equal(reason, "this element type is not known");
    model_free(model);
}

static void test_any_range_is_read(void **state)
{
    (void)state;
    struct model *model = open_good("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                                    "\"b\":{\"dtype\":\"U16\",\"shape\":[2,3],"
                                    "\"data_offsets\":[3,15]}}", 15);
    const struct tensor *b = &model->tensors[1];
    struct error error = {0};
    for (uint64_t first = 0; first <= 6; first++) {
        for (size_t n = 0; n <= 6 - first; n++) {
            double out[7] = {-1, -1, -1, -1, -1, -1, -1};
            assert_true(tensor_read(b, first, n, out, &error));
            for (size_t i = 0; i < n; i++) {
                unsigned low = 3 + 2 * (unsigned)(first + i); /* bytes are 0, 1, 2, ... */
                assert_true(out[i] == low + 256 * (low + 1));
            }
            assert_true(out[n] == -1);
        }
    }
    model_free(model);
}

static void test_truncation_is_an_error(void **state)
{
    (void)state;
    fixture_restore_guard();
    struct model *model = open_good("{\"a\":{\"dtype\":\"U8\",\"shape\":[100000],"
                                    "\"data_offsets\":[0,100000]}}", 100000);
    const struct tensor *tensor = &model->tensors[0];
    assert_int_equal(truncate(tensor->file->path, 100), 0);
    double *out = malloc(100000 * sizeof *out);
    struct error error = {0};
    assert_true(tensor_read(tensor, 0, 10, out, &error));
    assert_false(tensor_read(tensor, 50000, 1000, out, &error));
    assert_int_equal(error.code, ERROR_FILE);
    char text[1024];
    snprintf(text, sizeof text, "%s: was truncated while open, at byte %" PRIu64,
             tensor->file->label, tensor->offset + 50000);
    assert_string_equal(error.text, text);
    free(out);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_readable),
        cmocka_unit_test(test_any_range_is_read),
        cmocka_unit_test(test_truncation_is_an_error),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
