/* SPDX-License-Identifier: MIT
 *
 * Rows in units of several channels, and parts that end where groups do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/pool.h"
#include "engine/rows.h"
#include "weights.h"

static double out[WORKSPACE_ELEMENTS], scratch[WORKSPACE_SCRATCH];
static const struct tensor_view as_stored;

/* Nothing, a transform that mixes a few columns, and one that mixes all. */
static const char *const transforms[] = { "none", "hadamard:8+signs", "hadamard" };

/* Whether rows of that length can be read behind a transform. */
static bool fits(const char *transform, uint64_t length)
{
    return transform[0] == 'n' ||
           (transform[8] == ':' ? length % 8 == 0 : length <= WORKSPACE_ELEMENTS);
}

/* A matrix whose elements are their own numbers. */
static struct weights numbered(unsigned rank, const uint64_t dims[])
{
    size_t n = 1;
    for (unsigned i = 0; i < rank; i++)
        n *= (size_t)dims[i];
    double *x = weights_memory(n);
    for (size_t i = 0; i < n; i++)
        x[i] = (double)i;
    struct weights weights = weights_make("F64", rank, dims, x);
    free(x);
    return weights;
}

static struct rows all_rows(const struct weights *weights, const struct basis *basis)
{
    struct rows rows;
    assert_true(rows_init(&rows, weights->tensor, as_stored, -1, NULL));
    assert_true(rows_transform(&rows, basis, NULL));
    return rows;
}

/* All parts of a unit, one behind the other, in a new array. */
static double *read_unit(const struct rows *units, size_t unit, size_t *n)
{
    double *values = weights_memory((size_t)units->length);
    *n = 0;
    for (size_t k = 0; k < units->parts_per_channel; k++) {
        const size_t part = unit * units->parts_per_channel + k;
        const size_t length = rows_part_length(units, part);
        assert_int_equal(rows_part_channel(units, part), unit);
        assert_true(length <= WORKSPACE_ELEMENTS);
        assert_true(rows_read(units, part, out, scratch, NULL));
        memcpy(values + *n, out, length * sizeof *values);
        *n += length;
    }
    return values;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The unit that begins at a line and a column holds the elements of its rectangle, each once. */
static void check_unit(const struct rows *units, size_t unit, const double whole[], size_t line,
                       size_t column)
{
    const size_t width = (size_t)units->columns;
    const size_t lines = least((size_t)units->unit_lines, (size_t)units->lines - line);
    const size_t columns = least((size_t)units->unit_columns, width - column);
    size_t n;
    double *got = read_unit(units, unit, &n), *expected = weights_memory(lines * columns);
    assert_int_equal(n, lines * columns);
    for (size_t i = 0; i < n; i++)
        expected[i] = whole[(line + i / columns) * width + column + i % columns];
    qsort(got, n, sizeof *got, ascending);
    qsort(expected, n, sizeof *expected, ascending);
    assert_memory_equal(got, expected, n * sizeof *got);

    struct rows one;
    rows_one(units, unit, &one);
    assert_int_equal(one.channels, 1);
    assert_int_equal(rows_elements(&one), n);
    free(got);
    got = read_unit(&one, 0, &n);
    qsort(got, n, sizeof *got, ascending);
    assert_memory_equal(got, expected, n * sizeof *got);
    free(got);
    free(expected);
}

static void check_units(uint64_t channels, uint64_t length, uint64_t lines, uint64_t columns,
                        const char *transform)
{
    struct weights weights = numbered(2, (const uint64_t[]){ channels, length });
    struct basis *basis = weights_basis(transform, length);
    const struct rows rows = all_rows(&weights, basis);
    weights_turn(basis, weights.x, (size_t)channels);
    struct rows units;
    rows_units(&rows, lines, columns, &units);
    size_t unit = 0, parts = 0;
    for (size_t i = 0; i < channels; i += lines)
        for (size_t k = 0; k < length; k += columns)
            check_unit(&units, unit++, weights.x, i, k);
    assert_int_equal(unit, units.channels);
    for (size_t batch = 0; batch < units.batches; batch++) {
        assert_int_equal(rows_batch(&units, batch).part, parts);
        parts += rows_batch(&units, batch).parts;
    }
    assert_int_equal(parts, rows_parts(&units));
    basis_free(basis);
    weights_free(&weights);
}

static void test_units(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = {
        { 1, 1 }, { 5, 37 }, { 70, 48 }, { 3, 70000 }, { 200, 512 }, { 7, 1 },
    };
    static const uint64_t sides[][2] = {
        { 1, 1000000 }, { 2, 16 }, { 1000, 1000000 }, { 3, 40000 }, { 64, 7 }, { 150, 450 },
        { 1, 65536 },
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t k = 0; k < sizeof sides / sizeof *sides; k++)
            for (size_t t = 0; t < sizeof transforms / sizeof *transforms; t++)
                if (fits(transforms[t], shapes[i][1]))
                    check_units(shapes[i][0], shapes[i][1], sides[k][0], sides[k][1],
                                transforms[t]);
}

/* Long channels are cut where groups end, whatever the transform mixes. */
static void check_aligned(uint64_t length, size_t group, const char *transform)
{
    struct weights weights = weights_make_gaussian(2, length, 0, 1);
    struct basis *basis = weights_basis(transform, length);
    struct rows rows = all_rows(&weights, basis);
    weights_turn(basis, weights.x, 2);
    rows_align(&rows, group);
    size_t at = 0;
    for (size_t part = 0; part < rows_parts(&rows); part++) {
        const size_t n = rows_part_length(&rows, part);
        if (rows_part_column(&rows, part) == 0)
            at = rows_part_channel(&rows, part) * (size_t)length;
        assert_int_equal(rows_part_column(&rows, part) % group, 0);
        assert_int_equal(at, rows_part_channel(&rows, part) * length +
                                 rows_part_column(&rows, part));
        assert_true(rows_read(&rows, part, out, scratch, NULL));
        assert_memory_equal(out, weights.x + at, n * sizeof *out);
        at += n;
    }
    assert_int_equal(at, 2 * length);
    basis_free(basis);
    weights_free(&weights);
}

static void test_alignment(void **state)
{
    (void)state;
    static const size_t groups[] = { 1, 32, 48, 100, 65536, 60000 };
    static const uint64_t lengths[] = { 1000, 65536, 65537, 98304, 200000 };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
            for (size_t t = 0; t < sizeof transforms / sizeof *transforms; t++)
                if (fits(transforms[t], lengths[k]))
                    check_aligned(lengths[k], groups[i], transforms[t]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_alignment),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
