/* SPDX-License-Identifier: MIT
 *
 * The memo of a pickle: values by number, for those that it repeats.
 */
#ifndef MODEL_PICKLE_MEMO_H
#define MODEL_PICKLE_MEMO_H

#include <stddef.h>
#include <stdint.h>

struct pickle_value;
struct pickle_memo_node;

/* All zero is the empty memo.  A number may be any of 32 bits; memory goes with the count of
 * numbers in use, and each step takes at most 33 comparisons whatever the numbers are. */
struct pickle_memo {
    struct pickle_memo_node *nodes;
    size_t count, capacity;
};

/* The value of a number; NULL if it was never set. */
struct pickle_value *pickle_memo_get(const struct pickle_memo *memo, uint32_t number);

/* Sets a number, again or for the first time. */
void pickle_memo_put(struct pickle_memo *memo, uint32_t number, struct pickle_value *value);

void pickle_memo_done(struct pickle_memo *memo);

#endif
