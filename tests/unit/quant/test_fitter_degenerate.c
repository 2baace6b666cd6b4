/* SPDX-License-Identifier: MIT
 *
 * Units that are no sample of anything, under every kind of levels and every clip rule: results are
 * defined, and the sanitizers find nothing.
 */
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

#include "quant/fitter.h"

#define LENGTH 64

struct unit {
    const char *name;
    size_t n;
    double w[LENGTH];
};

enum {
    EMPTY,
    ZERO,
    ONE_ZERO,
    SINGLE,
    CONSTANT,
    SIGNS,
    DENORMAL,
    TINIEST,
    LARGE,
    HUGE,
    MIXED,
    NONE,
    LAST
};

static void make_units(struct unit units[LAST])
{
    static const char *const names[] = {"empty",    "zero",  "one zero", "single",
                                        "constant", "signs", "denormal", "tiniest",
                                        "1e38",     "1e300", "with NaN", "nothing finite"};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < LAST; k++) {
        units[k] = (struct unit){.name = names[k], .n = LENGTH};
        double *w = units[k].w;
        for (size_t i = 0; i < LENGTH; i++) {
            const double x = gsl_ran_gaussian(rng, 1);
            const double sign = x < 0 ? -1 : 1;
            static const double scales[LAST] = {[LARGE] = 1e38, [HUGE] = 1e300, [MIXED] = 1};
            w[i] = k == CONSTANT || k == SINGLE ? 0.1
                   : k == SIGNS                 ? 0.3 * sign
                   : k == DENORMAL              ? x * 1e-310
                   : k == TINIEST               ? sign * 5e-324
                   : k == NONE                  ? (i % 2 ? INFINITY : NAN)
                                                : x * scales[k];
        }
    }
    units[EMPTY].n = 0;
    units[ONE_ZERO].n = units[SINGLE].n = 1;
    units[MIXED].w[3] = NAN;
    units[MIXED].w[5] = -INFINITY;
    gsl_rng_free(rng);
}

/* ggml stores infinity where half precision ends. */
static bool may_overflow(const struct scheme *scheme, const struct unit *unit)
{
    const struct block_format *format = scheme->levels.format;
    return scheme->levels.kind == LEVELS_BLOCKS && format->name[0] == 'q' && unit->n > 0 &&
           fabs(unit->w[0]) > 1e30;
}

static void complain(const struct scheme *scheme, const struct unit *unit, const char *what,
                     double figure)
{
    struct text text = {0};
    scheme_print(&text, scheme);
    fail_msg("%s of %s: %s is %g", text.data, unit->name, what, figure);
}

static void check_errors(const struct scheme *scheme, const struct quantizer *quantizer,
                         const struct unit *unit, const double w[], size_t n)
{
    double e[LENGTH];
    int32_t code[LENGTH] = {0};
    const size_t levels = quantizer_levels(quantizer);
    quantizer_round(quantizer, w, n, e, code);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(w[i]))
            assert_true(isnan(e[i]) && code[i] == 0);
        else if (!may_overflow(scheme, unit) && !isfinite(e[i]))
            complain(scheme, unit, "an error", e[i]);
        assert_true(code[i] >= 0 && (levels == 0 || (size_t)code[i] < levels));
        if (unit->w[0] == 0) /* all of them are */
            assert_true(e[i] == 0);
    }
    assert_true(quantizer_clipped(quantizer, w, n) <= n);
}

static void check_picture(const struct quantizer *quantizer)
{
    double position[256];
    quantizer_positions(quantizer, position);
    assert_true(isfinite(quantizer->step) && quantizer->step >= 0);
    assert_true(isfinite(quantizer->reach) && quantizer->reach >= 0);
    assert_true(isfinite(quantizer->centre));
    for (size_t i = 0; i < quantizer_levels(quantizer); i++) {
        assert_true(fabs(position[i]) <= 1 + 1e-9);
        assert_true(i == 0 || quantizer->step == 0 || position[i] >= position[i - 1]);
    }
}

static void check_theory(const struct scheme *scheme, const struct quantizer *quantizer)
{
    const struct source source = {.type = &source_gaussian, .mean = 0.1, .std = 2};
    const double t[] = {-1, -0.5, 0, 0.5, 1};
    double cdf[5] = {0};
    if (quantizer->kind == LEVELS_BLOCKS && !quantizer->codebook)
        return;
    const struct prediction prediction =
        quantizer_predict(quantizer, &source, scheme_endless(scheme));
    if (!isfinite(quantizer->scale) || !isfinite(quantizer->location)) {
        assert_true(isnan(prediction.mse) && quantizer->step == 0);
        return;
    }
    if (!(prediction.mse >= 0 && prediction.variance >= 0))
        fail_msg("MSE %g, variance %g at step %g", prediction.mse, prediction.variance,
                 quantizer->step);
    assert_true(prediction.clipped >= 0 && prediction.clipped <= 1 + 1e-9);
    quantizer_add_curve(quantizer, &source, scheme_endless(scheme), 1, t, 5, cdf);
    for (size_t i = 0; i < 5; i++)
        assert_true(cdf[i] >= -1e-7 && cdf[i] <= 1 + 1e-7 &&
                    (i == 0 || cdf[i] >= cdf[i - 1] - 1e-7));
}

static void check_scheme(const struct scheme *scheme, const struct unit units[LAST])
{
    struct error error = {0};
    if (!scheme_check(scheme, &error))
        return;
    struct books *books = books_make(scheme, &error);
    assert_non_null(books);
    for (size_t k = 0; k < LAST; k++) {
        const bool laplace = k % 2;
        struct fitter *fitter = fitter_new(scheme, books, laplace, 3);
        const size_t most =
            scheme->levels.kind == LEVELS_BLOCKS ? scheme->levels.format->block : LENGTH;
        const size_t n = units[k].n < most ? units[k].n : most;
        for (int again = 0; again < 2; again++) { /* the second time with memory of the first */
            const struct quantizer quantizer = fitter_fit(fitter, units[k].w, n);
            check_errors(scheme, &quantizer, &units[k], units[k].w, n);
            check_picture(&quantizer);
            check_theory(scheme, &quantizer);
            const double other[] = {1, -2, 0.25};
            fitter_fit(fitter, other, again ? 3 : 0);
        }
        fitter_free(fitter);
    }
    books_free(books);
}

static void check_rules(struct scheme scheme, const struct unit units[LAST])
{
    for (enum clip_rule rule = 0; rule < CLIP_RULES; rule++) {
        scheme.clip = clip_default(rule);
        check_scheme(&scheme, units);
        scheme.asymmetric = true;
        check_scheme(&scheme, units);
        scheme.asymmetric = false;
        scheme.full_range = true;
        check_scheme(&scheme, units);
        scheme.full_range = false;
    }
}

static void test_every_choice(void **state)
{
    (void)state;
    static const int widths[] = {1, 2, 3, 4, 8, 16};
    struct unit units[LAST];
    make_units(units);
    for (size_t i = 0; i < levels_choice_count; i++)
        for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
            struct scheme scheme = scheme_default();
            int least, most;
            scheme.levels = levels_choices[i];
            scheme.bits = widths[k];
            levels_bits(&scheme.levels, &least, &most);
            if (least == most && k == 0)
                scheme.bits = least;
            check_rules(scheme, units);
        }
}

static void test_every_family(void **state)
{
    (void)state;
    struct unit units[LAST];
    make_units(units);
    struct scheme scheme = scheme_default();
    scheme.levels = (struct levels){.kind = LEVELS_CODEBOOK, .codebook = &codebook_lloyd_max};
    for (int family = LEVELS_FAMILY_TENSOR; family <= LEVELS_FAMILY_LAPLACE; family++) {
        scheme.levels.family = (enum levels_family)family;
        check_scheme(&scheme, units);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_choice),
        cmocka_unit_test(test_every_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
