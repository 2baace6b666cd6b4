/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/gate.h"
#include "engine/pool.h"

#define UNITS 200

struct run {
    struct pool *pool;
    struct watch watch;
    atomic_uint done;
    atomic_bool closed;
    bool ok;
    struct error error;
};

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    struct run *run = context;
    (void)workspace;
    (void)error;
    atomic_fetch_add(&run->done, 1);
    if (unit == UNITS / 2) {
        gate_set(run->watch.gate, true);
        atomic_store(&run->closed, true);
    }
    /* However late the worker with that unit gets its turn, the others do not run away from it. */
    while (unit > UNITS / 2 && !atomic_load(&run->closed))
        poll(NULL, 0, 1);
    return true;
}

static void *run_main(void *argument)
{
    struct run *run = argument;
    run->ok = pool_run(run->pool, UNITS, work, run, &run->watch, &run->error);
    return NULL;
}

/* Waits until nothing has been done for a while; returns what has. */
static unsigned settle(struct run *run)
{
    unsigned before, done = atomic_load(&run->done);
    do {
        before = done;
        poll(NULL, 0, 50);
        done = atomic_load(&run->done);
    } while (done != before || done == 0);
    return done;
}

static void begin(struct run *run, pthread_t *thread)
{
    run->pool = pool_new(3, NULL);
    run->watch.gate = gate_new();
    assert_int_equal(pthread_create(thread, NULL, run_main, run), 0);
    /* Whoever has passed may still be doing a unit. */
    assert_in_range(settle(run), UNITS / 2, UNITS / 2 + 4);
}

static void end(struct run *run)
{
    pool_free(run->pool);
    gate_free(run->watch.gate);
}

static void test_a_closed_gate_holds(void **state)
{
    (void)state;
    static struct run run;
    pthread_t thread;
    begin(&run, &thread);
    gate_set(run.watch.gate, false);
    pthread_join(thread, NULL);
    assert_true(run.ok);
    assert_int_equal(run.done, UNITS);
    end(&run);
}

static void test_cancelled_while_held(void **state)
{
    (void)state;
    static struct run run;
    pthread_t thread;
    begin(&run, &thread);
    atomic_store(&run.watch.cancel, true);
    gate_knock(run.watch.gate);
    pthread_join(thread, NULL);
    assert_false(run.ok);
    assert_int_equal(run.error.code, ERROR_CANCELLED);
    end(&run);
}

static void test_no_gate_is_open(void **state)
{
    (void)state;
    const atomic_bool cancel = false;
    gate_pass(NULL, &cancel);
    struct gate *gate = gate_new();
    gate_pass(gate, &cancel);
    gate_free(gate);
    gate_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_closed_gate_holds),
        cmocka_unit_test(test_cancelled_while_held),
        cmocka_unit_test(test_no_gate_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
