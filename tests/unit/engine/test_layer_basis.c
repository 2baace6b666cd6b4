/* SPDX-License-Identifier: MIT */
#include "layer_world.h"

#include "base/mem.h"
#include "engine/layer_basis.h"

static struct basis *make_basis(const struct layer_group *group, const char *transform,
                                struct error *error)
{
    struct transform_spec spec;
    assert_true(transform_spec_parse(transform, &spec, error));
    return layer_basis_new(group, &spec, error);
}

/* T Σx Tᵀ is the moment of the turned samples. */
static void test_moment(void **state)
{
    (void)state;
    static const char *const transforms[] = {"none", "align:1", "align:7", "hadamard:8",
                                             "random:2+align:4"};
    for (size_t k = 0; k < sizeof transforms / sizeof *transforms; k++) {
        struct layer_world *world = world_new();
        struct error error = {0};
        struct moment turned;
        world_open(world, "samples");
        const struct layer_group *group = world_group(world, 0, transforms[k], &error);
        struct basis *basis = make_basis(group, transforms[k], &error);
        assert_non_null(basis);
        const size_t n = WORLD_TOKENS * WORLD_D;
        double *x = mem_alloc(n, sizeof *x), *scratch = mem_alloc(basis_scratch(basis), sizeof *x);
        memcpy(x, group->inputs->x, n * sizeof *x);
        basis_turn_tokens(basis, x, WORLD_TOKENS, scratch);
        assert_true(layer_basis_moment(basis, &group->inputs->moment, &turned, &error));
        for (size_t i = 0; i < WORLD_D; i++)
            for (size_t j = 0; j < WORLD_D; j++) {
                double sum = 0;
                for (size_t t = 0; t < WORLD_TOKENS; t++)
                    sum += x[t * WORLD_D + i] * x[t * WORLD_D + j] / WORLD_TOKENS;
                assert_true(fabs(moment_at(&turned, i, j) - sum) < 1e-9);
            }
        mem_free((double *)turned.value);
        mem_free(scratch);
        mem_free(x);
        basis_free(basis);
        part_unref(&group->part);
        world_free(world);
    }
}

/* Isotropic input stays so under a rotation, and under no other transform. */
static void test_isotropic(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct moment turned;
    world_open(world, "nothing");
    const struct layer_group *group = world_group(world, 0, "align:8", &error);
    struct basis *basis = make_basis(group, "hadamard", &error);
    assert_true(layer_basis_moment(basis, &group->inputs->moment, &turned, &error));
    assert_null(turned.value);
    assert_true(moment_trace(&turned) == WORLD_D);
    basis_free(basis);
    basis = make_basis(group, "align:8", &error);
    assert_true(layer_basis_moment(basis, &group->inputs->moment, &turned, &error));
    assert_non_null(turned.value);
    assert_int_equal(turned.block, 8);
    mem_free((double *)turned.value);
    basis_free(basis);
    part_unref(&group->part);
    world_free(world);
}

/* Of several matrices the one with the name of a layer is taken; without one there is a doubt. */
static void test_choice_of_matrix(void **state)
{
    (void)state;
    static float one[WORLD_D * WORLD_D], three[WORLD_D * WORLD_D];
    struct layer_world *world = world_new();
    struct tensor_writer writer = {0};
    struct error error = {0};
    char transform[600];
    for (size_t i = 0; i < WORLD_D; i++) {
        one[i * WORLD_D + i] = 1;
        three[i * WORLD_D + i] = 3;
    }
    tensor_writer_add(&writer, "other", "24,24", one, WORLD_D * WORLD_D);
    tensor_writer_add(&writer, "blk.0.attn_k.weight", "24,24", three, WORLD_D * WORLD_D);
    snprintf(transform, sizeof transform, "matrix:%s",
             tensor_writer_write(&writer, "matrices.safetensors"));
    world_open(world, "nothing");
    const struct layer_group *group = world_group(world, WORLD_QUERY, "none", &error);
    struct basis *basis = make_basis(group, transform, &error);
    assert_non_null(basis);
    double x[WORLD_D] = {[4] = 1};
    double *scratch = mem_alloc(basis_scratch(basis), sizeof *scratch);
    basis_turn_tokens(basis, x, 1, scratch);
    assert_true(fabs(x[4] - 3) < 1e-15);
    mem_free(scratch);
    basis_free(basis);
    part_unref(&group->part);
    group = world_group(world, WORLD_DOWN, "none", &error);
    assert_null(make_basis(group, transform, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    part_unref(&group->part);
    group = world_group(world, WORLD_DOWN, "none", &error);
    assert_null(make_basis(group, "matrix:/nowhere/at.all", &error));
    assert_int_equal(error.code, ERROR_FILE);
    part_unref(&group->part);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moment),
        cmocka_unit_test(test_isotropic),
        cmocka_unit_test(test_choice_of_matrix),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
