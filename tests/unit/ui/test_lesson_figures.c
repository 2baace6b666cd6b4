/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lab_run.h"
#include "ui/lesson_figures.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const struct report *report_of(const char *set)
{
    struct lesson_settings settings = lesson_settings_default();
    struct error error = { ERROR_NONE, "" };
    if (!lesson_settings_parse(&settings, set, &error))
        fail_msg("%s", error.text);
    return lab_run(&settings);
}

static double figure(const struct report *report, const char *name)
{
    double value;
    if (!lesson_report_lookup((void *)report, name, &value))
        fail_msg("%s is not known", name);
    return value;
}

static void test_keys(void **state)
{
    (void)state;
    const struct lesson_key *key = lesson_key_find("error_mse/q", 9);
    assert_non_null(key);
    assert_string_equal(key->name, "error_mse");
    assert_int_equal(key->power, 2);
    assert_string_equal(key->noise, "error_mse_noise");
    assert_true(lesson_key_find("n", 1)->count);
    assert_null(lesson_key_find("error", 5));
    assert_null(lesson_key_find("error_mse_", 10));
    assert_null(lesson_key_find("", 0));
}

/* Numbers of FORMULAS §6 and §4.2, which are not the program's own. */
static void test_theory(void **state)
{
    (void)state;
    const struct report *report = report_of("ratio 4; phase 0.25; n 1000");
    assert_true(figure(report, "q") == 4 && figure(report, "ratio") == 4);
    assert_true(figure(report, "phase") == 0.25 && figure(report, "mu") == 1);
    assert_true(figure(report, "n") == 1000);
    assert_true(fabs(figure(report, "theory_error_mean") / 4 + 0.09269) < 1e-5);
    assert_true(fabs(figure(report, "theory_error_std") / 4 - sqrt(0.074559)) < 1e-5);
    assert_true(fabs(figure(report, "theory_covariance") / 16 + 0.000899) < 1e-6);
    assert_true(fabs(figure(report, "qt2") - exp(-M_PI * M_PI / 8)) < 1e-12);
    double mass = 0.5 * (erf(1 / sqrt(2)) + erf(3 / sqrt(2)));
    assert_true(fabs(figure(report, "theory_mass_zero") - mass) < 1e-12);
    part_unref(&report->part);

    report = report_of("clip value:2.4739; bits 4; source laplace; n 1000");
    double sum = figure(report, "theory_granular_mse") + figure(report, "theory_overload_mse");
    assert_true(fabs(sum - figure(report, "theory_error_mse")) < 1e-12);
    assert_true(fabs(figure(report, "gaussian_error_mse") - 0.0128894) < 1e-7);
    assert_true(fabs(figure(report, "clip") - 2.4739) < 1e-12);
    part_unref(&report->part);
}

/* How far the figures of many samples scatter, and how far their standard errors foretell it. */
struct scatter {
    double sum, squares, foretold;
};

static void scatter_add(struct scatter *scatter, const struct report *report, const char *name)
{
    char noise[64];
    snprintf(noise, sizeof noise, "%s_noise", name);
    double value = figure(report, name), error = figure(report, noise);
    scatter->sum += value;
    scatter->squares += value * value;
    scatter->foretold += error * error;
}

/* 200 samples know the scatter to 5 %; three times that is allowed. */
static void check_scatter(const char *set, const char *const names[], size_t count)
{
    enum { SAMPLES = 200, NAMES = 8 };
    struct scatter scatter[NAMES] = { { 0, 0, 0 } };
    for (int i = 1; i <= SAMPLES; i++) {
        char line[128];
        snprintf(line, sizeof line, "%s; seed %d", set, i);
        const struct report *report = report_of(line);
        for (size_t k = 0; k < count; k++)
            scatter_add(&scatter[k], report, names[k]);
        part_unref(&report->part);
    }
    for (size_t k = 0; k < count; k++) {
        double mean = scatter[k].sum / SAMPLES;
        double ratio = sqrt((scatter[k].squares - SAMPLES * mean * mean) / scatter[k].foretold);
        if (!(ratio > 0.85 && ratio < 1.15))
            fail_msg("%s of \"%s\" scatters %g times as much as its standard error", names[k], set,
                     ratio);
    }
}

static void test_standard_errors(void **state)
{
    (void)state;
    static const char *const rounding[] = { "mean",      "std",       "error_mean",
                                            "error_std", "error_mse", "mass_zero" };
    static const char *const clipping[] = { "clipped_share", "error_mean", "error_mse" };
    check_scatter("n 500; ratio 3; phase 0.2", rounding, COUNT(rounding));
    check_scatter("n 500; clip value:1; bits 3; source uniform", clipping, COUNT(clipping));
}

/* Far clipped elements are not in the histogram of errors, but would tell most. */
static void test_undefined(void **state)
{
    (void)state;
    const struct report *report = report_of("n 500; clip value:1; bits 8");
    assert_true(isnan(figure(report, "error_std_noise")));
    assert_true(isnan(figure(report, "error_mse_noise")));
    assert_true(figure(report, "error_mean_noise") > 0);
    part_unref(&report->part);
    /* Wide steps: Sheppard's correction takes off more than there is. */
    report = report_of("n 500; ratio 10");
    assert_true(isnan(figure(report, "theory_sheppard_std")));
    part_unref(&report->part);
}

static void test_unknown(void **state)
{
    (void)state;
    double value;
    assert_false(lesson_report_lookup(NULL, "q", &value));
    static const struct report empty;
    assert_false(lesson_report_lookup((void *)&empty, "q", &value));
    const struct report *report = report_of("n 100");
    assert_false(lesson_report_lookup((void *)report, "nothing", &value));
    part_unref(&report->part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_theory),
        cmocka_unit_test(test_standard_errors),
        cmocka_unit_test(test_undefined),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
