/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/layer_groups.h"
#include "tensor_writer.h"

static void test_groups(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t columns, leader;
    } tensors[] = {
        {"blk.0.attn_k.weight", 4, 0},          {"blk.0.attn_output.weight", 4, 1},
        {"blk.0.attn_q.weight", 4, 0},          {"blk.0.attn_v.weight", 4, 0},
        {"blk.0.ffn_down.weight", 4, 4},        {"blk.0.ffn_gate.weight", 4, 5},
        {"blk.0.ffn_up.weight", 4, 5},          {"blk.1.attn_q.weight", 4, 7},
        {"blk.1.attn_v.weight", 5, 8}, /* another width */
        {"blk.1.ffn_gate_exps.0.weight", 4, 9}, {"blk.1.ffn_up_exps.0.weight", 4, 9},
        {"blk.1.ffn_up_exps.1.weight", 4, 11},  {"other.weight", 4, 12},
        {"token_embd.weight", 4, 13},
    };
    const size_t count = sizeof tensors / sizeof *tensors;
    struct tensor_writer writer = {0};
    struct error error = {0};
    size_t leader[14];
    for (size_t i = 0; i < count; i++)
        tensor_writer_zeros(&writer, tensors[i].name, 2, tensors[i].columns);
    struct model *model = fixture_open(tensor_writer_write(&writer, "groups.safetensors"), &error);
    assert_non_null(model);
    layer_groups(model, (struct tensor_view){0}, NULL, leader);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(model->tensors[i].label, tensors[i].name);
        assert_int_equal(leader[i], tensors[i].leader);
    }
    model_free(model);
}

/* [in, out] weights have their width along the other dimension. */
static void test_other_axis(void **state)
{
    (void)state;
    struct tensor_writer writer = {0};
    struct error error = {0};
    size_t leader[2];
    tensor_writer_zeros(&writer, "blk.0.attn_k.weight", 4, 2);
    tensor_writer_zeros(&writer, "blk.0.attn_q.weight", 4, 6);
    struct model *model = fixture_open(tensor_writer_write(&writer, "axis.safetensors"), &error);
    assert_non_null(model);
    layer_groups(model, (struct tensor_view){.axis = 1}, NULL, leader);
    assert_int_equal(leader[1], 0);
    layer_groups(model, (struct tensor_view){.axis = 0}, NULL, leader);
    assert_int_equal(leader[1], 1);
    model_free(model);
}

/* Leaders of four layers of one width, as a grouping has them. */
static void check_grouping(const char *const rules[], size_t rule_count, const size_t expected[4])
{
    static const char *const names[] = {"blk.0.attn_k.weight", "blk.0.attn_q.weight",
                                        "head_a.weight", "head_b.weight"};
    struct layer_grouping grouping = {0};
    struct tensor_writer writer = {0};
    struct error error = {0};
    size_t leader[4];
    for (size_t i = 0; i < 4; i++)
        tensor_writer_zeros(&writer, names[i], 2, 4);
    struct model *model = fixture_open(tensor_writer_write(&writer, "rules.safetensors"), &error);
    assert_non_null(model);
    for (size_t i = 0; i < rule_count; i++)
        assert_true(layer_grouping_parse(rules[i], &grouping, &error));
    layer_groups(model, (struct tensor_view){0}, &grouping, leader);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(leader[i], expected[i]);
    layer_grouping_done(&grouping);
    model_free(model);
}

/* What the user says goes before what names tell. */
static void test_told_groups(void **state)
{
    (void)state;
    check_grouping(NULL, 0, (const size_t[]){0, 0, 2, 3});
    check_grouping((const char *const[]){"none"}, 1, (const size_t[]){0, 1, 2, 3});
    check_grouping((const char *const[]){"head_[ab]=head"}, 1, (const size_t[]){0, 0, 2, 2});
    check_grouping((const char *const[]){"attn_q=own", "^head_.=own"}, 2,
                   (const size_t[]){0, 1, 2, 2});
    check_grouping((const char *const[]){"none", "head_[ab]=head", "names"}, 3,
                   (const size_t[]){0, 0, 2, 3});
    struct layer_grouping grouping = {0};
    struct error error = {0};
    assert_false(layer_grouping_parse("nothing", &grouping, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_false(layer_grouping_parse("(=x", &grouping, &error));
    layer_grouping_done(&grouping);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_other_axis),
        cmocka_unit_test(test_told_groups),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
