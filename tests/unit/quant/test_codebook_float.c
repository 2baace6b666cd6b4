/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "quant/codebook.h"

static const struct format {
    const struct codebook_type *type;
    int bits, exponent_bits, mantissa_bits;
    size_t levels;
    double smallest, smallest_normal, largest;
} formats[] = {
    {&codebook_fp4_e2m1, 4, 2, 1, 15, 0.5, 1, 6},
    {&codebook_fp6_e2m3, 6, 2, 3, 63, 0.125, 1, 7.5},
    {&codebook_fp6_e3m2, 6, 3, 2, 63, 0.0625, 0.25, 28},
    {&codebook_fp8_e4m3, 8, 4, 3, 253, 0x1p-9, 0x1p-6, 448},
    {&codebook_fp8_e5m2, 8, 5, 2, 247, 0x1p-16, 0x1p-14, 57344},
};

#define FORMATS (sizeof formats / sizeof *formats)

static struct codebook *make(const struct format *format)
{
    struct error error;
    struct codebook *codebook = format->type->make(format->type, format->bits, NULL, &error);
    assert_non_null(codebook);
    assert_int_equal(codebook->count, format->levels);
    return codebook;
}

/* What a code stands for, by the definition. */
static double decode(const struct format *format, int code)
{
    const int one = 1 << format->mantissa_bits, bias = (1 << (format->exponent_bits - 1)) - 1;
    const int magnitude = code & ((1 << (format->bits - 1)) - 1);
    const double fraction = (double)(magnitude % one) / one;
    const double sign = code == magnitude ? 1 : -1;
    if (magnitude < one)
        return sign * fraction * pow(2, 1 - bias);
    return sign * (1 + fraction) * pow(2, magnitude / one - bias);
}

/* Each finite code is a level, -0 and +0 one of them, and there are no others. */
static void test_all_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        const struct format *format = &formats[i];
        struct codebook *codebook = make(format);
        const size_t zero = codebook->count / 2;
        size_t finite = 0;
        for (int code = 0; code < 1 << format->bits; code++) {
            const double value = decode(format, code);
            if (fabs(value) > format->largest)
                continue; /* stands for an infinity or NaN */
            finite++;
            assert_true(codebook->level[codebook_nearest(codebook, value)] == value);
        }
        assert_int_equal(finite, codebook->count + 1);
        assert_true(codebook->level[zero] == 0 && !signbit(codebook->level[zero]));
        assert_true(codebook->level[zero + 1] == format->smallest);
        assert_true(codebook->level[zero + ((size_t)1 << format->mantissa_bits)] ==
                    format->smallest_normal);
        assert_true(codebook->level[codebook->count - 1] == format->largest);
        codebook_free(codebook);
    }
}

static void test_fp4_levels(void **state)
{
    (void)state;
    static const double magnitude[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
    struct codebook *codebook = make(&formats[0]);
    for (size_t i = 0; i < 8; i++)
        assert_true(codebook->level[7 + i] == magnitude[i] &&
                    codebook->level[7 - i] == -magnitude[i]);
    codebook_free(codebook);
}

static void test_ties_go_to_the_even_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        const struct format *format = &formats[i];
        struct codebook *codebook = make(format);
        for (int code = 0; code + 1 < (int)(format->levels + 1) / 2; code++) {
            const double a = decode(format, code), b = decode(format, code + 1);
            const double even = code % 2 ? b : a, tie = (a + b) / 2;
            assert_true(codebook->level[codebook_nearest(codebook, tie)] == even);
            assert_true(codebook->level[codebook_nearest(codebook, -tie)] == -even);
        }
        codebook_free(codebook);
    }
}

/* Decibels of Gaussian draws with the largest one at the largest level (FORMULAS §4.5). */
static void test_known_error(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    double *w = malloc(DRAWS * sizeof *w), *e = malloc(DRAWS * sizeof *e);
    double power = 0, most = 0;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < DRAWS; i++) {
        w[i] = gsl_ran_gaussian_ziggurat(rng, 0.02);
        power += w[i] * w[i];
        most = fmax(most, fabs(w[i]));
    }
    for (size_t i = 3; i < FORMATS; i++) {
        struct codebook *codebook = make(&formats[i]);
        double noise = 0;
        codebook_round(codebook, 0, most / formats[i].largest, w, DRAWS, e, NULL);
        for (size_t k = 0; k < DRAWS; k++)
            noise += e[k] * e[k];
        assert_true(fabs(10 * log10(power / noise) - (i == 3 ? 31.53 : 25.55)) < 0.1);
        codebook_free(codebook);
    }
    gsl_rng_free(rng);
    free(w);
    free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_codes),
        cmocka_unit_test(test_fp4_levels),
        cmocka_unit_test(test_ties_go_to_the_even_code),
        cmocka_unit_test(test_known_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
