/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "direct.h"
#include "engine/engine.h"
#include "weights.h"

/* Seconds that a stopped analysis may take to stop.  On a busy machine a thread may wait as long
 * for a processor, so each attempt must keep to it in processor time, and at each moment of the
 * analysis the best of some attempts on the clock: what is slow by itself is slow every time. */
#define PROMPT 0.1
#define ATTEMPTS 3
#define MOMENTS 6

static double read_clock(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static void pause_for(double seconds)
{
    struct timespec time = { .tv_nsec = (long)(seconds * 1e9) };
    nanosleep(&time, NULL);
}

/* Waits for the engine's descriptor; the next report, or NULL after so many seconds. */
static const struct report *next_report(struct engine *engine, double seconds)
{
    double end = now() + seconds;
    for (double left = seconds; left > 0; left = end - now()) {
        struct pollfd wait = { engine_descriptor(engine), POLLIN, 0 };
        poll(&wait, 1, (int)(left * 1000) + 1);
        const struct report *report = engine_take(engine);
        if (report)
            return report;
    }
    return NULL;
}

static bool is_final(const struct report *report)
{
    return report->errors && report->spread && report->normality && !report->sampled &&
           !report->spread_sampled && !report->normality_sampled;
}

/* Takes reports until the final one; asserts that all are of this request. */
static const struct report *final_report(struct engine *engine, const struct request *request)
{
    for (;;) {
        const struct report *report = next_report(engine, 20);
        assert_non_null(report);
        assert_true(request_equal(&report->request, request));
        assert_int_equal(report->error.code, ERROR_NONE);
        if (is_final(report))
            return report;
        weights_report_free(report);
    }
}

static void test_answer_is_that_of_a_plain_call(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(100, 3000, 0, 0.1);
    struct request request = weights_request(&weights);
    struct engine *engine = engine_new(2, NULL);
    assert_non_null(engine);
    assert_null(engine_take(engine));
    const struct report *plain = weights_report(&request, 1, NULL);
    for (int time = 0; time < 2; time++) { /* the second from the cache */
        engine_ask(engine, &request);
        const struct report *report = final_report(engine, &request);
        direct_assert_same(&report->figures, &plain->figures);
        engine_wait(engine);
        assert_false(engine_progress(engine).busy);
        weights_report_free(report);
    }
    weights_report_free(plain);
    engine_free(engine);
    weights_free(&weights);
}

static void test_first_report_is_a_sample(void **state)
{
    (void)state;
    struct weights weights = weights_make_sparse(4096, 65536);
    struct request request = weights_request(&weights);
    struct engine *engine = engine_new(2, NULL);
    double begun = now();
    engine_ask(engine, &request);
    const struct report *report = next_report(engine, 20);
    assert_non_null(report);
    print_message("first report of 1 GiB: %.1f ms\n", 1e3 * (now() - begun));
    assert_true(report->sampled && report->spread_sampled && report->normality_sampled);
    assert_true(report->profile && report->errors && report->spread && report->normality);
    assert_true(rows_elements(&report->rows) <= ROWS_SAMPLE);
    weights_report_free(report);
    engine_free(engine);
    weights_free(&weights);
}

static void test_newest_request_wins(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(20, 1000, 0, 0.1);
    struct engine *engine = engine_new(3, NULL);
    struct request request = weights_request(&weights);
    for (int round = 0; round < 200; round++) {
        for (int64_t channel = 0; channel < 20; channel++) {
            request.channel = channel;
            request.scheme.bits = 1 + (round + (int)channel) % 16;
            engine_ask(engine, &request);
            if (channel % 7 == round % 7)
                weights_report_free(engine_take(engine));
        }
        if (round % 10 == 0)
            weights_report_free(final_report(engine, &request));
    }
    weights_report_free(final_report(engine, &request));
    engine_wait(engine);
    assert_null(engine_take(engine));
    engine_free(engine);
    weights_free(&weights);
}

/* Seconds that `stop`, which frees the engine, takes at a moment of the work on a large tensor. */
static double time_stop(const struct request *large, const struct request *small, int moment,
                        void (*stop)(struct engine *engine, const struct request *small))
{
    struct engine *engine = engine_new(2, NULL);
    assert_non_null(engine);
    engine_ask(engine, large);
    pause_for(0.003 * moment * moment);
    double begun = now(), used = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    stop(engine, small);
    used = read_clock(CLOCK_PROCESS_CPUTIME_ID) - used;
    assert_true(used < PROMPT);
    return now() - begun;
}

static void check_prompt(const char *what,
                         void (*stop)(struct engine *engine, const struct request *small))
{
    struct weights large = weights_make_sparse(65536, 8192);
    struct weights small = weights_make_gaussian(8, 64, 0, 1);
    struct request slow = weights_request(&large), quick = weights_request(&small);
    double slowest = 0, slowest_best = 0;
    slow.scheme.clip = (struct clip){ CLIP_PERCENTILE, 99 };
    for (int moment = 0; moment < MOMENTS; moment++) {
        double best = INFINITY;
        for (int i = 0; i < ATTEMPTS; i++) {
            double seconds = time_stop(&slow, &quick, moment, stop);
            best = fmin(best, seconds);
            slowest = fmax(slowest, seconds);
        }
        slowest_best = fmax(slowest_best, best);
    }
    print_message("%s: %.1f ms (one attempt took %.1f ms)\n", what, 1e3 * slowest_best,
                  1e3 * slowest);
    assert_true(slowest_best < PROMPT);
    weights_free(&large);
    weights_free(&small);
}

static void ask_another(struct engine *engine, const struct request *small)
{
    engine_ask(engine, small);
    weights_report_free(final_report(engine, small));
    engine_free(engine);
}

static void test_stale_request_is_dropped(void **state)
{
    (void)state;
    check_prompt("final report in the place of 2 GiB of work", ask_another);
}

static void just_free(struct engine *engine, const struct request *small)
{
    (void)small;
    engine_free(engine);
}

static void test_free_while_busy(void **state)
{
    (void)state;
    check_prompt("freed while busy", just_free);
    engine_free(NULL);
}

static void test_progress(void **state)
{
    (void)state;
    struct weights weights = weights_make_sparse(65536, 8192);
    struct request request = weights_request(&weights);
    struct engine *engine = engine_new(2, NULL);
    assert_false(engine_progress(engine).busy);
    engine_ask(engine, &request);
    struct engine_progress progress = engine_progress(engine);
    assert_true(progress.busy);
    assert_true(progress.seconds >= 0 && progress.seconds < 10);
    bool moved = false;
    for (int i = 0; i < 1000 && !moved; i++) {
        pause_for(0.002);
        progress = engine_progress(engine);
        assert_true(progress.busy);
        assert_true(progress.fraction >= 0 && progress.fraction <= 1);
        moved = progress.stage && progress.fraction > 0 && progress.fraction < 1;
    }
    assert_true(moved);
    assert_true(progress.seconds > 0.001);
    engine_free(engine);
    weights_free(&weights);
}

static void test_failure_is_reported(void **state)
{
    (void)state;
    fixture_restore_guard();
    struct weights weights = weights_make_sparse(64, 4096);
    struct request request = weights_request(&weights);
    struct engine *engine = engine_new(2, NULL);
    request.channel = 64;
    engine_ask(engine, &request);
    const struct report *report = next_report(engine, 20);
    assert_non_null(report);
    assert_int_equal(report->error.code, ERROR_USAGE);
    assert_true(request_equal(&report->request, &request));
    assert_true(!report->profile && !report->errors && !report->spread && !report->normality);
    weights_report_free(report);

    assert_int_equal(truncate(weights.path, 4096), 0);
    request.channel = REQUEST_ALL_CHANNELS;
    engine_ask(engine, &request);
    report = next_report(engine, 20);
    assert_non_null(report);
    assert_int_equal(report->error.code, ERROR_FILE);
    weights_report_free(report);
    engine_wait(engine);
    engine_free(engine);
    weights_free(&weights);
}

static void test_reports_outlive_the_engine(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(10, 100, 0, 1);
    struct request request = weights_request(&weights);
    struct engine *engine = engine_new(1, NULL);
    engine_ask(engine, &request);
    const struct report *report = final_report(engine, &request);
    engine_free(engine);
    assert_int_equal(report->errors->channels, 10);
    assert_true(report->figures.std > 0.9);
    weights_report_free(report);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_is_that_of_a_plain_call),
        cmocka_unit_test(test_first_report_is_a_sample),
        cmocka_unit_test(test_newest_request_wins),
        cmocka_unit_test(test_stale_request_is_dropped),
        cmocka_unit_test(test_free_while_busy),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_failure_is_reported),
        cmocka_unit_test(test_reports_outlive_the_engine),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
