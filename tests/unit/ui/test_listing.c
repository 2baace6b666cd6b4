/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/listing.h"

/* A module of two matrices and a vector, and one of a vector alone. */
static const char *const labels[] = { "m.a", "m.b", "m.norm", "n.x", "n.y" };
#define COUNT (sizeof labels / sizeof *labels)

struct sample {
    struct model *model;
    struct tree *tree;
    struct listing *listing;
};

static void open_sample(struct sample *sample)
{
    static const uint64_t dims[] = { 1, 1 };
    sample->model = fixture_named_model(labels, COUNT);
    for (size_t i = 0; i < 2; i++) {
        sample->model->tensors[i].rank = 2;
        sample->model->tensors[i].dims = dims;
    }
    sample->tree = tree_new(sample->model);
    sample->listing = listing_new(sample->model);
}

static void close_sample(struct sample *sample)
{
    listing_free(sample->listing);
    tree_free(sample->tree);
    fixture_free_named_model(sample->model);
}

static void learn(struct sample *sample, size_t tensor, double sqnr, double ratio, double normal)
{
    static struct survey_record record;
    record.parts = RECORD_FAST | RECORD_SLOW | RECORD_SCHEME;
    record.scheme.sqnr_db = sqnr;
    record.scheme.step_over_std_max = ratio;
    record.normality.tested = 10;
    record.normality.normal = (uint64_t)(10 * normal);
    record.outliers.count[0] = 3;
    listing_learn_record(sample->listing, tensor, &record);
}

static double module(const struct sample *sample, size_t tensor, enum column column)
{
    size_t node = sample->tree->node[tree_find(sample->tree, tensor)].parent;
    return listing_value(sample->listing, sample->tree, node, column);
}

static void test_nothing_is_known_but_the_file(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample);
    assert_true(module(&sample, 0, COLUMN_SIZE) == 1 + 2 + 3);
    for (int i = COLUMN_SQNR; i < COLUMN_COUNT; i++) {
        assert_true(isnan(module(&sample, 0, (enum column)i)));
        assert_true(isnan(listing_values(sample.listing, 0)[i]));
    }
    close_sample(&sample);
}

static void test_modules_gather(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample);
    learn(&sample, 0, 20, 0.5, 1);
    assert_true(module(&sample, 0, COLUMN_SQNR) == 20); /* of what is known */
    learn(&sample, 1, 18, 0.4, 0.4);
    learn(&sample, 2, 5, 9, 0); /* a norm */
    assert_true(module(&sample, 0, COLUMN_SQNR) == 18);
    assert_true(module(&sample, 0, COLUMN_RATIO) == 0.5);
    assert_true(fabs(module(&sample, 0, COLUMN_NORMAL) - (1 * 100 + 2 * 40) / 3.0) < 1e-9);
    assert_true(module(&sample, 0, COLUMN_OUTLIERS) == 9);
    close_sample(&sample);
}

static void test_vectors_count_among_themselves(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample);
    learn(&sample, 3, 5, 9, 0);
    learn(&sample, 4, 6, 8, 0);
    assert_true(module(&sample, 3, COLUMN_SQNR) == 5);
    assert_true(module(&sample, 3, COLUMN_RATIO) == 9);
    close_sample(&sample);
}

static void test_what_is_not_told_stays(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample);
    learn(&sample, 0, 20, 0.5, 1);
    static struct survey_record record;
    record.parts = RECORD_FAST;
    record.weights.excess_kurtosis = 2;
    listing_learn_record(sample.listing, 0, &record);
    assert_true(listing_values(sample.listing, 0)[COLUMN_SQNR] == 20);
    assert_true(listing_values(sample.listing, 0)[COLUMN_KURTOSIS] == 2);
    close_sample(&sample);
}

static void test_forgetting(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample);
    learn(&sample, 0, 20, 0.5, 1);
    const double *value = listing_values(sample.listing, 0);
    listing_forget(sample.listing, BASIS_BELIEF);
    assert_true(isnan(value[COLUMN_THEORY]));
    assert_true(value[COLUMN_SQNR] == 20);
    listing_forget(sample.listing, BASIS_SCHEME);
    assert_true(isnan(value[COLUMN_SQNR]));
    assert_true(value[COLUMN_NORMAL] == 100);
    listing_forget(sample.listing, BASIS_WEIGHTS);
    assert_true(isnan(value[COLUMN_NORMAL]));
    assert_true(value[COLUMN_SIZE] == 1);
    close_sample(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_known_but_the_file),
        cmocka_unit_test(test_modules_gather),
        cmocka_unit_test(test_vectors_count_among_themselves),
        cmocka_unit_test(test_what_is_not_told_stays),
        cmocka_unit_test(test_forgetting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
