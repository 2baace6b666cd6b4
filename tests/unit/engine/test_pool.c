/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "engine/pool.h"

#define UNITS 5000

/* What the units of a test do, and count. */
struct record {
    atomic_uint times[UNITS];    /* that each unit was run */
    atomic_uint bad_workspace;
    unsigned workers;
    size_t failing;              /* unit, or UNITS for none */
    struct watch *watch;
};

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    struct record *record = context;
    atomic_fetch_add(&record->times[unit], 1);
    /* Two workers that shared a buffer would see each other's numbers, and a race detector both. */
    workspace->values[WORKSPACE_ELEMENTS - 1] = (double)unit;
    workspace->scratch[0] = (double)unit;
    if (workspace->index >= record->workers ||
        workspace->values[WORKSPACE_ELEMENTS - 1] != (double)unit)
        atomic_fetch_add(&record->bad_workspace, 1);
    if (unit == record->failing)
        return error_set(error, ERROR_FILE, "unit %zu failed", unit);
    return true;
}

static struct record *record_new(unsigned workers, struct watch *watch)
{
    struct record *record = calloc(1, sizeof *record);
    assert_non_null(record);
    record->workers = workers;
    record->failing = UNITS;
    record->watch = watch;
    return record;
}

static void test_each_unit_once(void **state)
{
    (void)state;
    static const size_t counts[] = { 0, 1, 2, 3, 7, 64, UNITS };
    for (unsigned threads = 1; threads <= 7; threads++) {
        struct pool *pool = pool_new(threads, NULL);
        assert_non_null(pool);
        assert_int_equal(pool_size(pool), threads);
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct watch watch = { .cancel = false };
            struct record *record = record_new(threads, &watch);
            struct error error = { ERROR_NONE, "" };
            watch_begin(&watch, "test", counts[c]);
            assert_true(pool_run(pool, counts[c], work, record, &watch, &error));
            assert_int_equal(error.code, ERROR_NONE);
            for (size_t i = 0; i < UNITS; i++)
                assert_int_equal(record->times[i], i < counts[c]);
            assert_int_equal(record->bad_workspace, 0);
            assert_int_equal(watch.done, counts[c]);
            assert_int_equal(watch.total, counts[c]);
            assert_string_equal(watch.stage, "test");
            free(record);
        }
        pool_free(pool);
    }
}

static void test_failure_stops_and_is_told(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct pool *pool = pool_new(threads, NULL);
        struct watch watch = { .cancel = false };
        struct record *record = record_new(threads, &watch);
        struct error error = { ERROR_NONE, "" };
        record->failing = 100;
        assert_false(pool_run(pool, UNITS, work, record, &watch, &error));
        assert_int_equal(error.code, ERROR_FILE);
        assert_string_equal(error.text, "unit 100 failed");
        for (size_t i = 0; i < 100; i++)
            assert_int_equal(record->times[i], 1);
        if (threads == 1)
            assert_int_equal(record->times[101], 0);
        /* The pool is as good as new, and no error may be asked for. */
        assert_false(pool_run(pool, UNITS, work, record, &watch, NULL));
        record->failing = UNITS;
        error.code = ERROR_NONE;
        assert_true(pool_run(pool, UNITS, work, record, &watch, &error));
        assert_int_equal(error.code, ERROR_NONE);
        free(record);
        pool_free(pool);
    }
}

static bool slow_work(void *context, size_t unit, struct workspace *workspace,
                      struct error *error)
{
    const struct timespec pause = { .tv_nsec = 1000000 };
    nanosleep(&pause, NULL);
    return work(context, unit, workspace, error);
}

static void *canceller(void *argument)
{
    struct watch *watch = argument;
    while (atomic_load(&watch->done) < 3)
        continue;
    atomic_store(&watch->cancel, true);
    return NULL;
}

static void test_cancel_from_another_thread(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct pool *pool = pool_new(threads, NULL);
        struct watch watch = { .cancel = false };
        struct record *record = record_new(threads, &watch);
        struct error error = { ERROR_NONE, "" };
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, canceller, &watch), 0);
        assert_false(pool_run(pool, UNITS, slow_work, record, &watch, &error));
        pthread_join(thread, NULL);
        assert_int_equal(error.code, ERROR_CANCELLED);
        assert_true(watch.done >= 3 && watch.done < UNITS);
        free(record);
        pool_free(pool);
    }
}

static void test_cancelled_before(void **state)
{
    (void)state;
    struct pool *pool = pool_new(2, NULL);
    struct watch watch = { .cancel = true };
    struct record *record = record_new(2, &watch);
    struct error error = { ERROR_NONE, "" };
    assert_false(pool_run(pool, UNITS, work, record, &watch, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    for (size_t i = 0; i < UNITS; i++)
        assert_int_equal(record->times[i], 0);
    free(record);
    pool_free(pool);
}

/* A worker that is late for one run must neither take part in it nor miss the next. */
static void test_thousands_of_tiny_runs(void **state)
{
    (void)state;
    struct pool *pool = pool_new(4, NULL);
    struct watch watch = { .cancel = false };
    struct record *record = record_new(4, &watch);
    for (unsigned run = 0; run < 4000; run++)
        assert_true(pool_run(pool, run % 5, work, record, &watch, NULL));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(record->times[i], 4000 / 5 * (4 - i));
    free(record);
    pool_free(pool);
}

static void test_free_without_run(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        pool_free(pool_new(3, NULL));
    pool_free(NULL);
}

static void test_processors(void **state)
{
    (void)state;
    assert_true(pool_processors() >= 1 && pool_processors() <= 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_unit_once),
        cmocka_unit_test(test_failure_stops_and_is_told),
        cmocka_unit_test(test_cancel_from_another_thread),
        cmocka_unit_test(test_cancelled_before),
        cmocka_unit_test(test_thousands_of_tiny_runs),
        cmocka_unit_test(test_free_without_run),
        cmocka_unit_test(test_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
