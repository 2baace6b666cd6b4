/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "quant/grid.h"

static struct grid grid_of(const double w[], size_t n, int bits, struct clip clip)
{
    struct moments moments = {0};
    moments_add(&moments, w, n);
    struct scheme scheme = {.bits = bits, .clip = clip};
    const struct clip_range found = {-0.75, 0.75};
    return grid_cover(&scheme, &moments, &found);
}

static const struct clip clip_max = {CLIP_MAX, 0};

static void test_clip_rules(void **state)
{
    (void)state;
    const double w[] = {-1, 3, NAN, -4, 2};
    struct grid grid = grid_of(w, 5, 4, clip_max);
    assert_true(grid.clip == 4 && grid.highest == 7 && grid.step == 4.0 / 7);
    grid = grid_of(w, 5, 8, (struct clip){CLIP_SIGMA, 2});
    assert_true(fabs(grid.clip - 2 * sqrt(7.5)) < 1e-15 && grid.highest == 127);
    grid = grid_of(w, 5, 2, (struct clip){CLIP_PERCENTILE, 50});
    assert_true(grid.clip == 0.75 && grid.step == 0.75 && grid.highest == 1);
    for (enum clip_rule rule = CLIP_ACIQ; rule <= CLIP_LP; rule++) {
        grid = grid_of(w, 5, 3, clip_default(rule));
        assert_true(grid.clip == 0.75 && grid.step == 0.25 && grid.highest == 3);
        grid = grid_of(w, 5, 1, clip_default(rule));
        assert_true(grid.clip == 2.5 && grid_is_sign(&grid));
    }
    grid = grid_of(w, 5, 16, (struct clip){CLIP_VALUE, 0.5});
    assert_true(grid.clip == 0.5 && grid.highest == 32767);
    grid = grid_of(w, 5, 1, (struct clip){CLIP_VALUE, 0.5});
    assert_true(grid.clip == 2.5 && grid.step == 5 && grid_is_sign(&grid));
}

static void test_zeros_have_no_grid(void **state)
{
    (void)state;
    const double zeros[] = {0, -0.0, 0}, none[] = {NAN, INFINITY};
    for (int bits = 1; bits <= 16; bits += 3) {
        struct grid grid = grid_of(zeros, 3, bits, (struct clip){CLIP_VALUE, 1});
        assert_true(grid.clip == 0 && grid.step == 0);
        grid = grid_of(none, 2, bits, clip_max);
        assert_true(grid.clip == 0 && grid.step == 0);
        double e[3];
        int32_t code[3];
        grid_round(&grid, zeros, 3, e, code);
        for (size_t i = 0; i < 3; i++)
            assert_true(e[i] == 0 && code[i] == 0);
        assert_int_equal(grid_clipped(&grid, zeros, 3), 0);
    }
    /* A clip of 0 for weights that are not: all become 0. */
    const double constant[] = {0.5, 0.5, INFINITY};
    struct grid grid = grid_of(constant, 3, 4, (struct clip){CLIP_SIGMA, 3});
    double e[3];
    int32_t code[3];
    grid_round(&grid, constant, 3, e, code);
    assert_true(grid.step == 0 && e[0] == -0.5 && code[0] == 0 && isnan(e[2]));
    assert_int_equal(grid_clipped(&grid, constant, 3), 2);
}

static void test_ties_go_to_even(void **state)
{
    (void)state;
    const struct grid grid = {.clip = 7, .step = 1, .lowest = -7, .highest = 7};
    const double w[] = {0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 6.5, 7.4, 7.5, 100, -1e308, 0.49999, -0.0};
    const int32_t wanted[] = {0, 2, 2, 0, -2, -2, 6, 7, 7, 7, -7, 0, 0};
    double e[13];
    int32_t code[13];
    grid_round(&grid, w, 13, e, code);
    for (size_t i = 0; i < 13; i++) {
        assert_int_equal(code[i], wanted[i]);
        assert_true(e[i] == wanted[i] - w[i]);
    }
    assert_int_equal(grid_clipped(&grid, w, 13), 2); /* not 7.5, which is half a step out */
}

/* (w N) / c in double: multiplying by N / c would decide ties by noise. */
static void test_quotient_is_formed_by_division(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < 20000; i++) {
        int each_side = (1 << (1 + gsl_rng_uniform_int(rng, 15))) - 1;
        double clip = (double)(1 + gsl_rng_uniform_int(rng, 255)) / 256, e;
        double w = (double)gsl_rng_uniform_int(rng, 512) / 256 - 1;
        struct grid grid = {clip, clip / each_side, -each_side, each_side};
        int32_t code;
        grid_round(&grid, &w, 1, &e, &code);
        double quotient = fmin(fmax(nearbyint(w * each_side / clip), -each_side), each_side);
        assert_true(code == (int32_t)quotient);
        assert_true(e == grid.step * quotient - w);
    }
    gsl_rng_free(rng);
}

static void test_one_bit_is_the_sign(void **state)
{
    (void)state;
    const double w[] = {1, -2, 0, 3, NAN, -0.0, INFINITY};
    struct grid grid = grid_of(w, 7, 1, clip_max);
    assert_true(grid.clip == 6.0 / 5 && grid.step == 12.0 / 5);
    const double wanted[] = {1.2 - 1, -1.2 + 2, 0, 1.2 - 3};
    double e[7];
    int32_t code[7];
    grid_round(&grid, w, 7, e, code);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(e[i] - wanted[i]) < 1e-15);
    assert_true(code[0] == 1 && code[1] == -1 && code[2] == 0 && code[3] == 1 && code[5] == 0);
    assert_true(isnan(e[4]) && code[4] == 0 && e[5] == 0 && isnan(e[6]) && code[6] == 0);
    assert_int_equal(grid_clipped(&grid, w, 7), 0);
}

static void test_nonfinite_taint_only_themselves(void **state)
{
    (void)state;
    const double w[] = {NAN, 1, INFINITY, -INFINITY, -1};
    struct grid grid = grid_of(w, 5, 3, clip_max);
    double e[5];
    int32_t code[5];
    grid_round(&grid, w, 5, e, code);
    assert_true(isnan(e[0]) && isnan(e[2]) && isnan(e[3]) && e[1] == 0 && e[4] == 0);
    assert_true(code[0] == 0 && code[2] == 0 && code[3] == 0 && code[1] == 3 && code[4] == -3);
    assert_int_equal(grid_clipped(&grid, w, 5), 0);
}

/* |e| <= q/2 within the clip, whatever the scale; the best level is taken. */
static void test_error_is_at_most_half_a_step(void **state)
{
    (void)state;
    static const double scales[] = {1, 0.02, 1e-30, 1e30, 1e-310, 1e290, 1e305, 4e307};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++)
        for (int bits = 2; bits <= 16; bits++) {
            double w[200], e[200];
            int32_t code[200];
            for (size_t i = 0; i < 200; i++)
                w[i] = scales[k] * gsl_ran_gaussian(rng, 1);
            struct grid grid = grid_of(w, 200, bits, clip_max);
            grid_round(&grid, w, 200, e, code);
            /* The products of step and code, and subnormal steps, are rounded. */
            double slack = 4 * DBL_EPSILON * grid.clip + 5e-324 * grid.highest;
            for (size_t i = 0; i < 200; i++) {
                assert_true(fabs(e[i]) <= grid.step / 2 + slack);
                assert_true(abs(code[i]) <= grid.highest);
                assert_true(e[i] == grid.step * code[i] - w[i]);
            }
            assert_int_equal(grid_clipped(&grid, w, 200), 0);
        }
    gsl_rng_free(rng);
}

static void test_codes_are_optional(void **state)
{
    (void)state;
    const double w[] = {0.3, -0.9, 1};
    double e[3], with[3];
    int32_t code[3];
    struct grid grid = grid_of(w, 3, 4, clip_max);
    grid_round(&grid, w, 3, e, NULL);
    grid_round(&grid, w, 3, with, code);
    for (size_t i = 0; i < 3; i++)
        assert_true(e[i] == with[i]);
    grid_round(&grid, w, 0, e, code);
}

static void test_huge_grids_stay_finite(void **state)
{
    (void)state;
    const double w[] = {DBL_MAX, -DBL_MAX / 3, 1e307};
    for (int bits = 1; bits <= 16; bits++) {
        double e[3];
        struct grid grid = grid_of(w, 3, bits, (struct clip){CLIP_SIGMA, 1000});
        assert_true(isfinite(grid.clip) && isfinite(grid.step) && grid.step > 0);
        grid_round(&grid, w, 3, e, NULL);
        for (size_t i = 0; i < 3; i++)
            assert_true(isfinite(e[i]));
    }
}

/* As MATH §2.2 says it, on exact numbers: 0.5 and 3.5 are ties. */
static void test_asymmetric_by_hand(void **state)
{
    (void)state;
    const double w[] = {-4, 11, 0.5, 1.5, 3.5, -0.5, 100, -100, NAN, INFINITY, 0};
    const int32_t wanted[] = {-4, 11, 0, 2, 4, 0, 11, -4, 0, 0, 0};
    struct scheme scheme = {.bits = 4, .asymmetric = true};
    struct moments moments = {0};
    moments_add(&moments, w, 2);
    const struct grid grid = grid_cover(&scheme, &moments, NULL);
    assert_true(grid.clip == 7.5 && grid.step == 1 && grid.lowest == -4 && grid.highest == 11);
    assert_true(grid_centre(&grid) == 3.5 && !grid_is_sign(&grid));
    double e[11];
    int32_t code[11];
    grid_round(&grid, w, 11, e, code);
    for (size_t i = 0; i < 11; i++) {
        assert_int_equal(code[i], wanted[i]);
        assert_true(isfinite(w[i]) ? e[i] == wanted[i] - w[i] : isnan(e[i]));
    }
    assert_int_equal(grid_clipped(&grid, w, 11), 2);
    const double ends[] = {11.5, 11.6, -4.5, -4.6};
    assert_int_equal(grid_clipped(&grid, ends, 4), 2);
}

static void test_asymmetric_ranges(void **state)
{
    (void)state;
    static const struct {
        double w[2];
        struct clip clip;
        double low, high; /* of the range covered */
    } cases[] = {
        {{2, 5}, {CLIP_MAX, 0}, 0, 5},
        {{-5, -2}, {CLIP_MAX, 0}, -5, 0},
        {{-1, 3}, {CLIP_SIGMA, 0.25}, 0, 1.5}, /* mean 1, std 2 */
        {{-1, 3}, {CLIP_SIGMA, 0.75}, -0.5, 2.5},
        {{-1, 3}, {CLIP_SIGMA, 100}, -1, 3},
        {{-1, 3}, {CLIP_VALUE, 2}, -1, 2},
        {{-1, 3}, {CLIP_VALUE, 0.5}, -0.5, 0.5},
        {{1, 3}, {CLIP_VALUE, 0.5}, 0, 0.5},
        {{-1, 3}, {CLIP_MSE, 0}, -0.25, 0.75}, /* as found */
        {{-1, 3}, {CLIP_PERCENTILE, 40}, -0.25, 0.75},
        {{0.5, 3}, {CLIP_LP, 2.4}, 0, 0.75},
    };
    const struct clip_range found = {-0.25, 0.75};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int bits = 1; bits <= 16; bits++) {
            struct scheme scheme = {.bits = bits, .clip = cases[i].clip, .asymmetric = true};
            struct moments moments = {0};
            moments_add(&moments, cases[i].w, 2);
            const struct grid grid = grid_cover(&scheme, &moments, &found);
            const double width = cases[i].high - cases[i].low;
            assert_int_equal(grid.highest - grid.lowest, (1 << bits) - 1);
            assert_true(grid.lowest <= 0 && grid.highest >= 0);
            assert_true(fabs(2 * grid.clip - width) < 1e-15 * width);
            assert_true(fabs(grid.step * ((1 << bits) - 1) - width) < 1e-12);
            assert_int_equal(grid.lowest, (int)rint(cases[i].low / grid.step));
        }
}

/* Nothing within the range is further than half a step from its level, and 0 stays 0. */
static void test_asymmetric_errors(void **state)
{
    (void)state;
    static const double scales[] = {1, 0.02, 1e-310, 1e290, 4e307};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++)
        for (int bits = 1; bits <= 16; bits++) {
            double w[101] = {0}, e[101];
            int32_t code[101];
            for (size_t i = 1; i < 101; i++)
                w[i] = scales[k] * (gsl_ran_exponential(rng, 0.5) - 0.2);
            struct scheme scheme = {.bits = bits, .asymmetric = true};
            struct moments moments = {0};
            moments_add(&moments, w, 101);
            const struct grid grid = grid_cover(&scheme, &moments, NULL);
            const int steps = grid.highest - grid.lowest;
            const double slack = 8 * DBL_EPSILON * grid.clip + 5e-324 * steps;
            grid_round(&grid, w, 101, e, code);
            assert_true(e[0] == 0 && code[0] == 0);
            for (size_t i = 0; i < 101; i++) {
                assert_true(code[i] >= grid.lowest && code[i] <= grid.highest);
                assert_true(fabs(e[i]) <= grid.step / 2 + slack);
            }
            assert_int_equal(grid_clipped(&grid, w, 101), 0);
        }
    gsl_rng_free(rng);
}

/* Codes -2^(b-1) .. 2^(b-1) - 1, and c half a step beyond the upper one. */
static void test_full_range(void **state)
{
    (void)state;
    const double w[] = {-7.5, 7.5, 0.5, 6.5, 7, -8, -8.1, 8.1};
    const int32_t wanted[] = {-8, 7, 0, 6, 7, -8, -8, 7};
    struct scheme scheme = {.bits = 4, .full_range = true};
    struct moments moments = {0};
    moments_add(&moments, w, 2);
    const struct grid grid = grid_cover(&scheme, &moments, NULL);
    assert_true(grid.clip == 7.5 && grid.step == 1 && grid.lowest == -8 && grid.highest == 7);
    assert_true(grid_centre(&grid) == -0.5);
    double e[8];
    int32_t code[8];
    grid_round(&grid, w, 8, e, code);
    for (size_t i = 0; i < 8; i++)
        assert_true(code[i] == wanted[i] && e[i] == wanted[i] - w[i]);
    assert_int_equal(grid_clipped(&grid, w, 8), 1); /* 8.1, not -8.1 */
    scheme.bits = 1;
    const struct grid one = grid_cover(&scheme, &moments, NULL);
    assert_true(grid_is_sign(&one) && one.clip == 7.5 && one.step == 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clip_rules),
        cmocka_unit_test(test_zeros_have_no_grid),
        cmocka_unit_test(test_ties_go_to_even),
        cmocka_unit_test(test_quotient_is_formed_by_division),
        cmocka_unit_test(test_one_bit_is_the_sign),
        cmocka_unit_test(test_nonfinite_taint_only_themselves),
        cmocka_unit_test(test_error_is_at_most_half_a_step),
        cmocka_unit_test(test_codes_are_optional),
        cmocka_unit_test(test_huge_grids_stay_finite),
        cmocka_unit_test(test_asymmetric_by_hand),
        cmocka_unit_test(test_asymmetric_ranges),
        cmocka_unit_test(test_asymmetric_errors),
        cmocka_unit_test(test_full_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
