/* SPDX-License-Identifier: MIT */
#include <math.h>

#include <gsl/gsl_errno.h>

#include "kind.h"
#include "layer.h"
#include "linear/alignment.h"
#include "linear/max_alignment.h"

static const char *const all[] = {
    "none",
    "scale:0.5",
    "align:1",
    "align:16",
    "align:16^0.5",
    "align",
    "hadamard",
    "hadamard:4",
    "hadamard+signs:9",
    "random:5",
    "matrix:t.npy",
    "cat:16",
    "scale:0.5+cat:32+signs",
    "hadamard+align:8",
    "hadamard:4+align:8+align:12+random",
    "matrix:t.npy+align:7",
};

/* Widths of both sorts: with a whole Hadamard matrix, and with blocks. */
static const size_t widths[] = {48, 52, 92};

/* A T of moderate condition. */
static double *draw_matrix(size_t n)
{
    double *matrix = malloc(n * n * sizeof *matrix);
    random_rows(matrix, n * n, 77);
    for (size_t i = 0; i < n; i++)
        matrix[i * n + i] += 3 * sqrt((double)n);
    return matrix;
}

struct turned {
    double *tokens, *weights;
};

static struct turned turn_layer(const struct basis *basis, const struct layer *layer)
{
    const size_t n = layer->columns;
    struct turned turned = {.tokens = malloc(LAYER_TOKENS * n * sizeof(double)),
                            .weights = malloc(LAYER_OUTPUTS * n * sizeof(double))};
    double *scratch = malloc((basis_scratch(basis) + 1) * sizeof *scratch);
    memcpy(turned.tokens, layer->tokens, LAYER_TOKENS * n * sizeof(double));
    memcpy(turned.weights, layer->weights, LAYER_OUTPUTS * n * sizeof(double));
    basis_turn_tokens(basis, turned.tokens, LAYER_TOKENS, scratch);
    basis_turn_weights(basis, turned.weights, LAYER_OUTPUTS, scratch);
    free(scratch);
    return turned;
}

static void turned_done(struct turned *turned)
{
    free(turned->weights);
    free(turned->tokens);
}

static double output(const double weights[], const double tokens[], size_t n, size_t i, size_t k)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += weights[i * n + j] * tokens[k * n + j];
    return sum;
}

/* A after the basis, from the rows themselves. */
static double turned_alignment(const struct basis *basis, const struct layer *layer)
{
    const size_t n = layer->columns;
    struct turned turned = turn_layer(basis, layer);
    double *x = malloc(n * n * sizeof *x), *w = malloc(n * n * sizeof *w);
    double *maxima = malloc(n * sizeof *maxima);
    layer_moment(turned.tokens, LAYER_TOKENS, n, LAYER_TOKENS, x, maxima);
    layer_moment(turned.weights, LAYER_OUTPUTS, n, 1, w, maxima);
    const double alignment = layer_alignment(x, w, n);
    free(maxima);
    free(w);
    free(x);
    turned_done(&turned);
    return alignment;
}

static void check_function(const char *name, const struct layer *layer,
                           const struct basis_input *input)
{
    const size_t n = layer->columns;
    struct basis *basis = kind_new(name, input);
    struct turned turned = turn_layer(basis, layer);
    assert_int_equal(basis_columns(basis), n);
    double size = 0;
    for (size_t i = 0; i < LAYER_OUTPUTS; i++)
        size = fmax(size, fabs(output(layer->weights, layer->tokens, n, i, 0)));
    for (size_t i = 0; i < LAYER_OUTPUTS; i++)
        for (size_t k = 0; k < LAYER_TOKENS; k++)
            if (!(fabs(output(layer->weights, layer->tokens, n, i, k) -
                       output(turned.weights, turned.tokens, n, i, k)) < 1e-9 * size))
                fail_msg("%s of %zu columns changes the output", name, n);
    turned_done(&turned);
    basis_free(basis);
}

static void test_function_is_preserved(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
        struct layer layer = layer_new(widths[k]);
        struct basis_input input = layer_input(&layer);
        double *matrix = draw_matrix(widths[k]);
        input.matrix = matrix;
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            check_function(all[i], &layer, &input);
        free(matrix);
        layer_done(&layer);
    }
}

static void test_rotations_keep_the_alignment(void **state)
{
    (void)state;
    static const char *const names[] = {"hadamard", "hadamard:4+signs:3", "random",
                                        "random+hadamard"};
    for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
        struct layer layer = layer_new(widths[k]);
        const struct basis_input input = layer_input(&layer);
        const double before = layer_alignment(layer.x, layer.w, layer.columns);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct basis *basis = kind_new(names[i], &input);
            assert_true(basis_is_orthogonal(basis));
            assert_true(fabs(turned_alignment(basis, &layer) / before - 1) < 1e-10);
            basis_free(basis);
        }
        layer_done(&layer);
    }
}

/* align takes the moments that the transforms before it leave: a rotation before the whole optimum
 * changes nothing, nor does a scaling, and the second of two optima has nothing left to do. */
static void test_moments_follow(void **state)
{
    (void)state;
    static const char *const names[] = {"align:48",          "random+align:48",
                                        "hadamard+align:48", "scale:0.5+align:48",
                                        "align:8+align:48",  "matrix:t.npy+hadamard:4+align:48",
                                        "align:48+align:48", "align:48+hadamard+align:16"};
    struct layer layer = layer_new(48);
    struct basis_input input = layer_input(&layer);
    double *matrix = draw_matrix(48), *w = malloc(48 * 48 * sizeof *w);
    input.matrix = matrix;
    memcpy(w, layer.w, 48 * 48 * sizeof *w);
    const double most = max_alignment(layer.x, w, 48);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct basis *basis = kind_new(names[i], &input);
        assert_true(fabs(turned_alignment(basis, &layer) / most - 1) < 1e-3); /* the ridges' work */
        basis_free(basis);
    }
    free(w);
    free(matrix);
    layer_done(&layer);
}

/* Wider blocks align better, up to the whole, and never better than the closed form. */
static void test_wider_is_better(void **state)
{
    (void)state;
    static const char *const names[] = {"none", "align:1", "align:4", "align:16", "align:48"};
    struct layer layer = layer_new(48);
    const struct basis_input input = layer_input(&layer);
    double last = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct basis *basis = kind_new(names[i], &input);
        const double now = turned_alignment(basis, &layer);
        assert_true(now > last);
        last = now;
        basis_free(basis);
    }
    assert_true(last <= max_alignment(layer.x, layer.w, 48) * (1 + 1e-9));
    layer_done(&layer);
}

/* Blocks of the moments do as well as the whole where no more is needed. */
static void test_blocks_of_moments_suffice(void **state)
{
    (void)state;
    struct layer layer = layer_new(52);
    struct basis_input whole = layer_input(&layer), part = whole;
    double *x = moment_rearrange(&whole.x, 16), *w = moment_rearrange(&whole.w, 16);
    part.x = (struct moment){.columns = 52, .block = 16, .value = x};
    part.w = (struct moment){.columns = 52, .block = 16, .value = w};
    struct basis *from_whole = kind_new("scale:0.5+align:16+hadamard", &whole);
    struct basis *from_part = kind_new("scale:0.5+align:16+hadamard", &part);
    struct turned a = turn_layer(from_whole, &layer), b = turn_layer(from_part, &layer);
    assert_memory_equal(a.tokens, b.tokens, LAYER_TOKENS * 52 * sizeof(double));
    assert_memory_equal(a.weights, b.weights, LAYER_OUTPUTS * 52 * sizeof(double));
    turned_done(&b);
    turned_done(&a);
    basis_free(from_part);
    basis_free(from_whole);
    free(w);
    free(x);
    layer_done(&layer);
}

static void test_parts(void **state)
{
    (void)state;
    struct layer layer = layer_new(48);
    const struct basis_input input = layer_input(&layer);
    struct basis *none = kind_new("none", &input), *three = kind_new("scale:0.5+cat:8", &input);
    assert_int_equal(basis_parts(none), 0);
    assert_int_equal(basis_width(none), 1);
    assert_int_equal(basis_scratch(none), 0);
    assert_true(basis_is_orthogonal(none));
    assert_int_equal(basis_parts(three), 3);
    assert_int_equal(basis_width(three), 48);
    assert_false(basis_is_orthogonal(three));
    assert_string_equal(basis_part_text(three, 1), "align 8, ridge 1e-06");
    assert_string_equal(basis_part_text(three, 2), "hadamard 48 = 12 x 4, Paley I over GF(11)");
    basis_free(three);
    basis_free(none);
    basis_free(NULL);
    layer_done(&layer);
}

/* Columns that lie without the others are turned as among them. */
static void check_stretches(const struct basis *basis, const struct layer *layer)
{
    const size_t n = layer->columns, width = basis_width(basis);
    const struct turned whole = turn_layer(basis, layer);
    double *part = malloc(LAYER_OUTPUTS * n * sizeof *part);
    double *scratch = malloc((basis_scratch(basis) + 1) * sizeof *scratch);
    for (size_t first = 0; first < n; first += width)
        for (size_t end = first + width; first < n && end < n + width; end += width) {
            const size_t wide = (end < n ? end : n) - first;
            for (size_t i = 0; i < LAYER_OUTPUTS; i++)
                memcpy(part + i * wide, layer->weights + i * n + first, wide * sizeof *part);
            basis_turn_stretch(basis, first, wide, part, LAYER_OUTPUTS, scratch);
            for (size_t i = 0; i < LAYER_OUTPUTS * wide; i++) {
                const double expected = whole.weights[i / wide * n + first + i % wide];
                assert_true(fabs(part[i] - expected) <= 1e-12 * (1 + fabs(expected)));
            }
        }
    free(scratch);
    free(part);
    free(whole.weights);
    free(whole.tokens);
}

static void test_stretches(void **state)
{
    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        struct layer layer = layer_new(widths[w]);
        double *matrix = draw_matrix(widths[w]);
        const size_t n = widths[w];
        const struct basis_input input = {.columns = n,
                                          .x = {n, n, layer.x},
                                          .w = {n, n, layer.w},
                                          .x_maxima = layer.x_maxima,
                                          .w_maxima = layer.w_maxima,
                                          .matrix = matrix};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            struct basis *basis = kind_new(all[i], &input);
            assert_true(basis_bytes(basis) > 0);
            check_stretches(basis, &layer);
            basis_free(basis);
        }
        free(matrix);
        layer_done(&layer);
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_function_is_preserved),
        cmocka_unit_test(test_rotations_keep_the_alignment),
        cmocka_unit_test(test_moments_follow),
        cmocka_unit_test(test_wider_is_better),
        cmocka_unit_test(test_blocks_of_moments_suffice),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_stretches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
