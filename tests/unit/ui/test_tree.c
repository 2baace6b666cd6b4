/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "ui/tree.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const char *const llama[] = {
    "model.layers.10.mlp.up.weight", "model.layers.2.mlp.up.weight", "lm_head.weight",
    "model.layers.2.attn.q.weight", "model.layers.2.attn.k.weight", "model.norm.weight",
};

/* Asserts the rows shown: "label" of a tensor, "label/" of a module, two blanks a level. */
static void assert_rows(const struct tree *tree, const char *expected)
{
    struct text text = { 0 };
    for (size_t i = 0; i < tree->rows; i++) {
        const struct tree_node *node = &tree->node[tree->row[i]];
        text_printf(&text, "%*s%.*s%s\n", tree->flat ? 0 : 2 * (int)node->depth, "",
                    (int)node->length, node->label,
                    node->tensor == TREE_NO_TENSOR ? "/" : "");
    }
    assert_string_equal(text.data ? text.data : "", expected);
    text_done(&text);
}

static void test_modules_in_natural_order(void **state)
{
    (void)state;
    struct model *model = fixture_named_model(llama, COUNT(llama));
    struct tree *tree = tree_new(model);
    assert_rows(tree, "lm_head.weight\n"
                      "model/\n"
                      "  layers/\n"
                      "    2/\n"
                      "      attn/\n"
                      "        k.weight\n"
                      "        q.weight\n"
                      "      mlp.up.weight\n"
                      "    10.mlp.up.weight\n"
                      "  norm.weight\n");
    const struct tree_node *root = &tree->node[1];
    assert_int_equal(root->tensors, 5);
    assert_int_equal(root->elements, 1 + 2 + 4 + 5 + 6);
    assert_int_equal(root->end, tree->nodes);
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_single_children_collapse(void **state)
{
    (void)state;
    const char *const labels[] = { "a.b.c.d.x", "a.b.c.d.y", "only.one.leaf" };
    struct model *model = fixture_named_model(labels, COUNT(labels));
    struct tree *tree = tree_new(model);
    assert_rows(tree, "a.b.c.d/\n  x\n  y\nonly.one.leaf\n");
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_a_name_that_is_a_module_too(void **state)
{
    (void)state;
    const char *const labels[] = { "a.x", "a", "a.x.y", "a.", ".", "", "..", "a..b", "a..c" };
    struct model *model = fixture_named_model(labels, COUNT(labels));
    struct tree *tree = tree_new(model);
    size_t tensors = 0;
    for (size_t i = 0; i < tree->nodes; i++)
        tensors += tree->node[i].tensor != TREE_NO_TENSOR;
    assert_int_equal(tensors, COUNT(labels));
    for (size_t i = 0; i < COUNT(labels); i++)
        assert_int_equal(tree->node[tree_find(tree, i)].tensor, i);
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_modules_are_not_torn_apart_by_leading_zeros(void **state)
{
    (void)state;
    const char *const labels[] = { "h.2.a", "h.02.b", "h.2.c", "h.02.d" };
    struct model *model = fixture_named_model(labels, COUNT(labels));
    struct tree *tree = tree_new(model);
    size_t modules = 0;
    for (size_t i = 0; i < tree->nodes; i++)
        modules += tree->node[i].tensor == TREE_NO_TENSOR;
    assert_int_equal(modules, 3);
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_folding_hides_and_reveal_unfolds(void **state)
{
    (void)state;
    struct model *model = fixture_named_model(llama, COUNT(llama));
    struct tree *tree = tree_new(model);
    size_t q = tree_find(tree, 3), attn = tree->node[q].parent, two = tree->node[attn].parent;
    tree_fold(tree, attn, true);
    tree_fold(tree, two, true);
    assert_rows(tree, "lm_head.weight\n"
                      "model/\n"
                      "  layers/\n"
                      "    2/\n"
                      "    10.mlp.up.weight\n"
                      "  norm.weight\n");
    assert_int_equal(tree_reveal(tree, attn), 4);
    assert_true(tree->node[attn].folded); /* what is below stays as it was */
    assert_int_equal(tree->row[tree_reveal(tree, q)], q);
    assert_false(tree->node[attn].folded);
    size_t rows = tree->rows;
    tree_fold(tree, q, true); /* a tensor has nothing to fold */
    assert_int_equal(tree->rows, rows);
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_sorting_puts_unknown_values_last(void **state)
{
    (void)state;
    const char *const labels[] = { "c", "a", "b", "d", "e" };
    const double value[] = { 2, NAN, 1, 2, -INFINITY };
    struct model *model = fixture_named_model(labels, COUNT(labels));
    struct tree *tree = tree_new(model);
    tree_show_sorted(tree, value, false);
    assert_rows(tree, "e\nb\nc\nd\na\n");
    tree_show_sorted(tree, value, true);
    assert_rows(tree, "c\nd\nb\ne\na\n");
    tree_show_modules(tree);
    assert_rows(tree, "a\nb\nc\nd\ne\n");
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_sorting_sets_vectors_apart(void **state)
{
    (void)state;
    static const uint64_t dims[] = { 1, 1 };
    const char *const labels[] = { "a", "b", "c", "d" };
    const double value[] = { 9, 1, 2, NAN };
    struct model *model = fixture_named_model(labels, COUNT(labels));
    for (size_t i = 1; i < 4; i++) { /* all but the first are matrices */
        model->tensors[i].rank = 2;
        model->tensors[i].dims = dims;
    }
    struct tree *tree = tree_new(model);
    tree_show_sorted(tree, value, true);
    assert_rows(tree, "c\nb\na\nd\n");
    tree_show_sorted(tree, value, false);
    assert_rows(tree, "b\nc\na\nd\n");
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_choosing_hides_tensors_and_empty_modules(void **state)
{
    (void)state;
    struct model *model = fixture_named_model(llama, COUNT(llama));
    struct tree *tree = tree_new(model);
    bool keep[COUNT(llama)] = { false };
    const size_t q = tree_find(tree, 3);
    keep[3] = true;
    tree_choose(tree, keep);
    tree_show_modules(tree);
    const size_t rows = tree->rows;
    assert_true(rows > 1 && rows < tree->nodes);
    for (size_t i = 0; i < rows; i++) /* q itself, and the modules over it */
        assert_true(tree->row[i] <= q && tree->node[tree->row[i]].end > q);
    assert_int_equal(tree_reveal(tree, tree_find(tree, 0)), 0); /* hidden */
    assert_int_equal(tree_search(tree, q, "weight", true, false), q); /* the only one */
    const double value[COUNT(llama)] = { 0 };
    tree_show_sorted(tree, value, true);
    assert_int_equal(tree->rows, 1);
    memset(keep, 0, sizeof keep);
    tree_choose(tree, keep);
    tree_show_modules(tree);
    assert_int_equal(tree->rows, 0);
    tree_free(tree);
    fixture_free_named_model(model);
}

/* The tensor that a search from the one of index `from` finds; -1 for none. */
static int found(const struct tree *tree, size_t from, const char *pattern, bool forward,
                 bool inclusive)
{
    size_t node = tree_search(tree, tree_find(tree, from), pattern, forward, inclusive);
    return node == SIZE_MAX ? -1 : (int)tree->node[node].tensor;
}

static void test_search_goes_round_both_ways(void **state)
{
    (void)state;
    struct model *model = fixture_named_model(llama, COUNT(llama));
    struct tree *tree = tree_new(model);
    /* In drawing order: lm_head 2, attn.k 4, attn.q 3, layer 2's up 1, layer 10's up 0, norm 5. */
    assert_int_equal(found(tree, 2, "up", true, true), 1);
    assert_int_equal(found(tree, 1, "up", true, true), 1);
    assert_int_equal(found(tree, 1, "up", true, false), 0);
    assert_int_equal(found(tree, 0, "up", true, false), 1);
    assert_int_equal(found(tree, 1, "up", false, false), 0);
    assert_int_equal(found(tree, 0, "up", false, false), 1);
    assert_int_equal(found(tree, 5, "norm", true, false), 5); /* all the way round */
    assert_int_equal(found(tree, 5, "norm", false, false), 5);
    assert_int_equal(found(tree, 5, "nothing", true, true), -1);
    assert_int_equal(found(tree, 2, "layers.2.attn.q", true, true), 3);
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_search_minds_case_only_for_capitals(void **state)
{
    (void)state;
    const char *const labels[] = { "Conv.Weight", "conv.weight" };
    struct model *model = fixture_named_model(labels, COUNT(labels));
    struct tree *tree = tree_new(model);
    assert_int_equal(found(tree, 0, "conv", true, true), 0);
    assert_int_equal(found(tree, 0, "conv", true, false), 1);
    assert_int_equal(found(tree, 1, "Conv", true, true), 0);
    assert_int_equal(found(tree, 1, "CONV", true, true), -1);
    tree_free(tree);
    fixture_free_named_model(model);
}

static void test_empty_model(void **state)
{
    (void)state;
    struct model *model = fixture_named_model(NULL, 0);
    struct tree *tree = tree_new(model);
    assert_int_equal(tree->rows, 0);
    assert_int_equal(tree_search(tree, 0, "x", true, true), SIZE_MAX);
    assert_int_equal(tree_search(tree, 0, "x", false, false), SIZE_MAX);
    tree_show_sorted(tree, NULL, true);
    assert_int_equal(tree->rows, 0);
    tree_free(tree);
    fixture_free_named_model(model);
}

/* Runs over a whole life of a tree; seconds. */
static double live(const struct model *model)
{
    clock_t begun = clock();
    double *value = mem_zero(model->count, sizeof *value);
    struct tree *tree = tree_new(model);
    assert_int_equal(tree_search(tree, 0, "no such name", true, true), SIZE_MAX);
    size_t last = tree->nodes - 1;
    assert_int_equal(tree->row[tree_reveal(tree, last)], last);
    tree_show_sorted(tree, value, true);
    assert_int_equal(tree->rows, model->count);
    tree_show_modules(tree);
    tree_free(tree);
    mem_free(value);
    return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

/* Seconds for a model of so many names, the shape of a mixture of experts. */
static double many_names(int many)
{
    char(*name)[48] = mem_alloc((size_t)many, sizeof *name);
    const char **labels = mem_alloc((size_t)many, sizeof *labels);
    for (int i = 0; i < many; i++) {
        snprintf(name[i], sizeof name[i], "model.layers.%d.experts.%d.w%d.weight", i / 768,
                 i / 3 % 256, i % 3);
        labels[i] = name[i];
    }
    struct model *model = fixture_named_model(labels, (size_t)many);
    struct tree *tree = tree_new(model);
    assert_in_range(tree->rows, 2, 5000); /* folded but for the way to the first */
    tree_free(tree);
    double seconds = live(model);
    fixture_free_named_model(model);
    mem_free(labels);
    mem_free(name);
    return seconds;
}

/* Ten times the names take ten times as long, give or take noise and a logarithm: measured as a
 * ratio, so that it holds on slow machines and under valgrind. */
static void test_many_names_are_quick(void **state)
{
    (void)state;
    many_names(10000);
    double few = many_names(10000), many = many_names(100000);
    assert_true(many < 40 * few + 0.05);
}

static void test_deep_hostile_names(void **state)
{
    (void)state;
    enum { DEEP = 600 };
    /* "a.a.a...": every name one level deeper than the last. */
    char (*name)[2 * DEEP] = mem_zero(DEEP, sizeof *name);
    const char *labels[DEEP];
    for (size_t i = 0; i < DEEP; i++) {
        for (size_t k = 0; k < i; k++)
            memcpy(name[i] + 2 * k, "a.", 2);
        name[i][2 * i] = 'b';
        labels[i] = name[i];
    }
    struct model *model = fixture_named_model(labels, DEEP);
    struct tree *tree = tree_new(model);
    for (size_t i = 0; i < tree->nodes; i++)
        assert_in_range(tree->node[i].depth, 0, 64);
    tree_free(tree);
    live(model);
    fixture_free_named_model(model);
    mem_free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules_in_natural_order),
        cmocka_unit_test(test_single_children_collapse),
        cmocka_unit_test(test_a_name_that_is_a_module_too),
        cmocka_unit_test(test_modules_are_not_torn_apart_by_leading_zeros),
        cmocka_unit_test(test_folding_hides_and_reveal_unfolds),
        cmocka_unit_test(test_sorting_puts_unknown_values_last),
        cmocka_unit_test(test_sorting_sets_vectors_apart),
        cmocka_unit_test(test_choosing_hides_tensors_and_empty_modules),
        cmocka_unit_test(test_search_goes_round_both_ways),
        cmocka_unit_test(test_search_minds_case_only_for_capitals),
        cmocka_unit_test(test_empty_model),
        cmocka_unit_test(test_many_names_are_quick),
        cmocka_unit_test(test_deep_hostile_names),
    };
    return cmocka_run_group_tests_name("ui/tree", tests, NULL, NULL);
}
