/* SPDX-License-Identifier: MIT */
#include "engine/layer_plan.h"
#include "layer_world.h"

static struct layer_survey_settings settings_of(const struct layer_index *index, const char *first,
                                                const char *second)
{
    struct layer_survey_settings settings = {
        .layers = index, .scheme = scheme_default(), .transforms = 2};
    assert_true(transform_spec_parse(first, &settings.transform[0], NULL));
    assert_true(transform_spec_parse(second, &settings.transform[1], NULL));
    return settings;
}

/* As if the transforms of a set had been computed; the figures tell which. */
static void learn(struct layer_plan *plan, size_t tensor, unsigned transforms, double base)
{
    struct layer_record *record = layer_plan_change(plan, tensor);
    for (size_t i = 0; i < LAYER_RECORD_TRANSFORMS; i++)
        if (transforms >> i & 1)
            record->figures[i].sqnr.alignment = base + (double)i;
    record->known |= transforms;
    record->aligned |= transforms;
    layer_plan_tried(plan, tensor, transforms);
}

static struct layer_record take(struct layer_plan *plan, size_t wanted)
{
    size_t tensor;
    struct layer_record record, found = {.columns = 0};
    while (layer_plan_take(plan, &tensor, &record))
        if (tensor == wanted)
            found = record;
    assert_int_not_equal(found.columns, 0);
    return found;
}

static void test_order(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct layer_plan plan;
    size_t tensor;
    world_open(world, "nothing");
    const struct layer_survey_settings settings = settings_of(&world->index, "none", "hadamard");
    layer_plan_init(&plan, world->model);
    assert_false(layer_plan_next(&plan, &tensor));
    assert_true(layer_plan_ask(&plan, &settings));
    assert_false(layer_plan_ask(&plan, &settings));
    assert_int_equal(plan.layers, 3); /* and no embeddings */
    assert_true(layer_plan_next(&plan, &tensor));
    assert_int_equal(tensor, WORLD_QUERY);
    layer_plan_prefer(&plan, (const size_t[]){WORLD_DOWN}, 1);
    assert_true(layer_plan_next(&plan, &tensor));
    assert_int_equal(tensor, WORLD_DOWN);
    learn(&plan, WORLD_DOWN, 1, 0);
    assert_int_equal(layer_plan_missing(&plan, WORLD_DOWN), 2);
    assert_int_equal(plan.done, 0);
    learn(&plan, WORLD_DOWN, 2, 0);
    assert_int_equal(plan.done, 1);
    learn(&plan, WORLD_QUERY, 3, 0);
    assert_true(layer_plan_next(&plan, &tensor));
    assert_int_equal(tensor, WORLD_KEY);
    learn(&plan, WORLD_KEY, 3, 0);
    assert_false(layer_plan_next(&plan, &tensor));
    assert_int_equal(plan.done, 3);
    const struct layer_record record = take(&plan, WORLD_QUERY);
    assert_int_equal(record.role, LAYER_QUERY);
    assert_int_equal(record.columns, WORLD_D);
    assert_int_equal(record.rows, WORLD_Q);
    layer_plan_done(&plan);
    world_free(world);
}

/* Another list of transforms keeps the figures of those in both, wherever they stand; another
 * scheme the alignments. */
static void test_what_is_kept(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct layer_plan plan;
    world_open(world, "nothing");
    struct layer_survey_settings settings = settings_of(&world->index, "none", "hadamard");
    layer_plan_init(&plan, world->model);
    layer_plan_ask(&plan, &settings);
    learn(&plan, WORLD_KEY, 3, 7);
    settings = settings_of(&world->index, "cat", "none");
    assert_true(layer_plan_ask(&plan, &settings));
    struct layer_record record = take(&plan, WORLD_KEY);
    assert_int_equal(record.known, 2);
    assert_int_equal(record.aligned, 2);
    assert_true(record.figures[1].sqnr.alignment == 7);
    assert_int_equal(layer_plan_missing(&plan, WORLD_KEY), 1);
    settings.inputs.bits = 8;
    assert_true(layer_plan_ask(&plan, &settings));
    record = take(&plan, WORLD_KEY);
    assert_int_equal(record.known, 0);
    assert_int_equal(record.aligned, 2);
    assert_int_equal(layer_plan_missing(&plan, WORLD_KEY), 3);
    settings.scheme.bits = 3;
    assert_true(layer_plan_ask(&plan, &settings));
    assert_int_equal(plan.version, 4);
    struct layer_index other;
    layer_index_make(&other, world->model, (struct tensor_view){.axis = 1}, NULL, NULL);
    settings.layers = &other;
    assert_true(layer_plan_ask(&plan, &settings));
    record = take(&plan, WORLD_KEY);
    assert_int_equal(record.aligned, 0);
    assert_int_equal(record.columns, WORLD_K);
    layer_index_done(&other);
    layer_plan_done(&plan);
    world_free(world);
}

/* What cannot be read is a layer that failed before anybody tried. */
static void test_unreadable(void **state)
{
    (void)state;
    static const char header[] =
        "{\"blk.0.attn_q.weight\":{\"dtype\":\"Q9\",\"shape\":[2,4],\"data_offsets\":[0,8]},"
        "\"norm\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}";
    struct error error = {0};
    struct model *model =
        fixture_open(fixture_write_safetensors("unreadable.safetensors", header, 16), &error);
    if (!model)
        fail_msg("%s", error.text);
    struct layer_index index;
    struct layer_plan plan;
    size_t tensor;
    layer_index_make(&index, model, (struct tensor_view){0}, NULL, NULL);
    const struct layer_survey_settings settings = settings_of(&index, "none", "hadamard");
    layer_plan_init(&plan, model);
    layer_plan_ask(&plan, &settings);
    assert_int_equal(plan.layers, 1);
    assert_int_equal(plan.done, 1);
    assert_false(layer_plan_next(&plan, &tensor));
    const struct layer_record record = take(&plan, 0);
    assert_int_equal(record.known, 0);
    assert_true(record.failure[0] != '\0');
    layer_plan_done(&plan);
    layer_index_done(&index);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_what_is_kept),
        cmocka_unit_test(test_unreadable),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
