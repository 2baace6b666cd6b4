/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear/hadamard_matrix.h"
#include "linear/sign_matrix.h"
#include "random_rows.h"

#define WORDS 10 /* of 64 signs: rows of up to 600 */

static void test_which_is_used(void **state)
{
    (void)state;
    static const struct {
        size_t columns, block;
        const char *name;
    } cases[] = {
        {1, 1, "1"},
        {2, 2, "2"},
        {3, 1, "3 in 3 blocks of 1"},
        {6, 2, "6 in 3 blocks of 2"},
        {12, 12, "12, Paley I over GF(11)"},
        {24, 24, "24 = 12 x 2, Paley I over GF(11)"},
        {92, 92, "92, Williamson"},
        {184, 184, "184 = 92 x 2, Williamson"},
        {188, 4, "188 in 47 blocks of 4"},
        {688, 688, "688 = 172 x 4, Williamson"},
        {1536, 1536, "1536 = 12 x 128, Paley I over GF(11)"},
        {4096, 4096, "4096"},
        {11008, 11008, "11008 = 172 x 64, Williamson"},
        {13696, 128, "13696 in 107 blocks of 128"},
        {14336, 14336, "14336 = 28 x 512, Paley I over GF(27)"},
        {29568, 29568, "29568 = 924 x 32, Paley II over GF(461)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text text = {.length = 0};
        struct hadamard_order order = hadamard_order_find(cases[i].columns);
        assert_int_equal(order.block, cases[i].block);
        hadamard_order_print(&order, &text);
        assert_string_equal(text.data, cases[i].name);
        text_done(&text);
    }
}

/* A column of H/sqrt(B) as signs; false if an element is not of the size that it must be. */
static bool read_signs(const double column[], size_t n, size_t block, size_t first,
                       uint64_t sign[WORDS])
{
    const double size = 1 / sqrt((double)block);
    bool right = true;
    memset(sign, 0, WORDS * sizeof *sign);
    for (size_t i = 0; i < n; i++) {
        right &= fabs(fabs(column[i]) - (i / block == first / block ? size : 0)) < 1e-15;
        sign[i / 64] |= (uint64_t)(column[i] < 0) << i % 64;
    }
    return right;
}

static size_t count_differing(const uint64_t a[WORDS], const uint64_t b[WORDS], size_t n)
{
    int differing = 0;
    for (size_t word = 0; 64 * word < n; word++)
        differing += __builtin_popcountll(a[word] ^ b[word]);
    return (size_t)differing;
}

/* HHᵀ = B I: each two columns of a block differ in half of their signs. */
static void check_orthogonal(size_t n)
{
    const struct hadamard_order order = hadamard_order_find(n);
    struct hadamard_matrix *matrix = hadamard_matrix_new(&order);
    double *columns = calloc(n * n, sizeof *columns);
    double *scratch = malloc((hadamard_matrix_scratch(matrix) + 1) * sizeof *scratch);
    uint64_t(*sign)[WORDS] = malloc(n * sizeof *sign);
    for (size_t j = 0; j < n; j++)
        columns[j * n + j] = 1;
    hadamard_matrix_turn(matrix, columns, n, scratch);
    bool right = true;
    for (size_t j = 0; j < n; j++) {
        right &= read_signs(columns + j * n, n, order.block, j, sign[j]);
        for (size_t i = j - j % order.block; i < j; i++)
            right &= 2 * count_differing(sign[i], sign[j], n) == order.block;
    }
    if (!right)
        fail_msg("the matrix of order %zu is not orthogonal", n);
    free(sign);
    free(scratch);
    free(columns);
    hadamard_matrix_free(matrix);
}

static void test_orthogonal(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 600; n++)
        check_orthogonal(n);
}

static double dot(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Inner products are kept, of random vectors and of columns of the identity. */
static void test_large_orders(void **state)
{
    (void)state;
    static const size_t columns[] = {688, 1536, 11008, 13696, 14336};
    enum { ROWS = 6 };
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        const size_t n = columns[k];
        const struct hadamard_order order = hadamard_order_find(n);
        struct hadamard_matrix *matrix = hadamard_matrix_new(&order);
        double *scratch = malloc((hadamard_matrix_scratch(matrix) + 1) * sizeof *scratch);
        double *x = calloc(ROWS * n, sizeof *x), *y = malloc(ROWS * n * sizeof *y);
        random_rows(x, 3 * n, n);
        x[3 * n] = x[4 * n + 1] = x[5 * n + n - 1] = 1;
        memcpy(y, x, ROWS * n * sizeof *x);
        hadamard_matrix_turn(matrix, y, ROWS, scratch);
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j <= i; j++)
                assert_true(fabs(dot(y + i * n, y + j * n, n) - dot(x + i * n, x + j * n, n)) <
                            1e-14 * (double)n);
        for (size_t i = 0; i < order.block; i++)
            assert_true(fabs(fabs(y[3 * n + i]) - 1 / sqrt((double)order.block)) < 1e-15);
        free(y);
        free(x);
        free(scratch);
        hadamard_matrix_free(matrix);
    }
}

/* To the last bit, however many rows are turned at once. */
static void test_rows_are_independent(void **state)
{
    (void)state;
    static const size_t columns[] = {12, 24, 48, 96, 192};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        const size_t n = columns[k];
        const struct hadamard_order order = hadamard_order_find(n);
        struct hadamard_matrix *matrix = hadamard_matrix_new(&order);
        double scratch[2 * 12 * SIGN_MATRIX_LANES], together[11 * 192], alone[11 * 192];
        assert_true(hadamard_matrix_scratch(matrix) <= sizeof scratch / sizeof *scratch);
        random_rows(together, 11 * n, n);
        memcpy(alone, together, sizeof alone);
        hadamard_matrix_turn(matrix, together, 11, scratch);
        for (size_t i = 0; i < 11; i++)
            hadamard_matrix_turn(matrix, alone + i * n, 1, scratch);
        assert_memory_equal(together, alone, 11 * n * sizeof *alone);
        hadamard_matrix_free(matrix);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_is_used),
        cmocka_unit_test(test_orthogonal),
        cmocka_unit_test(test_large_orders),
        cmocka_unit_test(test_rows_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
