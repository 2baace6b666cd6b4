/* SPDX-License-Identifier: MIT */
#include "model/tied.h"

#include <string.h>

#include "base/text.h"
#include "model/config.h"
#include "model/parts.h"

/* How families name the embeddings and the last norm of a decoder, behind the same prefix.  The
 * norm is what tells them from an encoder, which has no output matrix, and the last of several
 * shards from the first. */
static const struct family {
    const char *embeddings;
    const char *norms[3];
} families[] = {
    {"token_embd.weight", {"output_norm.weight"}},
    {"transformer.wte.weight", {"transformer.ln_f.weight"}},
    {"embed_tokens.weight", {"norm.weight", "final_layernorm.weight", "final_layer_norm.weight"}},
};

/* True if the name is `tail`, or ends with it behind a '.'. */
static bool ends_with(const char *name, const char *tail)
{
    size_t length = strlen(name), size = strlen(tail);
    return length >= size && strcmp(name + length - size, tail) == 0 &&
           (length == size || name[length - size - 1] == '.');
}

/* True if a component of the name is this word. */
static bool has_component(const char *name, const char *word)
{
    const size_t size = strlen(word);
    for (const char *at = name; (at = strstr(at, word)) != NULL; at++)
        if ((at == name || at[-1] == '.') && (at[size] == '.' || at[size] == '\0'))
            return true;
    return false;
}

/* "output.weight" is GGUF's; elsewhere it is a part of an attention, behind a prefix. */
static bool is_output(const char *label)
{
    return strcmp(label, "output.weight") == 0 || has_component(label, "lm_head") ||
           has_component(label, "embed_out");
}

static const struct family *family_of(const char *label)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (ends_with(label, families[i].embeddings) && !has_component(label, "encoder"))
            return &families[i];
    return NULL;
}

/* True if the tensor is the last norm of the family, behind the prefix of these embeddings. */
static bool is_last_norm(const char *label, const char *embeddings, const struct family *family)
{
    size_t prefix = strlen(embeddings) - strlen(family->embeddings);
    if (strncmp(label, embeddings, prefix) != 0)
        return false;
    for (size_t i = 0; i < 3 && family->norms[i]; i++)
        if (strcmp(label + prefix, family->norms[i]) == 0)
            return true;
    return false;
}

/* The label of the embeddings that an output matrix should be beside; NULL if there are none. */
static const char *lonely_embeddings(const struct model *model)
{
    const char *embeddings = NULL;
    for (size_t i = 0; i < model->count; i++) {
        const char *label = model->tensors[i].label;
        if (is_output(label))
            return NULL;
        if (!embeddings && family_of(label))
            embeddings = label;
    }
    for (size_t i = 0; embeddings && i < model->count; i++)
        if (is_last_norm(model->tensors[i].label, embeddings, family_of(embeddings)))
            return embeddings;
    return NULL;
}

static bool config_denies(const struct metadata *metadata)
{
    for (size_t i = 0; i < metadata->count; i++) {
        const struct metadata_entry *entry = &metadata->entries[i];
        if (strcmp(entry->source, CONFIG_SOURCE) == 0 &&
            ends_with(entry->key, "tie_word_embeddings"))
            return strcmp(entry->value, "false") == 0;
    }
    return false;
}

void tied_note(struct model *model)
{
    const char *embeddings = lonely_embeddings(model);
    if (!embeddings)
        return;
    struct text value = {0};
    text_puts(&value, "not in the file");
    if (!config_denies(&model->metadata)) {
        text_puts(&value, ": tied to ");
        text_puts(&value, embeddings);
    }
    parts_note(model, "output matrix", value.data);
    text_done(&value);
}
