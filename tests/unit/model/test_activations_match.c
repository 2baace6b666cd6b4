/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "imatrix_writer.h"
#include "model/activations_match.h"
#include "tensor_writer.h"

static const float ones[64];

/* A model of matrices 2 x width under names with ".weight" behind, NULL at the end. */
static struct model *make_model(const char *const names[], size_t width)
{
    struct tensor_writer writer = {0};
    struct error error = {0};
    for (size_t i = 0; names[i]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s.weight", names[i]);
        tensor_writer_zeros(&writer, name, 2, width);
    }
    struct model *model = fixture_open(tensor_writer_write(&writer, "model.safetensors"), &error);
    assert_non_null(model);
    return model;
}

/* A file of vectors under these names. */
static struct activations *make_file(const char *const names[], const char *shape, size_t n)
{
    struct tensor_writer writer = {0};
    struct error error = {0};
    for (size_t i = 0; names[i]; i++)
        tensor_writer_add(&writer, names[i], shape, ones, n);
    struct activations *file = activations_open(
        tensor_writer_write(&writer, "activations.safetensors"), ACTIVATION_UNKNOWN, &error);
    if (!file)
        fail_msg("%s", error.text);
    return file;
}

struct setting {
    struct model *model;
    struct activations *file;
    struct activation_matches matches;
};

static struct setting match(const char *const weights[], const char *const entries[],
                            const struct name_map *map)
{
    struct setting setting = {.model = make_model(weights, 4), .file = make_file(entries, "4", 4)};
    activations_match(&setting.matches, setting.file, setting.model, (struct tensor_view){0}, map);
    return setting;
}

static void done(struct setting *setting)
{
    activations_match_done(&setting->matches);
    activations_free(setting->file);
    model_free(setting->model);
}

/* Checks that the tensor has the entry of this name, or none if it is NULL. */
static void check(const struct setting *setting, size_t tensor, const char *entry, bool shared)
{
    const struct activation_match *found = &setting->matches.layers[tensor];
    if (!entry) {
        assert_null(found->inputs);
        assert_non_null(found->reason);
        return;
    }
    assert_non_null(found->inputs);
    assert_string_equal(found->inputs->tensor->label, entry);
    assert_int_equal(found->shared, shared);
    assert_null(found->reason);
}

static void test_names(void **state)
{
    (void)state;
    struct setting setting =
        match((const char *[]){"fc1", "fc2", "net.0", NULL},
              (const char *[]){"fc1.weight.diagonal", "net.0.diagonal", "x.diagonal", NULL},
              &(struct name_map){0});
    check(&setting, 0, "fc1.weight.diagonal", false);
    check(&setting, 1, NULL, false);
    check(&setting, 2, "net.0.diagonal", false);
    const bool *claimed = setting.matches.claimed;
    assert_true(claimed[0] && claimed[1] && !claimed[2]);
    assert_true(activations_match_any(&setting.matches));
    done(&setting);
}

static void test_families_and_shared_inputs(void **state)
{
    (void)state;
    struct setting setting =
        match((const char *[]){"model.layers.0.mlp.down_proj", "model.layers.0.mlp.up_proj",
                               "model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.q_proj",
                               "model.layers.1.self_attn.q_proj", NULL},
              (const char *[]){"blk.0.attn_q.weight.diagonal", "blk.0.ffn_down.weight.diagonal",
                               "blk.0.ffn_gate.weight.diagonal", NULL},
              &(struct name_map){0});
    check(&setting, 0, "blk.0.ffn_down.weight.diagonal", false);
    check(&setting, 1, "blk.0.ffn_gate.weight.diagonal", true);
    check(&setting, 2, "blk.0.attn_q.weight.diagonal", true);
    check(&setting, 3, "blk.0.attn_q.weight.diagonal", false);
    check(&setting, 4, NULL, false);
    done(&setting);
}

static void test_map(void **state)
{
    (void)state;
    struct name_map map = {0};
    assert_true(name_map_add(&map, "^in([0-9])$=blk.\\1.attn_q", NULL));
    struct setting setting = match((const char *[]){"blk.3.attn_q", "blk.3.attn_v", NULL},
                                   (const char *[]){"in3.diagonal", NULL}, &map);
    check(&setting, 0, "in3.diagonal", false);
    check(&setting, 1, "in3.diagonal", true);
    done(&setting);
    name_map_done(&map);
}

static void test_kinds(void **state)
{
    (void)state;
    struct model *model = make_model((const char *[]){"w", NULL}, 4);
    struct tensor_writer writer = {0};
    struct activation_matches matches;
    tensor_writer_add(&writer, "w.absmax", "4", ones, 4);
    tensor_writer_add(&writer, "w.diagonal", "4", ones, 4);
    tensor_writer_add(&writer, "w.input", "3,4", ones, 12);
    tensor_writer_add(&writer, "w.second_moment", "4,4", ones, 16);
    struct activations *file = activations_open(tensor_writer_write(&writer, "kinds.safetensors"),
                                                ACTIVATION_UNKNOWN, NULL);
    assert_non_null(file);
    activations_match(&matches, file, model, (struct tensor_view){0}, &(struct name_map){0});
    assert_int_equal(matches.layers[0].inputs->kind, ACTIVATION_SAMPLES);
    assert_int_equal(matches.layers[0].ranges->kind, ACTIVATION_RANGES);
    activations_match_done(&matches);
    activations_free(file);
    model_free(model);
}

static void test_only_ranges(void **state)
{
    (void)state;
    struct setting setting = match((const char *[]){"w", NULL}, (const char *[]){"w.absmax", NULL},
                                   &(struct name_map){0});
    assert_non_null(setting.matches.layers[0].ranges);
    assert_true(setting.matches.claimed[0]);
    assert_string_equal(setting.matches.layers[0].reason, "its entry has only ranges");
    done(&setting);
}

static void test_width(void **state)
{
    (void)state;
    struct model *model = make_model((const char *[]){"w", NULL}, 5);
    struct activations *file = make_file((const char *[]){"w.diagonal", NULL}, "4", 4);
    struct activation_matches matches;
    struct text out = {0};
    activations_match(&matches, file, model, (struct tensor_view){0}, &(struct name_map){0});
    activations_match_print(&matches, NULL, &out);
    /* It is the layer's by its name, and why it does not fit is said there. */
    assert_string_equal(out.data, "w.weight: no activations: its entry is of another width\n");
    assert_true(activations_match_any(&matches));
    text_done(&out);
    activations_match_done(&matches);
    activations_free(file);
    model_free(model);
}

/* A flat entry holds the experts one behind the other; an ordinary layer takes no such thing. */
static void test_experts(void **state)
{
    (void)state;
    struct text bytes = {0};
    struct error error = {0};
    struct activation_matches matches;
    imatrix_number(&bytes, 2);
    imatrix_entry(&bytes, "blk.0.ffn_up_exps.weight", 4, ones, 8);
    imatrix_entry(&bytes, "blk.0.attn_q.weight", 4, ones, 8);
    struct activations *file = activations_open(
        fixture_write("imatrix.dat", bytes.data, bytes.length), ACTIVATION_UNKNOWN, &error);
    assert_non_null(file);
    struct model *model =
        make_model((const char *[]){"blk.0.attn_q", "blk.0.ffn_gate_exps.1", "blk.0.ffn_up_exps.0",
                                    "blk.0.ffn_up_exps.1", "blk.0.ffn_up_exps.2", NULL},
                   4);
    activations_match(&matches, file, model, (struct tensor_view){0}, &(struct name_map){0});
    assert_string_equal(matches.layers[0].reason, "its entry is of another width");
    assert_true(matches.layers[1].shared && matches.layers[1].inputs_row == 1);
    assert_int_equal(matches.layers[2].inputs_row, 0);
    assert_int_equal(matches.layers[3].inputs_row, 1);
    assert_false(matches.layers[3].shared);
    assert_string_equal(matches.layers[4].reason, "its entry has fewer experts");
    activations_match_done(&matches);
    activations_free(file);
    model_free(model);
    text_done(&bytes);
}

static void test_no_tokens(void **state)
{
    (void)state;
    struct text bytes = {0};
    struct activation_matches matches;
    imatrix_number(&bytes, 1);
    imatrix_entry(&bytes, "blk.0.attn_q.weight", 0, ones, 4);
    struct activations *file = activations_open(
        fixture_write("imatrix.dat", bytes.data, bytes.length), ACTIVATION_UNKNOWN, NULL);
    struct model *model = make_model((const char *[]){"blk.0.attn_q", NULL}, 4);
    assert_non_null(file);
    activations_match(&matches, file, model, (struct tensor_view){0}, &(struct name_map){0});
    assert_string_equal(matches.layers[0].reason, "its entry is of no tokens");
    activations_match_done(&matches);
    activations_free(file);
    model_free(model);
    text_done(&bytes);
}

/* Embeddings are looked up, not multiplied: nobody misses their activations. */
static void test_of_another_model(void **state)
{
    (void)state;
    struct setting setting = match((const char *[]){"a", "b", NULL},
                                   (const char *[]){"c.diagonal", NULL}, &(struct name_map){0});
    assert_false(activations_match_any(&setting.matches));
    assert_string_equal(setting.matches.layers[1].reason, "no entry has its name");
    done(&setting);
}

static void test_nothing_to_say(void **state)
{
    (void)state;
    struct text out = {0};
    struct setting setting = match((const char *[]){"model.embed_tokens", "w", NULL},
                                   (const char *[]){"w.diagonal", NULL}, &(struct name_map){0});
    activations_match_print(&setting.matches, NULL, &out);
    assert_null(out.data);
    done(&setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_families_and_shared_inputs),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_only_ranges),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_experts),
        cmocka_unit_test(test_no_tokens),
        cmocka_unit_test(test_of_another_model),
        cmocka_unit_test(test_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
