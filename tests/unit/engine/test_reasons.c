/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/reasons.h"
#include "engine/record_layout.h"
#include "stats/source.h"

#define CHANNELS 256
#define LENGTH   1024

/* A matrix of Gaussian weights, as a survey would find it. */
static struct survey_record gaussian(void)
{
    struct survey_record record;
    record_clear(&record);
    record.parts = RECORD_FAST | RECORD_SLOW | RECORD_SCHEME;
    struct record_weights *weights = &record.weights;
    weights->channels = CHANNELS;
    weights->elements = CHANNELS * LENGTH;
    weights->mean = 0;
    weights->std = 1;
    weights->abs_max_expected = source_gaussian_maximum_median(LENGTH);
    weights->abs_max_over_std_median = weights->abs_max_expected;
    weights->abs_max_over_std = source_gaussian_maximum_median(CHANNELS * LENGTH);
    weights->abs_max = weights->max = weights->abs_max_over_std;
    weights->min = -weights->max;
    record.outliers.listed = RECORD_WORST;
    for (unsigned i = 0; i < RECORD_WORST; i++)
        record.outliers.worst[i] = (struct record_outlier){
            .channel = 11 * i % CHANNELS, .column = 37 * i % LENGTH, .value = 4.6, .sigmas = 4.6};
    return record;
}

static struct reason only(const struct survey_record *record)
{
    struct reasons reasons = reasons_find(record);
    assert_int_equal(reasons.count, 1);
    return reasons.list[0];
}

static void test_gaussian(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    struct reasons reasons = reasons_find(&record);
    assert_int_equal(reasons.count, 0);
    assert_true(fabs(reasons.loss_db) < 1e-9);
}

static void test_lone_outlier(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.weights.abs_max_over_std = 30;
    record.outliers.worst[0] = (struct record_outlier){17, 42, 40, 40, 30};
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_LONE_OUTLIER);
    assert_true(reason.channel == 17 && reason.column == 42 && reason.count == 1);
    assert_true(reason.value == 40 && reason.sigmas == 40);
    assert_true(fabs(reasons_find(&record).loss_db - 20 * log10(30 / 4.7)) < 0.2);
    record.outliers.worst[1] = (struct record_outlier){18, 42, -39, 39, 30};
    assert_int_equal(only(&record).count, 2);
}

static void test_column(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.weights.abs_max_over_std = 12;
    record.weights.abs_max_over_std_median = 8;
    for (unsigned i = 0; i < 14; i++)
        record.outliers.worst[i] = (struct record_outlier){i, 5, 9, 12.0 - i / 10.0, 9};
    for (unsigned i = 14; i < RECORD_WORST; i++)
        record.outliers.worst[i].sigmas = 7;
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_OUTLIER_COLUMN);
    assert_true(reason.column == 5 && reason.count == 14 && reason.of == RECORD_WORST);
    assert_true(reason.sigmas == 12);
}

/* A row of large weights has a step of its own: it is told of only if it loses by that. */
static void test_row(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    for (unsigned i = 0; i < RECORD_WORST; i++)
        record.outliers.worst[i] = (struct record_outlier){9, i, 9, 12.0 - i / 10.0, 3};
    assert_int_equal(reasons_find(&record).count, 0);
    record.weights.abs_max_over_std = 8;
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_OUTLIER_ROW);
    assert_true(reason.channel == 9 && reason.count == RECORD_WORST);
}

static void test_tails(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.weights.abs_max_over_std_median = 5.1;
    record.weights.abs_max_over_std = 9;
    record.normality.laplace = true;
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_LAPLACE);
    assert_true(reason.value == 5.1 && reason.reference == record.weights.abs_max_expected);
    record.normality.laplace = false;
    assert_int_equal(only(&record).code, REASON_HEAVY_TAILS);
}

static void test_worst_channel(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.weights.abs_max_over_std = 6;
    record.weights.worst_channel = 99;
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_WORST_CHANNEL);
    assert_true(reason.channel == 99 && reason.value == 6);
}

/* A norm about one: 15 steps over [0, 1.2] against 7 each side of 0. */
static void test_shifted(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.vector = true;
    record.weights.channels = 1;
    record.weights.elements = LENGTH;
    record.weights.mean = 1;
    record.weights.std = 0.05;
    record.weights.min = 0.8;
    record.weights.max = record.weights.abs_max = 1.2;
    record.weights.abs_max_over_std = record.weights.abs_max_over_std_median = 24;
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_SHIFTED);
    assert_true(reason.value == 1 && reason.reference == 0.05);
    assert_true(fabs(reason.gain_db - 20 * log10(15.0 / 7)) < 1e-9);
}

static void test_audit(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.audit.zero = (struct record_lines){.count = 2, .listed = 2, .channel = {7, 8}};
    record.audit.duplicate =
        (struct record_lines){.count = 1, .listed = 1, .channel = {12}, .same_as = {3}};
    struct reasons reasons = reasons_find(&record);
    assert_int_equal(reasons.count, 2);
    assert_int_equal(reasons.list[0].code, REASON_ZERO_CHANNELS);
    assert_true(reasons.list[0].count == 2 && reasons.list[0].channel == 7);
    assert_int_equal(reasons.list[1].code, REASON_DUPLICATE_CHANNELS);
    assert_true(reasons.list[1].channel == 12 && reasons.list[1].same_as == 3);
}

static void test_not_finite(void **state)
{
    (void)state;
    struct survey_record record = gaussian(), other = gaussian();
    record.weights.nonfinite = 3;
    record.audit.elements[1].count = 3;
    record.audit.elements[1].listed = 1;
    record.audit.elements[1].place[0].channel = 4;
    record.audit.elements[1].place[0].column = 5;
    struct reason reason = only(&record);
    assert_int_equal(reason.code, REASON_NOT_FINITE);
    assert_true(reason.count == 3 && reason.of == 2 && reason.channel == 4 && reason.column == 5);
    other.weights.abs_max_over_std = 1000;
    const struct reasons a = reasons_find(&record), b = reasons_find(&other);
    assert_true(reasons_compare(&a, &b) < 0 && reasons_compare(&b, &a) > 0);
}

static void test_little_known(void **state)
{
    (void)state;
    struct survey_record record = gaussian();
    record.weights.elements = 12;
    record.weights.channels = 3;
    assert_int_equal(only(&record).code, REASON_FEW);
    record = gaussian();
    record.vector = record.audit.dead = true;
    record.audit.dead_value = 1;
    assert_int_equal(only(&record).code, REASON_DEAD);
    record.parts = 0;
    assert_int_equal(reasons_find(&record).count, 0);
    assert_true(isnan(reasons_find(&record).loss_db));
}

/* By loss; what has no reason comes last. */
static void test_order(void **state)
{
    (void)state;
    struct reasons worse = {.count = 1, .list = {{.code = REASON_LAPLACE}}, .loss_db = 9};
    struct reasons better = {.count = 1, .list = {{.code = REASON_LAPLACE}}, .loss_db = 2};
    struct reasons few = {.count = 1, .list = {{.code = REASON_FEW}}, .loss_db = NAN};
    struct reasons none = {.loss_db = 20};
    assert_true(reasons_compare(&worse, &better) < 0);
    assert_true(reasons_compare(&better, &few) < 0);
    assert_true(reasons_compare(&few, &none) < 0);
    assert_int_equal(reasons_compare(&few, &few), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian),   cmocka_unit_test(test_lone_outlier),
        cmocka_unit_test(test_column),     cmocka_unit_test(test_row),
        cmocka_unit_test(test_tails),      cmocka_unit_test(test_worst_channel),
        cmocka_unit_test(test_shifted),    cmocka_unit_test(test_audit),
        cmocka_unit_test(test_not_finite), cmocka_unit_test(test_little_known),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
