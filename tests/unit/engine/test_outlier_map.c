/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/outlier_map.h"
#include "weights.h"

#define LIMIT 3.0

static const struct outlier_map *map_of(const struct weights *weights, struct outlier_region region,
                                        unsigned threads)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    const struct outlier_map *map =
        outlier_map_compute(&stage.stage, profile, LIMIT, &region, NULL);
    assert_non_null(map);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return map;
}

/* Every block against its elements one by one. */
static void check(const struct weights *weights, const struct outlier_map *map, double mean,
                  double std)
{
    const struct outlier_region *region = &map->region;
    uint64_t *row_outliers = calloc(map->rows, sizeof *row_outliers);
    uint64_t *column_outliers = calloc(map->columns, sizeof *column_outliers);
    float *most = calloc(map->rows * map->columns, sizeof *most);
    for (uint64_t i = 0; i < region->rows; i++)
        for (uint64_t k = 0; k < region->columns; k++) {
            double w = weights->x[(region->row + i) * weights->length + region->column + k];
            size_t row = 0, column = 0;
            while (row + 1 < map->rows && (row + 1) * region->rows / map->rows <= i)
                row++;
            while (column + 1 < map->columns && (column + 1) * region->columns / map->columns <= k)
                column++;
            double sigmas = fabs(w - mean) / std;
            float *block = &most[row * map->columns + column];
            *block = isfinite(w) ? fmaxf(*block, (float)sigmas) : INFINITY;
            row_outliers[row] += isfinite(w) && sigmas > LIMIT;
            column_outliers[column] += isfinite(w) && sigmas > LIMIT;
        }
    for (size_t i = 0; i < map->rows * map->columns; i++)
        weights_assert_near(map->most[i], most[i], 1e-6, 1e-6);
    assert_memory_equal(map->row_outliers, row_outliers, map->rows * sizeof *row_outliers);
    assert_memory_equal(map->column_outliers, column_outliers,
                        map->columns * sizeof *column_outliers);
    free(most);
    free(row_outliers);
    free(column_outliers);
}

static void check_region(const struct weights *weights, struct outlier_region region)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, 1);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    double mean = moments_mean(&profile->total), std = moments_std(&profile->total);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        const struct outlier_map *map = map_of(weights, region, threads);
        check(weights, map, mean, std);
        part_unref(&map->part);
    }
}

static void test_blocks(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = { { 1, 1 }, { 5, 7 }, { 300, 40 }, { 7, 1030 },
                                          { 257, 513 } };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t n = (size_t)(shapes[i][0] * shapes[i][1]);
        double *x = weights_gaussian(n, 0.2, 0.1, i + 1);
        x[n / 2] = n > 1 ? NAN : x[0];
        struct weights weights = weights_make("F64", 2, shapes[i], x);
        if (n > 1)
            check_region(&weights, (struct outlier_region){ 0 });
        check_region(&weights, (struct outlier_region){ .row = shapes[i][0] / 2, .rows = 1,
                                                        .column = shapes[i][1] / 3, .columns = 2 });
        weights_free(&weights);
        free(x);
    }
}

/* Rows that are read in several parts, of which the region needs some. */
static void test_long_rows(void **state)
{
    (void)state;
    const uint64_t dims[] = { 2, 140000 };
    double *x = weights_gaussian(280000, 0, 1, 9);
    struct weights weights = weights_make("F64", 2, dims, x);
    check_region(&weights, (struct outlier_region){ 0 });
    check_region(&weights, (struct outlier_region){ 1, 1, 65530, 12 });
    check_region(&weights, (struct outlier_region){ 0, 2, 131072, 8928 });
    weights_free(&weights);
    free(x);
}

static void test_single_elements(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(1000, 2000, 0, 1);
    const struct outlier_map *map =
        map_of(&weights, (struct outlier_region){ 500, 20, 1900, 60 }, 2);
    assert_int_equal(map->rows, 20);
    assert_int_equal(map->columns, 60);
    part_unref(&map->part);
    weights_free(&weights);
}

static void test_regions_are_kept_within(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(10, 20, 0, 1);
    struct weights_stage stage;
    weights_stage_begin(&stage, &weights, 1);
    static const struct outlier_region wanted[][2] = {
        { { 0, 0, 0, 0 }, { 0, 10, 0, 20 } },   { { 3, 2, 4, 5 }, { 3, 2, 4, 5 } },
        { { 9, 4, 18, 5 }, { 6, 4, 15, 5 } },   { { 3, 99, 30, 21 }, { 0, 10, 0, 20 } },
        { { 99, 1, UINT64_MAX, 1 }, { 9, 1, 19, 1 } },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct outlier_region within = outlier_region_within(&wanted[i][0], &stage.rows);
        assert_true(outlier_region_equal(&within, &wanted[i][1]));
    }
    /* A single row stands where the tensor has it. */
    stage.rows.first = 4;
    stage.rows.channels = 1;
    struct outlier_region within = outlier_region_within(&(struct outlier_region){ 0 }, &stage.rows);
    assert_true(outlier_region_equal(&within, &(struct outlier_region){ 4, 1, 0, 20 }));
    weights_stage_end(&stage);
    weights_free(&weights);
}

/* Without spread nothing is far from the mean; without elements there are no blocks. */
static void test_flat(void **state)
{
    (void)state;
    const double x[] = { 2, 2, 2, NAN };
    struct weights weights = weights_make("F32", 2, (const uint64_t[]){ 2, 2 }, x);
    const struct outlier_map *map = map_of(&weights, (struct outlier_region){ 0 }, 1);
    assert_true(map->most[0] == 0 && map->most[1] == 0 && map->most[2] == 0);
    assert_true(isinf(map->most[3]));
    part_unref(&map->part);
    weights_free(&weights);
    weights = weights_make("F32", 2, (const uint64_t[]){ 3, 0 }, x);
    map = map_of(&weights, (struct outlier_region){ 0 }, 1);
    assert_int_equal(map->rows * map->columns, 0);
    part_unref(&map->part);
    weights_free(&weights);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(3, 100, 0, 1);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    weights_stage_begin(&stage, &weights, 2);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    atomic_store(&stage.watch.cancel, true);
    assert_null(outlier_map_compute(&stage.stage, profile, LIMIT, &(struct outlier_region){ 0 },
                                    &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_single_elements),
        cmocka_unit_test(test_regions_are_kept_within),
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
