/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "quant/codebook.h"

static struct codebook *make(int bits)
{
    struct error error;
    struct codebook *codebook = codebook_nf.make(&codebook_nf, bits, NULL, &error);
    assert_non_null(codebook);
    assert_int_equal(codebook->count, 1 << bits);
    return codebook;
}

/* As published, in single precision (FORMULAS §4.4). */
static void test_nf4(void **state)
{
    (void)state;
    static const double level[] = {
        -1,
        -0.6961928009986877,
        -0.5250730514526367,
        -0.39491748809814453,
        -0.28444138169288635,
        -0.18477343022823334,
        -0.09105003625154495,
        0,
        0.07958029955625534,
        0.16093020141124725,
        0.24611230194568634,
        0.33791524171829224,
        0.44070982933044434,
        0.5626170039176941,
        0.7229568362236023,
        1,
    };
    struct codebook *codebook = make(4);
    for (size_t i = 0; i < 16; i++)
        assert_true(codebook->level[i] == level[i]);
    codebook_free(codebook);
}

/* By scipy.stats.norm. */
static void test_two_and_three_bits(void **state)
{
    (void)state;
    static const double two[] = {-1, 0, 0.4358181645831158, 1}, three[] = {-1,
                                                                           -0.5350227084855379,
                                                                           -0.24693143181157517,
                                                                           0,
                                                                           0.18333748033548752,
                                                                           0.3819939543209138,
                                                                           0.6229857417143423,
                                                                           1};
    struct codebook *codebook = make(2);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(codebook->level[i] - two[i]) < 1e-13);
    codebook_free(codebook);
    codebook = make(3);
    for (size_t i = 0; i < 8; i++)
        assert_true(fabs(codebook->level[i] - three[i]) < 1e-13);
    codebook_free(codebook);
}

/* On each side the same share of a Gaussian lies between neighbours; NF4's is rounded. */
static void test_even_shares(void **state)
{
    (void)state;
    for (int bits = 2; bits <= 8; bits++) {
        struct codebook *codebook = make(bits);
        const size_t count = codebook->count, zero = count / 2 - 1;
        const double largest =
            gsl_cdf_ugaussian_Qinv((1 / ((double)count - 1) + 1 / (double)count) / 4);
        const double side = gsl_cdf_ugaussian_P(largest) - 0.5;
        assert_true(codebook->level[zero] == 0);
        for (size_t i = 0; i + 1 < count; i++) {
            const double share = gsl_cdf_ugaussian_P(largest * codebook->level[i + 1]) -
                                 gsl_cdf_ugaussian_P(largest * codebook->level[i]);
            assert_true(fabs(share * (double)(i < zero ? zero : zero + 1) / side - 1) <
                        (bits == 4 ? 1e-5 : 1e-10));
        }
        codebook_free(codebook);
    }
}

static void test_other_widths_are_refused(void **state)
{
    (void)state;
    static const int widths[] = {-1, 0, 1, 9, 16};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct error error = {0};
        assert_null(codebook_nf.make(&codebook_nf, widths[i], NULL, &error));
        assert_true(error.code == ERROR_USAGE && strstr(error.text, "2 to 8 bits"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nf4),
        cmocka_unit_test(test_two_and_three_bits),
        cmocka_unit_test(test_even_shares),
        cmocka_unit_test(test_other_widths_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
