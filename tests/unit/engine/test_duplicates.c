/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/duplicates.h"
#include "weights.h"

static const double rows[] = { 1, 2, 3, 4, 1, 2, 1, 2, 3, 4 };

/* Equal hashes do not make equal rows; different ones are not looked at. */
static void test_rows_are_compared(void **state)
{
    (void)state;
    struct weights weights = weights_make("F32", 2, (const uint64_t[]){ 5, 2 }, rows);
    struct weights_stage stage;
    weights_stage_begin(&stage, &weights, 1);
    struct duplicate row[] = { { 7, 0, 0 }, { 7, 1, 1 }, { 7, 2, 2 }, { 7, 3, 3 }, { 9, 4, 4 } };
    assert_true(duplicates_find(&stage.stage, row, 5, NULL));
    static const size_t same_as[] = { 0, 1, 0, 0, 4 };
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(row[i].row, i);
        assert_int_equal(row[i].same_as, same_as[i]);
    }
    assert_true(duplicates_find(&stage.stage, row, 0, NULL));
    weights_stage_end(&stage);
    weights_free(&weights);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make("F32", 2, (const uint64_t[]){ 5, 2 }, rows);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    weights_stage_begin(&stage, &weights, 1);
    atomic_store(&stage.watch.cancel, true);
    struct duplicate row[] = { { 7, 0, 0 }, { 7, 1, 1 } };
    assert_false(duplicates_find(&stage.stage, row, 2, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    weights_stage_end(&stage);
    weights_free(&weights);
}

static void test_mix(void **state)
{
    (void)state;
    uint64_t a = duplicates_mix(duplicates_mix(DUPLICATES_SEED, 1), 2);
    uint64_t b = duplicates_mix(duplicates_mix(DUPLICATES_SEED, 2), 1);
    assert_true(a != b); /* the order counts */
    assert_true(duplicates_mix(DUPLICATES_SEED, 0) != DUPLICATES_SEED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_compared),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_mix),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
