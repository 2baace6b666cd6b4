/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/npy_type.h"
#include "npy_fixture.h"

static const char *write_array(const char *name, unsigned major, const char *header,
                               const void *data, size_t n)
{
    struct text file = npy_make(major, header, data, n);
    const char *path = fixture_write(name, file.data, file.length);
    text_done(&file);
    return path;
}

static struct model *open_as(const char *path, const struct dtype *void_as)
{
    struct error error = {0};
    struct model *model = model_open(&path, 1, &(struct model_options){.void_as = void_as}, &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_int_equal(model->count, 1);
    return model;
}

static struct model *accepted(const char *header, const void *data, size_t n)
{
    return open_as(write_array("a.npy", 1, header, data, n), NULL);
}

static void refused(const char *header, size_t n, const char *part)
{
    static const char zeros[64];
    fixture_refused(write_array("bad.npy", 1, header, zeros, n), part);
}

static void check_values(const struct tensor *tensor, struct tensor_view view,
                         const double *expected)
{
    double out[24];
    struct error error = {0};
    assert_true(tensor->elements <= 24);
    assert_true(tensor_read(tensor, view, 0, (size_t)tensor->elements, out, &error));
    for (size_t i = 0; i < tensor->elements; i++)
        if (out[i] != expected[i])
            fail_msg("element %zu is %g, not %g", i, out[i], expected[i]);
}

/* Little-endian bytes of two elements, read in both orders of bytes. */
static void check_type(const char *kind, const char *bytes, size_t size, const char *name, double a,
                       double b)
{
    for (int big = 0; big < 2; big++) {
        char header[100], data[16];
        snprintf(header, sizeof header, NPY_HEADER("'%c%s'", "False", "(2,)"), big ? '>' : '<',
                 kind);
        for (size_t i = 0; i < 2 * size; i++)
            data[i] = bytes[big ? i / size * size + (size - 1 - i % size) : i];
        struct model *model = accepted(header, data, 2 * size);
        assert_string_equal(model->tensors->dtype_name, name);
        assert_int_equal(model->tensors->bytes, 2 * size);
        check_values(model->tensors, (struct tensor_view){0}, (double[]){a, b});
        model_free(model);
    }
}

static void test_types(void **state)
{
    (void)state;
    check_type("f2", "\0\x3c\0\xc1", 2, "F16", 1, -2.5);
    check_type("f4", "\0\0\x80\x3f\0\0\x20\xc0", 4, "F32", 1, -2.5);
    check_type("f8", "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\4\xc0", 8, "F64", 1, -2.5);
    check_type("i1", "\1\xfe", 1, "I8", 1, -2);
    check_type("i2", "\0\1\xfe\xff", 2, "I16", 256, -2);
    check_type("i4", "\0\1\0\0\xfe\xff\xff\xff", 4, "I32", 256, -2);
    check_type("i8", "\0\1\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff", 8, "I64", 256, -2);
    check_type("u1", "\1\xfe", 1, "U8", 1, 254);
    check_type("u2", "\0\1\xfe\xff", 2, "U16", 256, 65534);
    check_type("u4", "\0\1\0\0\xfe\xff\xff\xff", 4, "U32", 256, 4294967294);
    check_type("u8", "\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\x80", 8, "U64", 256, 0x1p63);
    check_type("b1", "\1\0", 1, "BOOL", 1, 0);
}

static void test_native_order_is_little_endian(void **state)
{
    (void)state;
    const char *const orders[] = {"'|u2'", "'=u2'", "'u2'"};
    for (size_t i = 0; i < 3; i++) {
        char header[100];
        snprintf(header, sizeof header, NPY_HEADER("%s", "False", "()"), orders[i]);
        struct model *model = accepted(header, "\1\2", 2);
        check_values(model->tensors, (struct tensor_view){0}, (double[]){513});
        model_free(model);
    }
}

static void test_order_of_elements(void **state)
{
    (void)state;
    const char data[] = "\0\1\2\3\4\5\6\7\10\11\12\13";
    const double rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    /* Element [i][j][k] of 2 x 3 x 2 lies at i + 2 * (j + 3 * k). */
    const double columns[] = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
    const double across[] = {0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11};
    struct model *model = accepted(NPY_HEADER("'|u1'", "False", "(2, 3, 2)"), data, 12);
    assert_null(model->tensors->strides);
    check_values(model->tensors, (struct tensor_view){0}, rows);
    model_free(model);
    model = accepted(NPY_HEADER("'|u1'", "True", "(2, 3, 2)"), data, 12);
    assert_int_equal(model->tensors->bytes, 12);
    check_values(model->tensors, (struct tensor_view){0}, columns);
    check_values(model->tensors, (struct tensor_view){.axis = 1}, across);
    model_free(model);
}

static void test_shapes(void **state)
{
    (void)state;
    struct model *model = accepted(NPY_HEADER("'|u1'", "True", "()"), "\7", 1);
    assert_int_equal(model->tensors->rank, 0);
    assert_int_equal(model->elements, 1);
    model_free(model);
    model = accepted(NPY_HEADER("'<f8'", "True", "(3, 0, 2)"), "", 0);
    assert_int_equal(model->tensors->rank, 3);
    assert_int_equal(model->tensors->dims[0], 3);
    assert_int_equal(model->elements, 0);
    model_free(model);
    model = accepted(NPY_HEADER("'|u1'", "False", "(2L,)"), "\1\2 and more", 11);
    assert_int_equal(model->tensors->dims[0], 2);
    model_free(model);
    refused(NPY_HEADER("'|u1'", "False", "(65,)"), 64, "its 65 bytes from ");
    refused(NPY_HEADER("'|u1'", "False", "(4294967296, 4294967296)"), 0,
            "tensor \"bad\": the product of its shape is beyond 64 bits (byte ");
    refused(NPY_HEADER("'<f8'", "True", "(4294967296, 1073741824)"), 0, "beyond 64 bits (byte ");
    refused(NPY_HEADER("'|u1'", "False", "(18446744073709551616,)"), 0, "a size beyond 64 bits");
    refused(NPY_HEADER("'|u1'", "False", "(18446744073709551615,)"), 0, "are not all in the");
    refused(NPY_HEADER("'|u1'", "False", "(-1,)"), 0, "a negative size in its shape (byte ");
    refused(NPY_HEADER("'|u1'", "False", "(1.5,)"), 0, "expected ',' or ')' in its shape");
    refused(NPY_HEADER("'|u1'", "False", "(2)"), 2, "expected the shape to be a tuple");
    refused(NPY_HEADER("'|u1'", "False", "[2]"), 2, "expected the shape to be a tuple");
    refused(NPY_HEADER("'|u1'", "False", "(,)"), 2, "expected a size in its shape");
    refused(NPY_HEADER("'|u1'", "False", "(1 1)"), 2, "expected ',' or ')' in its shape");
}

static void test_rank(void **state)
{
    (void)state;
    char shape[300] = "(", header[400];
    for (int i = 0; i < 64; i++)
        strcat(shape, "1, ");
    snprintf(header, sizeof header, NPY_HEADER("'|u1'", "True", "%s)"), shape);
    struct model *model = accepted(header, "\7", 1);
    assert_int_equal(model->tensors->rank, 64);
    check_values(model->tensors, (struct tensor_view){0}, (double[]){7});
    model_free(model);
    snprintf(header, sizeof header, NPY_HEADER("'|u1'", "True", "%s 1)"), shape);
    refused(header, 1, "a shape of too many dimensions");
}

static void test_forms_of_the_header(void **state)
{
    (void)state;
    const char *const forms[] = {
        "{'descr':'|u1','fortran_order':False,'shape':()}",
        "{\"shape\": (), \"descr\": \"|u1\", \"fortran_order\": True}",
        " \t{ 'shape' : ( ) ,\n'fortran_order' : True , 'descr' : '|u1' , } \r\n\f ",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        model_free(accepted(forms[i], "\1", 1));
    refused("", 1, "header: expected '{' (byte 10)");
    refused("{", 1, "expected a string (byte 11)");
    refused("{}", 1, "does not have the key \"descr\" (byte 12)");
    refused("{'descr': '|u1', 'shape': ()}", 1, "does not have the key \"fortran_order\"");
    refused("{'descr': '|u1', 'descr': '|u1'}", 1, "has twice the key \"descr\"");
    refused("{'descr': '|u1', 'x': ()}", 1, "has the unknown key \"x\"");
    refused("{'descr' '|u1'}", 1, "expected ':' behind a key");
    refused("{'descr': '|u1' 'shape': ()}", 1, "expected ',' or '}'");
    refused("{'descr': '|u1',, 'shape': ()}", 1, "expected a string");
    refused("{'descr': '|u1\", }", 1, "has a string without an end");
    refused("{'descr': '\\x7cu1', }", 1, "has an escape in a string");
    refused("{'descr': __import__('os').getcwd(), }", 1, "expected a string (byte 20)");
    refused(NPY_HEADER("'|u1'", "0", "()"), 1, "expected fortran_order to be True or False");
    refused(NPY_HEADER("'|u1'", "Falsetto", "()"), 1, "expected ',' or '}'");
    refused(NPY_HEADER("'|u1'", "True", "()") " # ", 1, "goes on behind its dictionary");
}

static void test_versions(void **state)
{
    (void)state;
    const char header[] = NPY_HEADER("'|u1'", "False", "(1,)");
    for (unsigned major = 1; major <= 3; major++) {
        struct model *model = open_as(write_array("v.npy", major, header, "\5", 1), NULL);
        check_values(model->tensors, (struct tensor_view){0}, (double[]){5});
        model_free(model);
    }
    fixture_refused(write_array("v.npy", 4, header, "", 1), "is of version 4.0 of NumPy's format");
    fixture_refused(write_array("v.npy", 0, header, "", 1), "is of version 0.0 of NumPy's format");
}

static void test_lengths(void **state)
{
    (void)state;
    const struct {
        size_t length;
        const char *bytes, *part;
    } cases[] = {
        {5, "\x93NUMP", "does not begin as a NumPy array does (byte 0)"},
        {6, "\x93NUMPY", "is of version 0.0"},
        {9, "\x93NUMPY\1\0\5", "is cut short inside the header length (byte 9)"},
        {11, "\x93NUMPY\2\0\5\0\0", "is cut short inside the header length (byte 11)"},
        {12, "\x93NUMPY\1\0\5\0{}", "is cut short inside the header (byte 12)"},
        {12, "\x93NUMPY\2\0\1\0\20\0", "header length 1048577 is beyond 1048576 (byte 8)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        fixture_refused(fixture_write("l.npy", cases[i].bytes, cases[i].length), cases[i].part);
}

static void check_listed(const char *descr, size_t n, const char *name, const char *text)
{
    char header[100], data[64] = "";
    snprintf(header, sizeof header, NPY_HEADER("'%s'", "False", "(2,)"), descr);
    struct model *model = accepted(header, data, n);
    const char *reason = NULL;
    assert_string_equal(model->tensors->dtype_name, name);
    assert_int_equal(model->tensors->bytes, n);
    assert_false(tensor_readable(model->tensors, &reason));
    assert_string_equal(reason, text);
    model_free(model);
    refused(header, n - 1, "are not all in the");
}

static void test_types_that_are_listed_only(void **state)
{
    (void)state;
    check_listed("<c8", 16, "C64", "complex numbers have no rounding error here");
    check_listed("<c16", 32, "C128", "complex numbers have no rounding error here");
    check_listed("<f12", 24, "F96", "long double is not the same on all machines");
    check_listed("<f16", 32, "F128", "long double is not the same on all machines");
    check_listed("|V2", 4, "V2",
                 "untyped elements of 2 bytes; if they are bfloat16, say --void-as bf16");
    const char byte[] = "untyped elements of 1 byte; if they are float8, say with --void-as which";
    check_listed("|V1", 2, "V1", byte);
    check_listed("<f1", 2, "V1", byte);
}

static void check_void(const char *descr, const char *data, size_t n, const struct dtype *void_as,
                       double value)
{
    char header[100];
    snprintf(header, sizeof header, NPY_HEADER("'%s'", "False", "()"), descr);
    struct model *model = open_as(write_array("v.npy", 1, header, data, n), void_as);
    assert_string_equal(model->tensors->dtype_name, void_as->name);
    check_values(model->tensors, (struct tensor_view){0}, &value);
    model_free(model);
}

static void test_untyped_elements_are_what_the_user_says(void **state)
{
    (void)state;
    check_void("|V2", "\x20\xc0", 2, &dtype_bf16, -2.5);
    check_void("<V2", "\x20\xc0", 2, &dtype_bf16, -2.5);
    check_void(">V2", "\xc0\x20", 2, &dtype_bf16, -2.5);
    check_void("|V1", "\x38", 1, &dtype_e4m3, 1);
    check_void("<f1", "\x3c", 1, &dtype_e5m2, 1);
    check_void("|V8", "\0\0\0\0\0\0\xf0\x3f", 8, &dtype_f64, 1);
    /* Of another size, or of a type that packs two into a byte: not those. */
    const struct dtype *const others[] = {&dtype_f32, &dtype_e4m3, &dtype_e2m1};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(npy_type_of("|V2", 3, others[i]).dtype->name, "V2");
    assert_string_equal(npy_type_of("|V1", 3, &dtype_e2m1).dtype->name, "V1");
    assert_ptr_equal(npy_type_of("<f2", 3, &dtype_bf16).dtype, &dtype_f16);
}

static void test_other_things_than_numbers_are_refused(void **state)
{
    (void)state;
    refused(NPY_HEADER("'|O'", "False", "(2,)"), 9,
            "bad.npy: holds Python objects, which are never run; its type is \"|O\" (byte 20)");
    refused(NPY_HEADER("'<U3'", "False", "(2,)"), 24, "holds text, not numbers; its type is");
    refused(NPY_HEADER("'|S5'", "False", "(2,)"), 10, "holds text, not numbers; its type is");
    refused(NPY_HEADER("'<M8[ns]'", "False", "(2,)"), 16, "dates, not numbers; its type is \"<M8[");
    refused(NPY_HEADER("'<m8[s]'", "False", "(2,)"), 16, "holds spans of time, not numbers");
    refused(NPY_HEADER("'|V8'", "False", "(2,)"), 16, "holds untyped elements, not numbers");
    const char *const unknown[] = {"", "<", "|\33[2J", "<f", "<f3", "<f4294967300", "<f4 ", "<i16"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        char header[100];
        snprintf(header, sizeof header, NPY_HEADER("'%s'", "False", "(2,)"), unknown[i]);
        refused(header, 64, "holds elements of a type that is not known; its type is \"");
    }
}

static void test_structures(void **state)
{
    (void)state;
    refused(NPY_HEADER("[('a', '<f4'), (('t\"', \"b'\"), '<i4', (2, 3))]", "False", "(2,)"), 64,
            "holds structures, not numbers; its type is \"[('a', '<f4'), ((");
    refused(NPY_HEADER("[('a', '<f4')", "False", "(2,)"), 64, "has a type that is no list of fiel");
    refused(NPY_HEADER("[('a', '<f4'])", "False", "(2,)"), 64, "has a type that is no list");
    refused(NPY_HEADER("[f(1)]", "False", "(2,)"), 64, "has a type that is no list of fields");
    char deep[200] = "", header[300];
    for (int depth = 1; depth <= 65; depth++)
        deep[depth - 1] = '[';
    snprintf(header, sizeof header, NPY_HEADER("%s", "False", "(2,)"), deep);
    refused(header, 64, "header: is nested too deep (byte 84)");
}

static void test_names_are_those_of_files(void **state)
{
    (void)state;
    const char *const names[][2] = {{"a.b.npy", "a.b"},
                                    {"w", "w"},
                                    {".npy", ".npy"},
                                    {"w.npy.gz", "w.npy.gz"},
                                    {"\33\xff.npy", "\\u{1B}\\xFF"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct model *model =
            open_as(write_array(names[i][0], 1, NPY_HEADER("'|u1'", "False", "()"), "\1", 1), NULL);
        assert_string_equal(model->format, "npy");
        assert_string_equal(model->tensors->label, names[i][1]);
        assert_int_equal(model->tensors->name_length, strlen(names[i][1]));
        model_free(model);
    }
}

static void test_manifest(void **state)
{
    (void)state;
    npy_check_manifest("npy/", fixture_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_native_order_is_little_endian),
        cmocka_unit_test(test_order_of_elements),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_rank),
        cmocka_unit_test(test_forms_of_the_header),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_types_that_are_listed_only),
        cmocka_unit_test(test_untyped_elements_are_what_the_user_says),
        cmocka_unit_test(test_other_things_than_numbers_are_refused),
        cmocka_unit_test(test_structures),
        cmocka_unit_test(test_names_are_those_of_files),
        cmocka_unit_test(test_manifest),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
