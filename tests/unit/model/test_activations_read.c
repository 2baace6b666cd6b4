/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "fixture.h"
#include "imatrix_writer.h"
#include "model/activations.h"
#include "tensor_writer.h"

/* Opens a file of one entry. */
static struct activations *open_one(const char *name, const char *shape, const float values[],
                                    size_t n)
{
    struct tensor_writer writer = {0};
    tensor_writer_add(&writer, name, shape, values, n);
    struct error error = {0};
    struct activations *file = activations_open(tensor_writer_write(&writer, "one.safetensors"),
                                                ACTIVATION_UNKNOWN, &error);
    if (!file)
        fail_msg("%s", error.text);
    return file;
}

static void check_refused(bool good, const struct error *error, const char *part)
{
    assert_false(good);
    assert_int_equal(error->code, ERROR_FILE);
    if (!strstr(error->text, part))
        fail_msg("\"%s\" has no \"%s\"", error->text, part);
}

static void test_samples(void **state)
{
    (void)state;
    const float values[] = {1, -2, 3, 4, 5, 6, 7, NAN};
    double rows[8];
    struct error error = {0};
    struct activations *file = open_one("w.input", "4,2", values, 8);
    assert_true(activation_read_samples(&file->entries[0], 1, 2, rows, &error));
    assert_true(rows[0] == 3 && rows[3] == 6);
    check_refused(activation_read_samples(&file->entries[0], 0, 4, rows, &error), &error,
                  "tensor \"w.input\": element (3, 1) is");
    activations_free(file);
}

static void test_infinite_sample(void **state)
{
    (void)state;
    const float values[] = {1, INFINITY};
    double rows[2];
    struct error error = {0};
    struct activations *file = open_one("w.input", "1,2", values, 2);
    check_refused(activation_read_samples(&file->entries[0], 0, 1, rows, &error), &error,
                  "element (0, 1) is inf");
    activations_free(file);
}

static void read_moment(const float values[], const char *part, double moment[9])
{
    struct error error = {0};
    struct activations *file = open_one("w.second_moment", "3,3", values, 9);
    bool good = activation_read_second_moment(&file->entries[0], moment, &error);
    if (part)
        check_refused(good, &error, part);
    else
        assert_true(good);
    activations_free(file);
}

static void test_second_moment(void **state)
{
    (void)state;
    double moment[9];
    read_moment((const float[]){4, 1, -1, 1.001f, 9, 0, -1, 0, 1}, NULL, moment);
    assert_true(fabs(moment[1] - 1.0005) < 1e-6 && moment[1] == moment[3]);
    read_moment((const float[]){0, 0, 0, 0, 0, 0, 0, 0, 0}, NULL, moment);
    read_moment((const float[]){4, 1, 0, 2, 9, 0, 0, 0, 1},
                "elements (0, 1) and (1, 0) are 1 and 2", moment);
    read_moment((const float[]){4, 1, 0, 1, -9, 0, 0, 0, 1}, "mean square 1 is negative", moment);
    read_moment((const float[]){4, 1, 0, 1, 9, 0, NAN, 0, 1}, "element (2, 0) is", moment);
}

static void test_vectors(void **state)
{
    (void)state;
    double values[3];
    struct error error = {0};
    struct activations *file = open_one("w.diagonal", "3", (const float[]){1, 0, 2}, 3);
    assert_true(activation_read_vector(&file->entries[0], 0, 3, values, &error));
    assert_true(values[0] == 1 && values[1] == 0 && values[2] == 2);
    activations_free(file);
    file = open_one("w.absmax", "3", (const float[]){1, -1, 2}, 3);
    check_refused(activation_read_vector(&file->entries[0], 0, 3, values, &error), &error,
                  "element (0, 1) is -1");
    activations_free(file);
}

/* Sums over counts; a flat entry of two experts of width 2. */
static void test_imatrix(void **state)
{
    (void)state;
    struct text bytes = {0};
    struct error error = {0};
    double values[2];
    imatrix_number(&bytes, 2);
    imatrix_entry(&bytes, "blk.0.ffn_up_exps.weight", 4, (const float[]){4, 8, 12, 0}, 4);
    imatrix_entry(&bytes, "blk.0.attn_q.weight", 0, (const float[]){0, 0}, 2);
    struct activations *file = activations_open(
        fixture_write("imatrix.dat", bytes.data, bytes.length), ACTIVATION_UNKNOWN, &error);
    assert_non_null(file);
    assert_true(activation_read_vector(&file->entries[0], 1, 2, values, &error));
    assert_true(values[0] == 3 && values[1] == 0);
    assert_true(activation_seen(&file->entries[0], 1));
    assert_false(activation_seen(&file->entries[1], 0));
    assert_true(activation_read_vector(&file->entries[1], 0, 2, values, &error));
    assert_true(values[0] == 0);
    activations_free(file);
    text_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),       cmocka_unit_test(test_infinite_sample),
        cmocka_unit_test(test_second_moment), cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_imatrix),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
