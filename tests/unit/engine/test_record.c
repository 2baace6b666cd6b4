/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/record.h"
#include "weights.h"

static void test_widths(void **state)
{
    (void)state;
    assert_false(record_has_bits(1) || record_has_bits(9));
    assert_true(record_has_bits(2) && record_has_bits(8));
    const struct survey_record record = {
        .weights = {.abs_max_over_std_median = 3.5, .abs_max_over_std = 7},
        .error = {[2] = {.mse = 5}},
    };
    weights_assert_same(record_error(&record, 4)->mse, 5);
    weights_assert_same(record_step_over_std_median(&record, 4), 0.5);
    weights_assert_same(record_step_over_std_max(&record, 2), 7);
}

static void test_bins_of_ratios(void **state)
{
    (void)state;
    weights_assert_same(record_ratio_low(0, 2), 1);
    weights_assert_near(record_ratio_low(RECORD_RATIOS_PER_OCTAVE, 3), 2.0 / 3, 1e-15, 1);
    weights_assert_near(record_ratio_low(RECORD_RATIOS, 2), 4096, 1e-15, 1);
}

static void test_shares_and_gaps(void **state)
{
    (void)state;
    struct survey_record record = {.scheme = {.sqnr_db = 12, .theory_sqnr_db = 20}};
    weights_assert_same(record_gap_db(&record), 8);
    assert_true(isnan(record_normal_share(&record)));
    record.normality.tested = 8;
    record.normality.normal = 6;
    weights_assert_same(record_normal_share(&record), 0.75);
}

static void test_clean(void **state)
{
    (void)state;
    struct survey_record record = {0};
    assert_true(record_clean(&record));
    record.audit.elements[3].count = 5; /* denormals */
    assert_true(record_clean(&record));
    for (size_t kind = 0; kind < 3; kind++) {
        record.audit.elements[kind].count = 1;
        assert_false(record_clean(&record));
        record.audit.elements[kind].count = 0;
    }
    record.audit.dead = true;
    assert_false(record_clean(&record));
    record.audit.dead = false;
    record.audit.duplicate.count = 1;
    assert_false(record_clean(&record));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_bins_of_ratios),
        cmocka_unit_test(test_shares_and_gaps),
        cmocka_unit_test(test_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
