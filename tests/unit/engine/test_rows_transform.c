/* SPDX-License-Identifier: MIT
 *
 * Rows behind transforms: what is read, however it is cut, is a part of the transformed matrix.
 */
#include <math.h>
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

static struct rows all_rows(const struct weights *weights)
{
    struct rows rows;
    assert_true(rows_init(&rows, weights->tensor, as_stored, -1, NULL));
    return rows;
}

static struct rows turned_rows(const struct weights *weights, const struct basis *basis)
{
    struct rows rows = all_rows(weights);
    assert_true(rows_transform(&rows, basis, NULL));
    return rows;
}

/* Parts of a long row must not cut a block in two: compares with a transform of the whole. */
static void check_hadamard(const char *transform, uint64_t length, size_t block)
{
    struct weights weights = weights_make_gaussian(2, length, 0.1, 1);
    struct basis *basis = weights_basis(transform, length);
    struct rows rows = turned_rows(&weights, basis);
    assert_int_equal(rows.block, block);
    double *whole = weights_memory((size_t)length);
    for (size_t part = 0; part < rows_parts(&rows); part++) {
        size_t channel = rows_part_channel(&rows, part), piece = part % rows.parts_per_channel;
        if (piece == 0) {
            memcpy(whole, weights.x + channel * length, (size_t)length * sizeof *whole);
            weights_turn(basis, whole, 1);
        }
        assert_true(rows_read(&rows, part, out, scratch, NULL));
        assert_memory_equal(out, whole + piece * WORKSPACE_ELEMENTS,
                            rows_part_length(&rows, part) * sizeof *out);
    }
    free(whole);
    basis_free(basis);
    weights_free(&weights);
}

static void test_hadamard(void **state)
{
    (void)state;
    check_hadamard("hadamard", 1, 1);
    check_hadamard("hadamard", 7, 1);
    check_hadamard("hadamard", 48, 48);
    check_hadamard("hadamard:16", 48, 16);
    check_hadamard("hadamard", 4096, 4096);
    check_hadamard("hadamard", 65536, 65536);
    check_hadamard("hadamard:8", 65544, 8);
    check_hadamard("hadamard:65536", 131072, 65536);
    check_hadamard("hadamard:65536+signs:3", 196608, 65536);
    check_hadamard("hadamard:32768", 98304, 32768);
}

static void test_too_wide(void **state)
{
    (void)state;
    static const struct {
        uint64_t length;
        const char *text;
    } cases[] = {
        {131072, "w: the transform mixes 131072 columns, 65536 are the most that are read "
                 "together; hadamard:65536 mixes fewer"},
        {98304, "w: the transform mixes 98304 columns, 65536 are the most that are read "
                "together; hadamard:32768 mixes fewer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct weights weights = numbered(2, (const uint64_t[]){1, cases[i].length});
        struct basis *basis = weights_basis("hadamard", cases[i].length);
        struct rows rows = all_rows(&weights);
        struct error error = {ERROR_NONE, ""};
        assert_false(rows_transform(&rows, basis, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_string_equal(error.text, cases[i].text);
        basis_free(basis);
        weights_free(&weights);
    }
}

/* A basis of any transform, for input that is not isotropic and weights of uneven columns. */
static struct basis *any_basis(const char *text, size_t columns)
{
    const struct transform_spec spec = weights_transform(text);
    struct error error;
    double *x = weights_memory(columns), *w = weights_memory(columns);
    const bool small = columns < 1000;
    double *matrix = weights_memory(small ? columns * columns : 1);
    for (size_t j = 0; j < columns; j++) {
        x[j] = 1 + (double)(j % 7);
        w[j] = 1 + (double)(j % 5) / 3;
    }
    for (size_t i = 0; small && i < columns * columns; i++)
        matrix[i] = i % (columns + 1) == 0 ? 2 : sin((double)i) / (double)columns;
    const struct basis_input input = {.columns = columns,
                                      .x = {columns, 1, x},
                                      .w = {columns, 1, w},
                                      .x_maxima = x,
                                      .w_maxima = w,
                                      .matrix = matrix};
    struct basis *basis = basis_new(&spec, &input, &error);
    if (!basis)
        fail_msg("%s: %s", text, error.text);
    free(matrix);
    free(w);
    free(x);
    return basis;
}

static void assert_near(const double got[], const double expected[], size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(got[i] - expected[i]) <= 1e-9))
            fail_msg("%s: element %zu is %.17g, not %.17g", what, i, got[i], expected[i]);
}

/* Every part of the rows is the same part of the transformed matrix, which has `columns`. */
static void check_parts(const struct rows *rows, const double whole[], const char *what)
{
    double *expected = weights_memory(WORKSPACE_ELEMENTS);
    for (size_t part = 0; part < rows_parts(rows); part++) {
        const size_t n = rows_part_length(rows, part), unit = rows_part_channel(rows, part);
        const size_t across = ((size_t)rows->columns - 1) / (size_t)rows->unit_columns + 1;
        const size_t first = (size_t)rows_part_column(rows, part), left = rows->columns - first;
        const size_t wide = rows->unit_columns < left ? (size_t)rows->unit_columns : left;
        const size_t line =
            unit / across * (size_t)rows->unit_lines +
            (rows->unit_lines > 1 ? part % rows->parts_per_channel : 0) * rows->part_lines;
        for (size_t i = 0; i < n; i++)
            expected[i] =
                whole[(rows_channel(rows, line + i / wide)) * rows->columns + first + i % wide];
        assert_true(rows_read(rows, part, out, scratch, NULL));
        assert_near(out, expected, n, what);
    }
    free(expected);
}

/* All transforms, over rows, units that cut blocks, one channel, a sample of channels. */
static void check_transform(const char *text, size_t channels, size_t columns)
{
    struct weights weights = weights_make_gaussian(channels, columns, 0.1, 1);
    struct basis *basis = any_basis(text, columns);
    double *whole = weights_memory(channels * columns);
    memcpy(whole, weights.x, channels * columns * sizeof *whole);
    weights_turn(basis, whole, channels);
    struct rows rows = turned_rows(&weights, basis), other;
    check_parts(&rows, whole, text);
    rows_units(&rows, 1, 37, &other);
    check_parts(&other, whole, text);
    rows_units(&rows, 5, 16, &other);
    check_parts(&other, whole, text);
    assert_true(rows_init(&other, weights.tensor, as_stored, 1, NULL));
    assert_true(rows_transform(&other, basis, NULL));
    check_parts(&other, whole, text);
    if (rows_sample(&rows))
        check_parts(&rows, whole, text);
    free(whole);
    basis_free(basis);
    weights_free(&weights);
}

static const char *const transforms[] = {
    "none",
    "scale:0.5",
    "align:1",
    "align:16",
    "align:64^0.5",
    "hadamard",
    "hadamard+signs:5",
    "hadamard:4",
    "random:3",
    "matrix:t.npy",
    "cat:16",
    "scale:0.3+cat:32",
    "hadamard:4+align:8+align:12",
};

static void test_every_transform(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++) {
        check_transform(transforms[i], 40, 92);
        check_transform(transforms[i], 7, 48);
    }
    check_transform("align:1", 4000, 92);
    check_transform("cat:16", 3000, 100);
    check_transform("scale:0.5", 2, 65600);
}

/* Channels that are columns: a line is then a column, and the transform acts along it. */
static void test_transform_of_columns(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(24, 10, 0, 1);
    for (size_t k = 0; k < sizeof transforms / sizeof *transforms; k++) {
        struct basis *basis = any_basis(transforms[k], 24);
        struct rows rows;
        double line[24];
        assert_true(rows_init(&rows, weights.tensor, (struct tensor_view){.axis = 1}, -1, NULL));
        assert_true(rows_transform(&rows, basis, NULL));
        assert_int_equal(rows_parts(&rows), 10);
        for (size_t part = 0; part < 10; part++) {
            for (size_t i = 0; i < 24; i++)
                line[i] = weights.x[i * 10 + part];
            weights_turn(basis, line, 1);
            assert_true(rows_read(&rows, part, out, scratch, NULL));
            assert_near(out, line, 24, transforms[k]);
        }
        basis_free(basis);
    }
    weights_free(&weights);
}

/* (W T⁻¹) T is W again: rows wᵀ T are what tokens become by Tᵀ, so the products with T's columns,
 * which the unit vectors become, are W's elements. */
static void test_nothing_is_lost(void **state)
{
    (void)state;
    enum { COLUMNS = 48 };
    struct weights weights = weights_make_gaussian(9, COLUMNS, 0.1, 1);
    for (size_t k = 0; k < sizeof transforms / sizeof *transforms; k++) {
        struct basis *basis = any_basis(transforms[k], COLUMNS);
        struct rows rows = turned_rows(&weights, basis);
        double unit[COLUMNS * COLUMNS] = {0};
        for (size_t j = 0; j < COLUMNS; j++)
            unit[j * (COLUMNS + 1)] = 1;
        basis_turn_tokens(basis, unit, COLUMNS, scratch);
        for (size_t part = 0; part < rows_parts(&rows); part++) {
            double again[COLUMNS] = {0};
            assert_true(rows_read(&rows, part, out, scratch, NULL));
            for (size_t j = 0; j < COLUMNS; j++)
                for (size_t i = 0; i < COLUMNS; i++)
                    again[j] += out[i] * unit[j * COLUMNS + i];
            assert_near(again, weights.x + part * COLUMNS, COLUMNS, transforms[k]);
        }
        basis_free(basis);
    }
    weights_free(&weights);
}

/* Every chunk of a sampled line is somewhere in the transformed whole: it was cut at blocks. */
static void check_chunks(const char *transform, size_t length)
{
    struct weights weights = weights_make_gaussian(2, length, 0, 1);
    struct basis *basis = weights_basis(transform, length);
    struct rows sample = turned_rows(&weights, basis);
    weights_turn(basis, weights.x, 2);
    assert_true(rows_sample(&sample));
    assert_int_equal(sample.chunk % sample.block, 0);
    assert_int_equal(sample.columns % sample.chunk, 0);
    assert_true(rows_read(&sample, 0, out, scratch, NULL));
    size_t at = 0;
    for (size_t i = 0; i < rows_part_length(&sample, 0); i += sample.chunk) {
        while (at < length && weights.x[at] != out[i])
            at += sample.block;
        assert_true(at + sample.chunk <= length);
        assert_memory_equal(out + i, weights.x + at, sample.chunk * sizeof *out);
    }
    basis_free(basis);
    weights_free(&weights);
}

static void test_sample_of_transformed_long_rows(void **state)
{
    (void)state;
    check_chunks("hadamard:65536", 196608);
    check_chunks("hadamard:32768", 98304 * 3);
    check_chunks("hadamard:8+signs", 65544 * 5);
}

/* Diagonal factors go with their columns through samples of long rows. */
static void test_sample_of_scaled_long_rows(void **state)
{
    (void)state;
    enum { LENGTH = 400000 };
    const struct transform_spec spec = weights_transform("scale:0.5");
    double *x = weights_memory(LENGTH), *ones = weights_memory(LENGTH);
    for (size_t j = 0; j < LENGTH; j++) {
        x[j] = 1 + (double)j;
        ones[j] = 1;
    }
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){1, LENGTH}, ones);
    const struct basis_input input = {.columns = LENGTH, .x_maxima = x, .w_maxima = ones};
    struct basis *basis = basis_new(&spec, &input, NULL);
    struct rows sample = turned_rows(&weights, basis);
    assert_true(rows_sample(&sample));
    assert_true(rows_read(&sample, 0, out, scratch, NULL));
    /* An element is the root of its column's number: a chunk has those of neighbours. */
    for (size_t i = 0; i < rows_part_length(&sample, 0); i++) {
        const double number = out[i] * out[i];
        assert_true(fabs(number - round(number)) < 1e-6 * number);
        if (i % sample.chunk > 0)
            assert_true(round(number) == round(out[i - 1] * out[i - 1]) + 1);
    }
    basis_free(basis);
    weights_free(&weights);
    free(ones);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hadamard),
        cmocka_unit_test(test_too_wide),
        cmocka_unit_test(test_every_transform),
        cmocka_unit_test(test_transform_of_columns),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_sample_of_transformed_long_rows),
        cmocka_unit_test(test_sample_of_scaled_long_rows),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
