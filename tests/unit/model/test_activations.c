/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "gguf_writer.h"
#include "imatrix_writer.h"
#include "model/activations.h"
#include "tensor_writer.h"

static const float values[] = {1, 2, 2, 5, 3, 4, 7, 8};
static const float symmetric[] = {2, 1, 1, 3};

static struct activations *open_file(const char *path, enum activation_kind kind)
{
    struct error error = {0};
    struct activations *activations = activations_open(path, kind, &error);
    if (!activations)
        fail_msg("%s", error.text);
    return activations;
}

static void refuse(const char *path, enum activation_kind kind, const char *part)
{
    struct error error = {0};
    assert_null(activations_open(path, kind, &error));
    assert_int_equal(error.code, ERROR_FILE);
    if (!strstr(error.text, part))
        fail_msg("\"%s\" has no \"%s\"", error.text, part);
}

static void check(const struct activation *entry, const char *weight, enum activation_kind kind,
                  uint64_t width, uint64_t rows)
{
    assert_string_equal(entry->weight, weight);
    assert_int_equal(entry->kind, kind);
    assert_int_equal(entry->width, width);
    assert_int_equal(entry->rows, rows);
    assert_false(entry->relative);
}

static void test_suffixes(void **state)
{
    (void)state;
    struct tensor_writer writer = {0};
    tensor_writer_add(&writer, "a.weight.input", "2,4", values, 8);
    tensor_writer_add(&writer, "b.second_moment", "2,2", symmetric, 4);
    tensor_writer_add(&writer, "c.weight.diagonal", "4", values, 4);
    tensor_writer_add(&writer, "d.absmax", "4", values, 4);
    struct activations *file =
        open_file(tensor_writer_write(&writer, "suffixes.safetensors"), ACTIVATION_UNKNOWN);
    assert_int_equal(file->count, 4);
    check(&file->entries[0], "a.weight", ACTIVATION_SAMPLES, 4, 2);
    check(&file->entries[1], "b", ACTIVATION_SECOND_MOMENT, 2, 2);
    check(&file->entries[2], "c.weight", ACTIVATION_DIAGONAL, 4, 1);
    check(&file->entries[3], "d", ACTIVATION_RANGES, 4, 1);
    activations_free(file);
}

static void test_metadata(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shape;
        enum activation_kind kind;
    } kinds[] = {
        {"E[x x^T] over 9 tokens", "2,2", ACTIVATION_SECOND_MOMENT},
        {"E[x_i^2] over 9 tokens", "4", ACTIVATION_DIAGONAL},
        {"max |x_i| of it", "4", ACTIVATION_RANGES},
        {"inputs of each layer", "2,2", ACTIVATION_SAMPLES},
        {"absmax", "4", ACTIVATION_RANGES},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct tensor_writer writer = {0};
        tensor_writer_kind(&writer, kinds[i].text);
        tensor_writer_add(&writer, "w", kinds[i].shape, symmetric, 4);
        struct activations *file =
            open_file(tensor_writer_write(&writer, "metadata.safetensors"), ACTIVATION_UNKNOWN);
        assert_int_equal(file->entries[0].kind, kinds[i].kind);
        activations_free(file);
    }
}

/* A name tells more than metadata, which are those of the whole file. */
static void test_precedence(void **state)
{
    (void)state;
    struct tensor_writer writer = {0};
    tensor_writer_kind(&writer, "E[x_i^2]");
    tensor_writer_add(&writer, "a", "4", values, 4);
    tensor_writer_add(&writer, "a.absmax", "4", values, 4);
    const char *path = tensor_writer_write(&writer, "both.safetensors");
    struct activations *file = open_file(path, ACTIVATION_UNKNOWN);
    assert_int_equal(file->entries[0].kind, ACTIVATION_DIAGONAL);
    assert_int_equal(file->entries[1].kind, ACTIVATION_RANGES);
    activations_free(file);
    file = open_file(path, ACTIVATION_SAMPLES); /* one token */
    check(&file->entries[0], "a", ACTIVATION_SAMPLES, 4, 1);
    check(&file->entries[1], "a", ACTIVATION_SAMPLES, 4, 1);
    activations_free(file);
}

static void test_shapes(void **state)
{
    (void)state;
    struct tensor_writer writer = {0};
    tensor_writer_add(&writer, "a", "2,2", symmetric, 4);
    tensor_writer_add(&writer, "b", "2,2", values + 3, 4); /* as many tokens as channels */
    tensor_writer_add(&writer, "c", "4,2", values, 8);
    tensor_writer_add(&writer, "d", "2,2,2", values, 8); /* batch, token, channel */
    tensor_writer_add(&writer, "tokens", "", values, 1);
    struct activations *file =
        open_file(tensor_writer_write(&writer, "shapes.safetensors"), ACTIVATION_UNKNOWN);
    check(&file->entries[0], "a", ACTIVATION_SECOND_MOMENT, 2, 2);
    check(&file->entries[1], "b", ACTIVATION_SAMPLES, 2, 2);
    check(&file->entries[2], "c", ACTIVATION_SAMPLES, 2, 4);
    check(&file->entries[3], "d", ACTIVATION_SAMPLES, 2, 4);
    assert_int_equal(file->entries[4].kind, ACTIVATION_UNKNOWN);
    activations_free(file);
}

static void test_refused(void **state)
{
    (void)state;
    struct tensor_writer writer = {0};
    tensor_writer_add(&writer, "w", "4", values, 4);
    const char *path = tensor_writer_write(&writer, "vector.safetensors");
    refuse(path, ACTIVATION_UNKNOWN, "tensor \"w\": a vector of 4 may be a diagonal or ranges");
    refuse(path, ACTIVATION_UNKNOWN, "--activation-kind");
    refuse(path, ACTIVATION_SECOND_MOMENT, "kind second-moment, but its shape");
    tensor_writer_add(&writer, "w.diagonal", "2,2", values, 4);
    refuse(tensor_writer_write(&writer, "square.safetensors"), ACTIVATION_UNKNOWN,
           "kind diagonal, but its shape");
    tensor_writer_add(&writer, "n", "", values, 1);
    refuse(tensor_writer_write(&writer, "scalar.safetensors"), ACTIVATION_UNKNOWN,
           "scalar.safetensors: holds no activations");
    refuse(fixture_write_text("text", "hello, world"), ACTIVATION_UNKNOWN, "no model file");
    refuse("/nonexistent", ACTIVATION_UNKNOWN, "/nonexistent");
}

static void test_older_imatrix(void **state)
{
    (void)state;
    struct text bytes = {0};
    imatrix_number(&bytes, 1);
    imatrix_entry(&bytes, "blk.0.attn_q.weight", 4, values, 8);
    struct activations *file =
        open_file(fixture_write("imatrix.dat", bytes.data, bytes.length), ACTIVATION_UNKNOWN);
    assert_int_equal(file->count, 1);
    const struct activation *entry = &file->entries[0];
    assert_string_equal(entry->weight, "blk.0.attn_q.weight");
    assert_true(entry->relative && entry->flat);
    assert_int_equal(entry->kind, ACTIVATION_DIAGONAL);
    assert_true(entry->counts[0] == 4);
    activations_free(file);
    text_done(&bytes);
}

/* Three experts of width 2, of which the second saw nothing. */
static const char *write_gguf(float count_of_second, bool with_counts)
{
    struct gguf_writer writer = {0};
    const uint64_t sums[] = {2, 3}, counts[] = {1, 3};
    const float numbers[] = {1, 2, 3, 4, 5, 6, 0, 0, 2, count_of_second, 1};
    gguf_begin(&writer, with_counts ? 2 : 1, 0);
    gguf_tensor(&writer, "blk.0.ffn_up_exps.weight.in_sum2", GGML_F32, 2, sums, 0);
    if (with_counts)
        gguf_tensor(&writer, "blk.0.ffn_up_exps.weight.counts", GGML_F32, 2, counts, 32);
    gguf_align(&writer, 32);
    for (size_t i = 0; i < 11; i++) {
        uint32_t bits;
        memcpy(&bits, &numbers[i], sizeof bits);
        gguf_put(&writer, 4, bits);
    }
    return gguf_write(&writer, "imatrix.gguf");
}

static void test_newer_imatrix(void **state)
{
    (void)state;
    struct activations *file = open_file(write_gguf(0, true), ACTIVATION_UNKNOWN);
    assert_int_equal(file->count, 1);
    const struct activation *entry = &file->entries[0];
    assert_string_equal(entry->weight, "blk.0.ffn_up_exps.weight");
    assert_int_equal(entry->width, 2);
    assert_int_equal(entry->rows, 3);
    assert_true(entry->relative && !entry->flat);
    assert_true(activation_seen(entry, 0) && !activation_seen(entry, 1));
    activations_free(file);
    refuse(write_gguf(-1, true), ACTIVATION_UNKNOWN, "element 1 is no count");
    refuse(write_gguf(0, false), ACTIVATION_UNKNOWN, "without counts that fit");
}

static void test_kind_names(void **state)
{
    (void)state;
    for (int kind = ACTIVATION_SAMPLES; kind < ACTIVATION_KINDS; kind++) {
        enum activation_kind parsed;
        assert_true(activation_kind_parse(activation_kind_name(kind), &parsed, NULL));
        assert_int_equal(parsed, kind);
    }
    struct error error = {0};
    enum activation_kind parsed;
    assert_false(activation_kind_parse("unknown", &parsed, &error));
    assert_int_equal(error.code, ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suffixes),      cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_precedence),    cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_older_imatrix),
        cmocka_unit_test(test_newer_imatrix), cmocka_unit_test(test_kind_names),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
