/* SPDX-License-Identifier: MIT */
#include "base/expression.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>

#include "base/expression_node.h"

bool expression_mentions(const struct expression *expression, int figure)
{
    for (size_t i = 0; i < expression->count; i++) {
        const struct node *node = &expression->nodes[i];
        if ((node->operation == FIGURE || node->operation == STRING_FIGURE) &&
            node->figure == figure)
            return true;
    }
    return false;
}

static bool is_true(double number)
{
    return number != 0 && !isnan(number);
}

static const char *string_of(const struct node *node, const struct expression_figures *figures)
{
    return node->operation == STRING ? node->string : figures->string(figures->user, node->figure);
}

static bool compare_strings(const struct node *node, const char *left, const char *right)
{
    if (!left || !right)
        return node->operation == UNEQUAL || node->operation == UNLIKE;
    switch (node->operation) {
    case EQUAL:
        return strcmp(left, right) == 0;
    case UNEQUAL:
        return strcmp(left, right) != 0;
    case LIKE:
        return fnmatch(right, left, 0) == 0;
    default:
        return fnmatch(right, left, 0) != 0;
    }
}

static double combine(enum operation operation, double left, double right)
{
    switch (operation) {
    case OR:
        return is_true(left) || is_true(right);
    case AND:
        return is_true(left) && is_true(right);
    case LESS:
        return left < right;
    case LESS_OR_EQUAL:
        return left <= right;
    case GREATER:
        return left > right;
    case GREATER_OR_EQUAL:
        return left >= right;
    case EQUAL:
        return left == right;
    case UNEQUAL:
        return left != right;
    case ADD:
        return left + right;
    case SUBTRACT:
        return left - right;
    case MULTIPLY:
        return left * right;
    default:
        return left / right;
    }
}

static double evaluate(const struct expression *expression, size_t place,
                       const struct expression_figures *figures)
{
    const struct node *node = &expression->nodes[place];
    const struct node *left = &expression->nodes[node->left];
    switch (node->operation) {
    case NUMBER:
        return node->number;
    case FIGURE:
        return figures->number(figures->user, node->figure);
    case NOT:
        return !is_true(evaluate(expression, node->left, figures));
    case NEGATE:
        return -evaluate(expression, node->left, figures);
    default:
        if (left->operation == STRING || left->operation == STRING_FIGURE)
            return compare_strings(node, string_of(left, figures),
                                   string_of(&expression->nodes[node->right], figures));
        return combine(node->operation, evaluate(expression, node->left, figures),
                       evaluate(expression, node->right, figures));
    }
}

bool expression_holds(const struct expression *expression, const struct expression_figures *figures)
{
    return is_true(evaluate(expression, expression->count - 1, figures));
}
