/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/tensor.h"

static void check_channels(const struct tensor *tensor, unsigned axis, uint64_t channels,
                           uint64_t length)
{
    const struct tensor_view view = {.axis = axis};
    assert_int_equal(tensor_channels(tensor, view), channels);
    assert_int_equal(tensor_channel_length(tensor, view), length);
}

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
    for (unsigned axis = 0; axis < 2; axis++) {
        check_channels(&scalar, axis, 1, 1);
        check_channels(&vector, axis, 1, 6);
    }
    check_channels(&cube, 0, 6, 20);
    check_channels(&cube, 1, 5, 24);
    check_channels(&cube, 2, 4, 30);
    check_channels(&cube, 3, 6, 20); /* there is no such dimension */
    check_channels(&no_rows, 0, 0, 0);
    check_channels(&no_rows, 1, 5, 0);
    check_channels(&no_columns, 0, 6, 0);
    check_channels(&no_columns, 1, 0, 0);
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
    struct model *model =
        open_good("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                  "\"b\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[1,9]},"
                  "\"c\":{\"dtype\":\"X\",\"shape\":[1],\"data_offsets\":[9,10]}}",
                  10);
    const char *reason = NULL;
    assert_true(tensor_readable(&model->tensors[0], &reason));
    assert_null(reason);
    assert_false(tensor_readable(&model->tensors[1], &reason));
    assert_string_equal(reason, "complex numbers have no rounding error here");
    assert_false(tensor_readable(&model->tensors[2], &reason));
    assert_string_equal(reason, "this element type is not known");
    struct tensor tensor = model->tensors[0];
    tensor.reason = "it lies in a file of its own";
    assert_false(tensor_readable(&tensor, &reason));
    assert_string_equal(reason, tensor.reason);
    tensor.reason = NULL;
    tensor.content = NULL;
    assert_false(tensor_readable(&tensor, &reason));
    assert_string_equal(reason, "its elements are not in the file");
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channels),
        cmocka_unit_test(test_readable),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
