/* SPDX-License-Identifier: MIT
 *
 * What the name of a weight says about its place in a transformer, in the words of llama.cpp's
 * GGUF, Hugging Face's families and Meta's own files: so that the same layer is found under each
 * name, and layers that get the same input are known.
 */
#ifndef MODEL_LAYER_NAME_H
#define MODEL_LAYER_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "model/tensor.h"

/* Those with the same input stand together. */
enum layer_role {
    LAYER_QUERY,
    LAYER_KEY,
    LAYER_VALUE,
    LAYER_QUERY_KEY_VALUE, /* one matrix for the three */
    LAYER_QUERY_DOWN,      /* multi-head latent attention: into the latent space, and out of it */
    LAYER_KEY_VALUE_DOWN,
    LAYER_QUERY_UP,
    LAYER_KEY_VALUE_UP,
    LAYER_ATTENTION_OUTPUT,
    LAYER_GATE,
    LAYER_UP,
    LAYER_GATE_UP, /* one matrix for both */
    LAYER_DOWN,
    LAYER_ROUTER,
    LAYER_EMBEDDINGS,
    LAYER_HEAD,
    LAYER_ROLES
};

#define LAYER_NONE   (-1) /* no such number */
#define LAYER_STACK  (-2) /* an expert's number: all experts of a layer in one */
#define LAYER_SHARED (-3) /* an expert's number: the one that all tokens go to */

struct layer_name {
    const char *prefix; /* before the list of layers; empty for the decoder of a language model */
    size_t prefix_length;
    long layer, expert; /* from 0 */
    enum layer_role role;
};

/* Reads a label, with or without ".weight" at its end; false if it is not of a known form.  The
 * prefix points into it. */
bool layer_name_parse(const char *label, struct layer_name *name);

/* Appends the name as GGUF has it, without ".weight": "blk.3.attn_q".  Two names are of the same
 * layer if and only if this is the same. */
void layer_name_print(struct text *out, const struct layer_name *name);

/* The roles that get the same input as this one in the same layer, from *first on; their number,
 * at least 1. */
unsigned layer_role_siblings(enum layer_role role, enum layer_role *first);

/* Length of a label without ".weight" at its end. */
size_t layer_stem(const char *label);

/* True for what is multiplied with activations, as far as shape and name can say: matrices, but no
 * embeddings. */
bool layer_is_linear(const struct tensor *tensor);

#endif
