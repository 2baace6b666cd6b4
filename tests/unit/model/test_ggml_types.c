/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../reference.h"
#include "model/ggml_types.h"
#include "model/loads.h"

#define LAST_TYPE 42

/* A line of tests/reference/ggml_blocks.tsv: a block of a type and its values. */
struct sample {
    const struct dtype *dtype;
    unsigned char bytes[DTYPE_BYTES_MOST];
    double values[DTYPE_BLOCK_MOST];
};

static void parse_hex(const char *text, unsigned char *bytes, size_t n)
{
    assert_int_equal(strlen(text), 2 * n);
    for (size_t i = 0; i < n; i++) {
        unsigned byte;
        assert_int_equal(sscanf(text + 2 * i, "%2x", &byte), 1);
        bytes[i] = (unsigned char)byte;
    }
}

static struct sample sample_of(char *const column[])
{
    struct sample sample = {.dtype = ggml_type((uint32_t)strtoul(column[0], NULL, 10))};
    assert_non_null(sample.dtype);
    assert_string_equal(sample.dtype->name, column[1]);
    assert_non_null(sample.dtype->decode);
    parse_hex(column[2], sample.bytes, sample.dtype->block_bytes);
    size_t n = reference_numbers(column[3], sample.values, DTYPE_BLOCK_MOST);
    assert_int_equal(n, sample.dtype->block);
    return sample;
}

/* True if the value is this single, to the bit: 0 is not -0. */
static bool same(double value, double expected)
{
    return value == (double)(float)value &&
           bits_of_single((float)value) == bits_of_single((float)expected);
}

/* Decodes a block and compares all values. */
static void check_values(const struct sample *sample, const unsigned char *bytes)
{
    double out[DTYPE_BLOCK_MOST + 1];
    out[sample->dtype->block] = 12345;
    sample->dtype->decode(bytes, 1, out);
    assert_true(out[sample->dtype->block] == 12345);
    for (size_t i = 0; i < sample->dtype->block; i++) {
        if (!same(out[i], sample->values[i]))
            fail_msg("%s: element %zu is %.9g, not %.9g", sample->dtype->name, i, out[i],
                     sample->values[i]);
    }
}

/* Calls check for all samples; each type that is decoded and is no plain number must have some. */
static void with_samples(void (*check)(const struct sample *sample))
{
    bool seen[LAST_TYPE + 1] = {false};
    FILE *file = reference_open("ggml_blocks.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    while (reference_read(file, &line, column)) {
        struct sample sample = sample_of(column);
        seen[strtoul(column[0], NULL, 10)] = true;
        check(&sample);
    }
    for (uint32_t id = 0; id <= LAST_TYPE; id++) {
        const struct dtype *dtype = ggml_type(id);
        if (dtype && dtype->decode && dtype->block > 1 && !seen[id])
            fail_msg("%s has no sample", dtype->name);
    }
}

static void check_sample(const struct sample *sample)
{
    check_values(sample, sample->bytes);
}

static void blocks_decode_as_by_ggml(void **state)
{
    (void)state;
    with_samples(check_sample);
}

/* Several blocks, at an odd address. */
static void check_row(const struct sample *sample)
{
    const struct dtype *dtype = sample->dtype;
    unsigned char bytes[1 + 3 * DTYPE_BYTES_MOST];
    double out[3 * DTYPE_BLOCK_MOST];
    for (size_t i = 0; i < 3; i++)
        memcpy(bytes + 1 + i * dtype->block_bytes, sample->bytes, dtype->block_bytes);
    dtype->decode(bytes + 1, 3, out);
    for (size_t i = 0; i < 3 * (size_t)dtype->block; i++)
        assert_true(same(out[i], sample->values[i % dtype->block]));
}

static void rows_decode_block_by_block(void **state)
{
    (void)state;
    with_samples(check_row);
}

static void check_reverse(const struct sample *sample)
{
    const struct dtype *dtype = sample->dtype;
    unsigned char bytes[2 * DTYPE_BYTES_MOST];
    if (!dtype->reverse)
        return;
    memcpy(bytes, sample->bytes, dtype->block_bytes);
    memcpy(bytes + dtype->block_bytes, sample->bytes, dtype->block_bytes);
    dtype->reverse(bytes, 2);
    assert_memory_not_equal(bytes, sample->bytes, dtype->block_bytes);
    assert_memory_equal(bytes, bytes + dtype->block_bytes, dtype->block_bytes);
    dtype->reverse(bytes, 2);
    assert_memory_equal(bytes, sample->bytes, dtype->block_bytes);
    assert_memory_equal(bytes + dtype->block_bytes, sample->bytes, dtype->block_bytes);
}

static void reversing_twice_changes_nothing(void **state)
{
    (void)state;
    with_samples(check_reverse);
}

/* Where the numbers of a block are, written down apart from the source's own table: the fields of
 * ggml's structures. */
static const struct field {
    const char *type;
    unsigned offset, width;
} fields[] = {
    {"Q4_0", 0, 2},   {"Q4_1", 0, 2},   {"Q4_1", 2, 2},   {"Q5_0", 0, 2},   {"Q5_0", 2, 4},
    {"Q5_1", 0, 2},   {"Q5_1", 2, 2},   {"Q5_1", 4, 4},   {"Q8_0", 0, 2},   {"Q8_1", 0, 2},
    {"Q8_1", 2, 2},   {"Q2_K", 80, 2},  {"Q2_K", 82, 2},  {"Q3_K", 108, 2}, {"Q4_K", 0, 2},
    {"Q4_K", 2, 2},   {"Q5_K", 0, 2},   {"Q5_K", 2, 2},   {"Q6_K", 208, 2}, {"Q8_K", 0, 4},
    {"IQ4_NL", 0, 2}, {"IQ4_XS", 0, 2}, {"IQ4_XS", 2, 2}, {"TQ1_0", 52, 2}, {"TQ2_0", 64, 2},
    {"Q1_0", 0, 2},   {"Q2_0", 0, 2},
};

static void check_big_endian(const struct sample *sample)
{
    unsigned char bytes[DTYPE_BYTES_MOST];
    memcpy(bytes, sample->bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].type, sample->dtype->name) == 0)
            load_reverse(bytes + fields[i].offset, fields[i].width);
    }
    for (unsigned at = 260; strcmp(sample->dtype->name, "Q8_K") == 0 && at < 292; at += 2)
        load_reverse(bytes + at, 2);
    if (sample->dtype->reverse)
        sample->dtype->reverse(bytes, 1);
    assert_memory_equal(bytes, sample->bytes, sample->dtype->block_bytes);
    check_values(sample, bytes);
}

static void big_endian_blocks_decode_alike(void **state)
{
    (void)state;
    with_samples(check_big_endian);
}

static void plain_numbers_are_shared(void **state)
{
    (void)state;
    assert_ptr_equal(ggml_type(0), &dtype_f32);
    assert_ptr_equal(ggml_type(1), &dtype_f16);
    assert_ptr_equal(ggml_type(24), &dtype_i8);
    assert_ptr_equal(ggml_type(25), &dtype_i16);
    assert_ptr_equal(ggml_type(26), &dtype_i32);
    assert_ptr_equal(ggml_type(27), &dtype_i64);
    assert_ptr_equal(ggml_type(28), &dtype_f64);
    assert_ptr_equal(ggml_type(30), &dtype_bf16);
}

static void every_type_is_complete(void **state)
{
    (void)state;
    for (uint32_t id = 0; id <= LAST_TYPE; id++) {
        const struct dtype *dtype = ggml_type(id);
        assert_non_null(dtype);
        assert_in_range(dtype->block, 1, DTYPE_BLOCK_MOST);
        assert_in_range(dtype->block_bytes, 1, DTYPE_BYTES_MOST);
        assert_true(!dtype->decode == !!dtype->reason);
    }
}

/* Bits of an element, which ggml's documents give. */
static void check_bits(uint32_t id, const char *name, double bits)
{
    const struct dtype *dtype = ggml_type(id);
    assert_string_equal(dtype->name, name);
    assert_true(8.0 * dtype->block_bytes / dtype->block == bits);
    assert_null(dtype->decode);
    assert_memory_equal(dtype->reason, name, strlen(name));
}

static void types_without_decoder_say_why(void **state)
{
    (void)state;
    check_bits(4, "Q4_2", 5);
    check_bits(5, "Q4_3", 6);
    check_bits(16, "IQ2_XXS", 2.0625);
    check_bits(17, "IQ2_XS", 2.3125);
    check_bits(18, "IQ3_XXS", 3.0625);
    check_bits(19, "IQ1_S", 1.5625);
    check_bits(21, "IQ3_S", 3.4375);
    check_bits(22, "IQ2_S", 2.5625);
    check_bits(29, "IQ1_M", 1.75);
    check_bits(31, "Q4_0_4_4", 4.5);
    check_bits(38, "IQ4_NL_8_8", 4.5);
}

static void unknown_types_are_null(void **state)
{
    (void)state;
    assert_null(ggml_type(LAST_TYPE + 1));
    assert_null(ggml_type(UINT32_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_decode_as_by_ggml),
        cmocka_unit_test(rows_decode_block_by_block),
        cmocka_unit_test(reversing_twice_changes_nothing),
        cmocka_unit_test(big_endian_blocks_decode_alike),
        cmocka_unit_test(plain_numbers_are_shared),
        cmocka_unit_test(every_type_is_complete),
        cmocka_unit_test(types_without_decoder_say_why),
        cmocka_unit_test(unknown_types_are_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
