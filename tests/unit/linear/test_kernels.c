/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear/kernels.h"
#include "random_rows.h"

/* The kernels for the narrowest vectors, with which all others are compared to the last bit; what
 * they compute is checked by the tests of walsh, sign_matrix and product, for the widest. */
static const struct kernels *narrowest(const struct kernels *kernels[KERNELS_MOST])
{
    size_t n = 0;
    kernels_all(kernels);
    while (kernels[n + 1])
        n++;
    return kernels[n];
}

static void test_list(void **state)
{
    (void)state;
    const struct kernels *kernels[KERNELS_MOST];
    kernels_all(kernels);
    assert_ptr_equal(kernels[0], kernels_best());
    for (size_t i = 0; kernels[i]; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kernels[i]->name, kernels[j]->name);
}

#define MOST 65536

/* Sizes on both sides of vectors, of the sets in registers and of the cache's part. */
static void test_walsh(void **state)
{
    (void)state;
    const struct kernels *kernels[KERNELS_MOST], *plain = narrowest(kernels);
    double *x = malloc(MOST * sizeof *x), *y = malloc(MOST * sizeof *y);
    float *f = malloc(MOST * sizeof *f), *g = malloc(MOST * sizeof *g);
    for (size_t k = 0; kernels[k]; k++)
        for (size_t block = 1; block <= MOST; block *= 2) {
            const size_t n = block * (block < 1024 ? 11 : block < MOST / 3 ? 3 : 1);
            random_rows(x, n, block);
            memcpy(y, x, n * sizeof *x);
            for (size_t i = 0; i < n; i++)
                f[i] = g[i] = (float)x[i];
            plain->walsh(x, n, block, 0.3);
            kernels[k]->walsh(y, n, block, 0.3);
            assert_memory_equal(x, y, n * sizeof *x);
            plain->walsh_single(f, n, block, 0.3f);
            kernels[k]->walsh_single(g, n, block, 0.3f);
            assert_memory_equal(f, g, n * sizeof *f);
        }
    free(g);
    free(f);
    free(y);
    free(x);
}

static void test_sign_product(void **state)
{
    (void)state;
    static const size_t orders[] = {1, 3, 4, 5, 31, 32, 33, 97};
    const struct kernels *kernels[KERNELS_MOST], *plain = narrowest(kernels);
    double in[97 * KERNELS_SIGN_LANES], a[97 * KERNELS_SIGN_LANES], b[97 * KERNELS_SIGN_LANES];
    uint64_t patterns[4 * 97];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        patterns[i] = (i + 1) * 0x9E3779B97F4A7C15u & 0xF0F0F0F0F0F0F0F0u;
    for (size_t k = 0; kernels[k]; k++)
        for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
            const size_t values = orders[i] * KERNELS_SIGN_LANES;
            random_rows(in, values, i);
            plain->sign_product(patterns, orders[i], in, KERNELS_SIGN_LANES, a);
            kernels[k]->sign_product(patterns, orders[i], in, KERNELS_SIGN_LANES, b);
            assert_memory_equal(a, b, values * sizeof *a);
        }
}

/* Sizes on both sides of the patches that are kept in registers, within wider arrays. */
static void test_product(void **state)
{
    (void)state;
    enum { SIDE = 40 };
    static const size_t sizes[] = {0, 1, 3, 4, 5, 8, 15, 16, 17, 33};
    const size_t count = sizeof sizes / sizeof *sizes;
    const struct kernels *kernels[KERNELS_MOST], *plain = narrowest(kernels);
    static double a[SIDE * SIDE], b[SIDE * SIDE], start[SIDE * SIDE];
    static double wanted[SIDE * SIDE], found[SIDE * SIDE];
    random_rows(a, SIDE * SIDE, 1);
    random_rows(b, SIDE * SIDE, 2);
    random_rows(start, SIDE * SIDE, 3);
    for (size_t k = 0; kernels[k]; k++)
        for (size_t i = 0; i < count * count * count; i++) {
            struct kernels_product product = {
                .rows = sizes[i % count],
                .inner = sizes[i / count % count],
                .columns = sizes[i / count / count],
                .a = a,
                .b = b,
                .a_stride = SIDE,
                .b_stride = SIDE - 1,
                .out_stride = SIDE - 2,
            };
            memcpy(wanted, start, sizeof start);
            memcpy(found, start, sizeof start);
            product.out = wanted;
            plain->product(&product);
            product.out = found;
            kernels[k]->product(&product);
            assert_memory_equal(wanted, found, sizeof found);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_walsh),
        cmocka_unit_test(test_sign_product),
        cmocka_unit_test(test_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
