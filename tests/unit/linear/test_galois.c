/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "linear/galois.h"

static void test_which_exist(void **state)
{
    (void)state;
    static const size_t orders[] = {3, 5, 7, 9, 25, 27, 49, 81, 125, 343, 461, 729, 2401, 6859};
    static const size_t others[] = {0, 1, 2, 4, 8, 15, 21, 45, 85, 171, 427, 855, 6847 * 2};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        assert_true(galois_exists(orders[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(galois_exists(others[i]));
}

/* In a prime field the squares can be counted out. */
static void test_squares_of_prime_fields(void **state)
{
    (void)state;
    static const size_t primes[] = {3, 5, 7, 11, 13, 101, 103};
    for (size_t k = 0; k < sizeof primes / sizeof *primes; k++) {
        struct galois *field = galois_new(primes[k]);
        assert_int_equal(field->degree, 1);
        for (size_t a = 0; a < primes[k]; a++) {
            int expected = a == 0 ? 0 : -1;
            for (size_t root = 1; root < primes[k]; root++)
                if (root * root % primes[k] == a)
                    expected = 1;
            assert_int_equal(field->character[a], expected);
        }
        galois_free(field);
    }
}

static void test_subtraction(void **state)
{
    (void)state;
    struct galois *field = galois_new(27);
    assert_int_equal(field->prime, 3);
    assert_int_equal(field->degree, 3);
    for (size_t a = 0; a < 27; a++) {
        assert_int_equal(galois_subtract(field, a, a), 0);
        for (size_t b = 0; b < 27; b++) {
            const size_t difference = galois_subtract(field, a, b);
            assert_in_range(difference, 0, 26);
            assert_int_equal(galois_subtract(field, a, difference), b);
        }
    }
    assert_int_equal(galois_subtract(field, 0, 1 + 3 + 2 * 9), 2 + 2 * 3 + 1 * 9);
    galois_free(field);
}

/* The sum of character(a) character(a - b) over a is -1 for each b but 0: what Paley needs. */
static void test_characters_are_orthogonal(void **state)
{
    (void)state;
    static const size_t orders[] = {9, 25, 27, 49, 81, 125, 343};
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
        struct galois *field = galois_new(orders[k]);
        for (size_t b = 0; b < orders[k]; b++) {
            int sum = 0;
            for (size_t a = 0; a < orders[k]; a++)
                sum += field->character[a] * field->character[galois_subtract(field, a, b)];
            assert_int_equal(sum, b == 0 ? (int)orders[k] - 1 : -1);
        }
        galois_free(field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_exist),
        cmocka_unit_test(test_squares_of_prime_fields),
        cmocka_unit_test(test_subtraction),
        cmocka_unit_test(test_characters_are_orthogonal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
