/* SPDX-License-Identifier: MIT
 *
 * The tensors of a model as a tree of modules, or flat in the order of a column: what the left
 * pane scrolls through.  Knows no screen.
 */
#ifndef UI_TREE_H
#define UI_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

#define TREE_NO_TENSOR SIZE_MAX

/* A module, or a tensor.  Modules with a single child are drawn together with it. */
struct tree_node {
    const char *label; /* part of the tensor's label, not terminated */
    size_t length;
    size_t tensor;     /* index in the model, or TREE_NO_TENSOR for a module */
    size_t parent;     /* node, or SIZE_MAX */
    size_t end;        /* first node behind this one's subtree: nodes lie in drawing order */
    unsigned depth;
    bool folded;
    bool hidden;       /* by tree_choose; a module, if all its tensors are */
    size_t tensors;    /* in the subtree */
    uint64_t elements;
};

struct tree {
    const struct model *model;
    struct tree_node *node;
    size_t nodes;
    size_t *row;       /* nodes shown, top to bottom */
    size_t rows;
    bool flat;         /* rows are tensors alone, in the order of a column */
};

struct tree *tree_new(const struct model *model);
void tree_free(struct tree *tree);

/* Hides the tensors for which keep[tensor] is false, from the next time that the tree or the list
 * is shown. */
void tree_choose(struct tree *tree, const bool keep[]);

/* Shows the tree of modules. */
void tree_show_modules(struct tree *tree);

/* Shows the tensors alone, ordered by value[tensor] and then by name; descending or not.  Vectors
 * come behind all matrices, and what has no value, NaN, behind everything. */
void tree_show_sorted(struct tree *tree, const double value[], bool descending);

/* Folds or unfolds a module and updates the rows. */
void tree_fold(struct tree *tree, size_t node, bool folded);

/* The row of a node, unfolding what lies over it; 0 if it is hidden. */
size_t tree_reveal(struct tree *tree, size_t node);

/* The node of a tensor. */
size_t tree_find(const struct tree *tree, size_t tensor);

/* Whether a text holds a pattern, as searches have it: letters match either case if the pattern has
 * no capital. */
bool tree_matches(const char *text, const char *pattern);

/* The next node from `from` (exclusive) in drawing order, cyclic, forward or backward, of a tensor
 * whose label matches and that is not hidden; `from` itself is tried first if inclusive.  SIZE_MAX if there is none. */
size_t tree_search(const struct tree *tree, size_t from, const char *pattern, bool forward,
                   bool inclusive);

#endif
