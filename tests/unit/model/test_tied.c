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

#define NAMES_MOST 4

/* What is noted of a model of empty tensors with these names; the note in full, or NULL. */
static void notes(const char *const names[NAMES_MOST], const char *config, const char *note)
{
    char header[1024] = "{";
    for (size_t i = 0; i < NAMES_MOST && names[i]; i++) {
        size_t length = strlen(header);
        snprintf(header + length, sizeof header - length,
                 "%s\"%s\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}", i ? "," : "",
                 names[i]);
    }
    strcat(header, "}");
    fixture_write_text("config.json", config);
    struct error error = {0};
    struct model *model = fixture_open(fixture_write_safetensors("file", header, 0), &error);
    if (!model)
        fail_msg("%s", error.text);
    const struct metadata_entry *found = NULL;
    for (size_t i = 0; i < model->metadata.count; i++)
        if (strcmp(model->metadata.entries[i].source, "roundoff") == 0)
            found = &model->metadata.entries[i];
    if (!note != !found)
        fail_msg("%s: %s", names[0], found ? found->value : "no note");
    if (note) {
        assert_string_equal(found->key, "output matrix");
        assert_string_equal(found->value, note);
    }
    model_free(model);
}

static void test_tied(void **state)
{
    (void)state;
    notes((const char *const[NAMES_MOST]){"token_embd.weight", "output_norm.weight"}, "{}",
          "not in the file: tied to token_embd.weight");
    notes((const char *const[NAMES_MOST]){"model.norm.weight", "model.embed_tokens.weight"},
          "{\"tie_word_embeddings\":true}", "not in the file: tied to model.embed_tokens.weight");
    notes((const char *const[NAMES_MOST]){"language_model.model.embed_tokens.weight",
                                          "language_model.model.norm.weight",
                                          "vision_tower.norm.weight"},
          "{}", "not in the file: tied to language_model.model.embed_tokens.weight");
    notes((const char *const[NAMES_MOST]){"transformer.wte.weight", "transformer.ln_f.weight"},
          "{}", "not in the file: tied to transformer.wte.weight");
    notes((const char *const[NAMES_MOST]){"model.decoder.embed_tokens.weight",
                                          "model.decoder.final_layer_norm.weight"},
          "{}", "not in the file: tied to model.decoder.embed_tokens.weight");
}

static void test_config_may_deny_it(void **state)
{
    (void)state;
    static const char *const names[NAMES_MOST] = {"model.embed_tokens.weight", "model.norm.weight"};
    notes(names, "{\"tie_word_embeddings\":false}", "not in the file");
    notes(names, "{\"text_config\":{\"tie_word_embeddings\":false}}", "not in the file");
}

static void test_there_is_nothing_to_note(void **state)
{
    (void)state;
    static const char *const models[][NAMES_MOST] = {
        {"model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"},
        {"model.embed_tokens.weight", "model.norm.weight", "lm_head.qweight"},
        {"a.model.embed_tokens.weight", "a.model.norm.weight", "a.lm_head.weight"},
        {"token_embd.weight", "output_norm.weight", "output.weight"},
        {"token_embd.weight", "token_embd_norm.weight", "blk.0.attn_output.weight"}, /* BERT */
        {"model.embed_tokens.weight", "model.layers.0.norm.weight"}, /* the first shard */
        {"encoder.embed_tokens.weight", "encoder.final_layer_norm.weight"},
        {"embeddings.word_embeddings.weight", "norm.weight"},
        {"conv1.weight", "bn1.weight"},
    };
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
        notes(models[i], "{}", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tied),
        cmocka_unit_test(test_config_may_deny_it),
        cmocka_unit_test(test_there_is_nothing_to_note),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
