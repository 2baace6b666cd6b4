/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/belief.h"
#include "weights.h"

#define LENGTH 5000

/* Row 0 Gaussian, 1 skewed, 2 all alike, 3 without a finite element. */
static struct weights rows_of_all_sorts(void)
{
    double *x = weights_gaussian(4 * LENGTH, 0.1, 0.5, 21);
    for (size_t i = 0; i < LENGTH; i++) {
        x[LENGTH + i] = exp(x[LENGTH + i]);
        x[2 * LENGTH + i] = 0.25;
        x[3 * LENGTH + i] = i % 2 ? NAN : INFINITY;
    }
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 4, LENGTH }, x);
    free(x);
    return weights;
}

/* All that a believer needs; what test is handed. */
struct scene {
    struct weights weights;
    struct weights_stage stage;
    const struct profile *profile;
    struct workspace workspace;
    struct believer believer;
    struct source source;
    struct source_table *table;
};

static struct scene *begin(enum belief belief, const struct family *family,
                           const struct source *law)
{
    static struct scene scene;
    scene.weights = rows_of_all_sorts();
    weights_stage_begin(&scene.stage, &scene.weights, 2);
    scene.profile = profile_compute(&scene.stage.stage, NULL);
    scene.workspace.values = weights_memory(WORKSPACE_ELEMENTS);
    scene.table = NULL;
    assert_true(believer_init(&scene.believer, &scene.stage.stage, scene.profile, belief, family,
                              law, NULL));
    return &scene;
}

static const struct source *source_of(struct scene *scene, size_t row)
{
    source_table_free(scene->table);
    assert_true(believer_source(&scene->believer, row, &scene->workspace, &scene->stage.watch,
                                &scene->source, &scene->table, NULL));
    return &scene->source;
}

static void end(struct scene *scene)
{
    source_table_free(scene->table);
    believer_done(&scene->believer);
    free(scene->workspace.values);
    part_unref(&scene->profile->part);
    weights_stage_end(&scene->stage);
    weights_free(&scene->weights);
}

static void test_names(void **state)
{
    (void)state;
    struct error error = { ERROR_NONE, "" };
    enum belief belief = BELIEF_GAUSSIAN;
    for (int i = 0; i < BELIEF_COUNT; i++) {
        assert_true(belief_parse(belief_name((enum belief)i), &belief, NULL));
        assert_int_equal(belief, i);
    }
    assert_false(belief_parse("law", &belief, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_int_equal(belief, BELIEF_COUNT - 1);
    assert_string_equal(belief_name(BELIEF_LAW), "law");
}

static void test_titles(void **state)
{
    (void)state;
    const struct family near = { .laplace = true }, far = { .laplace = false };
    const struct source law = { .type = &source_uniform, .std = 1 };
    assert_string_equal(belief_title(BELIEF_GAUSSIAN, NULL, NULL), "Gaussian");
    assert_string_equal(belief_title(BELIEF_LAPLACE, &far, NULL), "Laplace");
    assert_string_equal(belief_title(BELIEF_FAMILY, NULL, NULL), "auto");
    assert_string_equal(belief_title(BELIEF_FAMILY, &near, NULL), "Laplace");
    assert_string_equal(belief_title(BELIEF_FAMILY, &far, NULL), "Gaussian");
    assert_string_equal(belief_title(BELIEF_EMPIRICAL, NULL, NULL), "empirical");
    assert_string_equal(belief_title(BELIEF_LAW, NULL, &law), "uniform");
}

/* Rows without a density have none whatever is believed. */
static void assert_no_density(struct scene *scene)
{
    for (size_t row = 2; row < 4; row++) {
        assert_null(source_of(scene, row)->type);
        assert_null(scene->table);
    }
}

static void assert_moments(struct scene *scene)
{
    for (size_t row = 0; row < 2; row++) {
        const struct moments *moments = &scene->profile->channel[row];
        const struct source *source = source_of(scene, row);
        assert_ptr_equal(source->type, &source_gaussian);
        weights_assert_same(source->mean, moments_mean(moments));
        weights_assert_same(source->std, moments_std(moments));
    }
}

static void assert_fits(struct scene *scene)
{
    struct fit fit[4];
    assert_true(fits_compute(&scene->stage.stage, scene->profile, fit, NULL));
    for (size_t row = 0; row < 2; row++) {
        const struct source *source = source_of(scene, row);
        assert_ptr_equal(source->type, &source_laplace);
        weights_assert_near(source->mean, fit[row].median, 1e-15, 0);
        weights_assert_near(source->std, fit[row].deviation * sqrt(2), 1e-15, 0);
    }
}

static void test_gaussian_and_laplace(void **state)
{
    (void)state;
    struct scene *scene = begin(BELIEF_GAUSSIAN, NULL, NULL);
    assert_moments(scene);
    assert_no_density(scene);
    end(scene);
    scene = begin(BELIEF_LAPLACE, NULL, NULL);
    assert_fits(scene);
    assert_no_density(scene);
    end(scene);
}

static void test_the_nearer_one(void **state)
{
    (void)state;
    for (int laplace = 0; laplace < 2; laplace++) {
        const struct family family = { .laplace = laplace };
        struct scene *scene = begin(BELIEF_FAMILY, &family, NULL);
        (laplace ? assert_fits : assert_moments)(scene);
        assert_no_density(scene);
        end(scene);
    }
}

/* The distribution is that of the row's own elements to a bin of 256, its moments likewise. */
static void test_empirical(void **state)
{
    (void)state;
    struct scene *scene = begin(BELIEF_EMPIRICAL, NULL, NULL);
    for (size_t row = 0; row < 2; row++) {
        const struct moments *moments = &scene->profile->channel[row];
        const struct source *source = source_of(scene, row);
        const double *w = scene->weights.x + row * LENGTH;
        double bin = (moments->max - moments->min) / 256;
        assert_ptr_equal(source->type, &source_empirical);
        weights_assert_near(source->mean, moments_mean(moments), 0.05 * bin, 1);
        weights_assert_near(source->std, moments_std(moments), 0.05 * bin, 1);
        for (double share = 0.125; share < 1; share += 0.125) {
            /* Edges of bins have exactly the elements below them. */
            double edge = moments->min + share * 256 * bin, below = 0;
            for (size_t i = 0; i < LENGTH; i++)
                below += w[i] < edge;
            assert_true(fabs(source->type->cdf(source, edge) - below / LENGTH) < 1e-9);
        }
    }
    assert_no_density(scene);
    end(scene);
}

static void test_law(void **state)
{
    (void)state;
    const struct source law = { .type = &source_uniform, .mean = 7, .std = 2 };
    struct scene *scene = begin(BELIEF_LAW, NULL, &law);
    const struct source *source = source_of(scene, 0);
    assert_ptr_equal(source->type, law.type);
    weights_assert_same(source->mean, 7);
    weights_assert_same(source->std, 2);
    assert_no_density(scene);
    end(scene);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct error error = { ERROR_NONE, "" };
    struct scene *scene = begin(BELIEF_EMPIRICAL, NULL, NULL);
    atomic_store(&scene->stage.watch.cancel, true);
    assert_false(believer_source(&scene->believer, 0, &scene->workspace, &scene->stage.watch,
                                 &scene->source, &scene->table, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    struct believer other;
    assert_false(believer_init(&other, &scene->stage.stage, scene->profile, BELIEF_LAPLACE, NULL,
                               NULL, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    end(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          cmocka_unit_test(test_titles),
        cmocka_unit_test(test_gaussian_and_laplace),
        cmocka_unit_test(test_the_nearer_one), cmocka_unit_test(test_empirical),
        cmocka_unit_test(test_law),            cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
