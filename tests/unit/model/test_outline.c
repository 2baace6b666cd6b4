/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/outline.h"

static const uint64_t shape[] = {3, 5, UINT64_C(1) << 62};

static bool add(struct model *model, const char *name, size_t length, unsigned rank,
                struct error *error)
{
    const struct outline_tensor tensor = {
        .name = name,
        .name_length = length,
        .dtype = "BF16",
        .rank = rank,
        .dims = shape,
        .bytes = 30,
    };
    return outline_add(model, &tensor, "there are no weights", error);
}

static void test_outline(void **state)
{
    (void)state;
    struct model *model = outline_new("folder/m.safetensors", "safetensors");
    assert_true(add(model, "a\n", 2, 2, NULL));
    assert_true(add(model, "scalar", 6, 0, NULL));
    assert_string_equal(model->label, "m.safetensors");
    assert_string_equal(model->format, "safetensors");
    assert_int_equal(model->count, 2);
    assert_int_equal(model->elements, 16);
    assert_int_equal(model->bytes, 60);
    const struct tensor *tensor = &model->tensors[0];
    assert_string_equal(tensor->label, "a\\n");
    assert_int_equal(tensor->name_length, 2);
    assert_ptr_equal(tensor->dtype, &dtype_bf16);
    assert_true(tensor->rank == 2 && tensor->dims[1] == 5 && tensor->elements == 15);
    const char *reason = NULL;
    assert_false(tensor_readable(tensor, &reason));
    assert_string_equal(reason, "there are no weights");
    assert_true(outline_check(model, NULL));
    model_free(model);
}

static void test_refused(void **state)
{
    (void)state;
    struct error error = {ERROR_NONE, ""};
    struct model *model = outline_new("m", "f");
    assert_false(add(model, "large", 5, 3, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, "tensor \"large\" is too large");
    assert_true(add(model, "a", 1, 2, NULL) && add(model, "a", 1, 1, NULL));
    assert_false(outline_check(model, &error));
    assert_string_equal(error.text, "two tensors have the name \"a\"");
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outline),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
