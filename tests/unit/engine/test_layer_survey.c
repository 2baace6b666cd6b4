/* SPDX-License-Identifier: MIT */
#include <poll.h>

#include "engine/layer_survey.h"
#include "layer_world.h"

#define TENSORS 4

static const char *const transforms[] = {"none", "hadamard", "cat:8"};
#define COUNT (sizeof transforms / sizeof *transforms)
#define ALL   ((1u << COUNT) - 1)

static struct layer_survey_settings settings_of(const struct layer_world *world)
{
    struct layer_survey_settings settings = {.layers = &world->index,
                                             .scheme = scheme_default(),
                                             .inputs = {.bits = 5},
                                             .transforms = COUNT};
    for (size_t i = 0; i < COUNT; i++)
        assert_true(transform_spec_parse(transforms[i], &settings.transform[i], NULL));
    return settings;
}

/* Takes all that is new; returns how often it was told. */
static size_t take_all(struct layer_survey *survey, struct layer_record record[TENSORS])
{
    size_t tensor, n = 0;
    struct layer_record taken;
    for (; layer_survey_take(survey, &tensor, &taken); n++) {
        assert_in_range(tensor, 0, WORLD_DOWN);
        record[tensor] = taken;
    }
    return n;
}

static bool is_readable(const struct layer_survey *survey)
{
    struct pollfd wait = {layer_survey_descriptor(survey), POLLIN, 0};
    return poll(&wait, 1, 0) == 1;
}

/* The group of query and key by plain calls. */
static void assert_as_computed(const struct layer_world *world,
                               const struct layer_survey_settings *settings,
                               const struct layer_record record[TENSORS])
{
    struct error error = {0};
    for (size_t i = 0; i < settings->transforms; i++) {
        const struct layer *layer =
            world_compute(world, transforms[i], &settings->scheme, &settings->inputs, 2, &error);
        assert_non_null(layer);
        for (size_t k = 0; k < 2; k++) {
            const struct layer_sqnr *a = &record[k].figures[i].sqnr, *b = &layer->member[k].sqnr;
            assert_int_equal(record[k].known, ALL);
            assert_true(a->measured == b->measured && a->weights_only == b->weights_only);
            assert_true(a->activations_only == b->activations_only);
            /* Of moments in wider blocks, as the other transforms want them. */
            assert_true(fabs(a->alignment - b->alignment) < 1e-9);
            assert_true(fabs(a->max_alignment - b->max_alignment) < 1e-6);
        }
        part_unref(&layer->part);
    }
}

static void test_in_the_background(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct layer_record record[TENSORS] = {{.known = 0}};
    world_open(world, "samples");
    const struct layer_survey_settings settings = settings_of(world);
    struct layer_survey *survey = layer_survey_new(world->model, 2, NULL);
    layer_survey_wait(survey);
    assert_int_equal(take_all(survey, record), 0);
    assert_false(is_readable(survey));
    layer_survey_ask(survey, &settings);
    layer_survey_wait(survey);
    assert_true(is_readable(survey));
    assert_int_equal(take_all(survey, record), 3);
    assert_false(is_readable(survey));
    assert_as_computed(world, &settings, record);
    assert_int_equal(record[WORLD_QUERY].inputs, ACTIVATION_SAMPLES);
    assert_int_equal(record[WORLD_QUERY].tokens, WORLD_TOKENS);
    assert_int_equal(record[WORLD_DOWN].inputs, ACTIVATION_UNKNOWN);
    assert_true(isnan(record[WORLD_DOWN].figures[0].sqnr.measured));
    const struct layer_survey_progress progress = layer_survey_progress(survey);
    assert_false(progress.busy);
    assert_int_equal(progress.layers, 3);
    assert_int_equal(progress.of, 3);
    layer_survey_ask(survey, &settings);
    layer_survey_wait(survey);
    assert_int_equal(take_all(survey, record), 0); /* nothing to do again */
    layer_survey_free(survey);
    world_free(world);
}

static void test_held_and_preferred(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "samples");
    const struct layer_survey_settings settings = settings_of(world);
    static const size_t preferred[] = {WORLD_DOWN};
    struct layer_survey *survey = layer_survey_new(world->model, 2, NULL);
    struct layer_record record;
    size_t tensor;
    for (int reason = 0; reason < LAYER_SURVEY_HOLDS; reason++)
        layer_survey_hold(survey, (enum layer_survey_hold)reason, true);
    layer_survey_prefer(survey, preferred, 1);
    layer_survey_ask(survey, &settings);
    layer_survey_wait(survey);
    while (layer_survey_take(survey, &tensor, &record))
        assert_int_equal(record.known, 0);
    for (int reason = 0; reason < LAYER_SURVEY_HOLDS; reason++) {
        assert_true(layer_survey_progress(survey).held && layer_survey_progress(survey).busy);
        layer_survey_hold(survey, (enum layer_survey_hold)reason, false);
    }
    layer_survey_wait(survey);
    static const size_t order[] = {WORLD_DOWN, WORLD_QUERY, WORLD_KEY};
    for (size_t i = 0; i < 3; i++) {
        assert_true(layer_survey_take(survey, &tensor, &record));
        assert_int_equal(tensor, order[i]);
        assert_int_equal(record.known, ALL);
    }
    layer_survey_free(survey);
    world_free(world);
}

/* Settings that change all the time end in the records of the last ones. */
static void test_changes_while_busy(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct layer_record record[TENSORS] = {{.known = 0}};
    world_open(world, "samples");
    struct layer_survey_settings settings = settings_of(world);
    struct layer_survey *survey = layer_survey_new(world->model, 2, NULL);
    for (int i = 0; i < 60; i++) {
        settings.scheme.bits = 2 + i % 7;
        settings.inputs.bits = i % 4 ? 2 + i % 5 : 0;
        layer_survey_ask(survey, &settings);
        if (i % 3 == 0)
            poll(NULL, 0, 3);
        if (i % 7 == 0)
            take_all(survey, record);
    }
    layer_survey_wait(survey);
    take_all(survey, record);
    assert_as_computed(world, &settings, record);
    layer_survey_free(survey);
    world_free(world);
}

static void test_freed_at_any_time(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "samples");
    const struct layer_survey_settings settings = settings_of(world);
    for (int i = 0; i < 12; i++) {
        struct layer_survey *survey = layer_survey_new(world->model, 2, NULL);
        if (i % 4 == 1)
            layer_survey_hold(survey, LAYER_SURVEY_HOLD_ENGINE, true);
        if (i > 0)
            layer_survey_ask(survey, &settings);
        if (i % 4 == 2)
            layer_survey_hold(survey, LAYER_SURVEY_HOLD_USER, true);
        if (i % 3 == 1)
            poll(NULL, 0, i);
        layer_survey_free(survey);
    }
    layer_survey_free(NULL);
    world_free(world);
}

/* A file that breaks fails its group, and no other. */
static void test_broken_file(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct layer_record record[TENSORS] = {{.known = 0}};
    world->x[77] = NAN;
    world_open(world, "samples");
    const struct layer_survey_settings settings = settings_of(world);
    struct layer_survey *survey = layer_survey_new(world->model, 2, NULL);
    layer_survey_ask(survey, &settings);
    layer_survey_wait(survey);
    take_all(survey, record);
    for (size_t i = WORLD_QUERY; i <= WORLD_KEY; i++) {
        assert_int_equal(record[i].known, 0);
        assert_int_equal(record[i].tried, ALL);
        assert_non_null(strstr(record[i].failure, "blk.0.attn_q.weight"));
    }
    assert_int_equal(record[WORLD_DOWN].known, ALL);
    assert_string_equal(record[WORLD_DOWN].failure, "");
    layer_survey_free(survey);
    world_free(world);
}

/* A transform that does not fit is missing, with the reason; the others are there. */
static void test_transform_that_does_not_fit(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct layer_record record[TENSORS] = {{.known = 0}};
    world_open(world, "nothing");
    struct layer_survey_settings settings = settings_of(world);
    assert_true(transform_spec_parse("scale:0.5", &settings.transform[1], NULL));
    struct layer_survey *survey = layer_survey_new(world->model, 2, NULL);
    layer_survey_ask(survey, &settings);
    layer_survey_wait(survey);
    take_all(survey, record);
    assert_int_equal(record[WORLD_KEY].known, ALL & ~2u);
    assert_int_equal(record[WORLD_KEY].tried, ALL);
    assert_true(record[WORLD_KEY].failure[0] != '\0');
    layer_survey_free(survey);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_the_background),
        cmocka_unit_test(test_held_and_preferred),
        cmocka_unit_test(test_changes_while_busy),
        cmocka_unit_test(test_freed_at_any_time),
        cmocka_unit_test(test_broken_file),
        cmocka_unit_test(test_transform_that_does_not_fit),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
