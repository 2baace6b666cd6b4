/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "quant/codebook.h"
#include "quant/theory.h"

static struct codebook *make(int bits)
{
    struct error error;
    struct codebook *codebook = codebook_apot.make(&codebook_apot, bits, NULL, &error);
    assert_non_null(codebook);
    return codebook;
}

static void check_magnitudes(int bits, const double numerator[], size_t n, double denominator)
{
    struct codebook *codebook = make(bits);
    assert_int_equal(codebook->count, 2 * n - 1);
    for (size_t i = 0; i < n; i++) {
        const double wanted = numerator[i] / denominator;
        assert_true(fabs(codebook->level[n - 1 + i] - wanted) < 1e-15);
        assert_true(fabs(codebook->level[n - 1 - i] + wanted) < 1e-15);
    }
    codebook_free(codebook);
}

/* The sets as FORMULAS §4.3 lists them. */
static void test_sets(void **state)
{
    (void)state;
    static const double three[] = {0, 1, 2, 4}, four[] = {0, 1, 2, 3, 4, 6, 8, 10},
                        five[] = {0, 1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 33, 36, 48};
    check_magnitudes(3, three, 4, 4);
    check_magnitudes(4, four, 8, 10);
    check_magnitudes(5, five, 16, 48);
}

/* All 32 sums of {0, 64, 16, 2}, {0, 32, 8, 1} and {0, 4}, in 128ths; the largest is 100. */
static void test_six_bits(void **state)
{
    (void)state;
    static const int a[] = {0, 64, 16, 2}, b[] = {0, 32, 8, 1}, c[] = {0, 4};
    struct codebook *codebook = make(6);
    assert_int_equal(codebook->count, 63);
    bool seen[63] = {0};
    for (size_t i = 0; i < 32; i++) {
        const double wanted = (a[i % 4] + b[i / 4 % 4] + c[i / 16]) / 100.0;
        const size_t k = codebook_nearest(codebook, wanted);
        assert_true(fabs(codebook->level[k] - wanted) < 1e-15 && !seen[k]);
        assert_true(codebook->level[62 - k] == -codebook->level[k]);
        seen[k] = true;
    }
    codebook_free(codebook);
}

/* Signal to noise in decibels at the best largest level, in standard deviations. */
static void test_known_error(void **state)
{
    (void)state;
    static const struct {
        const struct source_type *source;
        int bits;
        double largest, decibels;
    } known[] = {
        {&source_gaussian, 3, 2.073, 13.23},
        {&source_gaussian, 4, 2.628, 19.17},
        {&source_gaussian, 5, 3.358, 22.22},
        {&source_laplace, 4, 3.838, 16.91},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct codebook *codebook = make(known[i].bits);
        const struct source source = {.type = known[i].source, .std = 1 / known[i].largest};
        const struct theory_codebook theory = {
            .level = codebook->level, .threshold = codebook->threshold, .n = codebook->count};
        const double mse = theory_predict_codebook(&source, &theory).mse;
        const double decibels = 10 * log10(source.std * source.std / mse);
        assert_true(fabs(decibels - known[i].decibels) < 0.006);
        codebook_free(codebook);
    }
}

static void test_other_widths_are_refused(void **state)
{
    (void)state;
    for (int bits = -1; bits < 20; bits += bits == 2 ? 5 : 1) { /* all but 3 .. 6 */
        struct error error = {0};
        assert_null(codebook_apot.make(&codebook_apot, bits, NULL, &error));
        assert_true(error.code == ERROR_USAGE && strstr(error.text, "3 to 6 bits"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_six_bits),
        cmocka_unit_test(test_known_error),
        cmocka_unit_test(test_other_widths_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
