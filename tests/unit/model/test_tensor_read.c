/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "model/ggml_types.h"
#include "model/tensor.h"

#define BYTES    60000u /* of the content that random tensors lie in */
#define ELEMENTS 8000u  /* that a random tensor may have */
#define RANK     5u

/* A generator of our own, so that a failure can be had again. */
static uint64_t below(uint64_t *seed, uint64_t bound)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed >> 33) % bound;
}

/* Random bytes, and the same inflated while they are read. */
struct source {
    unsigned char *bytes;
    struct content *mapped, *packed, *inflated;
};

static struct content *content_of(const unsigned char *bytes, size_t n)
{
    struct error error = {0};
    unsigned char *memory;
    struct content *content = content_of_memory("memory", n, &memory, &error);
    assert_non_null(content);
    memcpy(memory, bytes, n);
    return content;
}

static struct source new_source(void)
{
    struct source source = {.bytes = mem_alloc(BYTES, 1)};
    uint64_t seed = 1;
    for (size_t i = 0; i < BYTES; i++)
        source.bytes[i] = (unsigned char)below(&seed, 256);
    source.mapped = content_of(source.bytes, BYTES);
    uLongf length = compressBound(BYTES);
    unsigned char *packed = mem_alloc(length, 1);
    assert_int_equal(compress(packed, &length, source.bytes, BYTES), Z_OK);
    source.packed = content_of(packed, length);
    mem_free(packed);
    /* What zlib writes around the stream: 2 bytes before it and 4 behind it. */
    source.inflated =
        content_inflate(source.packed, CONTENT_DEFLATE, 2, length - 6, BYTES, NULL, NULL);
    assert_non_null(source.inflated);
    return source;
}

static void free_source(struct source *source)
{
    content_free(source->inflated);
    content_free(source->packed);
    content_free(source->mapped);
    mem_free(source->bytes);
}

struct random_tensor {
    struct tensor tensor;
    uint64_t dims[RANK], strides[RANK];
    struct tensor_scale scale;
    uint64_t scale_dims[2];
};

static const struct dtype *random_type(uint64_t *seed)
{
    static const struct dtype *const plain[] = {&dtype_u8,  &dtype_i16,  &dtype_bf16, &dtype_f32,
                                                &dtype_f64, &dtype_e4m3, &dtype_e2m1, &dtype_e3m2};
    static const unsigned blocks[] = {2 /* Q4_0 */, 12 /* Q4_K */};
    uint64_t choice = below(seed, 10);
    return choice < 8 ? plain[choice] : ggml_type(blocks[choice - 8]);
}

/* A permutation of natural strides, some of them widened or 0. */
static void random_strides(struct random_tensor *random, uint64_t *seed)
{
    struct tensor *tensor = &random->tensor;
    unsigned order[RANK];
    for (unsigned i = 0; i < tensor->rank; i++) {
        unsigned j = (unsigned)below(seed, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    uint64_t stride = 1;
    for (unsigned i = 0; i < tensor->rank; i++) {
        random->strides[order[i]] = below(seed, 6) == 0 ? 0 : stride;
        stride *= random->dims[order[i]] + (below(seed, 3) == 0 ? 1 : 0);
    }
    tensor->strides = random->strides;
}

/* Bytes from the tensor's first element to its last block. */
static uint64_t extent(const struct tensor *tensor)
{
    uint64_t last = tensor->strides ? 0 : tensor->elements - 1;
    for (unsigned i = 0; tensor->strides && i < tensor->rank; i++)
        last += (tensor->dims[i] - 1) * tensor->strides[i];
    return (last / tensor->dtype->block + 1) * tensor->dtype->block_bytes;
}

static void random_scale(struct random_tensor *random, const struct source *source, uint64_t *seed)
{
    struct tensor_scale *scale = &random->scale;
    scale->rows = 1 + below(seed, random->dims[0]);
    scale->columns = 1 + below(seed, random->dims[1]);
    random->scale_dims[0] = (random->dims[0] + scale->rows - 1) / scale->rows;
    random->scale_dims[1] = (random->dims[1] + scale->columns - 1) / scale->columns;
    scale->values = (struct tensor){.dtype = &dtype_u8,
                                    .rank = 2,
                                    .dims = random->scale_dims,
                                    .elements = random->scale_dims[0] * random->scale_dims[1],
                                    .content = source->mapped};
    random->tensor.scale = scale;
}

/* Fills *random in; false if chance made it too large. */
static bool make_random(struct random_tensor *random, const struct source *source, uint64_t *seed)
{
    /* Some longer than what is staged at once. */
    static const unsigned bounds[] = {6, 6, 6, 6, 6, 300, 300, 6000};
    struct tensor *tensor = &random->tensor;
    *random = (struct random_tensor){.tensor = {.label = "random"}};
    tensor->dtype = random_type(seed);
    tensor->rank = (unsigned)below(seed, tensor->dtype->block > 1 ? RANK - 1 : RANK) +
                   (tensor->dtype->block > 1);
    tensor->dims = random->dims;
    tensor->elements = 1;
    tensor->big_endian = below(seed, 3) == 0;
    tensor->content = below(seed, 4) == 0 ? source->inflated : source->mapped;
    for (unsigned i = 0; i < tensor->rank; i++) {
        random->dims[i] = below(seed, 20) == 0 ? 0 : 1 + below(seed, bounds[below(seed, 8)]);
        if (i == tensor->rank - 1)
            random->dims[i] *= tensor->dtype->block;
        tensor->elements *= random->dims[i];
    }
    if (tensor->elements == 0 || tensor->elements > ELEMENTS)
        return tensor->elements == 0;
    if (below(seed, 2))
        random_strides(random, seed);
    uint64_t bytes = extent(tensor);
    if (bytes > BYTES)
        return false;
    tensor->offset = below(seed, BYTES - bytes + 1);
    if (tensor->rank == 2 && below(seed, 2))
        random_scale(random, source, seed);
    return true;
}

/* Where the tensor's element with these indices is stored. */
static uint64_t place_of(const struct tensor *tensor, const uint64_t index[RANK])
{
    uint64_t place = 0;
    for (unsigned i = 0; i < tensor->rank; i++)
        place = tensor->strides ? place + index[i] * tensor->strides[i]
                                : place * tensor->dims[i] + index[i];
    return place;
}

static double stored(const struct tensor *tensor, const unsigned char *source, uint64_t place)
{
    const struct dtype *dtype = tensor->dtype;
    unsigned char bytes[DTYPE_BYTES_MOST];
    double values[DTYPE_BLOCK_MOST];
    memcpy(bytes, source + tensor->offset + place / dtype->block * dtype->block_bytes,
           dtype->block_bytes);
    if (tensor->big_endian && dtype->reverse)
        dtype->reverse(bytes, 1);
    dtype->decode(bytes, 1, values);
    return values[place % dtype->block];
}

/* The whole tensor, element by element: indices count up, that of the axis slowest. */
static void read_slowly(const struct tensor *tensor, struct tensor_view view,
                        const unsigned char *source, double *out)
{
    uint64_t index[RANK] = {0};
    unsigned axis = tensor->rank >= 2 && view.axis < tensor->rank ? view.axis : 0;
    for (uint64_t k = 0; k < tensor->elements; k++) {
        const struct tensor_scale *scale = view.scaled ? tensor->scale : NULL;
        out[k] = stored(tensor, source, place_of(tensor, index));
        if (scale) {
            const uint64_t block[RANK] = {index[0] / scale->rows, index[1] / scale->columns};
            out[k] *= source[place_of(&scale->values, block)];
        }
        bool carry = true;
        for (unsigned i = tensor->rank; carry && i-- > 0;)
            if (i != axis)
                carry = ++index[i] == tensor->dims[i] && (index[i] = 0) == 0;
        if (carry && tensor->rank > 0)
            index[axis]++;
    }
}

static void check_range(const struct tensor *tensor, struct tensor_view view, uint64_t first,
                        size_t n, const double *expected)
{
    static double out[ELEMENTS + 1];
    struct error error = {0};
    out[n] = -12345;
    if (!tensor_read(tensor, view, first, n, out, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < n; i++) {
        double wanted = expected[first + i];
        if (!(out[i] == wanted || (isnan(out[i]) && isnan(wanted))))
            fail_msg("%s, rank %u, axis %u, scaled %d: element %" PRIu64 " is %g, not %g",
                     tensor->dtype->name, tensor->rank, view.axis, view.scaled, first + i, out[i],
                     wanted);
    }
    assert_true(out[n] == -12345);
}

static void test_any_tensor_any_view_any_range(void **state)
{
    (void)state;
    static double expected[ELEMENTS];
    struct source source = new_source();
    struct random_tensor random;
    unsigned strided = 0, empty = 0, scaled = 0, inflated = 0;
    for (uint64_t seed = 1, round = 0; round < 6000; round++) {
        if (!make_random(&random, &source, &seed))
            continue;
        const struct tensor *tensor = &random.tensor;
        const struct tensor_view view = {.axis = (unsigned)below(&seed, RANK),
                                         .scaled = below(&seed, 2) == 1};
        read_slowly(tensor, view, source.bytes, expected);
        check_range(tensor, view, 0, (size_t)tensor->elements, expected);
        for (int i = 0; i < 5; i++) {
            uint64_t first = below(&seed, tensor->elements + 1);
            check_range(tensor, view, first, (size_t)below(&seed, tensor->elements - first + 1),
                        expected);
        }
        strided += tensor->strides != NULL;
        empty += tensor->elements == 0;
        scaled += tensor->scale && view.scaled;
        inflated += tensor->content->inflated != NULL;
    }
    free_source(&source);
    assert_true(strided > 100 && empty > 100 && scaled > 100 && inflated > 100);
}

/* Blocks of 128 x 128 of a matrix that ends inside them, as FP8 checkpoints have them. */
static void test_ragged_blocks_are_scaled(void **state)
{
    (void)state;
    enum { ROWS = 130, COLUMNS = 300 };
    unsigned char *bytes = mem_alloc(ROWS, COLUMNS);
    memset(bytes, 0x38, (size_t)ROWS * COLUMNS); /* 1 in E4M3 */
    const float factors[2][3] = {{1, 2, 3}, {4, 5, 6}};
    struct content *stored_bytes = content_of(bytes, (size_t)ROWS * COLUMNS);
    struct content *scales = content_of((const unsigned char *)factors, sizeof factors);
    const uint64_t dims[] = {ROWS, COLUMNS}, blocks[] = {2, 3};
    const struct tensor_scale scale = {.values = {.dtype = &dtype_f32,
                                                  .rank = 2,
                                                  .dims = blocks,
                                                  .elements = 6,
                                                  .content = scales},
                                       .rows = 128,
                                       .columns = 128};
    const struct tensor tensor = {.dtype = &dtype_e4m3,
                                  .rank = 2,
                                  .dims = dims,
                                  .elements = (uint64_t)ROWS * COLUMNS,
                                  .content = stored_bytes,
                                  .scale = &scale};
    double *out = mem_alloc((size_t)ROWS * COLUMNS, sizeof *out);
    for (unsigned axis = 0; axis < 2; axis++) {
        const struct tensor_view view = {.axis = axis, .scaled = true};
        assert_true(tensor_read(&tensor, view, 0, (size_t)ROWS * COLUMNS, out, NULL));
        for (size_t row = 0; row < ROWS; row++)
            for (size_t column = 0; column < COLUMNS; column++)
                assert_true(out[axis == 0 ? row * COLUMNS + column : column * ROWS + row] ==
                            (double)factors[row / 128][column / 128]);
    }
    mem_free(out);
    content_free(scales);
    content_free(stored_bytes);
    mem_free(bytes);
}

static void test_truncation_is_an_error(void **state)
{
    (void)state;
    fixture_restore_guard();
    const struct tensor_view rows = {.axis = 0}, columns = {.axis = 1};
    struct error error = {0};
    struct model *model =
        fixture_open(fixture_write_safetensors("file",
                                               "{\"a\":{\"dtype\":\"U8\",\"shape\":[100,1000],"
                                               "\"data_offsets\":[0,100000]}}",
                                               100000),
                     &error);
    assert_non_null(model);
    const struct tensor *tensor = &model->tensors[0];
    assert_int_equal(truncate(tensor->content->path, 100), 0);
    double *out = mem_alloc(100000, sizeof *out);
    assert_true(tensor_read(tensor, rows, 0, 10, out, &error));
    assert_false(tensor_read(tensor, rows, 50000, 1000, out, &error));
    assert_int_equal(error.code, ERROR_FILE);
    char text[1024];
    snprintf(text, sizeof text, "%s: was truncated while open, at byte %" PRIu64,
             tensor->content->label, tensor->offset + 50000);
    assert_string_equal(error.text, text);
    assert_true(tensor_read(tensor, columns, 0, 1, out, &error));
    assert_false(tensor_read(tensor, columns, 0, 100, out, &error));
    mem_free(out);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_tensor_any_view_any_range),
        cmocka_unit_test(test_ragged_blocks_are_scaled),
        cmocka_unit_test(test_truncation_is_an_error),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
