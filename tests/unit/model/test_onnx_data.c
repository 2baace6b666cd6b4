/* SPDX-License-Identifier: MIT */

#include "onnx_writer.h"

static void test_raw(void **state)
{
    (void)state;
    struct text graph = {0};
    struct text f = raw_tensor("f", FLOAT, 2, BYTES("\0\0\x80\x3f\0\0\0\xc0"));
    struct text i = raw_tensor("i", INT64, -1, BYTES("\xfe\xff\xff\xff\xff\xff\xff\xff"));
    struct text b = raw_tensor("b", BOOL, 3, BYTES("\0\1\1"));
    struct text e = tensor_of("e", FLOAT, 0);
    put_message(&graph, 5, &f);
    put_message(&graph, 5, &i);
    put_message(&graph, 5, &b);
    put_message(&graph, 5, &e);
    struct model *model = open_graph(&graph);
    assert_int_equal(model->count, 4);
    assert_int_equal(model->elements, 6);
    assert_int_equal(model->bytes, 19);
    check_values(&model->tensors[0], VALUES(1, -2));
    check_values(&model->tensors[1], VALUES(-2));
    check_values(&model->tensors[2], VALUES(0, 1, 1));
    check_values(&model->tensors[3], NULL, 0);
    /* The elements stay where they are. */
    assert_non_null(model->tensors[0].content->path);
    assert_true(model->tensors[0].offset > 0);
    assert_true(model->tensors[0].content == model->tensors[2].content);
    assert_non_null(content_mapped(model->tensors[0].content, 0));
    model_free(model);
}

/* Each type once: its code of two elements (or of as many as share a byte) and their values. */
static void test_types(void **state)
{
    (void)state;
    static const struct {
        unsigned type;
        const char *name, *bytes;
        size_t n;
        double first, second;
    } types[] = {
        {FLOAT, "F32", BYTES("\0\0\x80\x3f\0\0\0\xbf"), 1, -0.5},
        {UINT8, "U8", BYTES("\1\xff"), 1, 255},
        {INT8, "I8", BYTES("\1\xff"), 1, -1},
        {UINT16, "U16", BYTES("\1\0\xff\xff"), 1, 65535},
        {INT16, "I16", BYTES("\1\0\xff\xff"), 1, -1},
        {INT32, "I32", BYTES("\1\0\0\0\xff\xff\xff\xff"), 1, -1},
        {FLOAT16, "F16", BYTES("\0\x3c\0\xc0"), 1, -2},
        {DOUBLE, "F64", BYTES("\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40"), 1, 2},
        {UINT32, "U32", BYTES("\1\0\0\0\xff\xff\xff\xff"), 1, 4294967295.0},
        {UINT64, "U64", BYTES("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"), 1, 0x1p63},
        {BFLOAT16, "BF16", BYTES("\x80\x3f\0\xc0"), 1, -2},
        {E4M3FN, "F8_E4M3", BYTES("\x38\x7e"), 1, 448},
        {E4M3FNUZ, "F8_E4M3FNUZ", BYTES("\x40\x7f"), 1, 240},
        {E5M2, "F8_E5M2", BYTES("\x3c\x7b"), 1, 57344},
        {E5M2FNUZ, "F8_E5M2FNUZ", BYTES("\x40\x7f"), 1, 57344},
        {UINT4, "UINT4", BYTES("\xf1"), 1, 15},
        {INT4, "INT4", BYTES("\x87"), 7, -8},
        {E2M1, "F4", BYTES("\xf2"), 1, -6},
        {E8M0, "F8_E8M0", BYTES("\x7f\x80"), 1, 2},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct text tensor = raw_tensor("t", types[i].type, 2, types[i].bytes, types[i].n);
        struct model *model = open_tensor(&tensor);
        assert_string_equal(model->tensors[0].dtype_name, types[i].name);
        check_values(&model->tensors[0], VALUES(types[i].first, types[i].second));
        model_free(model);
    }
}

static void test_elements_below_a_byte(void **state)
{
    (void)state;
    struct text odd = raw_tensor("t", INT4, 5, BYTES("\x21\xf3\x08"));
    check_tensor(&odd, VALUES(1, 2, 3, -1, -8));
    struct text two = raw_tensor("t", INT2, 6, BYTES("\xe4\x0d"));
    check_tensor(&two, VALUES(0, 1, -2, -1, 1, -1));
    struct text plain = raw_tensor("t", UINT2, 4, BYTES("\xe4"));
    check_tensor(&plain, VALUES(0, 1, 2, 3));
    struct text few = raw_tensor("t", UINT4, 5, BYTES("\x21\x43"));
    tensor_refused(&few, "shape and type need 3 bytes, but its data has 2");

    /* Rows need not end where bytes do. */
    struct text rows = raw_tensor("t", UINT4, 2, BYTES("\x21\x43\x65"));
    put_number(&rows, 1, 3);
    struct model *model = open_tensor(&rows);
    const struct tensor *tensor = &model->tensors[0];
    struct error error = {0};
    double values[6];
    assert_int_equal(tensor->rank, 2);
    assert_true(tensor_read(tensor, (struct tensor_view){0}, 0, 6, values, &error));
    assert_memory_equal(values, ((double[]){1, 2, 3, 4, 5, 6}), sizeof values);
    assert_true(tensor_read(tensor, (struct tensor_view){.axis = 1}, 0, 6, values, &error));
    assert_memory_equal(values, ((double[]){1, 4, 2, 5, 3, 6}), sizeof values);
    model_free(model);
}

static void test_sizes(void **state)
{
    (void)state;
    struct text more = raw_tensor("t", FLOAT, 1, BYTES("12345678"));
    tensor_refused(&more, "tensor \"t\": shape and type need 4 bytes, but its data has 8 (byte ");
    struct text some = raw_tensor("t", FLOAT, 0, BYTES("1234"));
    tensor_refused(&some, "need 0 bytes, but its data has 4");
    struct text huge = tensor_of("t", FLOAT, INT64_MAX);
    tensor_refused(&huge, "its size is beyond 64 bits");
    struct text square = tensor_of("t", FLOAT, INT64_MAX);
    put_number(&square, 1, 3);
    tensor_refused(&square, "the product of its shape is beyond 64 bits");
    struct text negative = tensor_of("t", FLOAT, -1);
    put_number(&negative, 1, UINT64_MAX);
    tensor_refused(&negative, "initializer 1: a dimension is negative (byte ");
    struct text deep = tensor_of("t", FLOAT, -1);
    for (int i = 0; i < 65; i++)
        put_number(&deep, 1, 1);
    tensor_refused(&deep, "has more than 64 dimensions");
}

static void put_varints(struct text *out, unsigned field, const uint64_t values[], size_t n)
{
    struct text packed = {0};
    for (size_t i = 0; i < n; i++)
        put_varint(&packed, values[i]);
    put_message(out, field, &packed);
}

#define NUMBERS(...) \
    (const uint64_t[]){__VA_ARGS__}, sizeof(uint64_t[]){__VA_ARGS__} / sizeof(uint64_t)
#define MINUS(N) (0 - (uint64_t)(N))

static void test_numbers_are_decoded(void **state)
{
    (void)state;
    struct text t = tensor_of("t", INT64, 4);
    put_varints(&t, 7, NUMBERS(1, 300, MINUS(1), 1ull << 40));
    check_tensor(&t, VALUES(1, 300, -1, 0x1p40));
    t = tensor_of("t", UINT64, 2);
    put_varints(&t, 11, NUMBERS(3, 1ull << 63));
    check_tensor(&t, VALUES(3, 0x1p63));
    t = tensor_of("t", UINT32, 2);
    put_varints(&t, 11, NUMBERS(3, 4000000000));
    check_tensor(&t, VALUES(3, 4e9));
    t = tensor_of("t", INT32, 3);
    put_varints(&t, 5, NUMBERS(7, MINUS(70000), 0));
    check_tensor(&t, VALUES(7, -70000, 0));
    t = tensor_of("t", INT16, 2);
    put_varints(&t, 5, NUMBERS(MINUS(300), 300));
    check_tensor(&t, VALUES(-300, 300));
    t = tensor_of("t", INT8, 2);
    put_varints(&t, 5, NUMBERS(MINUS(128), 127));
    check_tensor(&t, VALUES(-128, 127));
    t = tensor_of("t", UINT8, 2);
    put_varints(&t, 5, NUMBERS(200, 0));
    check_tensor(&t, VALUES(200, 0));
    t = tensor_of("t", BOOL, 2);
    put_varints(&t, 5, NUMBERS(1, 0));
    check_tensor(&t, VALUES(1, 0));
    t = tensor_of("t", FLOAT16, 2);
    put_varints(&t, 5, NUMBERS(0x3c00, 0xc000));
    check_tensor(&t, VALUES(1, -2));
    t = tensor_of("t", BFLOAT16, 2);
    put_varints(&t, 5, NUMBERS(0x3f80, 0xc000));
    check_tensor(&t, VALUES(1, -2));
    t = tensor_of("t", E4M3FN, 2);
    put_varints(&t, 5, NUMBERS(0x38, 0x7e));
    check_tensor(&t, VALUES(1, 448));
    t = tensor_of("t", INT4, 3); /* a byte of two elements each */
    put_varints(&t, 5, NUMBERS(0xf1, 0x02));
    check_tensor(&t, VALUES(1, -1, 2));
}

/* Unpacked, in several pieces, and of several tensors in one piece of memory. */
static void test_numbers_in_pieces(void **state)
{
    (void)state;
    struct text graph = {0}, a = tensor_of("a", INT32, 4), b = tensor_of("b", INT64, 1);
    put_number(&a, 5, 1);
    put_number(&a, 5, 200);
    put_varints(&a, 5, NUMBERS(3, 4));
    put_number(&b, 7, MINUS(9));
    put_message(&graph, 5, &a);
    put_message(&graph, 5, &b);
    struct model *model = open_graph(&graph);
    check_values(&model->tensors[0], VALUES(1, 200, 3, 4));
    check_values(&model->tensors[1], VALUES(-9));
    assert_ptr_equal(model->tensors[0].content, model->tensors[1].content);
    assert_non_null(model->tensors[0].content->path);
    model_free(model);
}

static void test_floats(void **state)
{
    (void)state;
    struct text t = tensor_of("t", FLOAT, 2);
    put_bytes(&t, 4, "\0\0\x80\x3f\0\0\0\xc0", 8);
    struct model *model = open_tensor(&t);
    check_values(&model->tensors[0], VALUES(1, -2));
    assert_true(model->tensors[0].offset > 0); /* in the file */
    model_free(model);
    t = tensor_of("t", FLOAT, 3);
    text_add(&t, BYTES("\x25\0\0\x80\x3f\x25\0\0\0\xc0\x22\4\0\0\0\x40"));
    check_tensor(&t, VALUES(1, -2, 2));
    t = tensor_of("t", DOUBLE, 2);
    text_add(&t, BYTES("\x51\0\0\0\0\0\0\xf0\x3f\x51\0\0\0\0\0\0\0\xc0"));
    check_tensor(&t, VALUES(1, -2));
    t = tensor_of("t", DOUBLE, 1);
    put_bytes(&t, 10, "\0\0\0\0\0\0\xf0\x3f", 8);
    check_tensor(&t, VALUES(1));
    t = tensor_of("t", FLOAT, 2);
    put_bytes(&t, 4, "\0\0\x80\x3f", 4);
    tensor_refused(&t, "need 8 bytes, but its data has 4");
}

static void test_wrong_numbers(void **state)
{
    (void)state;
    struct text t = tensor_of("t", INT64, 3);
    put_varints(&t, 7, NUMBERS(1, 2));
    tensor_refused(&t, "shape and type need 3 numbers, but its data has 2 bytes");
    t = tensor_of("t", INT64, 1ll << 40);
    put_varints(&t, 7, NUMBERS(1, 2));
    tensor_refused(&t, "need 1099511627776 numbers, but its data has 2 bytes");
    t = tensor_of("t", INT64, 3);
    put_varints(&t, 7, NUMBERS(1, 2000000));
    tensor_refused(&t, "tensor \"t\": has fewer elements than its shape (byte ");
    t = tensor_of("t", INT64, 1);
    put_varints(&t, 7, NUMBERS(1, 2));
    tensor_refused(&t, "tensor \"t\": has more elements than its shape (byte ");
    t = tensor_of("t", INT64, 0);
    put_varints(&t, 7, NUMBERS(1));
    tensor_refused(&t, "need 0 numbers, but its data has 1 bytes");
    t = tensor_of("t", FLOAT, 1);
    put_varints(&t, 5, NUMBERS(1));
    tensor_refused(&t, "elements of type FLOAT are in field 5 instead of 4");
    t = tensor_of("t", INT64, 2);
    put_varints(&t, 5, NUMBERS(1));
    put_varints(&t, 7, NUMBERS(1));
    tensor_refused(&t, "initializer 1: has elements in fields 5 and 7");
    t = tensor_of("t", INT64, 1);
    put_bytes(&t, 7, "\x80", 1);
    tensor_refused(&t, "a number is cut short by the end of its message");
}

static void test_what_is_not_read(void **state)
{
    (void)state;
    struct text graph = {0};
    struct text string = tensor_of("s", STRING, 2), segment = tensor_of("g", FLOAT, 2);
    struct text none = tensor_of("n", FLOAT, 1ll << 40), undefined = tensor_of("u", 0, 3);
    struct text complex = raw_tensor("c", COMPLEX64, 1, BYTES("12345678"));
    struct text unknown = raw_tensor("57", 57, 9, BYTES("1"));
    put_text(&string, 6, "one");
    put_text(&string, 6, "two");
    put_bytes(&segment, 3, "\x08\0\x10\1", 4);
    put_message(&graph, 5, &string);
    put_message(&graph, 5, &segment);
    put_message(&graph, 5, &none);
    put_message(&graph, 5, &undefined);
    put_message(&graph, 5, &complex);
    put_message(&graph, 5, &unknown);
    struct model *model = open_graph(&graph);
    assert_int_equal(model->count, 6);
    check_reason(&model->tensors[0], "its elements are no numbers");
    assert_string_equal(model->tensors[0].dtype_name, "STRING");
    check_reason(&model->tensors[1], "segments");
    check_reason(&model->tensors[2], "its elements are not in the file");
    assert_int_equal(model->tensors[2].bytes, 0);
    check_reason(&model->tensors[3], "this element type is not known");
    assert_string_equal(model->tensors[3].dtype_name, "UNDEFINED");
    check_reason(&model->tensors[4], "complex");
    assert_int_equal(model->tensors[4].bytes, 8);
    assert_string_equal(model->tensors[5].dtype_name, "type 57");
    assert_int_equal(model->tensors[5].elements, 9);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_elements_below_a_byte),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_numbers_are_decoded),
        cmocka_unit_test(test_numbers_in_pieces),
        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_wrong_numbers),
        cmocka_unit_test(test_what_is_not_read),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
