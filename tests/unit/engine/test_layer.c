/* SPDX-License-Identifier: MIT
 *
 * Every figure against its definition, computed here from scratch; transforms beyond a scaling are
 * compared with an independent implementation elsewhere (tests/golden/golden_layers.c).
 */
#include "layer_world.h"

/* Q(v) - v of n values over [low, high], symmetric or not, as MATH §2 has it. */
static void round_values(const double v[], size_t n, double low, double high, int bits,
                         bool symmetric, double e[])
{
    const double c = fmax(fabs(low), fabs(high)), half = ldexp(1, bits - 1) - 1;
    const double all = ldexp(1, bits) - 1, bottom = fmin(low, 0), range = fmax(high, 0) - bottom;
    const double zero = rint(-bottom * all / range);
    for (size_t i = 0; i < n; i++) {
        if (symmetric) {
            const double code = fmax(fmin(rint(v[i] * half / c), half), -half);
            e[i] = code * (c / half) - v[i];
        } else {
            const double code = fmax(fmin(rint(v[i] * all / range) + zero, all), 0) - zero;
            e[i] = code * (range / all) - v[i];
        }
    }
}

static void find_range(const double v[], size_t n, double *low, double *high)
{
    *low = *high = v[0];
    for (size_t i = 1; i < n; i++) {
        *low = fmin(*low, v[i]);
        *high = fmax(*high, v[i]);
    }
}

/* The definition's world: weights of the key or the query, and samples, behind a scaling. */
struct plain {
    size_t rows;
    double w[WORLD_Q * WORLD_D], e[WORLD_Q * WORLD_D];
    double x[WORLD_TOKENS * WORLD_D], f[WORLD_TOKENS * WORLD_D];
    double w_ranges, x_ranges; /* sums of squares */
};

static struct plain *plain_new(const struct layer_world *world, bool key, const double scale[],
                               const struct input_grid *inputs, int bits)
{
    struct plain *plain = calloc(1, sizeof *plain);
    double low, high;
    plain->rows = key ? WORLD_K : WORLD_Q;
    for (size_t i = 0; i < plain->rows * WORLD_D; i++)
        plain->w[i] = (double)(key ? world->k : world->q)[i] * scale[i % WORLD_D];
    for (size_t i = 0; i < WORLD_TOKENS * WORLD_D; i++)
        plain->x[i] = (double)world->x[i] / scale[i % WORLD_D];
    for (size_t row = 0; row < plain->rows; row++) {
        const double *w = plain->w + row * WORLD_D;
        find_range(w, WORLD_D, &low, &high);
        round_values(w, WORLD_D, low, high, bits, true, plain->e + row * WORLD_D);
        plain->w_ranges += 4 * pow(fmax(fabs(low), fabs(high)), 2);
    }
    for (size_t t = 0; t < WORLD_TOKENS; t++) {
        const double *x = plain->x + t * WORLD_D;
        find_range(inputs->fixed ? plain->x : x, inputs->fixed ? WORLD_TOKENS * WORLD_D : WORLD_D,
                   &low, &high);
        round_values(x, WORLD_D, low, high, inputs->bits, inputs->symmetric,
                     plain->f + t * WORLD_D);
        const double range =
            inputs->symmetric ? 2 * fmax(fabs(low), fabs(high)) : fmax(high, 0) - fmin(low, 0);
        plain->x_ranges += range * range;
    }
    return plain;
}

static double squares(const double v[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i];
    return sum;
}

static double decibels(double ratio)
{
    return 10 * log10(ratio);
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) < 1e-9))
        fail_msg("%.15g, not %.15g", a, b);
}

static void compare_plain(const struct plain *plain, const struct input_grid *inputs, int bits,
                          const struct layer_sqnr *sqnr)
{
    double y = 0, both = 0, weights = 0, activations = 0;
    for (size_t row = 0; row < plain->rows; row++)
        for (size_t t = 0; t < WORLD_TOKENS; t++) {
            double wx = 0, all = 0, ex = 0, wf = 0;
            for (size_t j = 0; j < WORLD_D; j++) {
                const double w = plain->w[row * WORLD_D + j], e = plain->e[row * WORLD_D + j];
                const double x = plain->x[t * WORLD_D + j], f = plain->f[t * WORLD_D + j];
                wx += w * x;
                ex += e * x;
                wf += w * f;
                all += (w + e) * (x + f);
            }
            y += wx * wx;
            both += (all - wx) * (all - wx);
            weights += ex * ex;
            activations += wf * wf;
        }
    const double n_w = ldexp(1, bits) - 2,
                 n_x = ldexp(1, inputs->bits) - (inputs->symmetric ? 2 : 1);
    const double w_power = squares(plain->w, plain->rows * WORLD_D);
    const double x_power = squares(plain->x, WORLD_TOKENS * WORLD_D);
    const double c_w = w_power / plain->w_ranges, c_x = x_power / plain->x_ranges;
    const double joint = 1 / (1 / c_w + n_w * n_w / (c_x * n_x * n_x));
    const double alignment = y / (w_power * x_power);
    assert_near(sqnr->measured, decibels(y / both));
    assert_near(sqnr->weights_only, decibels(y / weights));
    assert_near(sqnr->activations_only, decibels(y / activations));
    assert_near(sqnr->bits, decibels(12 * n_w * n_w));
    assert_near(sqnr->weight_concentration, decibels(c_w));
    assert_near(sqnr->activation_concentration, decibels(c_x));
    assert_near(sqnr->concentration, decibels(joint));
    assert_near(sqnr->alignment, decibels(alignment));
    assert_near(sqnr->approximation, sqnr->bits + sqnr->concentration + sqnr->alignment);
}

/* SmoothQuant's factors for the group: the largest weights of both members. */
static void find_scale(const struct layer_world *world, double scale[])
{
    for (size_t j = 0; j < WORLD_D; j++) {
        double x = 0, w = 0;
        for (size_t t = 0; t < WORLD_TOKENS; t++)
            x = fmax(x, fabs((double)world->x[t * WORLD_D + j]));
        for (size_t row = 0; row < WORLD_Q; row++)
            w = fmax(w, fabs((double)world->q[row * WORLD_D + j]));
        for (size_t row = 0; row < WORLD_K; row++)
            w = fmax(w, fabs((double)world->k[row * WORLD_D + j]));
        scale[j] = sqrt(x) / sqrt(w);
    }
}

static void test_against_definition(void **state)
{
    (void)state;
    static const struct {
        int bits;
        struct input_grid inputs;
        bool scale;
    } cases[] = {
        {4, {.bits = 4}, false},
        {3, {.bits = 5}, true},
        {8, {.bits = 6, .symmetric = true}, true},
        {4, {.bits = 8, .fixed = true}, false},
        {5, {.bits = 2, .symmetric = true, .fixed = true}, true},
    };
    struct layer_world *world = world_new();
    world_open(world, "samples");
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct error error = {0};
        struct scheme scheme = scheme_default();
        double scale[WORLD_D];
        scheme.bits = cases[c].bits;
        for (size_t j = 0; j < WORLD_D; j++)
            scale[j] = 1;
        if (cases[c].scale)
            find_scale(world, scale);
        const struct layer *layer = world_compute(world, cases[c].scale ? "scale:0.5" : "none",
                                                  &scheme, &cases[c].inputs, 2, &error);
        assert_non_null(layer);
        assert_int_equal(layer->count, 2);
        assert_string_equal(layer->basis, cases[c].scale ? "scale 0.5" : "none");
        for (size_t i = 0; i < 2; i++) {
            struct plain *plain = plain_new(world, i == 1, scale, &cases[c].inputs, cases[c].bits);
            compare_plain(plain, &cases[c].inputs, cases[c].bits, &layer->member[i].sqnr);
            assert_true(layer->member[i].deviation < 1e-13);
            free(plain);
        }
        part_unref(&layer->part);
    }
    world_free(world);
}

/* A second moment tells the same as the samples that it is of, but for what needs samples. */
static void test_moment_is_as_good(void **state)
{
    (void)state;
    static const char *const transforms[] = {"none", "hadamard:8", "align:24", "random+align:8"};
    const struct scheme scheme = scheme_default();
    const struct input_grid grid = {.bits = 6};
    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++) {
        const struct layer_figures a = world_figures("samples", transforms[i], &scheme, &grid);
        const struct layer_figures b = world_figures("moment", transforms[i], &scheme, &grid);
        assert_true(fabs(a.sqnr.alignment - b.sqnr.alignment) < 1e-5);
        assert_true(fabs(a.sqnr.max_alignment - b.sqnr.max_alignment) < 1e-4);
        assert_true(fabs(a.sqnr.weights_only - b.sqnr.weights_only) < 1e-2);
        assert_false(isnan(a.sqnr.measured));
        assert_true(isnan(b.sqnr.measured) && isnan(b.sqnr.approximation));
    }
}

/* A diagonal, whose blocks are handled one by one, as the same matrix in full. */
static void test_diagonal_in_blocks(void **state)
{
    (void)state;
    static const char *const transforms[] = {"none", "align:1", "align:5", "align:8+hadamard:8",
                                             "hadamard:8+align:24"};
    const struct scheme scheme = scheme_default();
    const struct input_grid none = {.bits = 0};
    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++) {
        const struct layer_figures a = world_figures("diagonal", transforms[i], &scheme, &none);
        const struct layer_figures b = world_figures("spread", transforms[i], &scheme, &none);
        assert_near(a.sqnr.alignment, b.sqnr.alignment);
        assert_near(a.sqnr.weights_only, b.sqnr.weights_only);
        assert_near(a.sqnr.measured, b.sqnr.weights_only); /* inputs are not rounded */
        assert_true(a.deviation < 1e-12);
    }
}

/* Of isotropic input the alignment is 1/d, and a rotation changes no alignment. */
static void test_isotropic_and_rotated(void **state)
{
    (void)state;
    const struct scheme scheme = scheme_default();
    const struct input_grid none = {.bits = 0};
    const struct layer_figures a = world_figures("nothing", "none", &scheme, &none);
    const struct layer_figures b = world_figures("nothing", "hadamard", &scheme, &none);
    const struct layer_figures c = world_figures("samples", "none", &scheme, &none);
    const struct layer_figures d = world_figures("samples", "hadamard+random:3", &scheme, &none);
    assert_near(a.sqnr.alignment, decibels(1.0 / WORLD_D));
    assert_near(b.sqnr.alignment, a.sqnr.alignment);
    assert_near(d.sqnr.alignment, c.sqnr.alignment);
    assert_true(fabs(d.sqnr.weight_concentration - c.sqnr.weight_concentration) > 0.1);
}

/* Alone in its group, a layer is aligned as well as can be, but for the ridge. */
static void test_best_alignment(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    const struct scheme scheme = scheme_default();
    struct error error = {0};
    memset(world->k, 0, sizeof world->k);
    world_open(world, "samples");
    const struct layer *layer =
        world_compute(world, "align:24", &scheme, &(struct input_grid){.bits = 0}, 2, &error);
    assert_non_null(layer);
    const struct layer_sqnr *best = &layer->member[0].sqnr;
    assert_true(best->alignment > best->max_alignment - 1e-3);
    assert_true(best->alignment < best->max_alignment + 1e-9);
    part_unref(&layer->part);
    world_free(world);
}

static void test_threads(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    const struct scheme scheme = scheme_default();
    const struct input_grid grid = {.bits = 4};
    struct error error = {0};
    world_open(world, "samples");
    const struct layer *a = world_compute(world, "cat:8", &scheme, &grid, 1, &error);
    const struct layer *b = world_compute(world, "cat:8", &scheme, &grid, 4, &error);
    assert_memory_equal(a->member, b->member, 2 * sizeof *a->member);
    part_unref(&a->part);
    part_unref(&b->part);
    world_free(world);
}

/* Levels without even steps have no terms, but are measured. */
static void test_other_levels(void **state)
{
    (void)state;
    static const char *const levels[] = {"nf4", "lloyd-max", "mxfp4", "nvfp4", "q4_0"};
    const struct input_grid grid = {.bits = 8};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        struct scheme scheme = scheme_default();
        assert_true(levels_parse(levels[i], &scheme.levels, &scheme.bits, NULL));
        const struct layer_figures f = world_figures("samples", "hadamard", &scheme, &grid);
        assert_true(f.sqnr.measured > 10 && f.sqnr.measured < 35);
        assert_true(fabs(f.sqnr.weights_only - f.sqnr.measured) < 1); /* 8 bits cost little */
        assert_true(isnan(f.sqnr.bits) && isnan(f.sqnr.approximation));
        assert_false(isnan(f.sqnr.alignment) || isnan(f.sqnr.activation_concentration));
    }
}

/* Twice the identity changes nothing, and a file must have one matrix of the width. */
static void test_matrix(void **state)
{
    (void)state;
    static float matrix[WORLD_D * WORLD_D];
    struct layer_world *world = world_new();
    const struct scheme scheme = scheme_default();
    const struct input_grid grid = {.bits = 4};
    struct tensor_writer writer = {0};
    struct error error = {0};
    char transform[600];
    for (size_t i = 0; i < WORLD_D; i++)
        matrix[i * WORLD_D + i] = 2;
    tensor_writer_add(&writer, "t", "24,24", matrix, WORLD_D * WORLD_D);
    snprintf(transform, sizeof transform, "matrix:%s",
             tensor_writer_write(&writer, "matrix.safetensors"));
    world_open(world, "samples");
    const struct layer *a = world_compute(world, "none", &scheme, &grid, 2, &error);
    const struct layer *b = world_compute(world, transform, &scheme, &grid, 2, &error);
    assert_non_null(b);
    assert_near(a->member[1].sqnr.measured, b->member[1].sqnr.measured);
    assert_near(a->member[1].sqnr.alignment, b->member[1].sqnr.alignment);
    part_unref(&a->part);
    part_unref(&b->part);
    tensor_writer_zeros(&writer, "t", WORLD_D / 3, WORLD_D);
    tensor_writer_write(&writer, "matrix.safetensors");
    assert_null(world_compute(world, transform, &scheme, &grid, 2, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    world_free(world);
}

static void test_refused(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct scheme scheme = scheme_default();
    const struct input_grid grid = {.bits = 4};
    struct error error = {0};
    world_open(world, "moment");
    assert_null(world_compute(world, "scale:0.5", &scheme, &grid, 1, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    error.code = ERROR_NONE;
    assert_null(world_compute(world, "hadamard:16", &scheme, &grid, 1, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    error.code = ERROR_NONE;
    scheme.granularity = GRANULARITY_TENSOR;
    assert_null(world_compute(world, "none", &scheme, &grid, 1, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    world_free(world);
}

/* Weights of zeros have no ratios, admit no alignment, and do no harm. */
static void test_zeros(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    const struct scheme scheme = scheme_default();
    const struct input_grid grid = {.bits = 4};
    struct error error = {0};
    memset(world->q, 0, sizeof world->q);
    memset(world->k, 0, sizeof world->k);
    world_open(world, "samples");
    const struct layer *layer = world_compute(world, "hadamard", &scheme, &grid, 2, &error);
    assert_non_null(layer);
    assert_true(isnan(layer->member[0].sqnr.measured) && isnan(layer->member[0].deviation));
    assert_true(isnan(layer->member[1].sqnr.max_alignment));
    part_unref(&layer->part);
    assert_null(world_compute(world, "cat:8", &scheme, &grid, 2, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    world_free(world);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct layer_world *world = world_new();
    struct error error = {0};
    struct watch watch = {0};
    const struct layer_request request = {.scheme = scheme_default()};
    world_open(world, "samples");
    const struct layer_group *group = world_group(world, WORLD_QUERY, "none", &error);
    struct pool *pool = pool_new(2, &error);
    atomic_store(&watch.cancel, true);
    assert_null(layer_compute(pool, &watch, group, &request, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    pool_free(pool);
    part_unref(&group->part);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_definition),
        cmocka_unit_test(test_moment_is_as_good),
        cmocka_unit_test(test_diagonal_in_blocks),
        cmocka_unit_test(test_isotropic_and_rotated),
        cmocka_unit_test(test_best_alignment),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_other_levels),
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
