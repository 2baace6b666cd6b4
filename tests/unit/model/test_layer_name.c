/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/layer_name.h"

/* The same layer's names in several families, GGUF's first. */
static const char *const same[][6] = {
    {"blk.3.attn_q.weight", "model.layers.3.self_attn.q_proj.weight",
     "layers.3.attention.wq.weight", "bert.encoder.layer.3.attention.self.query.weight",
     "model.language_model.layers.3.self_attn.q_proj"},
    {"blk.3.attn_k.weight", "model.layers.3.self_attn.k_proj.weight", "layers.3.attention.wk"},
    {"blk.12.attn_v", "model.layers.12.self_attn.v_proj.weight"},
    {"blk.0.attn_qkv.weight", "transformer.h.0.attn.c_attn.weight", "h.0.attn.c_attn.weight",
     "gpt_neox.layers.0.attention.query_key_value.weight"},
    {"blk.0.attn_output.weight", "model.layers.0.self_attn.o_proj.weight",
     "model.decoder.layers.0.self_attn.out_proj.weight", "h.0.attn.c_proj.weight"},
    {"blk.0.ffn_gate.weight", "model.layers.0.mlp.gate_proj.weight",
     "layers.0.feed_forward.w1.weight"},
    {"blk.0.ffn_up.weight", "model.layers.0.mlp.up_proj.weight", "layers.0.feed_forward.w3.weight",
     "model.decoder.layers.0.fc1.weight"},
    {"blk.0.ffn_down.weight", "model.layers.0.mlp.down_proj.weight",
     "layers.0.feed_forward.w2.weight"},
    {"blk.7.ffn_gate_exps.31.weight", "model.layers.7.mlp.experts.31.gate_proj.weight",
     "model.layers.7.block_sparse_moe.experts.31.w1.weight"},
    {"blk.7.ffn_gate_up_exps", "model.layers.7.mlp.experts.gate_up_proj"},
    {"blk.7.ffn_down_shexp.weight", "model.layers.7.mlp.shared_expert.down_proj.weight"},
    {"blk.7.ffn_gate_inp.weight", "model.layers.7.mlp.gate.weight"},
    {"blk.7.attn_kv_a_mqa.weight", "model.layers.7.self_attn.kv_a_proj_with_mqa.weight"},
    {"output.weight", "lm_head.weight", "embed_out.weight", "language_model.lm_head.weight"},
    {"token_embd.weight", "model.embed_tokens.weight", "transformer.wte.weight",
     "tok_embeddings.weight"},
};

static void test_families_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        for (size_t j = 0; j < 6 && same[i][j]; j++) {
            struct layer_name name;
            struct text printed = {0};
            if (!layer_name_parse(same[i][j], &name))
                fail_msg("%s is not known", same[i][j]);
            layer_name_print(&printed, &name);
            assert_int_equal(printed.length, layer_stem(same[i][0]));
            assert_memory_equal(printed.data, same[i][0], printed.length);
            text_done(&printed);
        }
}

static void test_parts(void **state)
{
    (void)state;
    struct layer_name name;
    assert_true(layer_name_parse("vision_tower.blocks.4.mlp.experts.2.up_proj.weight", &name));
    assert_int_equal(name.prefix_length, strlen("vision_tower."));
    assert_int_equal(name.layer, 4);
    assert_int_equal(name.expert, 2);
    assert_int_equal(name.role, LAYER_UP);
    assert_true(layer_name_parse("blk.0.ffn_up_exps.weight", &name));
    assert_int_equal(name.expert, LAYER_STACK);
    assert_true(layer_name_parse("lm_head", &name));
    assert_int_equal(name.layer, LAYER_NONE);
}

static void test_prefixes_differ(void **state)
{
    (void)state;
    struct layer_name name;
    struct text printed = {0};
    assert_true(layer_name_parse("vision.layers.1.self_attn.q_proj.weight", &name));
    layer_name_print(&printed, &name);
    assert_string_equal(printed.data, "vision.blk.1.attn_q");
    text_done(&printed);
}

static void test_unknown(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        ".",
        ".weight",
        "blk",
        "blk.",
        "blk.1",
        "blk.1.",
        "blk.x.attn_q",
        "blk.1.attn_q.bias",
        "blk.1.attn_q_norm.weight",
        "blk.1234567.attn_q",
        "blk.1.ffn_up_exps.",
        "blk.1.ffn_up_exps.x",
        "blk.99999999999999999999.attn_q",
        "layers.1.mlp.experts.1234567.up_proj",
        "conv1.weight",
        "layer1.0.conv1.weight",
        "model.layers.0.input_layernorm.weight",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct layer_name name;
        if (layer_name_parse(names[i], &name))
            fail_msg("%s is taken for a layer", names[i]);
    }
}

/* Whatever the name, that of each layer with the same input can be printed. */
static void test_siblings(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        unsigned count;
        enum layer_role first;
    } cases[] = {
        {"blk.1.attn_v", 6, LAYER_QUERY},
        {"blk.1.attn_kv_b", 1, LAYER_KEY_VALUE_UP},
        {"blk.1.attn_output", 1, LAYER_ATTENTION_OUTPUT},
        {"blk.1.ffn_up", 3, LAYER_GATE},
        {"blk.1.ffn_up_exps", 3, LAYER_GATE},
        {"blk.1.ffn_up_exps.5", 3, LAYER_GATE},
        {"blk.1.ffn_up_shexp", 3, LAYER_GATE},
        {"blk.1.ffn_down", 1, LAYER_DOWN},
        {"output", 1, LAYER_HEAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct layer_name name;
        enum layer_role first;
        assert_true(layer_name_parse(cases[i].label, &name));
        assert_int_equal(layer_role_siblings(name.role, &first), cases[i].count);
        assert_int_equal(first, cases[i].first);
        for (unsigned j = 0; j < cases[i].count; j++) {
            struct text printed = {0};
            name.role = first + j;
            layer_name_print(&printed, &name);
            assert_true(printed.length > 0);
            text_done(&printed);
        }
    }
}

static void test_linear(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        unsigned rank;
        bool linear;
    } cases[] = {
        {"blk.0.attn_q.weight", 2, true},
        {"blk.0.attn_q.weight", 1, false},
        {"anything.weight", 2, true},
        {"anything.weight", 4, false},
        {"token_embd.weight", 2, false},
        {"model.embed_tokens.weight", 2, false},
        {"embeddings.position_embeddings.weight", 2, false},
        {"wpe.weight", 2, false},
        {"lm_head.weight", 2, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct tensor tensor = {
            .label = cases[i].label, .rank = cases[i].rank, .elements = 4};
        assert_int_equal(layer_is_linear(&tensor), cases[i].linear);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families_agree),  cmocka_unit_test(test_parts),
        cmocka_unit_test(test_prefixes_differ), cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_siblings),        cmocka_unit_test(test_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
