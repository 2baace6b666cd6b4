/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "engine/synthetic.h"

#define ROWS    60
#define COLUMNS 32
#define TOKENS  400

static const struct source gaussian = {.type = &source_gaussian, .std = 1};

static const struct synthetic *draw(const char *text, unsigned long seed)
{
    struct synthetic_layer layer;
    struct watch watch = {0};
    struct error error = {0};
    if (!synthetic_layer_parse(text, &layer, &error))
        fail_msg("%s", error.text);
    const struct synthetic *synthetic =
        synthetic_draw_layer(&gaussian, &layer, seed, &watch, &error);
    if (!synthetic)
        fail_msg("%s", error.text);
    return synthetic;
}

/* All of a tensor, which the caller frees. */
static double *values_of(const struct tensor *tensor)
{
    double *values = malloc(tensor->elements * sizeof *values);
    assert_true(tensor_read(tensor, (struct tensor_view){0}, 0, tensor->elements, values, NULL));
    return values;
}

/* out[j] = the mean square of a column. */
static void column_powers(const struct tensor *tensor, double out[COLUMNS])
{
    double *values = values_of(tensor);
    for (size_t j = 0; j < COLUMNS; j++)
        out[j] = 0;
    for (size_t i = 0; i < tensor->elements; i++)
        out[i % COLUMNS] += values[i] * values[i] * COLUMNS / (double)tensor->elements;
    free(values);
}

/* A = E|Wx|^2 / (|W|^2 E|x|^2), from the very draws. */
static double alignment_of(const struct synthetic *synthetic)
{
    double *w = values_of(&synthetic->model->tensors[0]);
    double *x = values_of(&synthetic->activations->model->tensors[0]);
    double output = 0, w_power = 0, x_power = 0;
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        w_power += w[i] * w[i];
    for (size_t i = 0; i < TOKENS * COLUMNS; i++)
        x_power += x[i] * x[i];
    for (size_t t = 0; t < TOKENS; t++)
        for (size_t i = 0; i < ROWS; i++) {
            double y = 0;
            for (size_t j = 0; j < COLUMNS; j++)
                y += w[i * COLUMNS + j] * x[t * COLUMNS + j];
            output += y * y;
        }
    free(x);
    free(w);
    return output / (w_power * x_power);
}

/* The lab's layer is found, and with the inputs that are its. */
static void test_a_layer_knows_its_inputs(void **state)
{
    (void)state;
    const struct synthetic *synthetic = draw("60x32:400", 1);
    const struct tensor *weight = &synthetic->model->tensors[0];
    assert_int_equal(weight->rank, 2);
    assert_int_equal(weight->dims[0], ROWS);
    assert_int_equal(weight->dims[1], COLUMNS);
    assert_true(layer_index_has(synthetic->layers, 0, NULL));
    struct layer_list list = layer_index_group(synthetic->layers, 0);
    assert_int_equal(list.count, 1);
    assert_ptr_equal(list.tensor[0], weight);
    assert_int_equal(list.match->inputs->kind, ACTIVATION_SAMPLES);
    assert_int_equal(list.match->inputs->rows, TOKENS);
    assert_int_equal(list.match->inputs->width, COLUMNS);
    layer_list_done(&list);
    assert_int_equal(synthetic->part.bytes, (ROWS + TOKENS) * COLUMNS * sizeof(float));
    part_unref(&synthetic->part);
}

static void test_the_seed_tells_all(void **state)
{
    (void)state;
    const struct synthetic *one = draw("60x32:400+mix:8+slope:2", 5),
                           *same = draw("60x32:400+mix:8+slope:2", 5),
                           *other = draw("60x32:400+mix:8+slope:2", 6);
    double *a = values_of(&one->model->tensors[0]), *b = values_of(&same->model->tensors[0]),
           *c = values_of(&other->model->tensors[0]);
    assert_memory_equal(a, b, ROWS * COLUMNS * sizeof *a);
    assert_memory_not_equal(a, c, ROWS * COLUMNS * sizeof *a);
    free(a);
    free(b);
    free(c);
    part_unref(&one->part);
    part_unref(&same->part);
    part_unref(&other->part);
}

/* Nothing preferred: every direction arrives alike.  The slope costs d / (Σ s² Σ s⁻²). */
static void test_the_slope_costs_alignment(void **state)
{
    (void)state;
    double squares = 0, inverse = 0;
    const struct synthetic *plain = draw("60x32:400", 1), *steep = draw("60x32:400+slope:4", 1);
    for (int j = 1; j <= COLUMNS; j++) {
        const double s = exp2(4 * (fmod(j * 0.61803398874989484, 1) - 0.5));
        squares += s * s;
        inverse += 1 / (s * s);
    }
    assert_true(fabs(10 * log10(alignment_of(plain) * COLUMNS)) < 0.1);
    assert_true(fabs(10 * log10(alignment_of(steep) * squares * inverse / COLUMNS)) < 0.3);
    part_unref(&plain->part);
    part_unref(&steep->part);
}

/* Columns of the same layer, rotated, are alike; but a rotation of both keeps the alignment. */
static void test_mixing_hides_the_slope(void **state)
{
    (void)state;
    double w[COLUMNS], least = INFINITY, most = 0;
    const struct synthetic *steep = draw("60x32:400+slope:4", 1),
                           *mixed = draw("60x32:400+slope:4+mix:32", 1);
    column_powers(&mixed->model->tensors[0], w);
    for (size_t j = 0; j < COLUMNS; j++) {
        least = fmin(least, w[j]);
        most = fmax(most, w[j]);
    }
    assert_true(most / least < 10); /* 2^8 without */
    assert_true(fabs(10 * log10(alignment_of(mixed) / alignment_of(steep))) < 0.3);
    part_unref(&steep->part);
    part_unref(&mixed->part);
}

static void test_outliers_are_of_the_input_alone(void **state)
{
    (void)state;
    double x[COLUMNS], w[COLUMNS];
    const struct synthetic *synthetic = draw("60x32:400+outliers:2:30", 1);
    column_powers(&synthetic->activations->model->tensors[0], x);
    column_powers(&synthetic->model->tensors[0], w);
    for (size_t j = 0; j < COLUMNS; j++) {
        const bool outlier = j == COLUMNS / 4 || j == 3 * COLUMNS / 4;
        assert_true(fabs(x[j] / (outlier ? 900 : 1) - 1) < 0.3);
        assert_true(fabs(w[j] - 1) < 0.7);
    }
    part_unref(&synthetic->part);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct synthetic_layer layer;
    struct watch watch = {.cancel = true};
    struct error error = {0};
    assert_true(synthetic_layer_parse("8x8", &layer, NULL));
    assert_null(synthetic_draw_layer(&gaussian, &layer, 1, &watch, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    assert_null(synthetic_draw(&gaussian, 10, 1, &watch, &error));
}

static void test_a_vector(void **state)
{
    (void)state;
    struct watch watch = {0};
    const struct synthetic *synthetic = synthetic_draw(&gaussian, 1000, 3, &watch, NULL);
    assert_int_equal(synthetic->model->tensors[0].rank, 1);
    assert_int_equal(synthetic->model->tensors[0].elements, 1000);
    assert_null(synthetic->layers);
    part_unref(&synthetic->part);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_layer_knows_its_inputs),
        cmocka_unit_test(test_the_seed_tells_all),
        cmocka_unit_test(test_the_slope_costs_alignment),
        cmocka_unit_test(test_mixing_hides_the_slope),
        cmocka_unit_test(test_outliers_are_of_the_input_alone),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_a_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
