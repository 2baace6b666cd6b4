/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

static void test_groups_and_matches(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "samples");
    const struct activation *entry = &world->activations->entries[0];
    for (size_t i = WORLD_QUERY; i <= WORLD_KEY; i++) {
        struct layer_list list = layer_index_group(&world->index, i);
        assert_int_equal(list.count, 2);
        assert_ptr_equal(list.tensor[0], &world->model->tensors[WORLD_QUERY]);
        assert_ptr_equal(list.tensor[1], &world->model->tensors[WORLD_KEY]);
        assert_ptr_equal(list.match->inputs, entry);
        layer_list_done(&list);
    }
    struct layer_list list = layer_index_group(&world->index, WORLD_DOWN);
    assert_int_equal(list.count, 1);
    assert_null(list.match->inputs);
    layer_list_done(&list);
    assert_int_equal(world->index.next[WORLD_QUERY], WORLD_KEY);
    assert_int_equal(world->index.next[WORLD_KEY], world->model->count);
    assert_int_equal(world->index.next[WORLD_DOWN], world->model->count);
    const char *reason = "";
    assert_true(layer_index_has(&world->index, WORLD_DOWN, NULL));
    assert_false(layer_index_has(&world->index, 3, &reason)); /* embeddings */
    assert_null(reason);
    world_free(world);
}

static void test_without_a_file(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "nothing");
    struct layer_list list = layer_index_group(&world->index, WORLD_KEY);
    assert_int_equal(list.count, 2);
    assert_null(list.match);
    layer_list_done(&list);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_and_matches),
        cmocka_unit_test(test_without_a_file),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
