/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "fixture.h"
#include "ui/glossary.h"

/* The fields of both documents, which are a contract: in the order of the commands. */
static const char *const stats[] = {
    "name", "dtype", "shape", "channels", "elements", "nonfinite", "mean", "std", "skewness",
    "excess_kurtosis", "min", "max", "abs_max", "step_median", "step_over_std_median",
    "step_over_std_max", "normal_share", "family", "ks_gaussian", "ks_laplace", "outliers_6sigma",
    "error_mean", "error_std", "error_mse", "error_abs_max", "clipped_share", "theory_error_mean",
    "theory_error_std", "pqn_error_std", "error_ks", "sqnr_db", "theory_sqnr_db",
};
static const char *const channels[] = {
    "index", "mean", "std", "skewness", "excess_kurtosis", "min", "max", "abs_max", "step", "clip",
    "step_over_std", "shapiro_w", "shapiro_p", "error_mean", "error_std", "error_mse",
    "clipped_share", "theory_error_mean", "theory_error_std", "pqn_error_std", "sqnr_db",
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

static void test_every_field_has_an_entry(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stats / sizeof *stats; i++)
        if (!glossary_find(stats[i]))
            fail_msg("no entry for %s", stats[i]);
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        if (!glossary_find(channels[i]))
            fail_msg("no entry for %s", channels[i]);
    assert_null(glossary_find("no_such_field"));
}

static void assert_ascii(const char *text)
{
    for (; text && *text; text++)
        assert_in_range((unsigned char)*text, ' ', '~');
}

/* One line each, and what is not ASCII has a text that is. */
static void check_text(const struct glossary_text *text)
{
    if (!text->unicode)
        return;
    assert_true(utf8_printable(text->unicode, strlen(text->unicode)));
    assert_null(strchr(text->unicode, '\n'));
    assert_ascii(glossary_text(text, true));
    assert_string_equal(glossary_text(text, false), text->unicode);
}

static void test_entries_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < glossary_count; i++) {
        const struct glossary_entry *entry = &glossary[i];
        assert_ptr_equal(glossary_find(entry->key), entry); /* no key twice */
        assert_non_null(entry->name.unicode);
        check_text(&entry->name);
        check_text(&entry->formula);
        check_text(&entry->source);
        assert_ascii(entry->definition);
        assert_int_equal(entry->definition[strlen(entry->definition) - 1], '.');
        assert_non_null(glossary_unit(entry->unit));
        assert_int_equal(entry->value == NULL, entry->unit == UNIT_WORD);
    }
}

static void assert_value(const struct report *report, const char *key, double expected)
{
    double value = glossary_find(key)->value(report);
    if (value != expected && !(isnan(value) && isnan(expected)))
        fail_msg("%s: %.17g is not %.17g", key, value, expected);
}

static void check_figures(const struct report *report)
{
#define FIGURE(name) assert_value(report, #name, (double)report->figures.name)
    FIGURE(channels), FIGURE(elements), FIGURE(nonfinite), FIGURE(mean), FIGURE(std);
    FIGURE(skewness), FIGURE(excess_kurtosis), FIGURE(min), FIGURE(max), FIGURE(abs_max);
    FIGURE(step_median), FIGURE(step_over_std_median), FIGURE(step_over_std_max);
    FIGURE(clip_over_std_median);
    FIGURE(error_mean), FIGURE(error_std), FIGURE(error_mse), FIGURE(error_abs_max);
    FIGURE(clipped_share), FIGURE(theory_error_mean), FIGURE(theory_error_std);
    FIGURE(pqn_error_std), FIGURE(error_ks), FIGURE(sqnr_db), FIGURE(theory_sqnr_db);
    FIGURE(pqn_deviation), FIGURE(abs_max_over_std), FIGURE(abs_max_expected);
#undef FIGURE
    assert_value(report, "normal_share", report->normality->share);
    assert_value(report, "ks_gaussian", report->family->ks_gaussian);
    assert_value(report, "ks_laplace", report->family->ks_laplace);
    assert_value(report, "outliers_6sigma", (double)report->spread->outliers);
    assert_value(report, "qq_r2", report->spread->r2);
    assert_value(report, "cf_qt1", report->spectrum->qt1[1]);
    assert_value(report, "cf_qt2", report->spectrum->qt2[1]);
    assert_value(report, "cf_psi", report->spectrum->measured[SPECTRUM_PER_PSI]);
}

static void test_values_of_a_tensor(void **state)
{
    struct fixture *fixture = *state;
    static const size_t tensors[] = { FIXTURE_MATRIX, FIXTURE_TAILS, FIXTURE_NAN, FIXTURE_ZERO };
    fixture_press(fixture, "9");
    for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++) {
        fixture_select(fixture, tensors[i]);
        const struct report *report = session_report(fixture->session);
        check_figures(report);
        /* Of several channels none has a figure of its own. */
        assert_value(report, "index", NAN);
        assert_value(report, "step", NAN);
        assert_value(report, "clip", NAN);
        assert_value(report, "step_over_std", NAN);
        assert_value(report, "shapiro_w", NAN);
        assert_value(report, "shapiro_p", NAN);
    }
}

static void test_values_of_a_channel(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "9 . . .");
    const struct report *report = session_report(fixture->session);
    const struct channel_error *channel = &report->errors->channel[0];
    check_figures(report);
    assert_value(report, "index", 2);
    assert_value(report, "step", channel->step);
    assert_value(report, "clip", channel->clip);
    assert_value(report, "step_over_std", channel->step / report->figures.std);
    assert_value(report, "shapiro_w", report->normality->channel[0].w);
    assert_value(report, "shapiro_p", report->normality->channel[0].p);
    assert_true(report->normality->channel[0].w > 0.9);
}

static void test_what_is_not_known_yet(void **state)
{
    struct fixture *fixture = *state;
    const struct report empty = { .profile = NULL };
    for (size_t i = 0; i < glossary_count; i++)
        if (glossary[i].value)
            assert_true(isnan(glossary[i].value(&empty)));
    fixture_select(fixture, FIXTURE_NORM);
    struct report early = *session_report(fixture->session);
    early.spread = NULL;
    early.family = NULL;
    early.normality = NULL;
    assert_value(&early, "std", early.figures.std);
    assert_value(&early, "qq_r2", NAN);
    assert_value(&early, "ks_laplace", NAN);
    assert_value(&early, "shapiro_w", NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field_has_an_entry),
        cmocka_unit_test(test_entries_are_whole),
        cmocka_unit_test_setup_teardown(test_values_of_a_tensor, setup, teardown),
        cmocka_unit_test_setup_teardown(test_values_of_a_channel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_not_known_yet, setup, teardown),
    };
    return cmocka_run_group_tests_name("ui/glossary", tests, NULL, NULL);
}
