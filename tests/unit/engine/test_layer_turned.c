/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

#include "engine/layer_basis.h"
#include "engine/layer_turned.h"
#include "linear/token_grid.h"

struct setting {
    struct layer_world *world;
    const struct layer_group *group;
    struct basis *basis;
    struct pool *pool;
    struct layer_turned turned;
};

static void begin(struct setting *setting, const char *inputs, const char *transform,
                  const struct input_grid *grid)
{
    struct error error = {0};
    struct transform_spec spec;
    struct watch watch = {0};
    setting->world = world_new();
    world_open(setting->world, inputs);
    setting->group = world_group(setting->world, 0, transform, &error);
    assert_true(transform_spec_parse(transform, &spec, &error));
    setting->basis = layer_basis_new(setting->group, &spec, &error);
    setting->pool = pool_new(2, &error);
    assert_true(layer_turned_make(&setting->turned, setting->pool, &watch, setting->group,
                                  setting->basis, grid, &error));
}

static void end(struct setting *setting)
{
    layer_turned_done(&setting->turned);
    pool_free(setting->pool);
    basis_free(setting->basis);
    part_unref(&setting->group->part);
    world_free(setting->world);
}

/* A rotation keeps lengths; errors are those of each token's own grid, or of one for all. */
static void test_samples(void **state)
{
    (void)state;
    for (int fixed = 0; fixed < 2; fixed++) {
        const struct input_grid grid = {.bits = 5, .fixed = fixed};
        struct setting setting;
        begin(&setting, "samples", "hadamard:8", &grid);
        const double *x = setting.turned.x;
        double power = 0, ranges = 0, low = x[0], high = x[0];
        for (size_t i = 0; i < WORLD_TOKENS * WORLD_D; i++) {
            power += (double)setting.world->x[i] * (double)setting.world->x[i];
            low = fmin(low, x[i]);
            high = fmax(high, x[i]);
        }
        for (size_t t = 0; t < WORLD_TOKENS; t++, x += WORLD_D) {
            double e[WORLD_D];
            const struct token_grid own =
                fixed ? token_grid_make(low, high, 5, false) : token_grid_of(x, WORLD_D, 5, false);
            token_grid_round(&own, x, WORLD_D, e);
            assert_memory_equal(e, setting.turned.f + t * WORLD_D, sizeof e);
            ranges += own.range * own.range;
        }
        assert_true(fabs(setting.turned.concentration.power / power - 1) < 1e-12);
        assert_true(fabs(setting.turned.concentration.ranges / ranges - 1) < 1e-12);
        assert_int_equal(setting.turned.probes, LAYER_PROBES);
        end(&setting);
    }
}

/* Without bits there are no errors; without samples there are a moment and draws. */
static void test_less_known(void **state)
{
    (void)state;
    struct setting setting;
    begin(&setting, "samples", "none", &(struct input_grid){.bits = 0});
    assert_non_null(setting.turned.x);
    assert_null(setting.turned.f);
    assert_true(setting.turned.concentration.ranges == 0);
    /* Probes are samples, the first one among them. */
    for (size_t j = 0; j < WORLD_D; j++)
        assert_true(setting.turned.probe[j] == (double)setting.world->x[j]);
    end(&setting);
    begin(&setting, "moment", "align:8", &(struct input_grid){.bits = 4});
    assert_null(setting.turned.x);
    assert_non_null(setting.turned.moment.value);
    assert_true(setting.turned.concentration.power == moment_trace(&setting.turned.moment));
    assert_int_equal(setting.turned.probes, LAYER_PROBES);
    assert_true(setting.turned.probe[1] != 0);
    end(&setting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_less_known),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
