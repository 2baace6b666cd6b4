/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

#include "engine/layer_rounding.h"

#define D 21

/* Groups round by themselves, and the range is the root mean square over columns. */
static void test_groups(void **state)
{
    (void)state;
    double w[2 * D], e[2 * D];
    struct concentration sums = {0};
    struct scheme scheme = scheme_default();
    scheme.granularity = (struct granularity){1, 8};
    random_rows(w, 2 * D, 1);
    struct books *books = books_make(&scheme, NULL);
    struct layer_rounder *rounder =
        layer_rounder_new(&scheme, books, &(struct layer_facts){.abs_max = 0});
    layer_rounder_round(rounder, w, 2, D, e, &sums);
    double power = 0, ranges = 0;
    for (size_t row = 0; row < 2; row++) {
        for (size_t from = 0; from < D; from += 8) {
            const size_t n = D - from < 8 ? D - from : 8;
            const double *unit = w + row * D + from;
            double c = 0;
            for (size_t i = 0; i < n; i++)
                c = fmax(c, fabs(unit[i]));
            for (size_t i = 0; i < n; i++) {
                const double wanted = nearbyint(unit[i] * 7 / c) * (c / 7) - unit[i];
                assert_true(fabs(e[row * D + from + i] - wanted) < 1e-15);
                power += unit[i] * unit[i];
            }
            ranges += 4 * c * c * (double)n / D;
        }
    }
    assert_true(fabs(sums.power / power - 1) < 1e-13 && fabs(sums.ranges / ranges - 1) < 1e-13);
    layer_rounder_free(rounder);
    books_free(books);
}

/* The mean of every row is put back. */
static void test_correction(void **state)
{
    (void)state;
    double w[2 * D], e[2 * D];
    struct concentration sums = {0};
    struct scheme scheme = scheme_default();
    scheme.bits = 2;
    scheme.correct_mean = true;
    random_rows(w, 2 * D, 2);
    struct books *books = books_make(&scheme, NULL);
    struct layer_rounder *rounder =
        layer_rounder_new(&scheme, books, &(struct layer_facts){.abs_max = 0});
    layer_rounder_round(rounder, w, 2, D, e, &sums);
    for (size_t row = 0; row < 2; row++) {
        double mean = 0;
        for (size_t j = 0; j < D; j++)
            mean += e[row * D + j] / D;
        assert_true(fabs(mean) < 1e-15);
    }
    layer_rounder_free(rounder);
    books_free(books);
}

static void test_steps(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    assert_true(layer_rounding_steps(&scheme) == 14);
    scheme.full_range = true;
    assert_true(layer_rounding_steps(&scheme) == 15);
    scheme.full_range = false;
    scheme.asymmetric = true;
    scheme.bits = 8;
    assert_true(layer_rounding_steps(&scheme) == 255);
    scheme = scheme_default();
    scheme.bits = 1;
    assert_true(layer_rounding_steps(&scheme) == 1);
    scheme = scheme_default();
    scheme.clip = (struct clip){CLIP_STEP, 0.1};
    assert_true(layer_rounding_steps(&scheme) == 0);
    scheme = scheme_default();
    assert_true(levels_parse("nf4", &scheme.levels, &scheme.bits, NULL));
    assert_true(layer_rounding_steps(&scheme) == 0);
}

static void test_what_is_wanted(void **state)
{
    (void)state;
    static const struct {
        const char *levels;
        bool family, abs_max;
    } cases[] = {{"uniform", false, false},
                 {"lloyd-max", true, false},
                 {"lloyd-max:laplace", false, false},
                 {"lloyd-max:unit", false, false},
                 {"nf4", false, false},
                 {"mxfp4", false, false},
                 {"nvfp4", false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scheme scheme = scheme_default();
        assert_true(levels_parse(cases[i].levels, &scheme.levels, &scheme.bits, NULL));
        assert_int_equal(layer_rounding_wants_family(&scheme), cases[i].family);
        assert_int_equal(layer_rounding_wants_abs_max(&scheme), cases[i].abs_max);
    }
    struct scheme scheme = scheme_default();
    scheme.clip = clip_default(CLIP_ACIQ);
    assert_true(layer_rounding_wants_family(&scheme));
}

static void test_refused(void **state)
{
    (void)state;
    static const struct granularity several[] = {{0, 0}, {2, 0}, {4, 8}};
    for (size_t i = 0; i < 3; i++) {
        struct scheme scheme = scheme_default();
        struct error error = {0};
        scheme.granularity = several[i];
        assert_false(layer_rounding_check(&scheme, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_true(levels_parse("q4_0", &scheme.levels, &scheme.bits, NULL));
        assert_true(layer_rounding_check(&scheme, &error)); /* has its own */
    }
}

static void test_family(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double w[N];
    for (size_t i = 0; i < N; i++) { /* quantiles of a Laplace */
        const double p = ((double)i + 0.5) / N;
        w[i] = p < 0.5 ? log(2 * p) : -log(2 - 2 * p);
    }
    assert_true(layer_rounding_family(w, N));
    random_rows(w, N, 3);
    assert_false(layer_rounding_family(w, N));
    for (size_t i = 0; i < N; i++)
        w[i] = 1;
    assert_false(layer_rounding_family(w, N));
    assert_false(layer_rounding_family(w, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),  cmocka_unit_test(test_correction),
        cmocka_unit_test(test_steps),   cmocka_unit_test(test_what_is_wanted),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
