/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

static const struct layer_inputs *read_inputs(const struct layer_world *world, size_t block)
{
    struct error error = {0};
    struct layer_list list = layer_index_group(&world->index, WORLD_QUERY);
    const struct layer_inputs *inputs = layer_inputs_read(list.match, WORLD_D, block, &error);
    if (!inputs)
        fail_msg("%s", error.text);
    layer_list_done(&list);
    return inputs;
}

/* Samples in blocks as asked for; the moment's own shape otherwise. */
static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        enum activation_kind kind;
        size_t asked, block;
        bool whole;
    } kinds[] = {
        {"samples", ACTIVATION_SAMPLES, WORLD_D, WORLD_D, true},
        {"samples", ACTIVATION_SAMPLES, 1, 1, true},
        {"samples", ACTIVATION_SAMPLES, 10, 10, true},
        {"moment", ACTIVATION_SECOND_MOMENT, 1, WORLD_D, true},
        {"diagonal", ACTIVATION_DIAGONAL, WORLD_D, 1, false},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        float wanted[WORLD_D * WORLD_D];
        struct layer_world *world = world_new();
        world_open(world, kinds[k].what);
        const struct layer_inputs *inputs = read_inputs(world, kinds[k].asked);
        world_moment(world, kinds[k].whole, wanted);
        assert_int_equal(inputs->kind, kinds[k].kind);
        assert_int_equal(inputs->moment.block, kinds[k].block);
        for (size_t i = 0; i < WORLD_D; i++)
            for (size_t j = 0; j < WORLD_D; j++)
                if (i / kinds[k].block == j / kinds[k].block)
                    assert_true(fabs(moment_at(&inputs->moment, i, j) -
                                     (double)wanted[i * WORLD_D + j]) < 1e-5);
        assert_int_equal(inputs->tokens, inputs->x ? WORLD_TOKENS : 0);
        part_unref(&inputs->part);
        world_free(world);
    }
}

static void test_maxima(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "samples");
    const struct layer_inputs *inputs = read_inputs(world, 1);
    for (size_t j = 0; j < WORLD_D; j++) {
        double most = 0;
        for (size_t t = 0; t < WORLD_TOKENS; t++)
            most = fmax(most, fabs((double)world->x[t * WORLD_D + j]));
        assert_true(inputs->maxima[j] == most);
    }
    part_unref(&inputs->part);
    world_free(world);
}

/* Ranges tell of no moment, but of the maxima. */
static void test_ranges_and_nothing(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "ranges");
    const struct layer_inputs *inputs = read_inputs(world, WORLD_D);
    assert_int_equal(inputs->kind, ACTIVATION_UNKNOWN);
    assert_null(inputs->moment.value);
    assert_non_null(inputs->maxima);
    assert_true(inputs->maxima[3] > 0);
    part_unref(&inputs->part);
    inputs = layer_inputs_read(NULL, WORLD_D, 1, NULL);
    assert_int_equal(inputs->kind, ACTIVATION_UNKNOWN);
    assert_null(inputs->moment.value);
    assert_null(inputs->maxima);
    part_unref(&inputs->part);
    world_free(world);
}

/* Values that no moment has are told of. */
static void test_too_many(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "samples");
    struct layer_list list = layer_index_group(&world->index, WORLD_QUERY);
    struct activation entry = *list.match->inputs;
    struct activation_match match = *list.match;
    match.inputs = &entry;
    entry.rows = LAYER_SAMPLES_MOST / WORLD_D + 1;
    struct error error = {0};
    assert_null(layer_inputs_read(&match, WORLD_D, 1, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, "second moments"));
    layer_list_done(&list);
    world_free(world);
}

static void test_broken(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    world->x[77] = NAN;
    world_open(world, "samples");
    struct layer_list list = layer_index_group(&world->index, WORLD_QUERY);
    assert_null(layer_inputs_read(list.match, WORLD_D, 1, &error));
    assert_int_equal(error.code, ERROR_FILE);
    layer_list_done(&list);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_maxima),
        cmocka_unit_test(test_ranges_and_nothing),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
