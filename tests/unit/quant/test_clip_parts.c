/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "quant/clip_search.h"

#define WEIGHTS 150000

/* The symmetric grid of 4 bits up to *context. */
static void write_levels(const void *context, double factor, double level[])
{
    for (int i = -7; i <= 7; i++)
        level[i + 7] = *(const double *)context * factor * i / 7;
}

/* Heavy tails: the ratios of a simple sequence that fills an interval evenly. */
static double *make_weights(void)
{
    double *w = mem_alloc(WEIGHTS, sizeof *w);
    for (size_t i = 0; i < WEIGHTS; i++) {
        double even = fmod(0.6180339887498949 * (double)i, 1);
        w[i] = (even - 0.5) / (even * (1 - even) + 0.02);
    }
    w[7] = NAN;
    w[WEIGHTS - 1] = INFINITY;
    return w;
}

static struct clip_sample *make_in_parts(struct clip_sample *old, const double w[], size_t n,
                                         size_t part)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i])) {
            least = fmin(least, w[i]);
            most = fmax(most, w[i]);
        }
    struct clip_sample *sample = clip_sample_begin(old, least, most);
    for (size_t i = 0; i < n; i += part)
        clip_sample_add(sample, w + i, n - i < part ? n - i : part);
    clip_sample_end(sample);
    return sample;
}

/* A sample that was given in parts is the one that was made of the whole. */
static void test_parts_make_the_whole(void **state)
{
    (void)state;
    const double largest = 30;
    const struct clip_grids grids = {15, write_levels, &largest};
    double *w = make_weights();
    struct clip_sample *whole = clip_sample_make(NULL, w, WEIGHTS), *parts = NULL;
    static const size_t sizes[] = {WEIGHTS, 65536, 1000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        parts = make_in_parts(parts, w, WEIGHTS, sizes[i]);
        for (double factor = 1; factor > 0.01; factor *= 0.7) {
            struct clip_error a = clip_sample_error(whole, &grids, factor);
            struct clip_error b = clip_sample_error(parts, &grids, factor);
            assert_true(a.granular == b.granular && a.overload == b.overload);
        }
        assert_true(clip_search_mse(whole, &grids) == clip_search_mse(parts, &grids));
        assert_true(clip_search_lp(whole, &grids, 3) == clip_search_lp(parts, &grids, 3));
    }
    clip_sample_free(whole);
    clip_sample_free(parts);
    mem_free(w);
}

/* Bins of few weights are near enough to the weights themselves. */
static void test_few_weights_in_parts(void **state)
{
    (void)state;
    const double largest = 25;
    const struct clip_grids grids = {15, write_levels, &largest};
    double *w = make_weights();
    struct clip_sample *sorted = clip_sample_make(NULL, w, 3000);
    struct clip_sample *parts = make_in_parts(NULL, w, 3000, 1024);
    for (double factor = 1; factor > 0.1; factor *= 0.9) {
        double exact = clip_sample_error(sorted, &grids, factor).mse;
        double error = clip_sample_error(parts, &grids, factor).mse;
        assert_true(fabs(error - exact) < 1e-3 * exact);
    }
    clip_sample_free(sorted);
    clip_sample_free(parts);
    mem_free(w);
}

/* All alike, zeros among them, in the memory of an earlier sample. */
static void test_constant_weights_in_parts(void **state)
{
    (void)state;
    static const double values[] = {0.75, -3, 0};
    double w[100];
    struct clip_sample *sample = NULL;
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < 100; i++)
            w[i] = i == 50 ? (double)NAN : values[k];
        const double largest = fabs(values[k]);
        const struct clip_grids grids = {15, write_levels, &largest};
        sample = make_in_parts(sample, w, 100, 30);
        double factor = clip_search_mse(sample, &grids);
        assert_true(clip_sample_error(sample, &grids, factor).mse <= 1e-14 * largest * largest);
    }
    clip_sample_free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_make_the_whole),
        cmocka_unit_test(test_few_weights_in_parts),
        cmocka_unit_test(test_constant_weights_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
