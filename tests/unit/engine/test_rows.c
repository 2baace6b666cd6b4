/* SPDX-License-Identifier: MIT */
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

static void check_cover(unsigned rank, const uint64_t dims[])
{
    struct weights weights = numbered(rank, dims);
    struct rows rows = all_rows(&weights);
    size_t n = (size_t)rows_elements(&rows), next_part = 0, next_element = 0;
    assert_int_equal(n, weights.tensor->elements);
    for (size_t unit = 0; unit < rows.batches; unit++) {
        struct rows_batch range = rows_batch(&rows, unit);
        assert_int_equal(range.part, next_part);
        assert_true(range.parts > 0);
        size_t elements = 0;
        for (size_t part = range.part; part < range.part + range.parts; part++) {
            size_t length = rows_part_length(&rows, part);
            assert_true(rows_read(&rows, part, out, scratch, NULL));
            for (size_t i = 0; i < length; i++)
                assert_true(out[i] == (double)next_element++);
            if (length > 0)
                assert_int_equal(rows_part_channel(&rows, part), (next_element - 1) / rows.length);
            elements += length;
        }
        assert_true(elements <= WORKSPACE_ELEMENTS);
        next_part += range.parts;
    }
    assert_int_equal(next_part, rows_parts(&rows));
    assert_int_equal(next_element, n);
    weights_free(&weights);
}

static void test_every_element_once(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = {
        { 1, 1 },     { 7, 1 },      { 40000, 1 }, { 3, 5 },      { 16384, 2 },  { 100, 163 },
        { 5, 16383 }, { 5, 16384 },  { 5, 16385 }, { 3, 65535 },  { 3, 65536 },  { 3, 65537 },
        { 2, 131071 }, { 2, 131072 }, { 2, 131073 }, { 1, 300000 }, { 0, 5 },     { 5, 0 },
        { 0, 0 },
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        check_cover(2, shapes[i]);
    check_cover(0, NULL);
    check_cover(1, (const uint64_t[]){ 70000 });
    check_cover(1, (const uint64_t[]){ 0 });
    check_cover(4, (const uint64_t[]){ 9, 3, 5, 7 });
}

static void test_empty_channels_share_units(void **state)
{
    (void)state;
    struct weights weights = numbered(2, (const uint64_t[]){ 100000, 0 });
    struct rows rows = all_rows(&weights);
    assert_int_equal(rows.channels, 100000);
    assert_true(rows.batches < 100);
    weights_free(&weights);
}

static void test_one_channel(void **state)
{
    (void)state;
    struct weights weights = numbered(2, (const uint64_t[]){ 4, 70000 });
    for (int64_t channel = 0; channel < 4; channel++) {
        struct rows rows;
        assert_true(rows_init(&rows, weights.tensor, as_stored, channel, NULL));
        assert_int_equal(rows.channels, 1);
        assert_int_equal(rows_parts(&rows), 2);
        assert_int_equal(rows_channel(&rows, 0), channel);
        assert_true(rows_read(&rows, 1, out, scratch, NULL));
        assert_true(out[0] == (double)(channel * 70000 + 65536));
        assert_int_equal(rows_part_length(&rows, 1), 70000 - 65536);
    }
    weights_free(&weights);
}

static void check_refused(const struct tensor *tensor, int64_t channel, const char *text)
{
    struct rows rows;
    struct error error = { ERROR_NONE, "" };
    assert_false(rows_init(&rows, tensor, as_stored, channel, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.text, text);
}

static void test_refusals(void **state)
{
    (void)state;
    struct weights weights = numbered(2, (const uint64_t[]){ 4, 3 });
    check_refused(weights.tensor, 4, "w: has channels 0 to 3, not 4");
    check_refused(weights.tensor, INT64_MAX, "w: has channels 0 to 3, not 9223372036854775807");
    weights_free(&weights);

    weights = numbered(2, (const uint64_t[]){ 0, 3 });
    check_refused(weights.tensor, 0, "w: has no channels");
    weights_free(&weights);

    weights = numbered(1, (const uint64_t[]){ 8 });
    check_refused(weights.tensor, 1, "w: has only channel 0, not 1");
    weights_free(&weights);

    weights = numbered(2, (const uint64_t[]){ ROWS_CHANNELS_MOST + 1, 0 });
    check_refused(weights.tensor, -1, "w: has 4194305 channels, more than 4194304");
    weights_free(&weights);

    struct tensor unknown = { .label = "w", .dtype = NULL };
    check_refused(&unknown, -1, "w: this element type is not known");
}

static void assert_same(const struct rows *a, const struct rows *b)
{
    assert_int_equal(a->channels, b->channels);
    assert_int_equal(a->length, b->length);
    assert_int_equal(a->of, b->of);
    assert_int_equal(a->chunk, b->chunk);
    assert_int_equal(a->parts_per_channel, b->parts_per_channel);
    assert_int_equal(a->batches, b->batches);
}

/* The elements of a sample, by their numbers: inside their channel, ascending, so none twice. */
static void check_sample(uint64_t channels, uint64_t length)
{
    struct weights weights = numbered(2, (const uint64_t[]){ channels, length });
    struct rows rows = all_rows(&weights);
    struct rows sample = rows, again = rows;
    assert_true(rows_sample(&sample));
    assert_true(rows_sample(&again));
    assert_same(&sample, &again);
    assert_true(rows_elements(&sample) >= ROWS_SAMPLE / 4);
    assert_true(rows_elements(&sample) <= ROWS_SAMPLE);
    double last = -1, widest = 0;
    for (size_t part = 0; part < rows_parts(&sample); part++) {
        uint64_t channel = rows_channel(&sample, rows_part_channel(&sample, part));
        assert_true(channel < channels);
        assert_true(rows_read(&sample, part, out, scratch, NULL));
        for (size_t i = 0; i < rows_part_length(&sample, part); i++) {
            assert_true(out[i] > last);
            assert_true(out[i] >= (double)(channel * length));
            assert_true(out[i] < (double)((channel + 1) * length));
            widest = fmax(widest, out[i] - last);
            last = out[i];
        }
    }
    widest = fmax(widest, (double)(channels * length) - last);
    /* No stretch longer than twice the even distance of the sample's pieces is left out. */
    double even = (double)(channels * length) / (double)rows_elements(&sample);
    double piece = channels > 2 ? (double)length : 4096;
    assert_true(widest <= 2 * even * piece + 1);
    weights_free(&weights);
}

static void test_samples(void **state)
{
    (void)state;
    check_sample(300000, 1);
    check_sample(100000, 3);
    check_sample(999, 1000);
    check_sample(70, 4096);
    check_sample(9, 50000);
    check_sample(5, 65536);
    check_sample(5, 65537);
    check_sample(2, 1000003);
    check_sample(1, 1 << 20);
    check_sample(1, 262145);
}

static void test_small_tensors_are_not_sampled(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = { { 0, 5 }, { 5, 0 }, { 512, 512 }, { 1, 262144 } };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct weights weights = numbered(2, shapes[i]);
        struct rows rows = all_rows(&weights), before = rows;
        assert_false(rows_sample(&rows));
        assert_same(&rows, &before);
        weights_free(&weights);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_element_once),
        cmocka_unit_test(test_empty_channels_share_units),
        cmocka_unit_test(test_one_channel),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_small_tensors_are_not_sampled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
