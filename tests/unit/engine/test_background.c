/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/background.h"

#define JOBS 5

/* Jobs that count themselves; one of many units that never end by themselves, if it is endless. */
struct owner {
    struct background *background;
    size_t left, done;
    bool endless, cancelled;
    atomic_bool begun; /* a unit of a job */
    size_t asked_while_held;
};

static bool next(void *user, bool held)
{
    struct owner *owner = user;
    owner->asked_while_held += held;
    return owner->left > 0;
}

static bool unit(void *context, size_t i, struct workspace *workspace, struct error *error)
{
    struct owner *owner = context;
    (void)i, (void)workspace, (void)error;
    atomic_store(&owner->begun, true);
    poll(NULL, 0, 1);
    return true;
}

static void work(void *user)
{
    struct owner *owner = user;
    const size_t units = owner->endless ? SIZE_MAX / 2 : 3;
    struct error error = {0};
    background_begin(owner->background);
    const bool ok = pool_run(background_pool(owner->background), units, unit, owner,
                             background_watch(owner->background), &error);
    background_end(owner->background);
    owner->cancelled |= !ok && error.code == ERROR_CANCELLED;
    owner->left--;
    owner->done += ok;
    background_tell(owner->background);
}

static void begin(struct owner *owner)
{
    static const struct background_jobs jobs = {next, work};
    owner->background = background_new(&jobs, owner, 2, NULL);
    assert_non_null(owner->background);
}

static void give(struct owner *owner, size_t jobs)
{
    background_lock(owner->background);
    owner->left += jobs;
    background_wake(owner->background);
    assert_true(background_is_busy(owner->background));
    background_unlock(owner->background);
}

static void hold(struct owner *owner, unsigned reason, bool held)
{
    background_lock(owner->background);
    background_hold(owner->background, reason, held);
    background_unlock(owner->background);
}

static bool is_readable(const struct owner *owner)
{
    struct pollfd wait = {background_descriptor(owner->background), POLLIN, 0};
    return poll(&wait, 1, 0) == 1;
}

static void test_does_all_jobs(void **state)
{
    (void)state;
    struct owner owner = {.left = 0};
    begin(&owner);
    background_wait(owner.background);
    assert_false(is_readable(&owner));
    give(&owner, JOBS);
    background_wait(owner.background);
    background_lock(owner.background);
    assert_int_equal(owner.done, JOBS);
    assert_false(background_is_busy(owner.background));
    background_unlock(owner.background);
    assert_true(is_readable(&owner));
    background_lock(owner.background);
    background_quiet(owner.background);
    background_unlock(owner.background);
    assert_false(is_readable(&owner));
    background_free(owner.background);
}

static void test_any_reason_holds(void **state)
{
    (void)state;
    struct owner owner = {.left = 0};
    begin(&owner);
    hold(&owner, 0, true);
    hold(&owner, BACKGROUND_HOLDS - 1, true);
    give(&owner, 1);
    background_wait(owner.background); /* for nothing, as it is held */
    hold(&owner, 0, false);
    background_lock(owner.background);
    assert_true(background_is_held(owner.background) && background_is_busy(owner.background));
    assert_int_equal(owner.done, 0);
    background_unlock(owner.background);
    hold(&owner, BACKGROUND_HOLDS - 1, false);
    background_wait(owner.background);
    assert_int_equal(owner.done, 1);
    background_free(owner.background);
}

static void test_cancelled_even_if_held(void **state)
{
    (void)state;
    struct owner owner = {.endless = true};
    begin(&owner);
    give(&owner, 1);
    while (!atomic_load(&owner.begun))
        poll(NULL, 0, 1);
    hold(&owner, 1, true);
    background_lock(owner.background);
    background_cancel(owner.background);
    background_unlock(owner.background);
    for (int i = 0; i < 1000 && !is_readable(&owner); i++)
        poll(NULL, 0, 5);
    hold(&owner, 1, false);
    background_wait(owner.background);
    assert_true(owner.cancelled);
    background_free(owner.background);
}

static void test_freed_at_work(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        struct owner owner = {.endless = true};
        begin(&owner);
        if (i % 2)
            give(&owner, 1);
        if (i % 3 == 1)
            poll(NULL, 0, 10);
        background_free(owner.background);
    }
    background_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_does_all_jobs),
        cmocka_unit_test(test_any_reason_holds),
        cmocka_unit_test(test_cancelled_even_if_held),
        cmocka_unit_test(test_freed_at_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
