/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

#include "engine/layer_lineup.h"
#include "linear/token_grid.h"

/* assert_float_equal is for single precision. */
static void assert_near(double value, double expected)
{
    assert_true(fabs(value - expected) < 1e-9);
}

/* What was shown on the way. */
struct shown {
    size_t count;
    size_t known[LAYER_LINEUP_MOST]; /* each time */
    bool pending_after; /* entries behind those had no figures, whenever it was shown */
};

static void show(void *context, const struct layer_lineup *lineup)
{
    struct shown *shown = context;
    assert_true(shown->count < LAYER_LINEUP_MOST);
    shown->known[shown->count++] = lineup->known;
    for (size_t i = lineup->known; i < lineup->count; i++)
        shown->pending_after &= !lineup->entry[i].layer && !*lineup->entry[i].reason;
}

/* The line-up of query and key. */
struct asked {
    const char *own;
    struct scheme scheme;
    struct input_grid inputs;
    unsigned threads;
    bool cancel;
    struct shown *shown;
};

static const struct layer_lineup *compute(const struct layer_world *world,
                                          const struct asked *asked, struct error *error)
{
    struct watch watch = {0};
    struct transform_spec own, specs[LAYER_LINEUP_TRANSFORMS];
    assert_true(transform_spec_parse(asked->own, &own, error));
    struct layer_list list = layer_index_group(&world->index, WORLD_KEY);
    const struct layer_group_request request = {.tensors = list.tensor,
                                                .count = list.count,
                                                .match = list.match,
                                                .transforms = specs,
                                                .transform_count =
                                                    layer_lineup_transforms(&own, specs)};
    const struct layer_group *group = layer_group_compute(&request, &watch, error);
    layer_list_done(&list);
    assert_non_null(group);
    struct pool *pool = pool_new(asked->threads ? asked->threads : 2, error);
    const struct layer_lineup_job job = {.pool = pool,
                                         .watch = &watch,
                                         .group = group,
                                         .own = &own,
                                         .scheme = &asked->scheme,
                                         .inputs = &asked->inputs,
                                         .source = "inputs.safetensors",
                                         .show = asked->shown ? show : NULL,
                                         .context = asked->shown};
    atomic_store(&watch.cancel, asked->cancel);
    const struct layer_lineup *lineup = layer_lineup_compute(&job, error);
    pool_free(pool);
    part_unref(&group->part);
    return lineup;
}

static struct asked usual(void)
{
    return (struct asked){.own = "none", .scheme = scheme_default()};
}

static void assert_same(double a, double b)
{
    assert_true(a == b || (isnan(a) && isnan(b)));
}

/* Each entry is what layer_compute says of its request alone. */
static void test_entries_are_those_of_the_layer(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct asked asked = usual();
    asked.inputs = (struct input_grid){.bits = 5};
    world_open(world, "samples");
    const struct layer_lineup *lineup = compute(world, &asked, &error);
    static const char *const labels[] = {"none", "scale:0.5", "hadamard", "cat", "W5 A6", "W6 A7"};
    assert_int_equal(lineup->count, 6);
    assert_int_equal(lineup->known, 6);
    for (size_t i = 0; i < lineup->count; i++) {
        const struct layer_lineup_entry *entry = &lineup->entry[i];
        assert_string_equal(entry->label, labels[i]);
        assert_ptr_equal(layer_lineup_find(lineup, labels[i]), entry);
        assert_string_equal(entry->reason, "");
        struct scheme scheme = asked.scheme;
        struct input_grid inputs = asked.inputs;
        scheme.bits += i > 3 ? (int)i - 3 : 0;
        inputs.bits += i > 3 ? (int)i - 3 : 0;
        const struct layer *alone =
            world_compute(world, i > 3 ? "none" : labels[i], &scheme, &inputs, 1, &error);
        for (size_t member = 0; member < 2; member++) {
            const struct layer_sqnr *sqnr = layer_lineup_sqnr(entry, member);
            assert_same(sqnr->measured, alone->member[member].sqnr.measured);
            assert_same(sqnr->approximation, alone->member[member].sqnr.approximation);
            assert_same(sqnr->activations_only, alone->member[member].sqnr.activations_only);
        }
        part_unref(&alone->part);
    }
    part_unref(&lineup->part);
    world_free(world);
}

static void test_what_it_is_of(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    const struct asked asked = usual();
    world_open(world, "samples");
    const struct layer_lineup *lineup = compute(world, &asked, &error);
    assert_string_equal(lineup->refusal, "");
    assert_int_equal(lineup->columns, WORLD_D);
    assert_int_equal(lineup->members, 2);
    assert_int_equal(lineup->inputs, ACTIVATION_SAMPLES);
    assert_int_equal(lineup->tokens, WORLD_TOKENS);
    assert_string_equal(lineup->source, "inputs.safetensors");
    assert_false(lineup->inputs_left);
    assert_int_equal(layer_lineup_member(lineup, &world->model->tensors[WORLD_KEY]),
                     lineup->member[1].tensor == &world->model->tensors[WORLD_KEY]);
    assert_int_equal(layer_lineup_member(lineup, &world->model->tensors[WORLD_DOWN]), 2);
    assert_int_equal(layer_lineup_member(lineup, NULL), 0);
    assert_null(layer_lineup_find(lineup, "random"));
    part_unref(&lineup->part);
    world_free(world);
}

/* The transform that was asked for is marked, or added if it is another one. */
static void test_own_transform(void **state)
{
    (void)state;
    static const struct {
        const char *own, *label;
        size_t count;
    } cases[] = {{"none", "none", 6},
                 {"hadamard", "hadamard", 6},
                 {"align:128+hadamard", "cat", 6},
                 {"align:1", "align:1", 7}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct layer_world *world = world_new();
        struct error error = {0};
        struct asked asked = usual();
        asked.own = cases[i].own;
        world_open(world, "moment");
        const struct layer_lineup *lineup = compute(world, &asked, &error);
        assert_int_equal(lineup->count, cases[i].count);
        assert_string_equal(layer_lineup_own(lineup)->label, cases[i].label);
        assert_non_null(layer_lineup_own(lineup)->layer);
        assert_string_equal(lineup->entry[lineup->count - 1].label, "6 bits");
        part_unref(&lineup->part);
        world_free(world);
    }
}

/* Scaling goes by maxima, which moments do not tell; rounding of inputs by samples alone. */
static void test_what_is_not_known(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct asked asked = usual();
    asked.inputs = (struct input_grid){.bits = 4};
    world_open(world, "moment");
    const struct layer_lineup *lineup = compute(world, &asked, &error);
    assert_true(lineup->inputs_left);
    const struct layer_lineup_entry *scale = layer_lineup_find(lineup, "scale:0.5");
    assert_null(scale->layer);
    assert_null(layer_lineup_sqnr(scale, 0));
    assert_string_equal(scale->reason, "needs samples or ranges of the inputs");
    assert_int_equal(lineup->known, lineup->count);
    assert_false(isnan(layer_lineup_sqnr(&lineup->entry[0], 0)->measured));
    assert_non_null(layer_lineup_find(lineup, "5 bits"));
    part_unref(&lineup->part);
    world_free(world);
}

static void test_nothing_known(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    const struct asked asked = usual();
    world_open(world, "nothing");
    const struct layer_lineup *lineup = compute(world, &asked, &error);
    assert_int_equal(lineup->inputs, ACTIVATION_UNKNOWN);
    /* Isotropic inputs have an alignment of 1/d whatever the weights are. */
    assert_near(layer_lineup_sqnr(&lineup->entry[0], 1)->alignment, -10 * log10(WORLD_D));
    part_unref(&lineup->part);
    world_free(world);
}

/* More bits end where there are no such levels. */
static void test_more_bits_end(void **state)
{
    (void)state;
    static const struct {
        int bits, inputs;
        size_t more;
    } cases[] = {{SCHEME_BITS_MOST, 0, 0},
                 {SCHEME_BITS_MOST - 1, 0, 1},
                 {4, TOKEN_GRID_BITS_MOST, 0},
                 {4, TOKEN_GRID_BITS_MOST - 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct layer_world *world = world_new();
        struct error error = {0};
        struct asked asked = usual();
        asked.scheme.bits = cases[i].bits;
        asked.inputs.bits = cases[i].inputs;
        world_open(world, "samples");
        const struct layer_lineup *lineup = compute(world, &asked, &error);
        assert_int_equal(lineup->count, 4 + cases[i].more);
        part_unref(&lineup->part);
        world_free(world);
    }
}

/* Figures of draws as wide as the layer, by MATH §8.5: bits and concentration. */
static void test_references(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct asked asked = usual();
    world_open(world, "samples");
    const struct source gaussian = {.type = &source_gaussian, .std = 1};
    const double weight = concentration_reference(&gaussian, WORLD_D, true);
    const double input = concentration_reference(&gaussian, WORLD_D, false);
    const struct layer_lineup *lineup = compute(world, &asked, &error);
    assert_near(lineup->gaussian.weight, 10 * log10(weight));
    assert_near(lineup->gaussian.given, 10 * log10(12 * 14 * 14 * weight));
    assert_true(isnan(lineup->gaussian.input));
    assert_true(lineup->laplace.weight < lineup->gaussian.weight);
    part_unref(&lineup->part);
    asked.inputs.bits = 3;
    asked.scheme.granularity = (struct granularity){1, 8};
    lineup = compute(world, &asked, &error);
    const double group = 3 * concentration_reference(&gaussian, 8, true);
    assert_near(lineup->gaussian.weight, 10 * log10(group));
    assert_near(lineup->gaussian.input, 10 * log10(input));
    assert_near(lineup->gaussian.given, 10 * log10(12 / (1 / (196 * group) + 1 / (49 * input))));
    part_unref(&lineup->part);
    world_free(world);
}

/* Each new figure is shown, and none before it is known. */
static void test_shown_on_the_way(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct shown shown = {.pending_after = true};
    struct asked asked = usual();
    asked.shown = &shown;
    world_open(world, "diagonal");
    const struct layer_lineup *lineup = compute(world, &asked, &error);
    assert_int_equal(shown.count, lineup->count - 1);
    for (size_t i = 0; i < shown.count; i++)
        assert_int_equal(shown.known[i], i + 1);
    assert_true(shown.pending_after);
    part_unref(&lineup->part);
    world_free(world);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct asked asked = usual();
    asked.inputs = (struct input_grid){.bits = 4, .symmetric = true, .fixed = true};
    world_open(world, "samples");
    asked.threads = 1;
    const struct layer_lineup *one = compute(world, &asked, &error);
    asked.threads = 5;
    const struct layer_lineup *five = compute(world, &asked, &error);
    for (size_t i = 0; i < one->count; i++)
        assert_memory_equal(layer_lineup_sqnr(&one->entry[i], 0),
                            layer_lineup_sqnr(&five->entry[i], 0), sizeof(struct layer_sqnr));
    part_unref(&five->part);
    part_unref(&one->part);
    world_free(world);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct asked asked = usual();
    asked.cancel = true;
    world_open(world, "samples");
    assert_null(compute(world, &asked, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    world_free(world);
}

static void test_refused(void **state)
{
    (void)state;
    const struct layer_lineup *lineup = layer_lineup_refuse("a vector");
    assert_string_equal(lineup->refusal, "a vector");
    assert_int_equal(lineup->count, 0);
    assert_null(layer_lineup_own(lineup));
    part_unref(&lineup->part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_are_those_of_the_layer),
        cmocka_unit_test(test_what_it_is_of),
        cmocka_unit_test(test_own_transform),
        cmocka_unit_test(test_what_is_not_known),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_more_bits_end),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_shown_on_the_way),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
