/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

#include "linear/max_alignment.h"

static double sum_squares(const struct layer_world *world, size_t i, size_t j)
{
    double sum = 0;
    for (size_t row = 0; row < WORLD_Q; row++)
        sum += (double)world->q[row * WORLD_D + i] * (double)world->q[row * WORLD_D + j];
    for (size_t row = 0; row < WORLD_K; row++)
        sum += (double)world->k[row * WORLD_D + i] * (double)world->k[row * WORLD_D + j];
    return sum;
}

/* The sum over both members, in blocks as the transform needs them. */
static void test_sums(void **state)
{
    (void)state;
    static const struct {
        const char *transform;
        size_t block;
    } cases[] = {{"none", 1},
                 {"align:1", 1},
                 {"align:5", 5},
                 {"align", 24},
                 {"hadamard:8+align:4", 8},
                 {"random+align:4", 24}};
    struct layer_world *world = world_new();
    world_open(world, "samples");
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct error error = {0};
        const struct layer_group *group = world_group(world, WORLD_KEY, cases[c].transform, &error);
        assert_non_null(group);
        assert_int_equal(group->count, 2);
        assert_int_equal(group->columns, WORLD_D);
        assert_int_equal(group->w.block, cases[c].block);
        for (size_t i = 0; i < WORLD_D; i++)
            for (size_t j = 0; j < WORLD_D; j++)
                if (i / cases[c].block == j / cases[c].block)
                    assert_true(fabs(moment_at(&group->w, i, j) - sum_squares(world, i, j)) <
                                1e-10);
        part_unref(&group->part);
    }
    world_free(world);
}

/* The largest magnitudes of both; weights that are not finite count as 0, and are counted. */
static void test_maxima_and_nonfinite(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    world->q[3] = -50;
    world->k[WORLD_D + 4] = 60;
    world->q[69 * WORLD_D + 6] = INFINITY;
    world->q[2 * WORLD_D + 6] = NAN;
    world_open(world, "nothing");
    const struct layer_group *group = world_group(world, WORLD_QUERY, "none", &error);
    assert_non_null(group);
    assert_true(group->maxima[3] == 50 && group->maxima[4] == 60);
    assert_true(isfinite(group->maxima[6]));
    assert_int_equal(group->member[0].nonfinite, 2);
    assert_int_equal(group->member[1].nonfinite, 0);
    double row[WORLD_D];
    assert_true(layer_read_rows(group, 0, 69, 1, row, &error));
    assert_true(row[6] == 0 && row[7] == (double)world->q[69 * WORLD_D + 7]);
    part_unref(&group->part);
    world_free(world);
}

/* Each member's own largest alignment, whatever the transform needs. */
static void test_max_alignment(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    world_open(world, "samples");
    const struct layer_group *group = world_group(world, WORLD_QUERY, "align:4", &error);
    assert_non_null(group);
    static double x[WORLD_D * WORLD_D], w[WORLD_D * WORLD_D];
    for (size_t i = 0; i < WORLD_D; i++)
        for (size_t j = 0; j < WORLD_D; j++) {
            x[i * WORLD_D + j] = w[i * WORLD_D + j] = 0;
            for (size_t t = 0; t < WORLD_TOKENS; t++)
                x[i * WORLD_D + j] +=
                    (double)world->x[t * WORLD_D + i] * (double)world->x[t * WORLD_D + j];
            for (size_t r = 0; r < WORLD_K; r++)
                w[i * WORLD_D + j] +=
                    (double)world->k[r * WORLD_D + i] * (double)world->k[r * WORLD_D + j];
        }
    assert_true(fabs(group->member[1].max_alignment / max_alignment(x, w, WORLD_D) - 1) < 1e-9);
    part_unref(&group->part);
    world_free(world);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct watch watch = {0};
    world_open(world, "samples");
    struct layer_list list = layer_index_group(&world->index, WORLD_QUERY);
    const struct layer_group_request request = {
        .tensors = list.tensor, .count = list.count, .match = list.match};
    atomic_store(&watch.cancel, true);
    assert_null(layer_group_compute(&request, &watch, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    layer_list_done(&list);
    world_free(world);
}

/* A file of a few megabytes may have rows that no memory holds a block of. */
static void test_too_wide(void **state)
{
    (void)state;
    struct error error = {0};
    struct layer_world *world = world_new();
    world_open(world, "nothing");
    struct tensor wide = world->model->tensors[WORLD_QUERY];
    const struct tensor *tensors[] = {&wide};
    const struct layer_group_request request = {.tensors = tensors, .count = 1};
    struct watch watch = {0};
    uint64_t dims[] = {1, LAYER_COLUMNS_MOST};
    wide.dims = dims;
    wide.elements = dims[1];
    assert_true(layer_group_check(&wide, request.view, &error));
    wide.elements = dims[1] = (uint64_t)1 << 31;
    assert_null(layer_group_compute(&request, &watch, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.text, "has 2147483648 columns"));
    assert_true(layer_rows_at_once(4096) == 32 && layer_rows_at_once(LAYER_COLUMNS_MOST) == 8);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),          cmocka_unit_test(test_maxima_and_nonfinite),
        cmocka_unit_test(test_max_alignment), cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_too_wide),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
