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
    layer_groups(model, (struct tensor_view){0}, leader);
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
    layer_groups(model, (struct tensor_view){.axis = 1}, leader);
    assert_int_equal(leader[1], 0);
    layer_groups(model, (struct tensor_view){.axis = 0}, leader);
    assert_int_equal(leader[1], 1);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_other_axis),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
