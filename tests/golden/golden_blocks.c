/* SPDX-License-Identifier: MIT
 *
 * ggml's block formats against files made by ggml's reference quantizers: quantizes the tensors of
 * safetensors files and counts the elements that differ from those of GGUF files.  Fails if any
 * does.
 *
 * usage: golden_blocks FOLDER      (that of ROUNDOFF_MODELS)
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/model.h"
#include "quant/block_format.h"

static const struct pair {
    const char *original, *quantized, *format;
} pairs[] = {
    {"formats/resnet20/resnet20_f32", "formats/resnet20/resnet20_flat_q4_0", "q4_0"},
    {"formats/resnet20/resnet20_f32", "formats/resnet20/resnet20_flat_q8_0", "q8_0"},
    {"real/byte_llama/byte_llama_f32", "formats/gguf_quants/blk0_q4_0", "q4_0"},
    {"real/byte_llama/byte_llama_f32", "formats/gguf_quants/blk0_q4_1", "q4_1"},
    {"real/byte_llama/byte_llama_f32", "formats/gguf_quants/blk0_q5_0", "q5_0"},
    {"real/byte_llama/byte_llama_f32", "formats/gguf_quants/blk0_q5_1", "q5_1"},
    {"real/byte_llama/byte_llama_f32", "formats/gguf_quants/blk0_q8_0", "q8_0"},
};

/* llama.cpp's names of a layer's matrices and those of the original's layer 0. */
static const struct {
    const char *ggml, *original;
} names[] = {
    {"blk.0.attn_q.weight", "model.layers.0.self_attn.q_proj.weight"},
    {"blk.0.attn_k.weight", "model.layers.0.self_attn.k_proj.weight"},
    {"blk.0.attn_v.weight", "model.layers.0.self_attn.v_proj.weight"},
    {"blk.0.attn_output.weight", "model.layers.0.self_attn.o_proj.weight"},
    {"blk.0.ffn_gate.weight", "model.layers.0.mlp.gate_proj.weight"},
    {"blk.0.ffn_up.weight", "model.layers.0.mlp.up_proj.weight"},
    {"blk.0.ffn_down.weight", "model.layers.0.mlp.down_proj.weight"},
};

struct tally {
    size_t tensors, elements, different;
    char first[200];
};

static struct model *open_file(const char *folder, const char *name, const char *suffix)
{
    char path[4096];
    struct error error = {0};
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, suffix);
    struct model *model = model_open((const char *const[]){path}, 1, NULL, &error);
    if (model)
        return model;
    fprintf(stderr, "%s\n", error.text);
    exit(1);
}

static double *values_of(const struct tensor *tensor)
{
    double *values = mem_alloc((size_t)tensor->elements, sizeof *values);
    struct error error = {0};
    if (tensor_read(tensor, (struct tensor_view){0}, 0, (size_t)tensor->elements, values, &error))
        return values;
    fprintf(stderr, "%s\n", error.text);
    exit(1);
}

static const struct tensor *find_original(const struct model *original, const char *label)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].ggml, label) == 0)
            label = names[i].original;
    for (size_t i = 0; i < original->count; i++)
        if (strcmp(original->tensors[i].label, label) == 0)
            return &original->tensors[i];
    return NULL;
}

/* Rows of GGUF are whole blocks, and so rows need not be told apart. */
static void compare(struct tally *tally, const struct block_format *format,
                    const struct tensor *original, const struct tensor *quantized)
{
    const size_t n = (size_t)original->elements;
    double *ours = values_of(original), *theirs = values_of(quantized);
    for (size_t i = 0; i < n; i += format->block)
        format->round(format, ours + i, format->block, 1, ours + i);
    for (size_t i = 0; i < n; i++) {
        if (ours[i] == theirs[i])
            continue;
        if (tally->different++ == 0)
            snprintf(tally->first, sizeof tally->first, "; first %.100s[%zu]: %.9g, not %.9g",
                     quantized->label, i, ours[i], theirs[i]);
    }
    tally->tensors++;
    tally->elements += n;
    mem_free(ours);
    mem_free(theirs);
}

/* True if there was something to compare and all of it is the same. */
static bool compare_pair(const char *folder, const struct pair *pair)
{
    struct tally tally = {0};
    const struct block_format *format = block_format_find(pair->format);
    struct model *original = open_file(folder, pair->original, "safetensors");
    struct model *quantized = open_file(folder, pair->quantized, "gguf");
    for (size_t i = 0; i < quantized->count; i++) {
        const struct tensor *tensor = &quantized->tensors[i];
        const struct tensor *wanted = find_original(original, tensor->label);
        if (wanted && wanted->elements == tensor->elements &&
            strcmp(tensor->dtype_name, format->title) == 0)
            compare(&tally, format, wanted, tensor);
    }
    printf("%-40s %3zu tensors, %7zu elements, %zu different%s\n", pair->quantized, tally.tensors,
           tally.elements, tally.different, tally.first);
    model_free(original);
    model_free(quantized);
    return tally.tensors > 0 && tally.different == 0;
}

int main(int count, char **arguments)
{
    bool equal = true;
    if (count != 2)
        return 2;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        equal = compare_pair(arguments[1], &pairs[i]) && equal;
    return !equal;
}
