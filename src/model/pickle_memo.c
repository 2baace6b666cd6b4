/* SPDX-License-Identifier: MIT
 *
 * A digital search tree: the bits of a number, lowest first, are the way from the root, and each
 * node on it holds some number that begins so.  Numbers counted up from 0, as nearly all pickles
 * have them, fill it level by level; and unlike a hash table it has no bad case that a file could
 * be made for.
 */
#include "model/pickle_memo.h"

#include <stdbool.h>

#include "base/mem.h"

struct pickle_memo_node {
    struct pickle_value *value;
    uint32_t number;
    uint32_t child[2]; /* by the next bit; 0 for none, because node 0 is the root */
};

/* Whether there is a node of this number; *node is it, or else the last one on the way, and *bit
 * the side of that on which it would hang.  There is a root. */
static bool find_node(const struct pickle_memo *memo, uint32_t number, uint32_t *node,
                      unsigned *bit)
{
    *node = 0;
    for (uint32_t rest = number;; rest >>= 1) {
        const struct pickle_memo_node *here = &memo->nodes[*node];
        if (here->number == number)
            return true;
        *bit = rest & 1;
        if (here->child[*bit] == 0)
            return false;
        *node = here->child[*bit];
    }
}

struct pickle_value *pickle_memo_get(const struct pickle_memo *memo, uint32_t number)
{
    uint32_t node;
    unsigned bit;
    return memo->count > 0 && find_node(memo, number, &node, &bit) ? memo->nodes[node].value : NULL;
}

void pickle_memo_put(struct pickle_memo *memo, uint32_t number, struct pickle_value *value)
{
    uint32_t node = 0;
    unsigned bit = 0;
    if (memo->count > 0 && find_node(memo, number, &node, &bit)) {
        memo->nodes[node].value = value;
        return;
    }
    memo->nodes = mem_grow(memo->nodes, &memo->capacity, memo->count + 1, sizeof *memo->nodes);
    memo->nodes[memo->count] = (struct pickle_memo_node){.value = value, .number = number};
    if (memo->count > 0)
        memo->nodes[node].child[bit] = (uint32_t)memo->count;
    memo->count++;
}

void pickle_memo_done(struct pickle_memo *memo)
{
    mem_free(memo->nodes);
    *memo = (struct pickle_memo){0};
}
