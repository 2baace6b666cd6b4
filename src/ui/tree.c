/* SPDX-License-Identifier: MIT */
#include "ui/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Modules nest at most so deep; deeper names are shown as one label. */
#define DEPTH_MOST 64

/* Larger models start folded but for the way to their first tensor. */
#define UNFOLDED_MOST 200

/* One tensor while the tree is built. */
struct leaf {
    const char *label;
    size_t length;
    size_t tensor;
};

struct builder {
    struct tree *tree;
    size_t capacity;
    const struct leaf *leaf;
};

/* Length of the label's first component from offset, its dot included; 0 if it is the last. */
static size_t component(const struct leaf *leaf, size_t offset)
{
    const char *dot = memchr(leaf->label + offset, '.', leaf->length - offset);
    return dot && dot + 1 < leaf->label + leaf->length ? (size_t)(dot - leaf->label) + 1 - offset
                                                       : 0;
}

/* Where the first components begin that differ, or earlier: those of large models have much in
 * common, which need not be looked at number by number. */
static size_t common_components(const struct leaf *x, const struct leaf *y)
{
    const size_t shorter = x->length < y->length ? x->length : y->length;
    size_t i = 0;
    while (i + 8 <= shorter && memcmp(x->label + i, y->label + i, 8) == 0)
        i += 8;
    while (i < shorter && x->label[i] == y->label[i])
        i++;
    /* A '.' at the end of a label begins no component. */
    while (i > 0 && (x->label[i - 1] != '.' || i == shorter))
        i--;
    return i;
}

/* By components, so that those of one module are neighbours: of whole names "h.02.b" would come
 * between "h.2.a" and "h.2.c". */
static int compare_leaves(const void *a, const void *b)
{
    const struct leaf *x = a, *y = b;
    size_t i = common_components(x, y), j = i;
    for (;;) {
        size_t m = component(x, i), n = component(y, j);
        int order = text_natural_compare(x->label + i, m ? m - 1 : x->length - i, y->label + j,
                                         n ? n - 1 : y->length - j);
        if (order != 0 || !m || !n)
            return order ? order : (m > 0) - (n > 0);
        i += m;
        j += n;
    }
}

/* As many files have their tensors. */
static bool in_order(const struct leaf leaf[], size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare_leaves(&leaf[i - 1], &leaf[i]) > 0)
            return false;
    return true;
}

static size_t add_node(struct builder *builder, struct tree_node node)
{
    struct tree *tree = builder->tree;
    tree->node = mem_grow(tree->node, &builder->capacity, tree->nodes + 1, sizeof *tree->node);
    tree->node[tree->nodes] = node;
    return tree->nodes++;
}

static void add_leaf(struct builder *builder, size_t i, size_t offset, size_t parent,
                     unsigned depth)
{
    const struct leaf *leaf = &builder->leaf[i];
    const struct tensor *tensor = &builder->tree->model->tensors[leaf->tensor];
    size_t node = add_node(builder, (struct tree_node){
                                        .label = leaf->label + offset,
                                        .length = leaf->length - offset,
                                        .tensor = leaf->tensor,
                                        .parent = parent,
                                        .depth = depth,
                                        .tensors = 1,
                                        .elements = tensor->elements,
                                    });
    builder->tree->node[node].end = node + 1;
}

/* The end of the group from i of leaves that share the component at offset. */
static size_t group_end(const struct leaf leaf[], size_t i, size_t end, size_t offset, size_t size)
{
    size_t j = i + 1;
    while (j < end && leaf[j].length > offset + size &&
           memcmp(leaf[j].label + offset, leaf[i].label + offset, size) == 0)
        j++;
    return j;
}

/* Files may claim any number of elements: the sum stays at the most there can be. */
static void add_elements(struct tree_node *module, const struct tensor *tensor)
{
    if (!mem_sum(module->elements, tensor->elements, &module->elements))
        module->elements = UINT64_MAX;
}

static void build(struct builder *builder, size_t begin, size_t end, size_t offset, size_t parent,
                  unsigned depth)
{
    const struct leaf *leaf = builder->leaf;
    for (size_t i = begin; i < end;) {
        size_t size = depth < DEPTH_MOST ? component(&leaf[i], offset) : 0;
        size_t j = size ? group_end(leaf, i, end, offset, size) : i + 1;
        if (j == i + 1) {
            add_leaf(builder, i++, offset, parent, depth);
            continue;
        }
        /* A module in a module of its own is not worth a row. */
        for (size_t more; (more = component(&leaf[i], offset + size)) > 0; size += more)
            if (group_end(leaf, i, j, offset + size, more) < j)
                break;
        size_t node = add_node(builder, (struct tree_node){
                                            .label = leaf[i].label + offset,
                                            .length = size - 1,
                                            .tensor = TREE_NO_TENSOR,
                                            .parent = parent,
                                            .depth = depth,
                                            .tensors = j - i,
                                        });
        build(builder, i, j, offset + size, node, depth + 1);
        struct tree *tree = builder->tree;
        tree->node[node].end = tree->nodes;
        for (size_t k = i; k < j; k++)
            add_elements(&tree->node[node], &tree->model->tensors[leaf[k].tensor]);
        i = j;
    }
}

static void fold_at_start(struct tree *tree)
{
    if (tree->model->count <= UNFOLDED_MOST)
        return;
    for (size_t i = 0; i < tree->nodes; i++)
        tree->node[i].folded = tree->node[i].tensor == TREE_NO_TENSOR;
    size_t first = 0;
    while (first < tree->nodes && tree->node[first].tensor == TREE_NO_TENSOR)
        tree->node[first++].folded = false;
}

struct tree *tree_new(const struct model *model)
{
    struct tree *tree = mem_zero(1, sizeof *tree);
    tree->model = model;
    struct leaf *leaf = mem_alloc(model->count, sizeof *leaf);
    for (size_t i = 0; i < model->count; i++) {
        const char *label = model->tensors[i].label;
        leaf[i] = (struct leaf){label, strlen(label), i};
    }
    if (!in_order(leaf, model->count))
        qsort(leaf, model->count, sizeof *leaf, compare_leaves);
    struct builder builder = {tree, 0, leaf};
    build(&builder, 0, model->count, 0, SIZE_MAX, 0);
    mem_free(leaf);
    tree->row = mem_alloc(tree->nodes, sizeof *tree->row);
    fold_at_start(tree);
    tree_show_modules(tree);
    return tree;
}

void tree_free(struct tree *tree)
{
    if (!tree)
        return;
    mem_free(tree->node);
    mem_free(tree->row);
    mem_free(tree);
}

void tree_choose(struct tree *tree, const bool keep[])
{
    for (size_t i = tree->nodes; i-- > 0;) {
        struct tree_node *node = &tree->node[i];
        if (node->tensor != TREE_NO_TENSOR)
            node->hidden = !keep[node->tensor];
        else /* its children lie behind it and are done */
            node->hidden = true;
        for (size_t child = i + 1; node->hidden && child < node->end; child = tree->node[child].end)
            node->hidden = tree->node[child].hidden;
    }
}

void tree_show_modules(struct tree *tree)
{
    tree->flat = false;
    tree->rows = 0;
    for (size_t i = 0; i < tree->nodes;) {
        const struct tree_node *node = &tree->node[i];
        if (!node->hidden)
            tree->row[tree->rows++] = i;
        i = node->folded || node->hidden ? node->end : i + 1;
    }
}

/* A row of the flat list while it is sorted. */
struct keyed {
    double value;
    bool vector;
    size_t node;
};

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (isnan(x->value) != isnan(y->value))
        return isnan(x->value) ? 1 : -1;
    if (x->vector != y->vector && !isnan(x->value))
        return x->vector ? 1 : -1;
    if (x->value != y->value && !isnan(x->value))
        return x->value < y->value ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

void tree_show_sorted(struct tree *tree, const double value[], bool descending)
{
    struct keyed *keyed = mem_alloc(tree->nodes, sizeof *keyed);
    size_t n = 0;
    for (size_t i = 0; i < tree->nodes; i++)
        if (tree->node[i].tensor != TREE_NO_TENSOR && !tree->node[i].hidden) {
            const size_t tensor = tree->node[i].tensor;
            const double v = value[tensor];
            const bool vector = tree->model->tensors[tensor].rank < 2;
            keyed[n++] = (struct keyed){descending ? -v : v, vector, i};
        }
    qsort(keyed, n, sizeof *keyed, compare_keyed);
    for (size_t i = 0; i < n; i++)
        tree->row[i] = keyed[i].node;
    tree->rows = n;
    tree->flat = true;
    mem_free(keyed);
}

void tree_fold(struct tree *tree, size_t node, bool folded)
{
    if (tree->node[node].tensor != TREE_NO_TENSOR || tree->flat)
        return;
    tree->node[node].folded = folded;
    tree_show_modules(tree);
}

size_t tree_reveal(struct tree *tree, size_t node)
{
    bool hidden = false;
    for (size_t up = tree->node[node].parent; up != SIZE_MAX; up = tree->node[up].parent) {
        hidden |= tree->node[up].folded;
        tree->node[up].folded = false;
    }
    if (hidden && !tree->flat)
        tree_show_modules(tree);
    for (size_t i = 0; i < tree->rows; i++)
        if (tree->row[i] == node)
            return i;
    return 0;
}

size_t tree_find(const struct tree *tree, size_t tensor)
{
    for (size_t i = 0; i < tree->nodes; i++)
        if (tree->node[i].tensor == tensor)
            return i;
    return 0;
}

static bool has_capital(const char *pattern)
{
    for (; *pattern; pattern++)
        if (*pattern >= 'A' && *pattern <= 'Z')
            return true;
    return false;
}

bool tree_matches(const char *text, const char *pattern)
{
    return has_capital(pattern) ? strstr(text, pattern) : strcasestr(text, pattern);
}

size_t tree_search(const struct tree *tree, size_t from, const char *pattern, bool forward,
                   bool inclusive)
{
    for (size_t k = inclusive ? 0 : 1; k < tree->nodes + !inclusive; k++) {
        size_t i = (from + (forward ? k : tree->nodes - k % tree->nodes)) % tree->nodes;
        size_t tensor = tree->node[i].tensor;
        if (tensor == TREE_NO_TENSOR || tree->node[i].hidden)
            continue;
        const char *label = tree->model->tensors[tensor].label;
        if (tree_matches(label, pattern))
            return i;
    }
    return SIZE_MAX;
}
