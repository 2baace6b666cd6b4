/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/agreement.h"

#define CHANNELS 5

/* A report of five channels: two normal, one not, one not tested, and one without a theory. */
struct sample {
    struct channel_error error[CHANNELS];
    struct moments moments[CHANNELS];
    struct channel_normality tested[CHANNELS];
    struct errors errors;
    struct profile profile;
    struct normality normality;
    struct report report;
};

static void make(struct sample *sample)
{
    static const double p[CHANNELS] = { 0.5, NORMALITY_LEVEL, 0.04, NAN, 0.9 };
    *sample = (struct sample){ .errors = { .channels = CHANNELS } };
    for (int i = 0; i < CHANNELS; i++) {
        sample->error[i] = (struct channel_error){ .step = i + 1, .std = 2 * i + 1, .mean = -i,
                                                   .theory_std = 2 * i, .theory_mean = i };
        sample->moments[i] = (struct moments){ .count = 2, .m2 = 2 * 2.0 * 2.0, .max = 1 };
        sample->tested[i] = (struct channel_normality){ 0.9, p[i] };
    }
    sample->error[4].theory_std = sample->error[4].theory_mean = NAN;
    sample->error[4].step = 0;
    sample->errors.channel = sample->error;
    sample->profile.channel = sample->moments;
    sample->normality.channel = sample->tested;
    sample->report.errors = &sample->errors;
    sample->report.profile = &sample->profile;
    sample->report.normality = &sample->normality;
}

static void test_a_channel_is_a_dot(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    struct agreement_dot dot = agreement_dot(&sample.report, 2, AGREEMENT_STD);
    assert_true(dot.x == 4 && dot.y == 5);
    dot = agreement_dot(&sample.report, 2, AGREEMENT_MEAN);
    assert_true(dot.x == 2 && dot.y == -2);
    dot = agreement_dot(&sample.report, 4, AGREEMENT_STD);
    assert_true(isnan(dot.x) && isnan(dot.y));
}

static void test_ratio_is_step_over_std(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    assert_true(agreement_ratio(&sample.report, 2) == 1.5);
    assert_true(isnan(agreement_ratio(&sample.report, 4)));
    sample.moments[2] = (struct moments){ .count = 2, .mean = 1, .min = 1, .max = 1 };
    assert_true(isnan(agreement_ratio(&sample.report, 2)));
}

static void test_normal_is_tested_and_not_rejected(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    assert_true(agreement_is_normal(&sample.report, 0));
    assert_true(agreement_is_normal(&sample.report, 1));
    assert_false(agreement_is_normal(&sample.report, 2));
    assert_false(agreement_is_normal(&sample.report, 3));
    sample.report.normality = NULL;
    assert_false(agreement_is_normal(&sample.report, 0));
}

/* All lie on y = x + 1: the slope is 1, and what R² about y = x loses is n over the spread of y. */
static void test_fits(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    struct agreement all = agreement_of(&sample.report, RECORD_ALL);
    const struct regression *fit = &all.fit[AGREEMENT_STD];
    assert_int_equal(fit->n, 4);
    assert_true(fabs(regression_slope(fit) - 1) < 1e-12);
    assert_true(fabs(regression_r2(fit) - (1 - 4 / 20.0)) < 1e-12);
    assert_true(fabs(regression_slope(&all.fit[AGREEMENT_MEAN]) + 1) < 1e-12);
    struct agreement normal = agreement_of(&sample.report, RECORD_NORMAL);
    assert_int_equal(normal.fit[AGREEMENT_STD].n, 2); /* the third normal one has no theory */
}

static void test_wide_channels(void **state)
{
    (void)state;
    struct sample sample;
    make(&sample);
    sample.error[3].step = 4.001;
    struct agreement all = agreement_of(&sample.report, RECORD_ALL);
    assert_int_equal(all.channels, 4);
    assert_int_equal(all.wide, 1);
    sample.error[3].step = 4; /* exactly at the limit */
    assert_int_equal(agreement_of(&sample.report, RECORD_ALL).wide, 0);
    assert_int_equal(agreement_of(&sample.report, RECORD_NORMAL).channels, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_channel_is_a_dot),
        cmocka_unit_test(test_ratio_is_step_over_std),
        cmocka_unit_test(test_normal_is_tested_and_not_rejected),
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_wide_channels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
