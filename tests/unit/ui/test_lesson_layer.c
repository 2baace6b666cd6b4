/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "lab_run.h"
#include "ui/lesson_figures.h"
#include "ui/lesson_layer.h"

static const struct report *report_of(const char *set)
{
    struct lesson_settings settings = lesson_settings_default();
    struct error error = {ERROR_NONE, ""};
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
    const struct lesson_key *key = lesson_key_find("alignment_db@cat more", 16);
    assert_non_null(key);
    assert_string_equal(key->name, "alignment_db@cat");
    assert_int_equal(key->power, 0);
    assert_null(lesson_layer_key("alignment_db@", 13));
    assert_null(lesson_layer_key("alignment_db@+3", 15));
    assert_null(lesson_layer_key("q", 1));
}

/* The terms add up, a bit is 6 dB or a little more, and rotations leave the alignment alone. */
static void test_figures(void **state)
{
    (void)state;
    const struct report *report =
        report_of("layer 96x64:256+slope:2; clip max; activation-bits 4; seed 3");
    const double sum = figure(report, "bits_term_db") + figure(report, "concentration_db") +
                       figure(report, "alignment_db");
    assert_true(fabs(sum - figure(report, "approx_sqnr_db")) < 1e-9);
    assert_true(figure(report, "measured_sqnr_db") == figure(report, "measured_sqnr_db@none"));
    assert_true(fabs(figure(report, "alignment_db@hadamard") - figure(report, "alignment_db")) <
                1e-9);
    assert_true(figure(report, "alignment_db@cat") > figure(report, "alignment_db") + 2);
    assert_true(figure(report, "alignment_db@cat") <= figure(report, "max_alignment_db") + 1e-6);
    for (int more = 1; more <= 2; more++) {
        const double gain =
            figure(report, more == 1 ? "measured_sqnr_db@+1" : "measured_sqnr_db@+2") -
            figure(report, "measured_sqnr_db");
        assert_true(gain > 6 * more && gain < 7.5 * more);
    }
    part_unref(&report->part);
}

/* MATH's reference lines for 64 columns (FORMULAS §3.4), to what was known of them. */
static void test_references(void **state)
{
    (void)state;
    const struct report *report = report_of("layer 8x64:8; clip max; activation-bits 4");
    assert_true(fabs(figure(report, "weight_concentration_db@gaussian") - 3.64) < 0.02);
    assert_true(fabs(figure(report, "weight_concentration_db@laplace") - 1.23) < 0.02);
    assert_true(fabs(figure(report, "activation_concentration_db@gaussian") - 4.56) < 0.02);
    assert_true(fabs(figure(report, "activation_concentration_db@laplace") - 2.70) < 0.02);
    part_unref(&report->part);
    /* What the picture marks, in groups too. */
    report = report_of("layer 8x64:8; clip max; granularity group:16; activation-bits 4");
    assert_true(fabs(figure(report, "weight_concentration_db@gaussian") -
                     report->lineup->gaussian.weight) < 1e-9);
    assert_true(fabs(figure(report, "activation_concentration_db@laplace") -
                     report->lineup->laplace.input) < 1e-9);
    part_unref(&report->part);
}

/* A vector is no layer, and of a layer there is no law. */
static void test_unknown(void **state)
{
    (void)state;
    double value;
    const struct report *report = report_of("n 100");
    assert_false(lesson_report_lookup((void *)report, "alignment_db", &value));
    part_unref(&report->part);
    report = report_of("layer 8x8:8; clip max");
    assert_false(lesson_report_lookup((void *)report, "ratio", &value));
    assert_true(lesson_report_lookup((void *)report, "sqnr_db", &value));
    part_unref(&report->part);
    assert_false(lesson_layer_figure(NULL, "alignment_db", &value));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
