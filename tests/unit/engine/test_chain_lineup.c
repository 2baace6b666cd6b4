/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

#include "engine/analysis.h"

/* A world, and who looks at it. */
struct desk {
    struct layer_world *world;
    struct pool *pool;
    struct watch watch;
    struct cache *cache, *groups;
    size_t published, with_entries;
};

static void desk_open(struct desk *desk, const char *inputs)
{
    struct error error = {0};
    *desk = (struct desk){.world = world_new()};
    world_open(desk->world, inputs);
    desk->pool = pool_new(2, &error);
    desk->cache = cache_new((size_t)1 << 26);
    desk->groups = cache_new((size_t)1 << 26);
}

static void desk_close(struct desk *desk)
{
    cache_free(desk->groups);
    cache_free(desk->cache);
    pool_free(desk->pool);
    world_free(desk->world);
}

static void publish(void *user, const struct report *report)
{
    struct desk *desk = user;
    desk->published++;
    desk->with_entries += report->lineup && report->lineup->known > 0;
}

static struct request request_of(const struct desk *desk, size_t tensor)
{
    return (struct request){.tensor = &desk->world->model->tensors[tensor],
                            .channel = REQUEST_ALL_CHANNELS,
                            .scheme = scheme_default(),
                            .layers = &desk->world->index,
                            .lineup = true};
}

static const struct report *run(struct desk *desk, const struct request *request)
{
    struct error error = {0};
    const struct analysis analysis = {.pool = desk->pool,
                                      .watch = &desk->watch,
                                      .cache = desk->cache,
                                      .publish = publish,
                                      .user = desk,
                                      .groups = desk->groups};
    const struct report *report = analysis_run(&analysis, request, &error);
    if (!report)
        fail_msg("%s", error.text);
    return report;
}

/* Of a group, its figures whoever of it is asked for; each is published as it comes. */
static void test_a_layer(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "samples");
    const struct request query = request_of(&desk, WORLD_QUERY);
    const struct request key = request_of(&desk, WORLD_KEY);
    const struct report *first = run(&desk, &query);
    assert_true(desk.with_entries >= first->lineup->count);
    const struct report *second = run(&desk, &key);
    assert_int_equal(first->lineup->members, 2);
    assert_ptr_equal(first->lineup, second->lineup); /* kept, for both */
    const struct scheme scheme = scheme_default();
    const struct input_grid none = {0};
    const struct layer_figures figures = world_figures("samples", "cat", &scheme, &none);
    const struct layer_lineup_entry *cat = layer_lineup_find(first->lineup, "cat");
    assert_float_equal(layer_lineup_sqnr(cat, 0)->measured, figures.sqnr.measured, 1e-12);
    part_unref(&second->part);
    part_unref(&first->part);
    desk_close(&desk);
}

/* The file that tells of the inputs, or why it does not. */
static void test_source(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "samples");
    struct request request = request_of(&desk, WORLD_KEY);
    const struct report *report = run(&desk, &request);
    assert_non_null(strstr(report->lineup->source, "inputs.safetensors"));
    assert_null(strstr(report->lineup->source, ": "));
    part_unref(&report->part);
    request.tensor = &desk.world->model->tensors[WORLD_DOWN];
    report = run(&desk, &request);
    assert_int_equal(report->lineup->inputs, ACTIVATION_UNKNOWN);
    assert_non_null(strstr(report->lineup->source, "inputs.safetensors: no entry has its name"));
    part_unref(&report->part);
    desk_close(&desk);
}

static const struct part *kept_group(const struct desk *desk, const struct request *request)
{
    return cache_get(desk->groups, RESULT_LAYER_GROUP, request, false);
}

/* Another scheme, or grid of the inputs, needs no new moments; another line-up it does. */
static void test_moments_are_kept(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "samples");
    struct request request = request_of(&desk, WORLD_QUERY);
    const struct report *before = run(&desk, &request);
    const struct part *group = kept_group(&desk, &request);
    assert_non_null(group);
    request.scheme.bits = 3;
    request.inputs.bits = 6;
    const struct part *same = kept_group(&desk, &request);
    assert_ptr_equal(same, group);
    const struct report *after = run(&desk, &request);
    assert_ptr_not_equal(before->lineup, after->lineup);
    assert_non_null(layer_lineup_find(after->lineup, "W4 A7"));
    request.tensor = &desk.world->model->tensors[WORLD_DOWN];
    assert_null(kept_group(&desk, &request));
    part_unref(&after->part);
    part_unref(same);
    part_unref(group);
    part_unref(&before->part);
    desk_close(&desk);
}

/* Whoever does not ask for a line-up gets none, and other results of the same request are shared. */
static void test_only_where_asked_for(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "samples");
    struct request request = request_of(&desk, WORLD_QUERY);
    const struct report *with = run(&desk, &request);
    request.lineup = false;
    request.layers = NULL;
    const struct report *without = run(&desk, &request);
    assert_null(without->lineup);
    assert_ptr_equal(without->errors, with->errors);
    part_unref(&without->part);
    part_unref(&with->part);
    desk_close(&desk);
}

/* Without an index a layer is alone and its input isotropic. */
static void test_alone(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "samples");
    struct request request = request_of(&desk, WORLD_QUERY);
    request.layers = NULL;
    const struct report *report = run(&desk, &request);
    assert_int_equal(report->lineup->members, 1);
    assert_int_equal(report->lineup->inputs, ACTIVATION_UNKNOWN);
    assert_null(report->lineup->source);
    part_unref(&report->part);
    desk_close(&desk);
}

/* What is no layer, or is rounded as none can be, has a report with the reason. */
static void test_refusals(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, "nothing");
    struct request request = request_of(&desk, 3);
    const struct report *report = run(&desk, &request);
    assert_string_equal(report->request.tensor->label, "token_embd.weight");
    assert_non_null(strstr(report->lineup->refusal, "embeddings are looked up"));
    assert_non_null(report->errors);
    part_unref(&report->part);
    request = request_of(&desk, WORLD_QUERY);
    request.scheme.granularity = GRANULARITY_TENSOR;
    report = run(&desk, &request);
    assert_non_null(strstr(report->lineup->refusal, "rows are rounded by themselves"));
    part_unref(&report->part);
    request = (struct request){.channel = REQUEST_ALL_CHANNELS,
                               .scheme = scheme_default(),
                               .law = {.type = &source_gaussian, .std = 1},
                               .draws = 1000,
                               .seed = 1,
                               .lineup = true};
    report = run(&desk, &request);
    assert_non_null(strstr(report->lineup->refusal, "draws are no layer"));
    part_unref(&report->part);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_layer),
        cmocka_unit_test(test_moments_are_kept),
        cmocka_unit_test(test_only_where_asked_for),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_source),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
