/* SPDX-License-Identifier: MIT
 *
 * Whole reports under schemes of all sorts: what does not depend on who works, or on what else was
 * asked for, and rows that have little to fit to.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/analysis.h"
#include "schemes.h"

/* ---- one channel has the quantizers that it has among the others ---- */

static void same_channel(const struct channel_error *a, const struct channel_error *b)
{
    weights_assert_same(a->step, b->step);
    weights_assert_same(a->clip, b->clip);
    weights_assert_same(a->centre, b->centre);
    weights_assert_same(a->mean, b->mean);
    weights_assert_same(a->std, b->std);
    weights_assert_same(a->mse, b->mse);
    weights_assert_same(a->abs_max, b->abs_max);
    weights_assert_same(a->theory_mean, b->theory_mean);
    weights_assert_same(a->theory_std, b->theory_std);
    weights_assert_same(a->theory_mse, b->theory_mse);
    assert_int_equal(a->clipped, b->clipped);
}

static void test_one_channel(void **state)
{
    (void)state;
    struct weights weights = random_weights(5, 100);
    for (size_t i = 0; i < WORDS; i++)
        for (size_t g = 0; g < GRANULARITIES; g++) {
            const struct scheme scheme = scheme_of(&all_words[i], granularities[g]);
            struct request request = request_of(&weights, &scheme);
            const struct report *whole = weights_report(&request, 1, NULL);
            for (size_t k = 0; k < weights.channels; k += 2) {
                request.channel = (int64_t)k;
                const struct report *one = weights_report(&request, 1, NULL);
                same_channel(&one->errors->channel[0], &whole->errors->channel[k]);
                weights_report_free(one);
            }
            weights_report_free(whole);
        }
    weights_free(&weights);
}

/* ---- any number of threads ---- */

static void same_errors(const struct errors *a, const struct errors *b)
{
    for (size_t i = 0; i < a->channels; i++)
        same_channel(&a->channel[i], &b->channel[i]);
    weights_assert_same(a->theory_mse, b->theory_mse);
    weights_assert_same(a->distance, b->distance);
    weights_assert_same(a->total.error.m2, b->total.error.m2);
    assert_memory_equal(a->error->count, b->error->count, a->error->bins * sizeof(uint64_t));
    assert_memory_equal(a->weight->count, b->weight->count, a->weight->bins * sizeof(uint64_t));
    assert_int_equal(a->levels, b->levels);
    assert_memory_equal(a->mass, b->mass, a->levels * sizeof *a->mass);
    for (size_t i = 0; i < a->levels; i++)
        weights_assert_same(a->position[i], b->position[i]);
    for (size_t i = 0; i <= a->error->bins; i++)
        weights_assert_same(a->theory_cdf[i], b->theory_cdf[i]);
    for (size_t i = 0; i < a->weight->bins; i++)
        weights_assert_same(a->fitted[i], b->fitted[i]);
}

static void check_threads(struct weights weights, size_t stride)
{
    for (size_t i = 0; i < WORDS; i += stride)
        for (size_t g = 0; g < GRANULARITIES; g += 2) {
            const struct scheme scheme = scheme_of(&all_words[i], granularities[g]);
            struct request request = request_of(&weights, &scheme);
            request.figures_only = false;
            request.belief = (enum belief)((i + g) % BELIEF_COUNT);
            if (scheme.granularity.columns == 1)
                continue; /* a prediction for every element takes its time */
            const struct report *one = weights_report(&request, 1, NULL);
            const struct report *many = weights_report(&request, 3, NULL);
            assert_true(one && many);
            same_errors(one->errors, many->errors);
            weights_report_free(one);
            weights_report_free(many);
        }
    weights_free(&weights);
}

static void test_threads(void **state)
{
    (void)state;
    check_threads(random_weights(60, 130), 1);
    check_threads(random_weights(2, 66000), 5);
}

/* ---- rows that have little to fit to ---- */

static struct weights degenerate_weights(void)
{
    enum { LENGTH = 70 };
    static const double constant[] = { 0, 0.25, -3, 1e-310, 1e38, -1e300 };
    const size_t rows = 6 + sizeof constant / sizeof *constant;
    double *x = weights_gaussian(rows * LENGTH, 0, 1, 3);
    for (size_t i = 0; i < LENGTH; i++) {
        for (size_t k = 0; k < 6; k++)
            x[k * LENGTH + i] = constant[k];
        x[6 * LENGTH + i] = i % 2 ? NAN : INFINITY;
        x[7 * LENGTH + i] = i == 40 ? 1.5 : NAN;
        x[8 * LENGTH + i] = i % 2 ? 0.5 : -0.5;
        x[9 * LENGTH + i] = i == 3 ? -1e-12 : 0;
        x[10 * LENGTH + i] = i == 69 ? -INFINITY : x[10 * LENGTH + i];
        x[11 * LENGTH + i] *= i < 35 ? 1e-200 : 1e200;
    }
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ rows, LENGTH }, x);
    free(x);
    return weights;
}

static void check_degenerate(const struct report *report, const struct scheme *scheme)
{
    const bool by_channel = granularity_equal(&scheme->granularity, &GRANULARITY_CHANNEL);
    const struct channel_error *channel = report->errors->channel;
    assert_int_equal(report->errors->channels, 12);
    assert_true(isnan(channel[6].mse));
    if (!by_channel)
        return;
    assert_true(channel[0].mse == 0 && channel[0].step == 0);
    for (size_t i = 0; i < 12; i++)
        assert_true(isnan(channel[i].mse) || channel[i].mse >= 0);
    /* What lies on one or two values is kept, or rounded to a fraction of it; where no scale for the
     * whole tensor has to reach the row of 1e300. */
    const bool outer = scheme->levels.kind == LEVELS_BLOCKS && scheme->levels.format->outer;
    if (scheme->bits > 2 && scheme->clip.rule == CLIP_MAX && !outer)
        assert_true(channel[1].mse <= 0.02 * 0.0625 && channel[8].mse <= 0.05 * 0.25);
}

static void test_degenerate_rows(void **state)
{
    (void)state;
    static const char *const some[] = { "channel", "tensor", "group:3", "block:2x5" };
    static const char *const clips[] = { "max", "sigma:2", "percentile:90", "aciq", "mse" };
    struct weights weights = degenerate_weights();
    for (size_t i = 0; i < levels_choice_count; i++)
        for (size_t g = 0; g < 4; g++)
            for (size_t c = 0; c < (levels_take_clip(&levels_choices[i]) ? 5 : 1); c++)
                for (int asymmetric = 0; asymmetric < 2; asymmetric++) {
                    struct scheme scheme = scheme_default();
                    int least_bits, most_bits;
                    scheme.levels = levels_choices[i];
                    levels_bits(&scheme.levels, &least_bits, &most_bits);
                    scheme.bits = least_bits > 4 ? least_bits : most_bits < 4 ? most_bits : 4;
                    scheme.asymmetric = asymmetric;
                    assert_true(granularity_parse(some[g], &scheme.granularity, NULL));
                    assert_true(clip_parse(clips[c], &scheme.clip, NULL));
                    if (!scheme_check(&scheme, NULL))
                        continue;
                    struct request request = request_of(&weights, &scheme);
                    request.figures_only = false;
                    const struct report *report = weights_report(&request, 2, NULL);
                    assert_non_null(report);
                    check_degenerate(report, &scheme);
                    weights_report_free(report);
                }
    weights_free(&weights);
}

/* Figures alone are the same ones, and nothing else is there. */
static void test_figures_only(void **state)
{
    (void)state;
    struct weights weights = random_weights(40, 90);
    const struct scheme scheme = scheme_of(&all_words[3], "group:32");
    struct request request = request_of(&weights, &scheme);
    const struct report *figures = weights_report(&request, 2, NULL);
    request.figures_only = false;
    const struct report *all = weights_report(&request, 2, NULL);
    assert_null(figures->errors->error);
    assert_null(figures->errors->theory_cdf);
    assert_null(figures->errors->fitted);
    assert_null(figures->spread);
    assert_null(figures->normality);
    assert_true(isnan(figures->figures.error_ks) && !isnan(all->figures.error_ks));
    weights_assert_same(figures->figures.error_mse, all->figures.error_mse);
    weights_assert_same(figures->figures.theory_error_std, all->figures.theory_error_std);
    weights_assert_same(figures->figures.sqnr_db, all->figures.sqnr_db);
    weights_assert_near(figures->figures.bits_per_weight, 3 + 16 * 3.0 / 90, 1e-12, 0);
    weights_report_free(figures);
    weights_report_free(all);
    weights_free(&weights);
}

/* ---- a sample of the channels comes near ---- */

static void keep_first(void *user, const struct report *report)
{
    const struct report **first = user;
    if (!*first) {
        part_ref(&report->part);
        *first = report;
    }
}

static void test_sample(void **state)
{
    (void)state;
    static const char *const some[] = { "tensor", "group:100", "block:64x64", "channel" };
    struct weights weights = weights_make_gaussian(700, 800, 0, 0.02);
    for (size_t g = 0; g < 4; g++) {
        const struct scheme scheme = scheme_of(&all_words[0], some[g]);
        struct request request = request_of(&weights, &scheme);
        struct watch watch = { .cancel = false };
        struct pool *pool = pool_new(2, NULL);
        const struct report *first = NULL;
        struct analysis analysis = {
            .pool = pool, .watch = &watch, .publish = keep_first, .user = &first};
        const struct report *last = analysis_run(&analysis, &request, NULL);
        assert_true(first && last && first->sampled && !last->sampled);
        assert_true(first->rows.channels < last->rows.channels);
        assert_true(fabs(first->figures.error_std / last->figures.error_std - 1) < 0.15);
        part_unref(&first->part);
        part_unref(&last->part);
        pool_free(pool);
    }
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_channel),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_degenerate_rows),
        cmocka_unit_test(test_figures_only),
        cmocka_unit_test(test_sample),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
