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
#include "engine/outlier_costs.h"
#include "weights.h"

/* Error of rounding w to 4 bits over a grid that reaches c, as MATH §2.1 says. */
static double round_error(double w, double c)
{
    double step = c / 7;
    double level = fmax(fmin(nearbyint(w / step), 7), -7);
    return c > 0 ? level * step - w : -w;
}

/* Sum of e^2 of a row of which one element is clipped to `cut`, or left out; column n: neither. */
static double noise_of(const double w[], size_t n, size_t column, double cut, bool apart)
{
    double c = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        c = fmax(c, i != column ? fabs(w[i]) : apart ? 0 : cut);
    for (size_t i = 0; i < n; i++) {
        double x = i == column && !apart ? copysign(cut, w[i]) : w[i];
        double e = round_error(x, c) + (x - w[i]);
        sum += i == column && apart ? 0 : e * e;
    }
    return sum;
}

struct setting {
    struct weights_stage stage;
    const struct profile *profile;
    const struct outliers *outliers;
};

static void begin(struct setting *setting, const struct weights *weights)
{
    struct outlier_limits limits = outlier_limits_default();
    weights_stage_begin(&setting->stage, weights, 2);
    setting->profile = profile_compute(&setting->stage.stage, NULL);
    setting->outliers =
        outliers_compute(&setting->stage.stage, setting->profile, &limits, NULL);
}

static void end(struct setting *setting)
{
    part_unref(&setting->profile->part);
    part_unref(&setting->outliers->part);
    weights_stage_end(&setting->stage);
}

static const struct outlier_costs *costs_of(const struct setting *setting,
                                            const struct scheme *scheme, double noise)
{
    struct outlier_rounding rounding = { .scheme = scheme, .noise = noise };
    struct error error = { ERROR_NONE, "" };
    const struct outlier_costs *costs = outlier_costs_compute(
        &setting->stage.stage, setting->profile, setting->outliers, &rounding, &error);
    if (!costs)
        fail_msg("%s", error.text);
    return costs;
}

/* A few rows with one or several large elements. */
static struct weights make_spiky(void)
{
    const uint64_t dims[] = { 30, 200 };
    double *x = weights_gaussian(6000, 0, 0.1, 4);
    x[3 * 200 + 17] = 4;
    x[9 * 200 + 5] = -3;
    x[9 * 200 + 6] = 2.5;
    x[20 * 200 + 199] = 1.5;
    struct weights weights = weights_make("F64", 2, dims, x);
    free(x);
    return weights;
}

static double whole_noise(const struct weights *weights)
{
    double noise = 0;
    for (size_t row = 0; row < weights->channels; row++)
        noise += noise_of(weights->x + row * weights->length, weights->length, weights->length, 0,
                          false);
    return noise;
}

static void test_each_against_its_definition(void **state)
{
    (void)state;
    struct weights weights = make_spiky();
    struct setting setting;
    struct scheme scheme = scheme_default();
    double noise = whole_noise(&weights);
    begin(&setting, &weights);
    const struct outlier_costs *costs = costs_of(&setting, &scheme, noise);
    assert_int_equal(costs->listed, OUTLIERS_WORST);
    for (size_t i = 0; i < costs->listed; i++) {
        const struct outlier *worst = &setting.outliers->worst[i];
        const double *w = weights.x + worst->row * weights.length;
        size_t n = weights.length, column = (size_t)worst->column;
        double next = 0;
        for (size_t k = 0; k < n; k++)
            next = k != column ? fmax(next, fabs(w[k])) : next;
        double before = noise_of(w, n, n, 0, false);
        double clipped = noise_of(w, n, column, fmin(next, fabs(w[column])), false);
        double apart = noise_of(w, n, column, 0, true);
        weights_assert_near(costs->cost[i].clipped_db,
                            10 * log10(noise / (noise - before + clipped)), 1e-6, 1e-6);
        weights_assert_near(costs->cost[i].apart_db, 10 * log10(noise / (noise - before + apart)),
                            1e-6, 1e-6);
    }
    /* The one of 4 costs much, the larger of two in a row little as long as the other is there. */
    assert_true(costs->cost[0].apart_db > 1);
    assert_true(costs->cost[0].clipped_db < costs->cost[0].apart_db);
    assert_int_equal(setting.outliers->worst[2].row, 9);
    weights_assert_near(costs->cost[2].clipped_db, 0, 0, 0); /* not the largest of its row */
    assert_true(costs->all_apart_db > costs->cost[0].apart_db + costs->cost[1].apart_db);
    part_unref(&costs->part);
    end(&setting);
    weights_free(&weights);
}

/* In groups only the group's own elements matter. */
static void test_groups(void **state)
{
    (void)state;
    struct weights weights = make_spiky();
    struct setting setting;
    struct scheme scheme = scheme_default();
    scheme.granularity = (struct granularity){ 1, 50 };
    begin(&setting, &weights);
    double noise = whole_noise(&weights);
    const struct outlier_costs *costs = costs_of(&setting, &scheme, noise);
    const double *w = weights.x + 3 * 200;
    double before = noise_of(w, 50, 50, 0, false), apart = noise_of(w, 50, 17, 0, true);
    weights_assert_near(costs->cost[0].apart_db, 10 * log10(noise / (noise - before + apart)), 1e-6,
                        1e-6);
    part_unref(&costs->part);
    end(&setting);
    weights_free(&weights);
}

/* Nothing is known without noise, where units span rows, or where rows are too long. */
static void test_unknown(void **state)
{
    (void)state;
    struct weights weights = make_spiky();
    struct setting setting;
    struct scheme scheme = scheme_default(), whole = scheme;
    whole.granularity = (struct granularity){ 0, 0 };
    begin(&setting, &weights);
    for (int i = 0; i < 2; i++) {
        const struct outlier_costs *costs = costs_of(&setting, i ? &whole : &scheme, i ? 1 : 0);
        assert_true(isnan(costs->cost[0].clipped_db) && isnan(costs->cost[0].apart_db));
        assert_true(isnan(costs->all_apart_db));
        part_unref(&costs->part);
    }
    end(&setting);
    weights_free(&weights);
    weights = weights_make_sparse(1, OUTLIER_COSTS_LENGTH_MOST + 1);
    begin(&setting, &weights);
    const struct outlier_costs *costs = costs_of(&setting, &scheme, 1);
    assert_int_equal(costs->listed, 0);
    part_unref(&costs->part);
    end(&setting);
    weights_free(&weights);
}

/* A vector is one channel, whatever the granularity; rows of several parts; a NaN in the way. */
static void test_long_vector(void **state)
{
    (void)state;
    const uint64_t n = 140000;
    double *x = weights_gaussian((size_t)n, 0, 0.1, 6);
    x[70000] = 3;
    x[7] = NAN;
    struct weights weights = weights_make("F64", 1, &n, x);
    struct setting setting;
    struct scheme scheme = scheme_default();
    scheme.granularity = (struct granularity){ 0, 0 };
    begin(&setting, &weights);
    x[7] = 0; /* makes no error */
    double noise = noise_of(x, (size_t)n, (size_t)n, 0, false);
    const struct outlier_costs *costs = costs_of(&setting, &scheme, noise);
    double apart = noise_of(x, (size_t)n, 70000, 0, true);
    assert_int_equal(setting.outliers->worst[0].column, 70000);
    weights_assert_near(costs->cost[0].apart_db, 10 * log10(noise / apart), 1e-6, 1e-6);
    part_unref(&costs->part);
    end(&setting);
    weights_free(&weights);
    free(x);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = make_spiky();
    struct setting setting;
    struct error error = { ERROR_NONE, "" };
    struct scheme scheme = scheme_default();
    struct outlier_rounding rounding = { .scheme = &scheme, .noise = 1 };
    begin(&setting, &weights);
    atomic_store(&setting.stage.watch.cancel, true);
    assert_null(outlier_costs_compute(&setting.stage.stage, setting.profile, setting.outliers,
                                      &rounding, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    end(&setting);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_against_its_definition),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_long_vector),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
