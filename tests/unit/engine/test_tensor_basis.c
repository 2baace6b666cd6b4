/* SPDX-License-Identifier: MIT
 *
 * The basis of a tensor: made from its group, shared by it, kept for it, and refused with words; and
 * the figures behind it, by an analysis and by the survey, are those of the turned matrix.
 */
#include "direct.h"
#include "engine/analysis.h"
#include "engine/layer_basis.h"
#include "engine/survey_tensor.h"
#include "engine/tensor_basis.h"
#include "layer_world.h"
#include "weights.h"

static const struct tensor_view as_stored;

static const struct tensor_basis *basis_of(const struct layer_world *world, size_t tensor,
                                           const char *transform, struct error *error)
{
    const struct transform_spec spec = weights_transform(transform);
    const struct basis_wish wish = {&spec, as_stored, &world->index};
    struct watch watch = {.cancel = false};
    return tensor_basis_compute(&world->model->tensors[tensor], &wish, &watch, error);
}

static void test_which_are_wanted(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    world_open(world, "nothing");
    struct tensor vector = world->model->tensors[0], empty = vector;
    const struct transform_spec cat = weights_transform("cat"), none = {.count = 0};
    const struct basis_wish wish = {&cat, as_stored, NULL}, nothing = {&none, as_stored, NULL};
    vector.rank = 1;
    empty.elements = 0;
    assert_true(tensor_basis_wanted(&world->model->tensors[0], &wish));
    assert_false(tensor_basis_wanted(&world->model->tensors[0], &nothing));
    assert_false(tensor_basis_wanted(&vector, &wish));
    assert_false(tensor_basis_wanted(&empty, &wish));
    world_free(world);
}

/* Query and key have one basis, the same as of the group; the other layer has its own. */
static void test_the_group_shares_it(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {ERROR_NONE, ""};
    world_open(world, "samples");
    const struct transform_spec spec = weights_transform("align:8+hadamard");
    const struct basis_wish wish = {&spec, as_stored, &world->index};
    const struct tensor_basis *query = basis_of(world, WORLD_QUERY, "align:8+hadamard", &error);
    const struct tensor_basis *key = basis_of(world, WORLD_KEY, "align:8+hadamard", &error);
    assert_non_null(query);
    assert_non_null(key);
    assert_false(query->isotropic);
    assert_string_equal(query->text, "align 8, ridge 1e-06; hadamard 24 = 12 x 2, Paley I over "
                                     "GF(11)");
    const struct layer_group *group = world_group(world, WORLD_KEY, "align:8+hadamard", &error);
    struct basis *expected = layer_basis_new(group, &spec, &error);
    double x[3][WORLD_D];
    for (size_t j = 0; j < WORLD_D; j++)
        x[0][j] = x[1][j] = x[2][j] = (double)world->q[j];
    weights_turn(query->basis, x[0], 1);
    weights_turn(key->basis, x[1], 1);
    weights_turn(expected, x[2], 1);
    assert_memory_equal(x[0], x[1], sizeof x[0]);
    assert_memory_equal(x[0], x[2], sizeof x[0]);
    assert_true(tensor_basis_serves(query, &world->model->tensors[WORLD_KEY], &wish));
    assert_true(tensor_basis_serves(key, &world->model->tensors[WORLD_QUERY], &wish));
    assert_false(tensor_basis_serves(query, &world->model->tensors[WORLD_DOWN], &wish));
    basis_free(expected);
    part_unref(&group->part);
    part_unref(&key->part);
    part_unref(&query->part);
    world_free(world);
}

/* What does not depend on the layer serves all of a width; nothing serves another view, transform
 * or what is known of other inputs. */
static void test_what_it_serves(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {ERROR_NONE, ""};
    world_open(world, "nothing");
    const struct tensor *tensors = world->model->tensors;
    const struct transform_spec hadamard = weights_transform("hadamard");
    const struct transform_spec align = weights_transform("align:8");
    const struct tensor_basis *basis = basis_of(world, WORLD_QUERY, "hadamard", &error);
    assert_false(basis->isotropic);
    struct basis_wish wish = {&hadamard, as_stored, &world->index};
    assert_true(tensor_basis_serves(basis, &tensors[WORLD_DOWN], &wish));
    wish.transform = &align;
    assert_false(tensor_basis_serves(basis, &tensors[WORLD_QUERY], &wish));
    wish = (struct basis_wish){&hadamard, {.axis = 1}, &world->index};
    assert_false(tensor_basis_serves(basis, &tensors[WORLD_QUERY], &wish));
    part_unref(&basis->part);

    basis = basis_of(world, WORLD_DOWN, "align:8", &error);
    assert_true(basis->isotropic);
    wish = (struct basis_wish){&align, as_stored, &world->index};
    assert_true(tensor_basis_serves(basis, &tensors[WORLD_DOWN], &wish));
    wish.layers = NULL;
    assert_false(tensor_basis_serves(basis, &tensors[WORLD_DOWN], &wish));
    part_unref(&basis->part);
    world_free(world);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *transform, *text;
    } cases[] = {
        {"scale:0.5", "scale needs the largest |x|"},
        {"hadamard:16", "hadamard:16 does not divide 24 columns"},
        {"matrix:/no/such/file", "/no/such/file"},
    };
    struct layer_world *world = world_new();
    world_open(world, "nothing");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {ERROR_NONE, ""};
        assert_null(basis_of(world, WORLD_QUERY, cases[i].transform, &error));
        assert_true(error.code == (i < 2 ? ERROR_USAGE : ERROR_FILE));
        if (!strstr(error.text, cases[i].text))
            fail_msg("%s", error.text);
    }
    world_free(world);
}

/* The query's report behind a transform. */
static const struct report *report_of(const struct layer_world *world, const char *transform,
                                      unsigned threads, struct cache *bases)
{
    struct error error = {ERROR_NONE, ""};
    struct watch watch = {.cancel = false};
    struct pool *pool = pool_new(threads, &error);
    const struct analysis analysis = {.pool = pool, .watch = &watch, .bases = bases};
    const struct request request = {.tensor = &world->model->tensors[WORLD_QUERY],
                                    .channel = REQUEST_ALL_CHANNELS,
                                    .transform = weights_transform(transform),
                                    .layers = &world->index,
                                    .scheme = scheme_default()};
    const struct report *report = analysis_run(&analysis, &request, &error);
    if (!report)
        fail_msg("%s: %s", transform, error.text);
    pool_free(pool);
    return report;
}

static const char *const transforms[] = {"none",     "scale:0.5",        "align:1",
                                         "align:8",  "hadamard",         "cat:8",
                                         "random:2", "hadamard:8+signs", "cat:8+align:1"};

/* A report's figures are those of the turned matrix, computed directly; the survey's too. */
static void test_figures(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {ERROR_NONE, ""};
    const struct scheme scheme = scheme_default();
    double *turned = weights_memory(WORLD_Q * WORLD_D);
    world_open(world, "samples");
    for (size_t k = 0; k < sizeof transforms / sizeof *transforms; k++) {
        const struct report *report = report_of(world, transforms[k], 2, NULL);
        for (size_t i = 0; i < WORLD_Q * WORLD_D; i++)
            turned[i] = (double)world->q[i];
        if (k > 0) {
            const struct tensor_basis *basis = basis_of(world, WORLD_KEY, transforms[k], &error);
            weights_turn(basis->basis, turned, WORLD_Q);
            part_unref(&basis->part);
        }
        const struct figures expected = direct_figures(turned, WORLD_Q, WORLD_D, &scheme);
        direct_assert_figures(&report->figures, &expected);
        part_unref(&report->part);
    }
    free(turned);
    world_free(world);
}

/* The same bits for any number of threads, and from the cache. */
static void test_threads_and_cache(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct cache *bases = cache_new(1 << 20);
    world_open(world, "samples");
    for (size_t k = 0; k < sizeof transforms / sizeof *transforms; k++) {
        const struct report *one = report_of(world, transforms[k], 1, NULL);
        const struct report *many = report_of(world, transforms[k], 3, bases);
        const struct report *again = report_of(world, transforms[k], 2, bases);
        assert_memory_equal(&one->figures, &many->figures, sizeof one->figures);
        assert_memory_equal(&one->figures, &again->figures, sizeof one->figures);
        assert_ptr_equal(many->basis, again->basis);
        assert_true((one->basis == NULL) == (k == 0));
        part_unref(&one->part);
        part_unref(&many->part);
        part_unref(&again->part);
    }
    cache_free(bases);
    world_free(world);
}

static void test_survey(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {ERROR_NONE, ""};
    struct watch watch = {.cancel = false};
    struct pool *pool = pool_new(2, &error);
    struct cache *bases = cache_new(1 << 20);
    const struct analysis analysis = {.pool = pool, .watch = &watch, .bases = bases};
    world_open(world, "samples");
    for (size_t k = 0; k < sizeof transforms / sizeof *transforms; k++) {
        const struct tensor *query = &world->model->tensors[WORLD_QUERY];
        const struct report *report = report_of(world, transforms[k], 1, NULL);
        struct survey_settings settings = {.transform = weights_transform(transforms[k]),
                                           .layers = &world->index,
                                           .scheme = scheme_default()};
        settings.scheme.asymmetric = true; /* not on the ladder: an analysis of its own */
        struct survey_record record;
        survey_begin(query, &record);
        assert_true(survey_tensor(&analysis, query, &settings, RECORD_FAST | RECORD_SCHEME, &record,
                                  &error));
        assert_string_equal(record.failure, "");
        weights_assert_near(record_error(&record, 4)->sqnr_db, report->figures.sqnr_db, 1e-6, 0);
        weights_assert_near(record.weights.std, report->figures.std, 1e-6, 0);
        assert_true(record.scheme.error_mse != record_error(&record, 4)->mse);
        part_unref(&report->part);
    }
    cache_free(bases);
    pool_free(pool);
    world_free(world);
}

/* A transform that does not fit is told in the record. */
static void test_survey_tells(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {ERROR_NONE, ""};
    struct watch watch = {.cancel = false};
    struct pool *pool = pool_new(1, &error);
    const struct analysis analysis = {.pool = pool, .watch = &watch};
    world_open(world, "nothing");
    const struct survey_settings settings = {.transform = weights_transform("hadamard:16"),
                                             .scheme = scheme_default()};
    struct survey_record record;
    survey_begin(&world->model->tensors[WORLD_QUERY], &record);
    assert_true(survey_tensor(&analysis, &world->model->tensors[WORLD_QUERY], &settings,
                              RECORD_FAST, &record, &error));
    assert_string_equal(record.failure, "hadamard:16 does not divide 24 columns");
    pool_free(pool);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_are_wanted), cmocka_unit_test(test_the_group_shares_it),
        cmocka_unit_test(test_what_it_serves),   cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_figures),          cmocka_unit_test(test_threads_and_cache),
        cmocka_unit_test(test_survey),           cmocka_unit_test(test_survey_tells),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
