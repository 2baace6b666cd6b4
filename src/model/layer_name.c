/* SPDX-License-Identifier: MIT */
#include "model/layer_name.h"

#include <string.h>

#define NUMBER_MOST 6 /* digits of a layer's or an expert's number */

/* What follows a layer's number; '*' stands for an expert's.  The first form of each role and kind
 * of expert is GGUF's, which is also how it is printed. */
static const struct form {
    const char *text;
    enum layer_role role;
    long expert; /* where the form has no '*' */
} forms[] = {
    // clang-format off
    {"attn_q", LAYER_QUERY, LAYER_NONE},
    {"attn_k", LAYER_KEY, LAYER_NONE},
    {"attn_v", LAYER_VALUE, LAYER_NONE},
    {"attn_qkv", LAYER_QUERY_KEY_VALUE, LAYER_NONE},
    {"attn_q_a", LAYER_QUERY_DOWN, LAYER_NONE},
    {"attn_q_b", LAYER_QUERY_UP, LAYER_NONE},
    {"attn_kv_a_mqa", LAYER_KEY_VALUE_DOWN, LAYER_NONE},
    {"attn_kv_b", LAYER_KEY_VALUE_UP, LAYER_NONE},
    {"attn_output", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"ffn_gate", LAYER_GATE, LAYER_NONE},
    {"ffn_up", LAYER_UP, LAYER_NONE},
    {"ffn_gate_up", LAYER_GATE_UP, LAYER_NONE},
    {"ffn_down", LAYER_DOWN, LAYER_NONE},
    {"ffn_gate_inp", LAYER_ROUTER, LAYER_NONE},
    {"ffn_gate_exps.*", LAYER_GATE, 0},
    {"ffn_up_exps.*", LAYER_UP, 0},
    {"ffn_gate_up_exps.*", LAYER_GATE_UP, 0},
    {"ffn_down_exps.*", LAYER_DOWN, 0},
    {"ffn_gate_exps", LAYER_GATE, LAYER_STACK},
    {"ffn_up_exps", LAYER_UP, LAYER_STACK},
    {"ffn_gate_up_exps", LAYER_GATE_UP, LAYER_STACK},
    {"ffn_down_exps", LAYER_DOWN, LAYER_STACK},
    {"ffn_gate_shexp", LAYER_GATE, LAYER_SHARED},
    {"ffn_up_shexp", LAYER_UP, LAYER_SHARED},
    {"ffn_gate_up_shexp", LAYER_GATE_UP, LAYER_SHARED},
    {"ffn_down_shexp", LAYER_DOWN, LAYER_SHARED},
    /* Hugging Face: LLaMA and its many relatives. */
    {"self_attn.q_proj", LAYER_QUERY, LAYER_NONE},
    {"self_attn.k_proj", LAYER_KEY, LAYER_NONE},
    {"self_attn.v_proj", LAYER_VALUE, LAYER_NONE},
    {"self_attn.qkv_proj", LAYER_QUERY_KEY_VALUE, LAYER_NONE},
    {"self_attn.q_a_proj", LAYER_QUERY_DOWN, LAYER_NONE},
    {"self_attn.q_b_proj", LAYER_QUERY_UP, LAYER_NONE},
    {"self_attn.kv_a_proj_with_mqa", LAYER_KEY_VALUE_DOWN, LAYER_NONE},
    {"self_attn.kv_b_proj", LAYER_KEY_VALUE_UP, LAYER_NONE},
    {"self_attn.o_proj", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"mlp.gate_proj", LAYER_GATE, LAYER_NONE},
    {"mlp.up_proj", LAYER_UP, LAYER_NONE},
    {"mlp.gate_up_proj", LAYER_GATE_UP, LAYER_NONE},
    {"mlp.down_proj", LAYER_DOWN, LAYER_NONE},
    /* Mixtures of experts. */
    {"mlp.gate", LAYER_ROUTER, LAYER_NONE},
    {"mlp.router", LAYER_ROUTER, LAYER_NONE},
    {"mlp.experts.*.gate_proj", LAYER_GATE, 0},
    {"mlp.experts.*.up_proj", LAYER_UP, 0},
    {"mlp.experts.*.down_proj", LAYER_DOWN, 0},
    {"mlp.experts.gate_up_proj.*", LAYER_GATE_UP, 0},
    {"mlp.experts.down_proj.*", LAYER_DOWN, 0},
    {"mlp.experts.gate_up_proj", LAYER_GATE_UP, LAYER_STACK},
    {"mlp.experts.down_proj", LAYER_DOWN, LAYER_STACK},
    {"mlp.shared_expert.gate_proj", LAYER_GATE, LAYER_SHARED},
    {"mlp.shared_expert.up_proj", LAYER_UP, LAYER_SHARED},
    {"mlp.shared_expert.down_proj", LAYER_DOWN, LAYER_SHARED},
    {"mlp.shared_experts.gate_proj", LAYER_GATE, LAYER_SHARED},
    {"mlp.shared_experts.up_proj", LAYER_UP, LAYER_SHARED},
    {"mlp.shared_experts.down_proj", LAYER_DOWN, LAYER_SHARED},
    {"block_sparse_moe.gate", LAYER_ROUTER, LAYER_NONE},
    {"block_sparse_moe.experts.*.w1", LAYER_GATE, 0},
    {"block_sparse_moe.experts.*.w3", LAYER_UP, 0},
    {"block_sparse_moe.experts.*.w2", LAYER_DOWN, 0},
    /* Meta. */
    {"attention.wq", LAYER_QUERY, LAYER_NONE},
    {"attention.wk", LAYER_KEY, LAYER_NONE},
    {"attention.wv", LAYER_VALUE, LAYER_NONE},
    {"attention.wo", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"feed_forward.w1", LAYER_GATE, LAYER_NONE},
    {"feed_forward.w3", LAYER_UP, LAYER_NONE},
    {"feed_forward.w2", LAYER_DOWN, LAYER_NONE},
    /* OPT, GPT-2, GPT-NeoX, Falcon, BERT. */
    {"self_attn.out_proj", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"fc1", LAYER_UP, LAYER_NONE},
    {"fc2", LAYER_DOWN, LAYER_NONE},
    {"attn.c_attn", LAYER_QUERY_KEY_VALUE, LAYER_NONE},
    {"attn.c_proj", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"mlp.c_fc", LAYER_UP, LAYER_NONE},
    {"mlp.c_proj", LAYER_DOWN, LAYER_NONE},
    {"attention.query_key_value", LAYER_QUERY_KEY_VALUE, LAYER_NONE},
    {"attention.dense", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"self_attention.query_key_value", LAYER_QUERY_KEY_VALUE, LAYER_NONE},
    {"self_attention.dense", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"mlp.dense_h_to_4h", LAYER_UP, LAYER_NONE},
    {"mlp.dense_4h_to_h", LAYER_DOWN, LAYER_NONE},
    {"attention.self.query", LAYER_QUERY, LAYER_NONE},
    {"attention.self.key", LAYER_KEY, LAYER_NONE},
    {"attention.self.value", LAYER_VALUE, LAYER_NONE},
    {"attention.output.dense", LAYER_ATTENTION_OUTPUT, LAYER_NONE},
    {"intermediate.dense", LAYER_UP, LAYER_NONE},
    {"output.dense", LAYER_DOWN, LAYER_NONE},
    // clang-format on
};
#define FORMS (sizeof forms / sizeof *forms)

/* Matrices outside of the layers.  Again GGUF's come first. */
static const struct form outer_forms[] = {
    {"token_embd", LAYER_EMBEDDINGS, LAYER_NONE},
    {"output", LAYER_HEAD, LAYER_NONE},
    {"embed_tokens", LAYER_EMBEDDINGS, LAYER_NONE},
    {"wte", LAYER_EMBEDDINGS, LAYER_NONE},
    {"tok_embeddings", LAYER_EMBEDDINGS, LAYER_NONE},
    {"embed_in", LAYER_EMBEDDINGS, LAYER_NONE},
    {"word_embeddings", LAYER_EMBEDDINGS, LAYER_NONE},
    {"lm_head", LAYER_HEAD, LAYER_NONE},
    {"embed_out", LAYER_HEAD, LAYER_NONE},
};
#define OUTER_FORMS (sizeof outer_forms / sizeof *outer_forms)

/* What lists of layers are called. */
static const char *const lists[] = {"blk", "layers", "h", "layer", "blocks"};

/* What stands before the list in a language model's own files, and what GGUF leaves out. */
static const char *const own_prefixes[] = {
    "model.",
    "language_model.model.",
    "model.language_model.",
    "model.decoder.",
    "transformer.",
    "gpt_neox.",
    "bert.encoder.",
    "encoder.",
    "language_model.",
};

static bool ends_with(const char *bytes, size_t length, const char *tail)
{
    size_t size = strlen(tail);
    return length >= size && memcmp(bytes + length - size, tail, size) == 0;
}

size_t layer_stem(const char *label)
{
    size_t length = strlen(label);
    return ends_with(label, length, ".weight") ? length - strlen(".weight") : length;
}

/* Takes a number of a few digits at *at; false if there is none. */
static bool take_number(const char **at, const char *end, long *number)
{
    const char *from = *at;
    for (*number = 0; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        if (*at - from == NUMBER_MOST)
            return false;
        *number = 10 * *number + (**at - '0');
    }
    return *at > from;
}

static bool fits(const struct form *form, const char *at, const char *end, long *expert)
{
    const char *text = form->text;
    *expert = form->expert;
    for (; *text; text++) {
        if (*text == '*') {
            if (!take_number(&at, end, expert))
                return false;
        } else if (at == end || *at++ != *text) {
            return false;
        }
    }
    return at == end;
}

static bool find_form(const struct form table[], size_t n, const char *at, const char *end,
                      struct layer_name *name)
{
    for (size_t i = 0; i < n; i++)
        if (fits(&table[i], at, end, &name->expert)) {
            name->role = table[i].role;
            return true;
        }
    return false;
}

static void set_prefix(struct layer_name *name, const char *prefix, size_t length)
{
    name->prefix = prefix;
    name->prefix_length = length;
    for (size_t i = 0; i < sizeof own_prefixes / sizeof *own_prefixes; i++)
        if (strlen(own_prefixes[i]) == length && memcmp(own_prefixes[i], prefix, length) == 0)
            name->prefix_length = 0;
}

static bool is_list(const char *bytes, size_t length)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strlen(lists[i]) == length && memcmp(lists[i], bytes, length) == 0)
            return true;
    return false;
}

/* Reads LIST.NUMBER.FORM from the beginning of a component of the label on. */
static bool parse_listed(const char *label, const char *component, const char *end,
                         struct layer_name *name)
{
    const char *at = memchr(component, '.', (size_t)(end - component));
    if (!at || !is_list(component, (size_t)(at - component)))
        return false;
    at++;
    if (!take_number(&at, end, &name->layer) || at == end || *at != '.' ||
        !find_form(forms, FORMS, at + 1, end, name))
        return false;
    set_prefix(name, label, (size_t)(component - label));
    return true;
}

bool layer_name_parse(const char *label, struct layer_name *name)
{
    const char *end = label + layer_stem(label), *component = label;
    for (const char *dot = label; dot; component = dot ? dot + 1 : component) {
        if (parse_listed(label, component, end, name))
            return true;
        dot = memchr(component, '.', (size_t)(end - component));
    }
    name->layer = LAYER_NONE;
    set_prefix(name, label, (size_t)(component - label));
    return find_form(outer_forms, OUTER_FORMS, component, end, name);
}

/* The form that a name is printed in. */
static const struct form *form_of(const struct layer_name *name)
{
    bool outer = name->layer == LAYER_NONE;
    const struct form *form = outer ? outer_forms : forms;
    long expert = name->expert >= 0 ? 0 : name->expert;
    while (form->role != name->role || form->expert != expert)
        form++;
    return form;
}

void layer_name_print(struct text *out, const struct layer_name *name)
{
    const char *text = form_of(name)->text;
    size_t head = strcspn(text, "*");
    text_add(out, name->prefix, name->prefix_length);
    if (name->layer != LAYER_NONE)
        text_printf(out, "blk.%ld.", name->layer);
    text_add(out, text, head);
    if (text[head] == '*')
        text_printf(out, "%ld", name->expert);
}

unsigned layer_role_siblings(enum layer_role role, enum layer_role *first)
{
    static const struct {
        enum layer_role first, last;
    } families[] = {{LAYER_QUERY, LAYER_KEY_VALUE_DOWN}, {LAYER_GATE, LAYER_GATE_UP}};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (role >= families[i].first && role <= families[i].last) {
            *first = families[i].first;
            return families[i].last - families[i].first + 1;
        }
    *first = role;
    return 1;
}

bool layer_is_linear(const struct tensor *tensor)
{
    struct layer_name name;
    if (tensor->rank != 2 || tensor->elements == 0)
        return false;
    if (layer_name_parse(tensor->label, &name))
        return name.role != LAYER_EMBEDDINGS;
    return !strstr(tensor->label, "embed") && !strstr(tensor->label, "wpe.");
}
