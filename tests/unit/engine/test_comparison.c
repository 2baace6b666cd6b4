/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "comparisons.h"

static void assert_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-12 * (1 + fabs(wanted))))
        fail_msg("%.17g, not %.17g", value, wanted);
}

/* A comparison that nothing goes wrong with. */
static const struct comparison *compare(double scale, unsigned widths, bool laplace)
{
    struct fake fake = {.scale = scale};
    const struct comparison *comparison = fake_compare(&fake, widths, false, laplace, NULL, NULL);
    assert_non_null(comparison);
    assert_int_equal(fake.measured, comparison->count);
    return comparison;
}

static void test_entries_are_those_of_the_lineup(void **state)
{
    (void)state;
    const unsigned widths = COMPARISON_WIDTH(3) | COMPARISON_WIDTH(4);
    const struct comparison *comparison = compare(1, widths, false);
    size_t n = 0;
    for (size_t i = 0; i < contender_count; i++)
        for (int bits = 3; bits <= 4; bits++) {
            struct scheme scheme;
            if (!contender_scheme(&contenders[i], bits, GRANULARITY_CHANNEL, &scheme))
                continue;
            assert_true(n < comparison->count);
            assert_ptr_equal(comparison->entry[n].contender, &contenders[i]);
            assert_true(scheme_equal(&comparison->entry[n].scheme, &scheme));
            n++;
        }
    assert_int_equal(comparison->count, n);
    assert_int_equal(comparison->known, n);
    assert_int_equal(comparison->exact, n);
    part_unref(&comparison->part);
}

static void test_figures(void **state)
{
    (void)state;
    const struct comparison *comparison = compare(1, COMPARISON_USUAL_WIDTHS, false);
    const double power = FAKE_VARIANCE + FAKE_MEAN * FAKE_MEAN;
    for (size_t i = 0; i < comparison->count; i++) {
        const struct scheme *scheme = &comparison->entry[i].scheme;
        const struct comparison_figures figures = comparison_figures(comparison, i);
        const double mse = fake_variance(scheme) + FAKE_ERROR * FAKE_ERROR;
        assert_near(figures.mse, mse);
        assert_near(figures.sqnr_db, 10 * log10(power / mse));
        assert_near(figures.error_mean, FAKE_ERROR);
        assert_near(figures.error_std, sqrt(fake_variance(scheme)));
        assert_near(figures.theory_sqnr_db, 10 * log10(power / (2 * mse)));
        assert_near(figures.theory_error_mean, 0);
        assert_near(figures.theory_error_std, sqrt(2 * mse));
        assert_near(figures.bits_per_weight,
                    scheme_bits_per_weight(scheme, FAKE_ROWS, FAKE_COLUMNS));
    }
    part_unref(&comparison->part);
}

static void test_bounds(void **state)
{
    (void)state;
    const double power = FAKE_VARIANCE + FAKE_MEAN * FAKE_MEAN;
    const struct comparison *comparison = compare(1, COMPARISON_WIDTH(4), false);
    assert_near(comparison_bound_mse(comparison, COMPARISON_SHANNON, 3), FAKE_VARIANCE / 64);
    assert_near(comparison_bound_mse(comparison, COMPARISON_PANTER_DITE, 3),
                FAKE_VARIANCE / 64 * sqrt(3) * M_PI / 2);
    assert_near(comparison_bound_db(comparison, COMPARISON_SHANNON, 3),
                10 * log10(power / (FAKE_VARIANCE / 64)));
    part_unref(&comparison->part);
    comparison = compare(1, COMPARISON_WIDTH(4), true);
    assert_near(comparison_bound_mse(comparison, COMPARISON_PANTER_DITE, 0), 4.5 * FAKE_VARIANCE);
    part_unref(&comparison->part);
}

/* Storage counts: groups of 32 have the same error here as any uniform grid, with more scales. */
static void test_best(void **state)
{
    (void)state;
    const struct comparison *comparison = compare(1, COMPARISON_WIDTH(4), false);
    const size_t best = comparison_best(comparison, 4);
    assert_true(best < comparison->count);
    const struct scheme *scheme = &comparison->entry[best].scheme;
    assert_int_equal(scheme->levels.kind, LEVELS_UNIFORM);
    assert_true(granularity_equal(&scheme->granularity, &GRANULARITY_CHANNEL));
    assert_true(comparison_best(comparison, 5) == SIZE_MAX);
    part_unref(&comparison->part);
}

/* Two tensors: errors add up over elements, and what one of them refuses is refused. */
static void test_sums(void **state)
{
    (void)state;
    struct fake fake = {.scale = 3, .refused = 2};
    const struct comparison *one = compare(1, COMPARISON_WIDTH(4), false);
    const struct comparison *other =
        fake_compare(&fake, COMPARISON_WIDTH(4), false, true, NULL, NULL);
    assert_non_null(other);
    struct comparison *sum = comparison_copy(one);
    comparison_add(sum, other);
    assert_near(sum->elements, 2 * FAKE_COUNT);
    assert_int_equal(sum->entry[1].state, COMPARISON_REFUSED);
    assert_true(isnan(comparison_figures(sum, 1).sqnr_db));
    assert_near(comparison_figures(sum, 1).bits_per_weight,
                comparison_figures(one, 1).bits_per_weight);
    const struct comparison_figures a = comparison_figures(one, 0);
    const struct comparison_figures b = comparison_figures(other, 0);
    const struct comparison_figures both = comparison_figures(sum, 0);
    assert_near(both.mse, (a.mse + b.mse) / 2);
    assert_near(both.error_mean, 2 * FAKE_ERROR);
    assert_near(both.theory_error_std, sqrt((a.mse + b.mse)));
    const double power = FAKE_VARIANCE + FAKE_MEAN * FAKE_MEAN;
    assert_near(both.sqnr_db, 10 * log10(2 * power / (a.mse + b.mse)));
    assert_near(comparison_bound_mse(sum, COMPARISON_PANTER_DITE, 0),
                FAKE_VARIANCE * (sqrt(3) * M_PI / 2 + 4.5) / 2);
    part_unref(&sum->part);
    part_unref(&other->part);
    part_unref(&one->part);
}

/* Each entry is shown as it comes, and a sample's until an exact one is there. */
static void test_a_sample_first(void **state)
{
    (void)state;
    struct fake fake = {.scale = 2};
    const struct comparison *sample =
        fake_compare(&fake, COMPARISON_WIDTH(4), true, false, NULL, NULL);
    assert_int_equal(fake.shown, sample->count);
    assert_int_equal(fake.known, sample->count);
    assert_int_equal(fake.exact, 0);
    fake = (struct fake){.scale = 1};
    const struct comparison *exact =
        fake_compare(&fake, COMPARISON_WIDTH(4), false, false, sample, NULL);
    assert_int_equal(fake.shown, exact->count);
    assert_int_equal(fake.exact, exact->count);
    assert_near(comparison_figures(exact, 0).mse, comparison_figures(sample, 0).mse / 4);
    part_unref(&exact->part);
    /* Half way the sample's entries stand in. */
    fake = (struct fake){.scale = 1, .broken = 3};
    struct error error = {ERROR_NONE, ""};
    assert_null(fake_compare(&fake, COMPARISON_WIDTH(4), false, false, sample, &error));
    assert_int_equal(fake.known, sample->count);
    assert_int_equal(fake.exact, 2);
    part_unref(&sample->part);
}

static void test_a_broken_file_ends_it(void **state)
{
    (void)state;
    struct fake fake = {.scale = 1, .broken = 3};
    struct error error = {ERROR_NONE, ""};
    assert_null(fake_compare(&fake, COMPARISON_WIDTH(4), false, false, NULL, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, "cut short");
}

static void test_granularity(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    struct granularity granularity = comparison_granularity(&scheme);
    assert_true(granularity_equal(&granularity, &GRANULARITY_CHANNEL));
    scheme.granularity = (struct granularity){1, 32};
    granularity = comparison_granularity(&scheme);
    assert_true(granularity_equal(&granularity, &GRANULARITY_CHANNEL));
    scheme.granularity = GRANULARITY_TENSOR;
    granularity = comparison_granularity(&scheme);
    assert_true(granularity_equal(&granularity, &GRANULARITY_TENSOR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_are_those_of_the_lineup),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_best),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_a_sample_first),
        cmocka_unit_test(test_a_broken_file_ends_it),
        cmocka_unit_test(test_granularity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
