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
#include "model/experts.h"
#include "model/ggml_types.h"
#include "model/parts.h"

#define STACK(NAME, BEGIN, END) \
    "\"" NAME "\":{\"dtype\":\"U16\",\"shape\":[3,2,4],\"data_offsets\":[" #BEGIN "," #END "]}"

static struct model *opened(const char *header, size_t n)
{
    struct error error = {0};
    struct model *model = fixture_open(fixture_write_safetensors("file", header, n), &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

static void check_labels(const struct model *model, const char *const labels[], size_t count)
{
    assert_int_equal(model->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(model->tensors[i].label, labels[i]);
}

/* A stack becomes matrices in its place, which have its bytes one after the other. */
static void test_stacks_become_matrices(void **state)
{
    (void)state;
    static const char *const labels[] = {"a", "blk.0.ffn_gate_exps.0.weight",
                                         "blk.0.ffn_gate_exps.1.weight",
                                         "blk.0.ffn_gate_exps.2.weight", "z"};
    struct model *model =
        opened("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}," STACK(
                   "blk.0.ffn_gate_exps.weight", 2,
                   50) ","
                       "\"z\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[50,51]}}",
               51);
    check_labels(model, labels, 5);
    assert_int_equal(model->elements, 2 + 24 + 1);
    assert_int_equal(model->bytes, 51);
    const struct tensor_view plain = {0};
    for (unsigned expert = 0; expert < 3; expert++) {
        const struct tensor *matrix = &model->tensors[1 + expert];
        double values[8];
        assert_int_equal(matrix->rank, 2);
        assert_int_equal(matrix->dims[0], 2);
        assert_int_equal(matrix->dims[1], 4);
        assert_int_equal(matrix->elements, 8);
        assert_int_equal(matrix->bytes, 16);
        assert_int_equal(matrix->name_length, strlen(matrix->name));
        assert_true(tensor_read(matrix, plain, 0, 8, values, NULL));
        for (unsigned i = 0; i < 8; i++) {
            unsigned low = 2 + 16 * expert + 2 * i; /* bytes are 0, 1, 2, ... */
            assert_true(values[i] == low + 256 * (low + 1));
        }
    }
    model_free(model);
}

static void becomes(const char *name, const char *label, size_t count)
{
    char header[512];
    snprintf(header, sizeof header,
             "{\"%s\":{\"dtype\":\"U8\",\"shape\":[2,1,1],\"data_offsets\":[0,2]}}", name);
    struct model *model = opened(header, 2);
    assert_int_equal(model->count, count);
    assert_string_equal(model->tensors[count - 1].label, label);
    model_free(model);
}

static void test_names(void **state)
{
    (void)state;
    becomes("m.0.mlp.experts.gate_up_proj", "m.0.mlp.experts.gate_up_proj.1", 2);
    becomes("m.0.mlp.experts.down_proj.weight", "m.0.mlp.experts.down_proj.1.weight", 2);
    becomes("experts.w\\u001b", "experts.w\\u{1B}.1", 2);
    becomes("_exps.weight", "_exps.1.weight", 2);
    static const char *const others[] = {"conv1.weight",
                                         "experts",
                                         "experts.weight",
                                         "a.experts.0.weight",
                                         "a.experts.7",
                                         "myexperts.w",
                                         "experts.a.b",
                                         "blk.0.ffn_exps",
                                         "x",
                                         "weight",
                                         ".weight"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        becomes(others[i], others[i], 1);
}

static void test_other_shapes_stay(void **state)
{
    (void)state;
    static const char *const labels[] = {"experts.b", "experts.c", "experts.d", "experts.e"};
    struct model *model =
        opened("{\"experts.b\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[0,4]},"
               "\"experts.c\":{\"dtype\":\"U8\",\"shape\":[1,2,1,2],\"data_offsets\":[4,8]},"
               "\"experts.d\":{\"dtype\":\"U8\",\"shape\":[4097,1,1],\"data_offsets\":[8,4105]},"
               "\"experts.e\":{\"dtype\":\"U8\",\"shape\":[4,0,2],\"data_offsets\":[4105,4105]}}",
               4105);
    check_labels(model, labels, 4);
    model_free(model);
}

static void test_a_taken_name_keeps_all_as_it_is(void **state)
{
    (void)state;
    static const char *const labels[] = {"experts.w", "experts.w.1"};
    struct model *model = opened(
        "{" STACK("experts.w", 0,
                  48) ","
                      "\"experts.w.1\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[48,49]}}",
        49);
    check_labels(model, labels, 2);
    model_free(model);
}

/* A model of one tensor in 4096 bytes of memory. */
static struct model *model_of(struct tensor tensor)
{
    unsigned char *memory;
    struct error error = {0};
    struct model *model = parts_new_model("memory");
    struct content *content = content_of_memory("memory", 4096, &memory, &error);
    assert_non_null(content);
    parts_add_content(model, content);
    for (size_t i = 0; i < 4096; i++)
        memory[i] = (unsigned char)(i / 144);
    tensor.name = tensor.label = "ffn_up_exps.weight";
    tensor.name_length = strlen(tensor.name);
    tensor.content = content;
    tensor.rank = 3;
    if (!parts_place(&tensor, 0, &error))
        fail_msg("%s", error.text);
    parts_add_tensor(model, &tensor);
    return model;
}

static void test_blocks_are_counted_in_whole_rows(void **state)
{
    (void)state;
    const uint64_t dims[] = {3, 2, 512};
    const struct dtype *q4_k = ggml_type(12);
    assert_string_equal(q4_k->name, "Q4_K");
    struct model *model = model_of((struct tensor){.dtype = q4_k, .dims = dims, .offset = 7});
    experts_split(model);
    assert_int_equal(model->count, 3);
    for (uint64_t expert = 0; expert < 3; expert++) {
        assert_int_equal(model->tensors[expert].offset, 7 + expert * 4 * q4_k->block_bytes);
        assert_int_equal(model->tensors[expert].bytes, 4 * q4_k->block_bytes);
    }
    model_free(model);
}

/* ONNX packs 4 bits without regard to rows: a matrix may begin within a byte. */
static void test_matrices_that_share_bytes_stay(void **state)
{
    (void)state;
    const uint64_t dims[] = {2, 3, 3}, whole[] = {2, 3, 4};
    struct model *model = model_of((struct tensor){.dtype = &dtype_e2m1, .dims = whole});
    model->tensors[0].dims = dims;
    model->tensors[0].elements = 18;
    experts_split(model);
    assert_int_equal(model->count, 1);
    model_free(model);
}

/* Each matrix has a name as long as its stack's. */
static void test_long_names_stay(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'x', sizeof name);
    memcpy(name + 285, "_exps.weight", sizeof "_exps.weight");
    becomes(name, name, 1);
}

static void test_strides_are_kept(void **state)
{
    (void)state;
    const uint64_t dims[] = {3, 2, 4}, strides[] = {1, 20, 3};
    struct model *model =
        model_of((struct tensor){.dtype = &dtype_u16, .dims = dims, .strides = strides});
    experts_split(model);
    assert_int_equal(model->count, 3);
    const struct tensor *last = &model->tensors[2];
    assert_int_equal(last->offset, 4);
    assert_int_equal(last->strides[0], 20);
    assert_int_equal(last->strides[1], 3);
    assert_int_equal(last->bytes, 2 * (20 + 9 + 1));
    model_free(model);
}

/* Strides of 0 need no bytes: many experts of nothing would be many matrices for nothing. */
static void test_the_number_of_matrices_is_bounded(void **state)
{
    (void)state;
    const uint64_t dims[] = {EXPERTS_MOST, 1, 1}, strides[] = {0, 0, 0};
    struct model *model =
        model_of((struct tensor){.dtype = &dtype_u8, .dims = dims, .strides = strides});
    const struct tensor stack = model->tensors[0];
    for (int i = 0; i < 256; i++)
        parts_add_tensor(model, &stack);
    experts_split(model);
    assert_int_equal(model->count, 257);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stacks_become_matrices),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_other_shapes_stay),
        cmocka_unit_test(test_a_taken_name_keeps_all_as_it_is),
        cmocka_unit_test(test_blocks_are_counted_in_whole_rows),
        cmocka_unit_test(test_matrices_that_share_bytes_stay),
        cmocka_unit_test(test_long_names_stay),
        cmocka_unit_test(test_strides_are_kept),
        cmocka_unit_test(test_the_number_of_matrices_is_bounded),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
