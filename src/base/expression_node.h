/* SPDX-License-Identifier: MIT
 *
 * An expression between parsing and evaluation; private to base/expression*.c.
 */
#ifndef BASE_EXPRESSION_NODE_H
#define BASE_EXPRESSION_NODE_H

#include <stddef.h>

#include "base/expression.h"

enum operation {
    NUMBER,
    STRING,
    FIGURE,
    STRING_FIGURE,
    NOT,
    NEGATE,
    OR,
    AND,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    EQUAL,
    UNEQUAL,
    LIKE,
    UNLIKE,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
};

struct node {
    enum operation operation;
    size_t left, right; /* of one operand: left */
    double number;
    char *string; /* owned */
    int figure;
};

/* The last node is the whole. */
struct expression {
    struct node *nodes;
    size_t count, capacity;
};

#endif
