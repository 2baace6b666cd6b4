/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "quant/clip_curve.h"
#include "quant/fitter.h"
#include "quant/quantizer.h"

#define FACTORS 49

static void make_factors(double factor[FACTORS])
{
    for (int i = 0; i < FACTORS; i++)
        factor[i] = exp2((i - 48) / 16.0);
}

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.12g is not within %g of %.12g", got, tolerance, expected);
}

/* The best clips of MATH §6, on grids that reach to 5 and 8 standard deviations. */
static void test_theory_has_the_known_best_clips(void **state)
{
    (void)state;
    static const struct {
        const struct source_type *type;
        double reach, clip[7], mse[7];
    } known[] = {
        {&source_gaussian,
         5,
         {1.2240, 1.9523, 2.4739, 2.8987, 3.2701, 3.6075, 3.9205},
         {.190174, .046860, .012889, .003693, .001069, .000309, .000088}},
        {&source_laplace,
         8,
         {1.4142, 2.4653, 3.4082, 4.3120, 5.2033, 6.0937, 6.9881},
         {.264241, .083087, .027395, .009085, .002980, .000960, .000303}},
    };
    double factor[FACTORS];
    struct clip_error error[FACTORS];
    make_factors(factor);
    for (size_t k = 0; k < 2; k++)
        for (int bits = 2; bits <= 8; bits++) {
            const struct source source = {.type = known[k].type, .std = 1};
            const struct scheme scheme = {.bits = bits, .clip = {CLIP_VALUE, known[k].reach}};
            const struct moments moments = {.count = 1, .min = -9, .max = 9, .sum_abs = 9};
            const struct quantizer widest =
                quantizer_make(&scheme, &(struct unit_facts){.moments = &moments});
            clip_curve_predict(&source, &widest, factor, FACTORS, error);
            const struct clip_best best = clip_curve_best(factor, error, FACTORS);
            assert_near(best.factor * known[k].reach, known[k].clip[bits - 2],
                        0.003 * known[k].clip[bits - 2]);
            assert_near(best.mse, known[k].mse[bits - 2], 0.002 * known[k].mse[bits - 2] + 5e-7);
        }
}

/* Whatever the levels are, a factor's prediction is that of the quantizer of the range shrunk. */
static void check_shrunk(struct scheme scheme)
{
    static const struct source source = {.type = &source_gaussian, .mean = 0.1, .std = 0.5};
    const struct moments moments = {.count = 9, .mean = 0.1, .min = -1, .max = 2, .sum_abs = 5};
    struct error why = {ERROR_NONE, ""};
    struct books *books = books_make(&scheme, &why);
    struct unit_facts facts = {.moments = &moments, .codebook = books_codebook(books, false)};
    const struct clip_range range = quantizer_widest(&scheme, &moments);
    const struct quantizer widest = quantizer_make(&scheme, &facts);
    double factor[FACTORS];
    struct clip_error error[FACTORS];
    make_factors(factor);
    clip_curve_predict(&source, &widest, factor, FACTORS, error);
    scheme.clip.rule = CLIP_MSE; /* takes what it is told to have found */
    for (size_t i = 0; i < FACTORS; i++) {
        facts.found = (struct clip_range){factor[i] * range.low, factor[i] * range.high};
        const struct quantizer shrunk = quantizer_make(&scheme, &facts);
        const struct prediction expected = quantizer_predict(&shrunk, &source, false);
        assert_near(error[i].granular, expected.granular, 1e-12);
        assert_near(error[i].overload, expected.overload, 1e-12);
        assert_near(error[i].mse, expected.mse, 1e-12);
    }
    books_free(books);
}

static void test_theory_of_all_levels_with_a_clip(void **state)
{
    (void)state;
    for (size_t i = 0; i < levels_choice_count; i++) {
        struct scheme scheme = scheme_default();
        scheme.levels = levels_choices[i];
        int least, most;
        levels_bits(&scheme.levels, &least, &most);
        scheme.bits = least > 4 ? least : most < 4 ? most : 4;
        if (levels_take_clip(&scheme.levels))
            check_shrunk(scheme);
    }
    struct scheme scheme = scheme_default();
    scheme.asymmetric = true;
    check_shrunk(scheme);
    scheme.asymmetric = false;
    scheme.full_range = true;
    check_shrunk(scheme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_theory_has_the_known_best_clips),
        cmocka_unit_test(test_theory_of_all_levels_with_a_clip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
