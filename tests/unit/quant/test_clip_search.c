/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include "../reference.h"
#include "base/mem.h"
#include "clip_grid.h"

/* 2^bits levels from about least to about most, 0 one of them. */
static void make_asymmetric(struct grid *grid, int bits, double least, double most)
{
    const double step = (fmax(most, 0) - fmin(least, 0)) / ((1 << bits) - 1);
    const double zero = rint(-fmin(least, 0) / step);
    grid->n = 0;
    for (int i = 0; i < 1 << bits; i++)
        grid->level[grid->n++] = (i - zero) * step;
}

static void make_of(struct grid *grid, const double magnitude[], size_t n, double clip)
{
    grid->n = 0;
    for (size_t i = n; i-- > 0;)
        grid->level[grid->n++] = -magnitude[i] * clip / magnitude[n - 1];
    for (size_t i = 0; i < n; i++)
        if (magnitude[i] > 0)
            grid->level[grid->n++] = magnitude[i] * clip / magnitude[n - 1];
}

/* The least sum of e^2 over all factors.  A value goes to other levels at the quotients of it and
 * the thresholds; between two of them the error is a parabola. */
static double least_squares(const struct grid *grid, const double w[], size_t n)
{
    double *cut = mem_alloc(n * grid->n + 1, sizeof *cut), best = INFINITY;
    size_t cuts = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k + 1 < grid->n; k++)
            if (w[i] / middle(grid, k) > 0.01 && w[i] / middle(grid, k) < 1)
                cut[cuts++] = w[i] / middle(grid, k);
    cut[cuts++] = 1;
    gsl_sort(cut, 1, cuts);
    for (size_t c = 0; c < cuts; c++) {
        const double inside = c == 0 ? cut[0] / 2 : (cut[c - 1] + cut[c]) / 2;
        double product = 0, square = 0;
        for (size_t i = 0; i < n; i++) {
            const double level = nearest(grid, w[i] / inside);
            product += w[i] * level;
            square += level * level;
        }
        const double factor = square > 0 ? fmin(product / square, 1) : 1;
        best = fmin(best, true_error(grid, w, n, factor > 0 ? factor : 1, 2));
    }
    mem_free(cut);
    return best;
}

static double least_of_many(const struct grid *grid, const double w[], size_t n, double p,
                            int factors)
{
    double best = INFINITY;
    for (int i = 0; i < factors; i++)
        best = fmin(best, true_error(grid, w, n, exp(log(0.05) * i / factors), p));
    return best;
}

static double least_of(const double w[], size_t n)
{
    double least = w[0];
    for (size_t i = 1; i < n; i++)
        least = fmin(least, w[i]);
    return least;
}

static void check(const struct grid *grid, const double w[], size_t n, double p, double least)
{
    static const struct grid zero = {.n = 1};
    const struct clip_grids grids = grids_of(grid);
    struct clip_sample *sample = clip_sample_make(NULL, w, n);
    const double factor =
        p == 2 ? clip_search_mse(sample, &grids) : clip_search_lp(sample, &grids, p);
    const double found = true_error(grid, w, n, factor, p);
    assert_true(factor > 0 && factor <= 1);
    if (!(found <= least * 1.001 + 1e-30 * true_error(&zero, w, n, 1, p)))
        fail_msg("%zu weights, %zu levels, p %g: %.9g at factor %.6f, not %.9g", n, grid->n, p,
                 found, factor, least);
    clip_sample_free(sample);
}

/* Short rows, whose error has many deep valleys, against the global minimum. */
static void test_squares_of_short_rows(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 5, 9, 16, 27, 64};
    static const double e2m1[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6}, mid_rise[] = {1, 3, 5, 7};
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double w[64];
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
        for (int turn = 0; turn < 12; turn++) {
            const size_t n = lengths[k];
            const double most = draw(rng, turn % 3, w, n);
            for (int bits = 2; bits <= (n < 20 ? 6 : 4); bits++) {
                make_symmetric(grid, bits, most);
                check(grid, w, n, 2, least_squares(grid, w, n));
            }
            make_of(grid, e2m1, 8, most);
            check(grid, w, n, 2, least_squares(grid, w, n));
            make_of(grid, mid_rise, 4, most);
            check(grid, w, n, 2, least_squares(grid, w, n));
            make_asymmetric(grid, 4, least_of(w, n), most);
            check(grid, w, n, 2, least_squares(grid, w, n));
        }
    gsl_rng_free(rng);
    mem_free(grid);
}

static void test_squares_of_long_rows(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        int bits, factors;
    } rows[] = {{300, 4, 3000}, {300, 8, 6000}, {1500, 3, 800}, {5000, 4, 500}, {11008, 2, 200}};
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double w[11008];
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (int kind = 0; kind < 3; kind++) {
            make_symmetric(grid, rows[k].bits, draw(rng, kind, w, rows[k].n));
            check(grid, w, rows[k].n, 2, least_of_many(grid, w, rows[k].n, 2, rows[k].factors));
        }
    gsl_rng_free(rng);
    mem_free(grid);
}

/* Values by themselves and in groups. */
static void test_powers(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        int bits, factors;
        double p;
    } rows[] = {{1, 3, 10, 2.4},     {9, 4, 5000, 2.4},  {64, 4, 3000, 2.4}, {27, 8, 20000, 1},
                {27, 4, 5000, 8},    {300, 4, 600, 2.4}, {300, 3, 600, 2},   {2500, 4, 150, 2.4},
                {5000, 4, 100, 1.2}, {5000, 3, 100, 7}};
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double w[5000];
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (int kind = 0; kind < 3; kind++) {
            const size_t n = rows[k].n;
            make_symmetric(grid, rows[k].bits, draw(rng, kind, w, n));
            const struct clip_grids grids = grids_of(grid);
            const double p = rows[k].p, least = least_of_many(grid, w, n, p, rows[k].factors);
            struct clip_sample *sample = clip_sample_make(NULL, w, n);
            const double found = true_error(grid, w, n, clip_search_lp(sample, &grids, p), p);
            assert_true(found <= least * 1.001 + 1e-28);
            clip_sample_free(sample);
        }
    gsl_rng_free(rng);
    mem_free(grid);
}

/* Large samples are counted in bins; the best clip for a source's quantiles is the source's. */
static void test_against_theory(void **state)
{
    (void)state;
    enum { N = 1 << 20 };
    struct grid *grid = mem_alloc(1, sizeof *grid);
    double *w = mem_alloc(N, sizeof *w);
    struct clip_sample *sample = NULL;
    char *line = NULL, *column[REFERENCE_COLUMNS];
    FILE *file = reference_open("uniform_clip.tsv");
    int rows = 0, kind = -1;
    while (reference_read(file, &line, column)) {
        const bool laplace = strcmp(column[0], "laplace") == 0;
        const double clip = strtod(column[2], NULL), mse = strtod(column[3], NULL);
        if (kind != laplace) {
            kind = laplace;
            for (size_t i = 0; i < N; i++) {
                const double share = ((double)i + 0.5) / N;
                w[i] = laplace ? gsl_cdf_laplace_Pinv(share, M_SQRT1_2)
                               : gsl_cdf_ugaussian_Pinv(share);
            }
            sample = clip_sample_make(sample, w, N);
        }
        make_symmetric(grid, atoi(column[1]), 12);
        const struct clip_grids grids = grids_of(grid);
        const double factor = clip_search_mse(sample, &grids);
        const struct clip_error error = clip_sample_error(sample, &grids, factor);
        assert_true(fabs(12 * factor / clip - 1) < 2e-3);
        /* The quantiles end where tails still count a little at many bits. */
        assert_true(fabs(error.mse / mse - 1) < (atoi(column[1]) <= 5 ? 1e-3 : 0.015));
        const double direct = true_error(grid, w, N, factor, 2) / N;
        assert_true(fabs(error.mse / direct - 1) < 1e-4);
        rows++;
    }
    assert_int_equal(rows, 14);
    clip_sample_free(sample);
    mem_free(w);
    mem_free(grid);
}

/* With p = 2 the sum of powers has the minimum of the squares, in bins too. */
static void test_powers_of_bins(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct grid *grid = mem_alloc(1, sizeof *grid);
    double *w = mem_alloc(N, sizeof *w);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int kind = 0; kind < 3; kind++) {
        const double most = draw(rng, kind, w, N);
        struct clip_sample *sample = clip_sample_make(NULL, w, N);
        for (int bits = 3; bits <= 9; bits += 3) {
            make_symmetric(grid, bits, most);
            const struct clip_grids grids = grids_of(grid);
            const double squares = true_error(grid, w, N, clip_search_mse(sample, &grids), 2);
            const double powers = true_error(grid, w, N, clip_search_lp(sample, &grids, 2), 2);
            assert_true(fabs(powers / squares - 1) < 1e-3);
        }
        clip_sample_free(sample);
    }
    gsl_rng_free(rng);
    mem_free(w);
    mem_free(grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_squares_of_short_rows),
        cmocka_unit_test(test_squares_of_long_rows),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_against_theory),
        cmocka_unit_test(test_powers_of_bins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
