/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linear/layer_error.h"
#include "linear/second_moment.h"
#include "random_rows.h"

#define D 19
#define O 11
#define T 23

struct layer {
    double w[O * D], e[O * D], x[T * D], f[T * D];
};

static void make(struct layer *layer)
{
    random_rows(layer->w, O * D, 1);
    random_rows(layer->e, O * D, 2);
    random_rows(layer->x, T * D, 3);
    random_rows(layer->f, T * D, 4);
    for (size_t i = 0; i < O * D; i++)
        layer->e[i] *= 0.05;
    for (size_t i = 0; i < T * D; i++)
        layer->f[i] *= 0.1;
}

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < D; i++)
        sum += a[i] * b[i];
    return sum;
}

/* By the definition: Q(W)Q(x) is formed and Wx taken away. */
static struct layer_error define(const struct layer *layer)
{
    struct layer_error sums = {0};
    for (size_t t = 0; t < T; t++)
        for (size_t o = 0; o < O; o++) {
            double q[D], r[D];
            const double *w = layer->w + o * D, *x = layer->x + t * D;
            for (size_t i = 0; i < D; i++) {
                q[i] = w[i] + layer->e[o * D + i];
                r[i] = x[i] + layer->f[t * D + i];
            }
            double y = dot(w, x);
            sums.signal += y * y;
            sums.weights += pow(dot(q, x) - y, 2);
            sums.activations += pow(dot(w, r) - y, 2);
            sums.both += pow(dot(q, r) - y, 2);
        }
    return sums;
}

static void check(const struct layer_error *ours, const struct layer_error *wanted)
{
    assert_true(fabs(ours->signal / wanted->signal - 1) < 1e-11);
    assert_true(fabs(ours->weights / wanted->weights - 1) < 1e-11);
    assert_true(fabs(ours->activations / wanted->activations - 1) < 1e-11);
    assert_true(fabs(ours->both / wanted->both - 1) < 1e-11);
}

static void test_samples_in_blocks(void **state)
{
    (void)state;
    static struct layer layer;
    make(&layer);
    struct layer_error wanted = define(&layer), parts[2] = {{0}};
    for (size_t row = 0; row < O; row += 4)
        for (size_t token = 0; token < T; token += 10) {
            struct layer_rows rows = {layer.w + row * D, layer.e + row * D,
                                      O - row < 4 ? O - row : 4, D};
            layer_error_add_samples(&parts[row % 8 != 0], &rows, layer.x + token * D,
                                    layer.f + token * D, T - token < 10 ? T - token : 10);
        }
    layer_error_merge(&parts[0], &parts[1]);
    check(&parts[0], &wanted);
}

static void test_weights_only(void **state)
{
    (void)state;
    static struct layer layer;
    struct layer_error sums = {0};
    make(&layer);
    memset(layer.f, 0, sizeof layer.f);
    struct layer_error wanted = define(&layer);
    layer_error_add_samples(&sums, &(struct layer_rows){layer.w, layer.e, O, D}, layer.x, NULL, T);
    assert_true(fabs(sums.weights / wanted.weights - 1) < 1e-12);
    assert_true(sums.both == sums.weights && sums.activations == 0);
}

/* The samples' own second moment gives what the samples give. */
static void test_moment(void **state)
{
    (void)state;
    static struct layer layer;
    static double sigma[D * D];
    struct layer_error samples = {0}, moment = {0};
    make(&layer);
    memset(sigma, 0, sizeof sigma);
    second_moment_add(sigma, D, layer.x, T);
    second_moment_finish(sigma, D, 1);
    for (size_t o = 0; o < O; o++)
        layer_error_add_moment(&moment,
                               &(struct layer_rows){layer.w + o * D, layer.e + o * D, 1, D}, sigma);
    layer_error_add_samples(&samples, &(struct layer_rows){layer.w, layer.e, O, D}, layer.x, NULL,
                            T);
    assert_true(fabs(moment.signal / samples.signal - 1) < 1e-12);
    assert_true(fabs(moment.weights / samples.weights - 1) < 1e-12);
    assert_true(moment.both == moment.weights);
}

static void test_diagonal(void **state)
{
    (void)state;
    const double w[] = {1, 2, 3, 4}, e[] = {0.1, 0, 0, -0.2}, diagonal[] = {2, 5};
    struct layer_error sums = {0}, isotropic = {0};
    layer_error_add_diagonal(&sums, &(struct layer_rows){w, e, 2, 2}, diagonal);
    assert_true(fabs(sums.signal - (2 + 20 + 18 + 80)) < 1e-12);
    assert_true(fabs(sums.weights - (0.02 + 0.2)) < 1e-15);
    layer_error_add_diagonal(&isotropic, &(struct layer_rows){w, e, 2, 2}, NULL);
    assert_true(isotropic.signal == 30 && fabs(isotropic.both - 0.05) < 1e-16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_in_blocks),
        cmocka_unit_test(test_weights_only),
        cmocka_unit_test(test_moment),
        cmocka_unit_test(test_diagonal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
