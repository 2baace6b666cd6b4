/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/ladder_kernels.h"
#include "model/dtype.h"
#include "weights.h"

#define MOST 5000

/* Draws with zeros behind them. */
static float *draws(size_t n)
{
    static float x[MOST + LADDER_LANES];
    double *w = weights_gaussian(n, 0.1, 1, 5);
    memset(x, 0, sizeof x);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)w[i];
    free(w);
    return x;
}

static const size_t lengths[] = {1, 15, 16, 17, 1000, 1024, 1025, 5000};
#define LENGTHS (sizeof lengths / sizeof *lengths)

static void check_look(const struct ladder_look *got, const float x[], size_t n)
{
    long double power[4] = {0};
    float min = x[0], max = x[0];
    for (size_t i = 0; i < n; i++) {
        min = fminf(min, x[i]);
        max = fmaxf(max, x[i]);
        for (int k = 0; k < 4; k++)
            power[k] += powl(x[i], k + 1);
    }
    for (int k = 0; k < 4; k++)
        weights_assert_near(got->power[k], (double)power[k], 1e-13, (double)n);
    weights_assert_same((double)got->min, (double)min);
    weights_assert_same((double)got->max, (double)max);
}

static void check_rounding(const struct ladder_rounding *got, const float x[], size_t n,
                           float scale)
{
    long double squares = 0;
    double most = 0;
    long codes = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = (double)(x[i] * scale), code = nearbyint(t), f = t - code;
        codes += (long)code;
        squares += f * f;
        most = fmax(most, f * f);
    }
    assert_int_equal(got->codes, codes);
    weights_assert_near(got->squares, (double)squares, 1e-6, 0);
    weights_assert_near((double)got->most, most, 1e-6, 0);
}

/* Every kind of processor that this machine is, against sums in long double; and all the same. */
static void test_sums(void **state)
{
    (void)state;
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    ladder_kernels_all(kernels);
    assert_ptr_equal(kernels[0], ladder_kernels_best());
    for (size_t l = 0; l < LENGTHS; l++) {
        const size_t n = lengths[l];
        const float *x = draws(n);
        struct ladder_look first, look;
        kernels[0]->look(x, n, &first);
        check_look(&first, x, n);
        for (size_t k = 1; kernels[k]; k++) {
            kernels[k]->look(x, n, &look);
            assert_memory_equal(&look, &first, sizeof look);
        }
        for (float scale = 0.3f; scale < 40; scale *= 2) {
            const struct ladder_rounding rounding = kernels[0]->round(x, n, scale);
            check_rounding(&rounding, x, n, scale);
            for (size_t k = 1; kernels[k]; k++) {
                const struct ladder_rounding other = kernels[k]->round(x, n, scale);
                assert_int_equal(other.codes, rounding.codes);
                weights_assert_same(other.squares, rounding.squares);
                weights_assert_same((double)other.most, (double)rounding.most);
            }
        }
    }
}

static void test_counts(void **state)
{
    (void)state;
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    ladder_kernels_all(kernels);
    float x[100];
    for (size_t i = 0; i < 100; i++)
        x[i] = i % 3 == 0 ? 2.5f : i % 7 == 0 ? -2.5f : (float)i;
    for (size_t k = 0; kernels[k]; k++) {
        assert_int_equal(kernels[k]->count(x, 100, 2.5f), 34 - 10);
        assert_int_equal(kernels[k]->count(x, 100, -2.5f), 10 - 34);
        assert_int_equal(kernels[k]->count(x, 98, 97.0f), 1);
        assert_int_equal(kernels[k]->count(x, 100, 0.25f), 0);
    }
}

static void check_within(const struct ladder_rounding *got, const float x[], size_t n,
                         const struct ladder_range *range)
{
    long double squares = 0;
    double most = 0, nearest = 0;
    long codes = 0;
    uint64_t clipped = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = (double)(x[i] * range->scale);
        const double inside = fmin(fmax(t, (double)range->lowest), (double)range->highest);
        const double code = nearbyint(inside), f = t - code;
        codes += (long)code;
        squares += f * f;
        most = fmax(most, f * f);
        nearest = fmax(nearest, (inside - code) * (inside - code));
        clipped += (x[i] > range->above) | (x[i] < range->below);
    }
    assert_int_equal(got->codes, codes);
    assert_int_equal(got->clipped, clipped);
    weights_assert_near(got->squares, (double)squares, 1e-6, 0);
    weights_assert_near((double)got->most, most, 1e-6, 0);
    weights_assert_near((double)got->nearest, nearest, 1e-5, 0);
}

/* Levels with ends, of all processors alike. */
static void test_rounding_within(void **state)
{
    (void)state;
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    const struct ladder_range range = {
        .scale = 5.3f, .lowest = -8, .highest = 7, .below = -1.6f, .above = 1.4f};
    ladder_kernels_all(kernels);
    for (size_t l = 0; l < LENGTHS; l++) {
        const float *x = draws(lengths[l]);
        const struct ladder_rounding first = kernels[0]->round_within(x, lengths[l], &range);
        check_within(&first, x, lengths[l], &range);
        for (size_t k = 1; kernels[k]; k++) {
            const struct ladder_rounding other = kernels[k]->round_within(x, lengths[l], &range);
            assert_int_equal(other.codes, first.codes);
            assert_int_equal(other.clipped, first.clipped);
            weights_assert_same(other.squares, first.squares);
        }
    }
}

/* Magnitudes and range, which not every look tells. */
static void test_looking_well(void **state)
{
    (void)state;
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    ladder_kernels_all(kernels);
    for (size_t l = 0; l < LENGTHS; l++) {
        const size_t n = lengths[l];
        const float *x = draws(n);
        long double magnitudes = 0;
        for (size_t i = 0; i < n; i++)
            magnitudes += fabsf(x[i]);
        for (size_t k = 0; kernels[k]; k++) {
            struct ladder_look plain, well;
            float min, max;
            kernels[k]->look(x, n, &plain);
            kernels[k]->look_well(x, n, &well);
            kernels[k]->extent(x, n, &min, &max);
            weights_assert_near(well.magnitudes, (double)magnitudes, 1e-13, 0);
            well.magnitudes = plain.magnitudes;
            assert_memory_equal(&well, &plain, sizeof well);
            weights_assert_same((double)min, (double)plain.min);
            weights_assert_same((double)max, (double)plain.max);
        }
    }
}

/* Places of what lies inside, outside, on a tie, and of NaN, which must be within the tables. */
static void test_places(void **state)
{
    (void)state;
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    const struct ladder_picture picture = {.half = 2,
                                           .clip = 1,
                                           .lowest = -2,
                                           .highest = 2,
                                           .error_scale = 8,
                                           .error_bins = 10,
                                           .weight_scale = 4,
                                           .weight_low = 6,
                                           .weight_bins = 12};
    static const float x[LADDER_LANES] = {0, 0.25f, 0.75f, -0.25f, 0.3f, 1, -1, 2, -2, NAN, 1.2f};
    static const int32_t level[] = {2, 2, 4, 2, 3, 4, 0, 4, 0, 0, 4};
    /* (code - 2 x) 8 + 6 and 4 x + 7, cut. */
    static const int32_t error[] = {6, 2, 10, 10, 9, 6, 6, 0, 11, 0, 2};
    static const int32_t weight[] = {7, 8, 10, 6, 8, 11, 3, 13, 0, 0, 11};
    struct ladder_places places;
    ladder_kernels_all(kernels);
    for (size_t k = 0; kernels[k]; k++) {
        kernels[k]->place(x, 11, &picture, &places);
        for (size_t i = 0; i < 11; i++) {
            assert_int_equal(places.level[i], level[i]);
            assert_int_equal(places.error[i], error[i]);
            assert_int_equal(places.weight[i], weight[i]);
        }
    }
}

static void check_decoding(void (*decode)(const unsigned char *, size_t, float *),
                           const struct dtype *dtype)
{
    enum { N = 65536 };
    unsigned char *bytes = calloc(N + 1, 4);
    float *x = calloc(N, sizeof *x);
    double *expected = weights_memory(N);
    for (uint32_t i = 0; i < N; i++) {
        const uint32_t code = dtype->block_bytes == 2 ? i : i << 16 | (i * 40503 & 0xffff);
        memcpy(bytes + 1 + i * dtype->block_bytes, &code, dtype->block_bytes);
    }
    dtype->decode(bytes + 1, N, expected);
    decode(bytes + 1, N, x);
    for (size_t i = 0; i < N; i++)
        if (!(isnan(expected[i]) && isnan(x[i])))
            weights_assert_same((double)x[i], expected[i]);
    free(bytes);
    free(x);
    free(expected);
}

static void test_decoding(void **state)
{
    (void)state;
    const struct ladder_kernels *kernels[LADDER_KERNELS_MOST];
    ladder_kernels_all(kernels);
    for (size_t k = 0; kernels[k]; k++) {
        check_decoding(kernels[k]->decode_bf16, &dtype_bf16);
        check_decoding(kernels[k]->decode_half, &dtype_f16);
        check_decoding(kernels[k]->decode_single, &dtype_f32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),         cmocka_unit_test(test_rounding_within),
        cmocka_unit_test(test_looking_well), cmocka_unit_test(test_places),
        cmocka_unit_test(test_counts),       cmocka_unit_test(test_decoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
