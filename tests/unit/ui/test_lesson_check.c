/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/lesson_check.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* error_std is 0.25 with a standard error of 0.01; error_mean is not defined; mean is not known. */
static bool look_up(void *user, const char *name, double *value)
{
    (void)user;
    static const char *const names[] = { "q", "error_std", "error_std_noise", "theory_error_std",
                                         "error_mean", "error_mean_noise" };
    static const double values[] = { 0.5, 0.25, 0.01, 0.22, NAN, 0.01 };
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], name) == 0) {
            *value = values[i];
            return true;
        }
    return false;
}

static bool holds(const char *text, struct error *error)
{
    struct arena arena = { 0 };
    struct lesson_check check;
    *error = (struct error){ ERROR_NONE, "" };
    if (!lesson_check_parse(&check, text, 17, &arena, error))
        fail_msg("%s: %s", text, error->text);
    assert_string_equal(check.text, text);
    bool result = lesson_check_holds(&check, look_up, NULL, error);
    assert_int_equal(error->code, ERROR_NONE);
    arena_done(&arena);
    return result;
}

static void test_holds(void **state)
{
    (void)state;
    static const char *const good[] = {
        "error_std = 0.251 within 0.002",
        "error_std = 0.25 within 1e-30",
        "0.251 = error_std within 0.002",
        "error_std/q = 0.5 within 0.000001",
        "error_std*4 = 1 within 0.000001",
        "error_std near theory_error_std within 3.1 sampling",
        "error_std/q near theory_error_std/q within 3.1 sampling",
        "error_std*-2 near theory_error_std*-2 within 3.1 sampling",
        "error_std > theory_error_std",
        "theory_error_std < 0.23",
    };
    struct error error;
    for (size_t i = 0; i < COUNT(good); i++)
        if (!holds(good[i], &error))
            fail_msg("%s", error.text);
}

static void test_fails(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        { "error_std = 0.253 within 0.002", "0.25 against 0.253" },
        { "error_std near theory_error_std within 2.9 sampling", "3 standard errors" },
        { "error_std/q near theory_error_std/q within 2.9 sampling", "3 standard errors" },
        { "error_std < theory_error_std", "0.25 against 0.22" },
        { "error_std < 0.25", "" },
        { "error_std > 0.25", "" },
        { "error_mean = 0 within 1000", "nan" },
        { "error_mean near 0 within 1000 sampling", "nan" },
        { "error_mean < 1", "nan" },
        { "error_mean > -1", "nan" },
        { "mean = 0 within 1", "not known" },
        { "error_std < mean", "not known" },
        { "error_mse near 0 within 1 sampling", "not known" },
    };
    struct error error;
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (holds(bad[i][0], &error))
            fail_msg("holds: %s", bad[i][0]);
        if (strncmp(error.text, "line 17: ", 9) != 0 || !strstr(error.text, bad[i][1]))
            fail_msg("\"%s\" is not \"%s\"", error.text, bad[i][1]);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        { "", "a check is" },
        { "q", "a check is" },
        { "q =", "a check is" },
        { "q == 1 within 2", "a check is" },
        { "q = 1", "within TOLERANCE" },
        { "q = 1 within", "within TOLERANCE" },
        { "q = 1 within 0", "within TOLERANCE" },
        { "q = 1 within -1", "within TOLERANCE" },
        { "q = 1 within x", "within TOLERANCE" },
        { "q = 1 about 1", "within TOLERANCE" },
        { "q = 1 within 1 sampling", "within TOLERANCE" },
        { "error_std near 1 within 1", "within K sampling" },
        { "error_std near 1 within 1 samples", "within K sampling" },
        { "error_std near 1 within 1 sampling x", "within K sampling" },
        { "error_std near 1 within 1 sampling x y z", "within K sampling" },
        { "q near 1 within 5 sampling", "standard error" },
        { "1 near error_std within 5 sampling", "standard error" },
        { "q < 1 within 2", "nothing may follow" },
        { "q:3 < 1", "no figure" },
        { "q < nothing", "no figure \"nothing\"" },
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct arena arena = { 0 };
        struct lesson_check check;
        struct error error = { ERROR_NONE, "" };
        if (lesson_check_parse(&check, bad[i][0], 1, &arena, &error))
            fail_msg("taken for good: %s", bad[i][0]);
        if (error.code != ERROR_FILE || !strstr(error.text, bad[i][1]))
            fail_msg("%s: \"%s\" is not \"%s\"", bad[i][0], error.text, bad[i][1]);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holds),
        cmocka_unit_test(test_fails),
        cmocka_unit_test(test_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
