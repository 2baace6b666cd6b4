/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/cache.h"

static const struct tensor tensors[2];

/* A result that tells when it is freed. */
struct thing {
    struct part part;
    bool *freed;
};

static void thing_free(struct part *part)
{
    struct thing *thing = (struct thing *)part;
    *thing->freed = true;
    free(thing);
}

static const struct part *thing_new(size_t bytes, bool *freed)
{
    struct thing *thing = malloc(sizeof *thing);
    assert_non_null(thing);
    part_init(&thing->part, bytes, thing_free);
    thing->freed = freed;
    *freed = false;
    return &thing->part;
}

static struct request request_of(int64_t channel)
{
    return (struct request){
        .tensor = &tensors[0], .channel = channel, .scheme = { .bits = 4, .granularity = { 1, 0 } }
    };
}

static bool has(struct cache *cache, enum result_kind kind, const struct request *request,
                bool sampled)
{
    const struct part *part = cache_get(cache, kind, request, sampled);
    part_unref(part);
    return part != NULL;
}

static void put(struct cache *cache, enum result_kind kind, const struct request *request,
                size_t bytes, bool *freed)
{
    const struct part *part = thing_new(bytes, freed);
    cache_put(cache, kind, request, false, part);
    part_unref(part);
}

static void test_keys(void **state)
{
    (void)state;
    struct cache *cache = cache_new(1000);
    struct request request = request_of(3), other = request;
    bool freed[2];
    assert_false(has(cache, RESULT_PROFILE, &request, false));
    put(cache, RESULT_PROFILE, &request, 1, &freed[0]);
    put(cache, RESULT_ERRORS, &request, 1, &freed[1]);
    assert_true(has(cache, RESULT_PROFILE, &request, false));
    assert_true(has(cache, RESULT_ERRORS, &request, false));
    assert_false(has(cache, RESULT_SPREAD, &request, false));
    assert_false(has(cache, RESULT_PROFILE, &request, true));

    other.tensor = &tensors[1];
    assert_false(has(cache, RESULT_PROFILE, &other, false));
    other = request, other.channel = 4;
    assert_false(has(cache, RESULT_PROFILE, &other, false));
    other = request;
    assert_true(transform_spec_parse("hadamard", &other.transform, NULL));
    assert_false(has(cache, RESULT_PROFILE, &other, false));

    /* Only errors depend on the quantizer and on what theory believes. */
    other = request, other.scheme.bits = 5;
    assert_true(has(cache, RESULT_PROFILE, &other, false));
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    other = request, other.scheme.clip = (struct clip){ CLIP_SIGMA, 2 };
    assert_true(has(cache, RESULT_PROFILE, &other, false));
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    other = request, other.scheme.clip = (struct clip){ CLIP_MSE, 0 };
    assert_true(has(cache, RESULT_PROFILE, &other, false));
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    other = request, other.belief = BELIEF_LAPLACE;
    assert_true(has(cache, RESULT_PROFILE, &other, false));
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    /* Quantizers depend on all of the scheme, and on nothing that comes behind them. */
    bool quantizers_freed;
    put(cache, RESULT_QUANTIZERS, &request, 1, &quantizers_freed);
    assert_true(has(cache, RESULT_QUANTIZERS, &other, false));
    other = request, other.scheme.granularity = GRANULARITY_TENSOR;
    assert_false(has(cache, RESULT_QUANTIZERS, &other, false));
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    other = request, other.scheme.asymmetric = true;
    assert_false(has(cache, RESULT_QUANTIZERS, &other, false));
    other = request, other.scheme.correct_mean = true;
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    /* Figures alone are no errors with pictures. */
    other = request, other.figures_only = true;
    assert_false(has(cache, RESULT_ERRORS, &other, false));
    assert_true(has(cache, RESULT_QUANTIZERS, &other, false));
    assert_true(has(cache, RESULT_PROFILE, &other, false));
    /* Whether the spectrum is wanted says nothing of the rest. */
    other = request, other.spectrum = true;
    assert_true(has(cache, RESULT_PROFILE, &other, false));
    assert_true(has(cache, RESULT_ERRORS, &other, false));
    cache_free(cache);
    assert_true(freed[0] && freed[1]);
}

static void test_eviction_by_bytes(void **state)
{
    (void)state;
    struct cache *cache = cache_new(100);
    struct request request[4];
    bool freed[4];
    for (int i = 0; i < 4; i++)
        request[i] = request_of(i);
    for (int i = 0; i < 3; i++)
        put(cache, RESULT_PROFILE, &request[i], 33, &freed[i]);
    assert_false(freed[0] || freed[1] || freed[2]);
    assert_true(has(cache, RESULT_PROFILE, &request[0], false)); /* now 1 is the oldest */
    put(cache, RESULT_PROFILE, &request[3], 34, &freed[3]);
    assert_true(!freed[0] && freed[1] && !freed[2] && !freed[3]);
    assert_false(has(cache, RESULT_PROFILE, &request[1], false));

    put(cache, RESULT_PROFILE, &request[1], 100, &freed[1]); /* all the others go */
    assert_true(freed[0] && !freed[1] && freed[2] && freed[3]);
    put(cache, RESULT_PROFILE, &request[0], 101, &freed[0]); /* too large to be kept */
    assert_true(freed[0] && !freed[1]);
    cache_free(cache);
    assert_true(freed[1]);
}

static void test_references(void **state)
{
    (void)state;
    struct cache *cache = cache_new(10);
    struct request request = request_of(0), other = request_of(1);
    bool freed[2];
    put(cache, RESULT_PROFILE, &request, 10, &freed[0]);
    const struct part *held = cache_get(cache, RESULT_PROFILE, &request, false);
    assert_int_equal(held->references, 2);
    put(cache, RESULT_PROFILE, &other, 10, &freed[1]);
    assert_false(has(cache, RESULT_PROFILE, &request, false));
    assert_int_equal(held->references, 1);
    assert_false(freed[0]);
    part_unref(held);
    assert_true(freed[0]);
    cache_free(cache);
}

static void test_many_small_results(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    static bool freed[MANY];
    struct cache *cache = cache_new(1 << 20);
    struct request last = request_of(MANY - 1), first = request_of(0);
    for (int i = 0; i < MANY; i++) {
        struct request request = request_of(i);
        put(cache, RESULT_PROFILE, &request, 1, &freed[i]);
    }
    assert_true(has(cache, RESULT_PROFILE, &last, false));
    assert_false(has(cache, RESULT_PROFILE, &first, false));
    cache_free(cache);
    for (int i = 0; i < MANY; i++)
        assert_true(freed[i]);
    cache_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_eviction_by_bytes),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_many_small_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
