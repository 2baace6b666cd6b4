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
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>

#include "quant/codebook.h"

/* By the definition of thresholds, one after the other. */
static size_t walk(const struct codebook *codebook, double x)
{
    size_t k = 0;
    while (k + 1 < codebook->count &&
           (x > codebook->threshold[k] || (x == codebook->threshold[k] && codebook->tie_up[k])))
        k++;
    return k;
}

/* At every level and threshold, beside them, between them and far out. */
static void check_nearest(const struct codebook *codebook, gsl_rng *rng)
{
    static const double far[] = {0, -0.0, 5e-324, -5e-324, 1e-300, 1, 1e300, DBL_MAX, -DBL_MAX};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        assert_int_equal(codebook_nearest(codebook, far[i]), walk(codebook, far[i]));
    /* Large ones in part: walking takes long. */
    const size_t stride = 1 + codebook->count / 300;
    for (size_t i = 0; i + 1 < codebook->count; i += stride) {
        const double t = codebook->threshold[i], low = codebook->level[i],
                     x[] = {t,
                            nextafter(t, INFINITY),
                            nextafter(t, -INFINITY),
                            low,
                            codebook->level[i + 1],
                            low + gsl_rng_uniform(rng) * (codebook->level[i + 1] - low)};
        for (size_t k = 0; k < sizeof x / sizeof *x; k++)
            assert_int_equal(codebook_nearest(codebook, x[k]), walk(codebook, x[k]));
        assert_int_equal(codebook_nearest(codebook, low), i);
    }
}

/* Sorts and drops what is equal; returns how many are left. */
static size_t sort_different(double level[], size_t n)
{
    size_t different = 0;
    gsl_sort(level, 1, n);
    for (size_t i = 0; i < n; i++)
        if (different == 0 || level[i] > level[different - 1])
            level[different++] = level[i];
    return different;
}

/* Levels that are awkward for buckets: far from 0, in clumps, over all exponents, a great many. */
static void test_nearest_walks_like_thresholds(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 16, 255, 256, 4000};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *level = malloc(CODEBOOK_LEVELS_MOST * sizeof *level);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (int kind = 0; kind < 6; kind++) {
            const size_t count = counts[c];
            for (size_t i = 0; i < count; i++) {
                const double normal = gsl_ran_gaussian_ziggurat(rng, 1);
                const double shapes[] = {normal,
                                         1000 + 0.01 * normal,
                                         i % 4 == 0 ? normal : 1 + 1e-11 * normal,
                                         sinh(700 * gsl_rng_uniform(rng) - 350),
                                         (double)i - (double)(count / 2),
                                         -1e-310 * (1 + normal * normal)};
                level[i] = shapes[kind];
            }
            const size_t different = sort_different(level, count);
            struct codebook *codebook = codebook_of_levels(level, different, NULL);
            assert_int_equal(codebook->count, different);
            assert_true(isnan(codebook->mse));
            check_nearest(codebook, rng);
            codebook_free(codebook);
        }
    for (size_t i = 0; i < CODEBOOK_LEVELS_MOST; i++)
        level[i] = ((double)i - 1e3) * ((double)i + 1e6);
    const size_t different = sort_different(level, CODEBOOK_LEVELS_MOST);
    struct codebook *codebook = codebook_of_levels(level, different, NULL);
    check_nearest(codebook, rng);
    codebook_free(codebook);
    free(level);
    gsl_rng_free(rng);
}

/* By distances, which are exact here. */
static void test_nearest_is_nearest(void **state)
{
    (void)state;
    static const double level[] = {-12, -3, -1, 0, 2, 2.5, 7, 64};
    const size_t n = sizeof level / sizeof *level;
    struct codebook *codebook = codebook_of_levels(level, n, NULL);
    size_t ties = 0;
    for (double x = -80; x < 80; x += 0x1p-6) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++) {
            const double here = fabs(x - level[i]), there = fabs(x - level[best]);
            ties += here == there;
            if (here < there || (here == there && i % 2 == 0))
                best = i;
        }
        assert_int_equal(codebook_nearest(codebook, x), best);
    }
    assert_int_equal(ties, n - 1);
    codebook_free(codebook);
}

static void test_ties_as_told(void **state)
{
    (void)state;
    static const double level[] = {-4, 0, 2, 8};
    static const uint8_t tie_up[] = {0, 1, 1};
    struct codebook *codebook = codebook_of_levels(level, 4, tie_up);
    assert_int_equal(codebook_nearest(codebook, -2), 0);
    assert_int_equal(codebook_nearest(codebook, 1), 2);
    assert_int_equal(codebook_nearest(codebook, 5), 3);
    assert_int_equal(codebook_nearest(codebook, nextafter(5, 0)), 2);
    codebook_free(codebook);
}

static void test_magnitudes_have_both_signs(void **state)
{
    (void)state;
    static const double magnitude[] = {0, 1, 3, 4};
    static const double wanted[] = {-4, -3, -1, 0, 1, 3, 4};
    static const double tie[] = {0.5, 2, 3.5}, goes_to[] = {0, 3, 3};
    struct codebook *codebook = codebook_of_magnitudes(magnitude, 4);
    assert_int_equal(codebook->count, 7);
    assert_memory_equal(codebook->level, wanted, sizeof wanted);
    for (size_t i = 0; i < 3; i++) {
        assert_true(codebook->level[codebook_nearest(codebook, tie[i])] == goes_to[i]);
        assert_true(codebook->level[codebook_nearest(codebook, -tie[i])] == -goes_to[i]);
    }
    codebook_free(codebook);
    codebook = codebook_of_magnitudes(magnitude, 1);
    assert_true(codebook->count == 1 && codebook->level[0] == 0);
    codebook_free(codebook);
}

/* No double is left between them, and the middle is rounded to one of them. */
static void test_neighbouring_doubles_keep_themselves(void **state)
{
    (void)state;
    static const double starts[] = {1, 1 + DBL_EPSILON, 5e-324, 1e-323, -1, -5e-324, 1e308};
    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++)
        for (uint8_t up = 0; up < 2; up++) {
            const double level[] = {starts[k], nextafter(starts[k], INFINITY)};
            struct codebook *codebook = codebook_of_levels(level, 2, &up);
            assert_int_equal(codebook_nearest(codebook, level[0]), 0);
            assert_int_equal(codebook_nearest(codebook, level[1]), 1);
            codebook_free(codebook);
        }
    static const double wide[] = {-DBL_MAX, DBL_MAX};
    struct codebook *codebook = codebook_of_levels(wide, 2, NULL);
    assert_true(codebook->threshold[0] == 0);
    codebook_free(codebook);
}

static void test_round(void **state)
{
    (void)state;
    static const double level[] = {-1, 0, 1, 4};
    static const double w[] = {0.5, 0.7, 1.2, -3, 9, 0.61, NAN, INFINITY, -INFINITY};
    static const double wanted[] = {0.5, 0.7, 1.3, 0.3, 1.3, 0.7};
    static const int32_t code[] = {1, 2, 3, 0, 3, 2, 0, 0, 0};
    const size_t n = sizeof w / sizeof *w;
    struct codebook *codebook = codebook_of_levels(level, 4, NULL);
    double e[9], alone[9];
    int32_t out[9];
    codebook_round(codebook, 0.5, 0.2, w, n, e, out);
    codebook_round(codebook, 0.5, 0.2, w, n, alone, NULL);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(out[i], code[i]);
        if (i < 6)
            assert_true(e[i] == alone[i] && fabs(e[i] - (wanted[i] - w[i])) < 1e-15);
        else
            assert_true(isnan(e[i]) && isnan(alone[i]));
    }
    codebook_round(codebook, 0.5, 0.2, w, 0, e, out);
    codebook_free(codebook);
}

static void test_scale_of_nothing(void **state)
{
    (void)state;
    static const double level[] = {-1, 0.25, 1}, w[] = {0, -0.0, 0.5, -7, NAN, INFINITY, DBL_MAX};
    struct codebook *codebook = codebook_of_levels(level, 3, NULL);
    double e[7];
    int32_t code[7];
    codebook_round(codebook, 0.5, 0, w, 7, e, code);
    for (size_t i = 0; i < 7; i++)
        assert_true(isfinite(w[i]) ? e[i] == 0.5 - w[i] && code[i] == 1
                                   : isnan(e[i]) && code[i] == 0);
    codebook_round(codebook, 0, 0, w, 2, e, NULL); /* zeros stay zeros */
    assert_true(e[0] == 0 && e[1] == 0);
    codebook_free(codebook);
}

/* The same fractions whatever the scale, and quotients that overflow. */
static void test_extreme_scales(void **state)
{
    (void)state;
    static const double scales[] = {1e38, 1e300, 1e-38, 1e-300, 0x1p-1060};
    static const double level[] = {-1, -0.25, 0, 0.25, 1};
    struct codebook *codebook = codebook_of_levels(level, 5, NULL);
    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++)
        for (double x = -1.5; x < 1.5; x += 0.037) {
            const double w = x * scales[k];
            double e;
            int32_t code;
            codebook_round(codebook, 0, scales[k], &w, 1, &e, &code);
            assert_int_equal(code, codebook_nearest(codebook, w / scales[k]));
            assert_true(e == scales[k] * level[code] - w);
        }
    const double huge[] = {1e38, -1e38, DBL_MAX, -DBL_MAX};
    double e[4];
    int32_t code[4];
    codebook_round(codebook, 0, 5e-324, huge, 4, e, code);
    for (size_t i = 0; i < 4; i++)
        assert_true(code[i] == (i % 2 ? 0 : 4) && e[i] == -huge[i]);
    codebook_round(codebook, -1e308, 1, huge + 2, 1, e, code); /* the difference overflows */
    assert_true(code[0] == 4 && e[0] == -INFINITY);
    codebook_free(codebook);
}

static void test_find(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const struct codebook_type *type;
        int bits;
    } wanted[] = {
        {"lloyd-max", &codebook_lloyd_max, 77},
        {"lloyd-max:8", &codebook_lloyd_max, 8},
        {"apot", &codebook_apot, 77},
        {"nf4", &codebook_nf, 4},
        {"nf:3", &codebook_nf, 3},
        {"nf", &codebook_nf, 77},
        {"fp4-e2m1", &codebook_fp4_e2m1, 4},
        {"fp6-e2m3", &codebook_fp6_e2m3, 6},
        {"fp6-e3m2", &codebook_fp6_e3m2, 6},
        {"fp8-e4m3", &codebook_fp8_e4m3, 8},
        {"fp8-e5m2", &codebook_fp8_e5m2, 8},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        int bits = 77;
        struct error error = {0};
        assert_ptr_equal(codebook_find(wanted[i].name, &bits, &error), wanted[i].type);
        assert_int_equal(bits, wanted[i].bits);
        assert_int_equal(error.code, ERROR_NONE);
    }
    static const char *const refused[] = {"",       "nf5",    "nf:",   "nf:9",        "nf:-3",
                                          "nf:003", "nf:3 ",  "nf4:4", "fp8-e4m3:8",  "Lloyd-Max",
                                          "nf:1",   "apot:7", ":",     "lloyd-max:0", "a\x1b[0m"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        int bits = 77;
        struct error error = {0};
        assert_null(codebook_find(refused[i], &bits, &error));
        assert_true(error.code == ERROR_USAGE && bits == 77 && !strchr(error.text, '\x1b'));
    }
}

/* All types at all their widths: levels in order, at most as many as there are codes. */
static void test_all_types(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .mean = 5, .std = 3};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < codebook_type_count; i++)
        for (int bits = 0; bits <= 10; bits++) {
            const struct codebook_type *type = codebook_types[i];
            const bool by_spread = type->scale == CODEBOOK_BY_SPREAD;
            struct error error = {0};
            struct codebook *codebook = type->make(type, bits, by_spread ? &source : NULL, &error);
            if (bits < type->bits_least || bits > type->bits_most) {
                assert_null(codebook);
                assert_int_equal(error.code, ERROR_USAGE);
                continue;
            }
            assert_non_null(codebook);
            assert_true(codebook->count >= 2 && codebook->count <= (size_t)1 << bits);
            assert_true(isnan(codebook->mse) == !by_spread);
            for (size_t k = 0; k + 1 < codebook->count; k++)
                assert_true(codebook->level[k] < codebook->level[k + 1]);
            check_nearest(codebook, rng);
            codebook_free(codebook);
        }
    gsl_rng_free(rng);
    codebook_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_walks_like_thresholds),
        cmocka_unit_test(test_nearest_is_nearest),
        cmocka_unit_test(test_ties_as_told),
        cmocka_unit_test(test_magnitudes_have_both_signs),
        cmocka_unit_test(test_neighbouring_doubles_keep_themselves),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_scale_of_nothing),
        cmocka_unit_test(test_extreme_scales),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_all_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
