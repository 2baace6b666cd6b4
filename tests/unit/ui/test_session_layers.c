/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/layers.h"
#include "fixture.h"
#include "ui/session_layers.h"

struct world {
    struct fixture fixture;
    struct layers *layers;
    struct layer_survey *survey;
};

static int setup(void **state)
{
    static struct world world;
    fixture_open(&world.fixture);
    world.layers = layers_new(world.fixture.model, NULL, NULL);
    world.survey = layer_survey_new(world.fixture.model, 2, NULL);
    world.fixture.session->layers = world.layers;
    session_attach_layers(world.fixture.session, world.survey);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    layer_survey_free(world->survey); /* of the model */
    fixture_close(&world->fixture);
    layers_free(world->layers);
    return 0;
}

/* As an explorer does behind keys, and then until nothing is left to do. */
static bool follow(struct world *world)
{
    bool any = session_follow_layers(world->fixture.session);
    layer_survey_wait(world->survey);
    any |= session_follow_layers(world->fixture.session);
    fixture_settle(&world->fixture);
    return any;
}

static const struct layer_record *record_of(const struct world *world)
{
    return world->fixture.session->model_layers->record[FIXTURE_MATRIX];
}

static void test_only_while_it_is_seen(void **state)
{
    struct world *world = *state;
    fixture_press(&world->fixture, "6");
    assert_false(follow(world));
    assert_null(record_of(world));
    fixture_press(&world->fixture, "A");
    assert_true(follow(world));
    assert_int_equal(record_of(world)->known, 7);
    assert_non_null(strstr(fixture_frame(&world->fixture), "isotropic input assumed"));
    fixture_press(&world->fixture, "1 +");
    assert_false(follow(world));
    assert_int_equal(record_of(world)->known, 7);
    assert_int_equal(world->fixture.session->model_layers->settings.scheme.bits, 4);
    fixture_press(&world->fixture, "6");
    assert_true(follow(world));
    assert_int_equal(world->fixture.session->model_layers->settings.scheme.bits, 5);
    assert_false(follow(world));
}

static void test_pause_and_progress(void **state)
{
    struct world *world = *state;
    struct session *session = world->fixture.session;
    session->paused = true;
    fixture_press(&world->fixture, "6 A");
    follow(world);
    assert_int_equal(record_of(world)->known, 0);
    assert_non_null(strstr(fixture_frame(&world->fixture), "paused"));
    assert_false(session_watch_layers(session, false));
    session->paused = false;
    assert_true(follow(world));
    assert_int_equal(record_of(world)->known, 7);
    fixture_press(&world->fixture, "+");
    assert_false(session_watch_layers(session, true)); /* the engine comes first */
    follow(world);
    assert_int_equal(record_of(world)->known, 0);
    session_watch_layers(session, false);
    follow(world);
    assert_int_equal(record_of(world)->known, 7);
}

static void test_pictures_by_key(void **state)
{
    struct world *world = *state;
    fixture_press(&world->fixture, "6 A");
    follow(world);
    assert_non_null(strstr(fixture_frame(&world->fixture), "concentration of weights"));
    fixture_press(&world->fixture, "w w");
    assert_non_null(strstr(fixture_frame(&world->fixture), "alignment"));
    fixture_press(&world->fixture, "w w");
    assert_non_null(strstr(fixture_frame(&world->fixture), "concentration of weights"));
}

static void test_without_a_survey(void **state)
{
    (void)state;
    struct session session = {.quit = false};
    assert_false(session_follow_layers(&session));
    assert_false(session_watch_layers(&session, true));
    assert_int_equal(session_layers_descriptor(&session), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_only_while_it_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pause_and_progress, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pictures_by_key, setup, teardown),
        cmocka_unit_test(test_without_a_survey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
