/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/audit.h"
#include "weights.h"

static const struct audit *audit_by(const struct weights *weights, unsigned threads)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct audit *audit = audit_compute(&stage.stage, NULL);
    assert_non_null(audit);
    weights_stage_end(&stage);
    return audit;
}

static void test_clean(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(100, 300, 0, 0.1);
    const struct audit *audit = audit_by(&weights, 2);
    assert_true(audit_clean(audit));
    assert_false(audit->dead);
    for (int i = 0; i < AUDIT_KINDS; i++)
        assert_int_equal(audit->elements[i].count, 0);
    part_unref(&audit->part);
    weights_free(&weights);
}

static void assert_places(const struct audit_elements *elements, uint64_t count,
                          const size_t place[], size_t n, size_t length)
{
    assert_int_equal(elements->count, count);
    assert_int_equal(elements->listed, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(elements->place[i].channel, place[i] / length);
        assert_int_equal(elements->place[i].column, place[i] % length);
    }
}

/* A planted NaN is named with its coordinates, and so are the first ones of many others. */
static void test_elements(void **state)
{
    (void)state;
    const uint64_t dims[] = { 400, 500 };
    double *x = weights_gaussian(200000, 0, 0.1, 2);
    size_t minus[AUDIT_PLACES];
    x[123 * 500 + 45] = NAN;
    x[7] = INFINITY;
    x[199999] = INFINITY;
    for (size_t i = 0; i < 20; i++)
        x[199000 - 9500 * i] = -INFINITY;
    for (size_t i = 0; i < AUDIT_PLACES; i++)
        minus[i] = 199000 - 9500 * (19 - i);
    x[600] = 1e-39;
    x[601] = -FLT_MIN;
    x[602] = -0.0;
    x[603] = nextafterf(FLT_MIN, 0);
    struct weights weights = weights_make("F32", 2, dims, x);
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        const struct audit *audit = audit_by(&weights, threads);
        assert_false(audit_clean(audit));
        assert_places(&audit->elements[AUDIT_NAN], 1, (const size_t[]){ 123 * 500 + 45 }, 1, 500);
        assert_places(&audit->elements[AUDIT_PLUS_INF], 2, (const size_t[]){ 7, 199999 }, 2, 500);
        assert_places(&audit->elements[AUDIT_MINUS_INF], 20, minus, AUDIT_PLACES, 500);
        assert_places(&audit->elements[AUDIT_DENORMAL], 2, (const size_t[]){ 600, 603 }, 2, 500);
        assert_true(audit->least_normal == FLT_MIN);
        part_unref(&audit->part);
    }
    weights_free(&weights);
    free(x);
}

static void test_denormals_of_the_stored_type(void **state)
{
    (void)state;
    const double x[] = { 1e-39, 1e-310, 1 };
    const uint64_t n = 3;
    struct weights weights = weights_make("F64", 1, &n, x);
    const struct audit *audit = audit_by(&weights, 1);
    assert_places(&audit->elements[AUDIT_DENORMAL], 1, (const size_t[]){ 1 }, 1, 3);
    assert_true(audit_clean(audit)); /* denormals are no damage */
    part_unref(&audit->part);
    weights_free(&weights);
}

static void assert_channels(const struct audit_channels *channels, const uint64_t want[], size_t n)
{
    assert_int_equal(channels->count, n);
    assert_int_equal(channels->listed, n < AUDIT_CHANNELS ? n : AUDIT_CHANNELS);
    for (size_t i = 0; i < channels->listed; i++)
        assert_int_equal(channels->channel[i], want[i]);
}

/* Also with channels of several parts. */
static void check_channels(size_t length)
{
    const uint64_t dims[] = { 8, length };
    double *x = weights_gaussian(8 * length, 0, 1, 7);
    for (size_t i = 0; i < length; i++) {
        x[1 * length + i] = i % 2 ? 0.0 : -0.0;
        x[2 * length + i] = 0.5;
        x[3 * length + i] = i + 1 < length ? 0 : 1;
        x[6 * length + i] = x[0 * length + i];
        x[7 * length + i] = x[4 * length + i];
    }
    x[7 * length + length - 1] += 1;
    x[0 * length] = x[6 * length] = NAN; /* the same bits all the same */
    struct weights weights = weights_make("F64", 2, dims, x);
    const struct audit *audit = audit_by(&weights, 2);
    assert_channels(&audit->zero, (const uint64_t[]){ 1 }, 1);
    assert_channels(&audit->constant, (const uint64_t[]){ 2 }, 1);
    assert_channels(&audit->duplicate, (const uint64_t[]){ 6 }, 1);
    assert_int_equal(audit->duplicate.same_as[0], 0);
    assert_false(audit->dead);
    assert_false(audit_clean(audit));
    part_unref(&audit->part);
    weights_free(&weights);
    free(x);
}

static void test_channels(void **state)
{
    (void)state;
    check_channels(2);
    check_channels(77);
    check_channels(70000);
}

static void test_many_channels(void **state)
{
    (void)state;
    const uint64_t dims[] = { 60, 2 };
    double x[120];
    uint64_t want[30];
    for (size_t row = 0; row < 60; row++) { /* rows 30 to 59 repeat 0 to 29, backwards */
        size_t of = row < 30 ? row : 59 - row;
        x[2 * row] = (double)of;
        x[2 * row + 1] = -1;
    }
    for (size_t i = 0; i < 30; i++)
        want[i] = 30 + i;
    struct weights weights = weights_make("F32", 2, dims, x);
    const struct audit *audit = audit_by(&weights, 2);
    assert_channels(&audit->duplicate, want, 30);
    for (size_t i = 0; i < AUDIT_CHANNELS; i++)
        assert_int_equal(audit->duplicate.same_as[i], 29 - i);
    part_unref(&audit->part);
    weights_free(&weights);
}

static void test_dead_vector(void **state)
{
    (void)state;
    const double x[] = { 0.5, 0.5, 0.5, 0, 0, 0, 1 };
    static const struct {
        size_t from;
        uint64_t n;
        bool dead;
        double value;
    } cases[] = { { 0, 3, true, 0.5 }, { 3, 3, true, 0 }, { 2, 3, false, 0 }, { 0, 1, false, 0 },
                  { 0, 0, false, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct weights weights = weights_make("F32", 1, &cases[i].n, x + cases[i].from);
        const struct audit *audit = audit_by(&weights, 1);
        assert_int_equal(audit->dead, cases[i].dead);
        assert_true(audit->dead_value == cases[i].value);
        assert_int_equal(audit_clean(audit), !cases[i].dead);
        part_unref(&audit->part);
        weights_free(&weights);
    }
}

/* Channels too short to tell. */
static void test_columns_of_one(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 0, 0 };
    struct weights weights = weights_make("F32", 2, (const uint64_t[]){ 4, 1 }, x);
    const struct audit *audit = audit_by(&weights, 1);
    assert_true(audit_clean(audit));
    part_unref(&audit->part);
    weights_free(&weights);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(audit_kind_name(AUDIT_NAN), "NaN");
    assert_string_equal(audit_kind_name(AUDIT_DENORMAL), "denormal");
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(3, 100, 0, 1);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    weights_stage_begin(&stage, &weights, 2);
    atomic_store(&stage.watch.cancel, true);
    assert_null(audit_compute(&stage.stage, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),         cmocka_unit_test(test_elements),
        cmocka_unit_test(test_denormals_of_the_stored_type),
        cmocka_unit_test(test_channels),      cmocka_unit_test(test_many_channels),
        cmocka_unit_test(test_dead_vector),   cmocka_unit_test(test_columns_of_one),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
