/* SPDX-License-Identifier: MIT */
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

#include "quant/block_format.h"
#include "quant/codebook.h"

/* What n weights of one block become; outer as the format wants it for them. */
static void store(const struct block_format *format, const double w[], size_t n, double out[])
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(w[i]));
    format->round(format, w, n, format->outer ? format->outer(most) : 1, out);
}

static void expect(const struct block_format *format, size_t n, const double w[],
                   const double expected[])
{
    double out[BLOCK_FORMAT_MOST];
    store(format, w, n, out);
    for (size_t i = 0; i < n; i++)
        if (!(out[i] == expected[i]))
            fail_msg("%s: %.17g becomes %.17g, not %.17g", format->name, w[i], out[i], expected[i]);
}

/* Scales included: 8 bits of MX and NVFP4, 16 of ggml's, and 16 of a minimum. */
static void test_table(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned block, scale_bits;
    } rows[] = {
        {"mxfp4", 32, 8}, {"mxfp6", 32, 8}, {"mxfp8", 32, 8}, {"mxint8", 32, 8}, {"nvfp4", 16, 8},
        {"q4_0", 32, 16}, {"q4_1", 32, 32}, {"q5_0", 32, 16}, {"q5_1", 32, 32},  {"q8_0", 32, 16},
    };
    assert_int_equal(block_format_count, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < block_format_count; i++) {
        const struct block_format *format = block_format_find(rows[i].name);
        assert_ptr_equal(format, block_formats[i]);
        assert_int_equal(format->block, rows[i].block);
        assert_true(format->bits_per_weight ==
                    format->element_bits + (double)rows[i].scale_bits / rows[i].block);
    }
    assert_null(block_format_find("q4"));
    assert_null(block_format_find(""));
}

/* At scale 1 an MX element is a number of the small format: all of them, and rounding between them,
 * as the codebooks have it. */
static void test_elements(void **state)
{
    (void)state;
    static const struct {
        const struct block_format *format;
        const struct codebook_type *type;
    } rows[] = {
        {&block_format_mxfp4, &codebook_fp4_e2m1},
        {&block_format_mxfp6, &codebook_fp6_e2m3},
        {&block_format_mxfp8, &codebook_fp8_e4m3},
        {&block_format_nvfp4, &codebook_fp4_e2m1},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct codebook *codebook =
            rows[k].type->make(rows[k].type, rows[k].type->bits_least, NULL, NULL);
        const double most = codebook->level[codebook->count - 1];
        for (size_t i = 0; i + 1 < codebook->count; i++) {
            const double low = codebook->level[i], high = codebook->level[i + 1];
            for (int part = 0; part <= 8; part++) {
                const double x = low + (high - low) * part / 8;
                double w[2] = {most, x}, out[2];
                rows[k].format->round(rows[k].format, w, 2, 1, out);
                assert_true(out[0] == most);
                assert_true(out[1] == codebook->level[codebook_nearest(codebook, x)]);
            }
        }
        codebook_free(codebook);
    }
}

/* All codes of the fixed-point formats come back. */
static void test_codes(void **state)
{
    (void)state;
    static const struct {
        const struct block_format *format;
        int least, most;
        double step, extreme, other; /* extreme and other settle the scale */
    } rows[] = {
        {&block_format_mxint8, -127, 127, 1 / 64.0, 127 / 64.0, 0},
        {&block_format_q4_0, -8, 7, 0.25, -2, 0},
        {&block_format_q4_1, -3, 12, 0.5, -1.5, 6},
        {&block_format_q5_0, -16, 15, 0.25, -4, 0},
        {&block_format_q5_1, -10, 21, 0.5, -5, 10.5},
        {&block_format_q8_0, -127, 127, 0.5, 63.5, 0},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (int code = rows[k].least; code <= rows[k].most; code++) {
            const double w[] = {rows[k].extreme, rows[k].other, code * rows[k].step};
            expect(rows[k].format, 3, w, w);
        }
}

/* By hand.  MXFP4: 7 is in the highest binade of E2M1 and saturates; ties go to even codes. */
static void test_mx_by_hand(void **state)
{
    (void)state;
    expect(&block_format_mxfp4, 10,
           (const double[]){7, -2.5, 3.5, 5, 0.25, 0.75, 1.25, -1.75, 0.26, 1e-30},
           (const double[]){6, -2, 4, 4, 0, 1, 1, -2, 0.5, 0});
    expect(&block_format_mxfp4, 3, (const double[]){0.07, 0.02, -0.001}, /* scale 2^-6 */
           (const double[]){0.0625, 0.0234375, 0});
    expect(&block_format_mxfp6, 4, (const double[]){7.9, 0.0625, 0.1875, -7.25},
           (const double[]){7.5, 0, 0.25, -7});
    expect(&block_format_mxfp8, 4, (const double[]){500, 0x1p-10, 0x3p-10, 17},
           (const double[]){448, 0, 0x1p-8, 16});
    expect(&block_format_mxint8, 5, (const double[]){1.999, 0.5 / 64, 1.5 / 64, -2.5 / 64, -1.999},
           (const double[]){127 / 64.0, 0, 2 / 64.0, -2 / 64.0, -127 / 64.0});
}

/* NVFP4 under a tensor scale of 1: the block's is its largest sixth in E4M3. */
static void test_nvfp4_by_hand(void **state)
{
    (void)state;
    static const double w[] = {6.375, 2.6, -0.2}; /* a sixth is 1.0625, a tie */
    double out[3];
    assert_true(block_format_nvfp4.outer(2688) == 1);
    block_format_nvfp4.round(&block_format_nvfp4, w, 3, 1, out);
    assert_true(out[0] == 6 && out[1] == 3 && out[2] == 0);
    static const double larger[] = {6.7, 2.6, -0.3}; /* 1.1167: 1.125 */
    block_format_nvfp4.round(&block_format_nvfp4, larger, 3, 1, out);
    assert_true(out[0] == 6.75 && out[1] == 2.25 && out[2] == -0.5625);
    static const double faint[] = {0.005, -0.001, 0}; /* below half the least scale, 2^-9 */
    block_format_nvfp4.round(&block_format_nvfp4, faint, 3, 1, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 0);
    assert_true(block_format_nvfp4.outer(1) == (double)(float)(1 / 2688.0));
    assert_true(block_format_nvfp4.outer(1e308) == (double)FLT_MAX);
}

static void test_ggml_by_hand(void **state)
{
    (void)state;
    /* The extreme gets code 0; what would be code 16 is 15. */
    expect(&block_format_q4_0, 6, (const double[]){-8, 7.6, 0.4, 0.5, -0.5, -0.51},
           (const double[]){-8, 7, 0, 1, 0, -1});
    expect(&block_format_q4_0, 3, (const double[]){8, -8, -0.5}, (const double[]){8, -7, -1});
    expect(&block_format_q4_0, 3, (const double[]){-8, 8, -0.5}, (const double[]){-8, 7, 0});
    expect(&block_format_q5_0, 3, (const double[]){-16, 16, 0.5}, (const double[]){-16, 15, 1});
    expect(&block_format_q4_1, 4, (const double[]){-1, 14, 0.5, 0.49},
           (const double[]){-1, 14, 1, 0});
    expect(&block_format_q5_1, 4, (const double[]){100, 131, 100.5, 130.4},
           (const double[]){100, 131, 101, 130});
    expect(&block_format_q8_0, 5, (const double[]){127, 0.5, -0.5, 2.5, -126.4},
           (const double[]){127, 1, -1, 3, -126});
    /* The scale is stored in half precision, ties to even, but codes are formed before. */
    const double fine = 1 + 0x1p-11;
    expect(&block_format_q8_0, 2, (const double[]){127 * fine, 63.501}, (const double[]){127, 63});
}

/* Zeros, one value, a constant block: those that a format can hold stay what they are. */
static void test_small_blocks(void **state)
{
    (void)state;
    static const double zeros[BLOCK_FORMAT_MOST] = {0};
    for (size_t k = 0; k < block_format_count; k++) {
        const struct block_format *format = block_formats[k];
        double constant[BLOCK_FORMAT_MOST];
        expect(format, format->block, zeros, zeros);
        expect(format, 1, zeros, zeros);
        if (format->outer) /* its rounding to single precision shows */
            continue;
        for (size_t i = 0; i < format->block; i++)
            constant[i] = format == &block_format_q8_0 ? -127 : -1;
        expect(format, 1, constant, constant);
        expect(format, format->block, constant, constant);
    }
    expect(&block_format_nvfp4, 2, (const double[]){-2688, -2688}, (const double[]){-2688, -2688});
    /* Scales are rounded, so one positive value need not come back. */
    const double third = (double)(float)(1.0 / 3), half_minimum = 1365 * 0x1p-12;
    expect(&block_format_q4_1, 1, &third, &half_minimum);
    expect(&block_format_q8_0, 1, &third, (const double[]){127 * 1376 * 0x1p-19});
}

/* A block is rounded as if the others were not there, the last one shorter. */
static void test_runs(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    enum { N = 3 * BLOCK_FORMAT_MOST + 5 };
    double w[N], e[N], out[BLOCK_FORMAT_MOST];
    for (size_t i = 0; i < N; i++)
        w[i] = gsl_ran_gaussian(rng, exp((double)(i / 16)));
    for (size_t k = 0; k < block_format_count; k++) {
        const struct block_format *format = block_formats[k];
        block_format_round(format, w, N, 0.125, e);
        for (size_t i = 0; i < N; i += format->block) {
            const size_t n = N - i < format->block ? N - i : format->block;
            format->round(format, w + i, n, 0.125, out);
            for (size_t j = 0; j < n; j++)
                assert_true(e[i + j] == out[j] - w[i + j]);
        }
        block_format_round(format, w, 0, 1, e);
    }
    gsl_rng_free(rng);
}

/* Far below what scales reach: ggml's half precision ends at 2^-25, E8M0 at 2^-127. */
static void test_denormal(void **state)
{
    (void)state;
    static const double zeros[3] = {0}, faint[] = {1e-310, -5e-324, 3e-312};
    for (size_t k = 0; k < block_format_count; k++)
        expect(block_formats[k], 3, faint, zeros);
    expect(&block_format_mxfp4, 2, (const double[]){0x1p-126, 0x1.4p-128},
           (const double[]){0x1p-126, 0x1p-128});
    expect(&block_format_q8_0, 2, (const double[]){127 * 0x1p-24, 0x1p-24},
           (const double[]){127 * 0x1p-24, 0x1p-24});
    expect(&block_format_q8_0, 2, (const double[]){127 * 0x1p-26, 0x1p-26}, zeros);
    expect(&block_format_q4_0, 2, (const double[]){1e-40, -1e-42}, zeros);
    /* The minimum is left when the scale is lost. */
    expect(&block_format_q4_1, 2, (const double[]){0x1p-20, 0x1p-20 + 0x1p-30},
           (const double[]){0x1p-20, 0x1p-20});
}

/* MX and NVFP4 saturate; ggml's scales become infinite. */
static void test_huge(void **state)
{
    (void)state;
    static const double huge[] = {1e38, -1e38, 0, 1};
    double out[4];
    for (size_t k = 0; k < 5; k++) {
        store(block_formats[k], huge, 4, out);
        assert_true(fabs(out[0] / 1e38 - 1) < 0.2 && out[1] == -out[0]);
        assert_true(out[2] == 0 && fabs(out[3]) < 1e36);
        const double beyond[] = {1e308, -1};
        store(block_formats[k], beyond, 2, out);
        assert_true(isfinite(out[0]) && out[0] > 1e38 && out[1] == 0);
    }
    store(&block_format_q8_0, huge, 4, out);
    assert_true(out[0] == INFINITY && out[1] == -INFINITY && isnan(out[2]) && isnan(out[3]));
    store(&block_format_q4_0, huge, 4, out);
    assert_true(out[0] == INFINITY && out[1] == -INFINITY && isnan(out[2]));
    store(&block_format_q4_1, huge, 4, out);
    assert_true(isnan(out[0]) && isnan(out[1]));
    store(&block_format_q5_1, (const double[]){3e38, -3e38, 1e308}, 3, out);
    assert_true(isnan(out[0]) && isnan(out[1]) && isnan(out[2]));
    /* The last scale that is not. */
    expect(&block_format_q8_0, 1, (const double[]){127 * 65504.0}, (const double[]){127 * 65504.0});
    store(&block_format_q8_0, (const double[]){127 * 65520.0}, 1, out);
    assert_true(out[0] == INFINITY);
}

static void test_not_finite(void **state)
{
    (void)state;
    static const double w[] = {NAN, 1, -INFINITY, 0.5, INFINITY, -0.25};
    static const double without[] = {0, 1, 0, 0.5, 0, -0.25};
    for (size_t k = 0; k < block_format_count; k++) {
        double e[6], expected[6];
        block_format_round(block_formats[k], w, 6, 1 / 2688.0, e);
        block_format_round(block_formats[k], without, 6, 1 / 2688.0, expected);
        for (size_t i = 0; i < 6; i++)
            assert_true(isfinite(w[i]) ? e[i] == expected[i] : isnan(e[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),         cmocka_unit_test(test_elements),
        cmocka_unit_test(test_codes),         cmocka_unit_test(test_mx_by_hand),
        cmocka_unit_test(test_nvfp4_by_hand), cmocka_unit_test(test_ggml_by_hand),
        cmocka_unit_test(test_small_blocks),  cmocka_unit_test(test_runs),
        cmocka_unit_test(test_denormal),      cmocka_unit_test(test_huge),
        cmocka_unit_test(test_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
