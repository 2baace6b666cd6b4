/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <sys/stat.h>

#include "onnx_writer.h"

/* A tensor in a file beside the model; offset and length may be NULL. */
static struct text external(const char *name, int64_t dim, const char *location, const char *offset,
                            const char *length)
{
    struct text tensor = tensor_of(name, FLOAT, dim);
    put_pair(&tensor, 13, "location", location);
    if (offset)
        put_pair(&tensor, 13, "offset", offset);
    if (length)
        put_pair(&tensor, 13, "length", length);
    put_pair(&tensor, 13, "checksum", "of no interest");
    put_number(&tensor, 14, 1);
    return tensor;
}

static void refused(int64_t dim, const char *location, const char *offset, const char *length,
                    const char *part)
{
    struct text tensor = external("t", dim, location, offset, length);
    tensor_refused(&tensor, part);
}

static void write_data(const char *name)
{
    fixture_write(name, "\0\0\x80\x3f\0\0\0\xc0\0\0\x40\x40", 12); /* 1, -2, 3 */
}

static void test_external_data(void **state)
{
    (void)state;
    write_data("data");
    mkdir(fixture_path("folder"), 0700);
    write_data("folder/more");
    struct text graph = {0}, a = external("a", 3, "data", NULL, NULL);
    struct text b = external("b", 2, "data", "4", "8"),
                c = external("c", 1, "./folder/more", "8", "0");
    struct text d = external("d", 0, "nowhere", NULL, NULL);
    put_message(&graph, 5, &a);
    put_message(&graph, 5, &b);
    put_message(&graph, 5, &c);
    put_message(&graph, 5, &d);
    struct model *model = open_graph(&graph);
    check_values(&model->tensors[0], VALUES(1, -2, 3));
    check_values(&model->tensors[1], VALUES(-2, 3));
    check_values(&model->tensors[2], VALUES(3));
    check_values(&model->tensors[3], NULL, 0); /* of no elements: no file is needed */
    assert_ptr_equal(model->tensors[0].content, model->tensors[1].content);
    assert_ptr_not_equal(model->tensors[0].content, model->tensors[2].content);
    model_free(model);
}

/* A pattern of the shell names the data file too. */
static void test_data_given_after_its_model(void **state)
{
    (void)state;
    write_data("data");
    struct text graph = {0}, a = external("a", 3, "data", NULL, NULL);
    put_message(&graph, 5, &a);
    const char *paths[] = {write_model("a.onnx", &graph), fixture_path("data")};
    struct error error = {0};
    struct model *model = model_open(paths, 2, NULL, &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_int_equal(model->count, 1);
    model_free(model);
}

/* The entries mean nothing unless data_location says so. */
static void test_data_in_the_file(void **state)
{
    (void)state;
    struct text tensor = raw_tensor("t", FLOAT, 1, BYTES("\0\0\x80\x3f"));
    put_pair(&tensor, 13, "location", "/nowhere");
    put_number(&tensor, 14, 0);
    check_tensor(&tensor, VALUES(1));
}

static void test_places(void **state)
{
    (void)state;
    write_data("data");
    refused(3, "data", "1", NULL, "its 12 bytes from 1 on are not all in the 12 of its data file");
    refused(3, "data", "13", NULL, "its 12 bytes from 13 on are not all in the 12");
    refused(3, "data", "18446744073709551615", NULL, "are not all in the 12 of its data file");
    refused(3, "data", NULL, "8", "shape and type need 12 bytes, but its data has 8");
    refused(3, "data", "18446744073709551616", NULL, "is not a whole number of 64 bits");
    refused(3, "data", "-1", NULL, "is not a whole number of 64 bits");
    refused(3, "data", "100000000000000000000", NULL, "is not a whole number of 64 bits");
    refused(3, "data", NULL, "0x8", "is not a whole number of 64 bits");
    refused(1ll << 40, "data", NULL, NULL, "are not all in the 12 of its data file");
}

static void test_names_that_lead_elsewhere(void **state)
{
    (void)state;
    static const char *const locations[] = {
        "/etc/passwd", "../data", "folder/../../data", "..", "folder/..", "a//b", "folder/"};
    for (size_t i = 0; i < sizeof locations / sizeof locations[0]; i++) {
        char part[100];
        snprintf(part, sizeof part,
                 "tensor \"t\": its data file \"%s\" is no path below the model's", locations[i]);
        refused(3, locations[i], NULL, NULL, part);
    }
    struct text tensor = tensor_of("t", FLOAT, 3), pair = {0};
    put_text(&pair, 1, "location");
    put_bytes(&pair, 2, "data\0x", 6);
    put_message(&tensor, 13, &pair);
    put_number(&tensor, 14, 1);
    tensor_refused(&tensor, "its data file \"data\\u{0}x\" is no path");
}

static void test_files_that_are_not_there(void **state)
{
    (void)state;
    refused(
        3, "absent\x1b", NULL, NULL,
        "tensor \"t\": its data file \"absent\\u{1B}\" is missing; it belongs into the folder of "
        "the model (byte ");
    refused(3, ".", NULL, NULL, "is a directory");
    refused(3, "", NULL, NULL, "the name of its data file has 0 bytes");
    char location[5000] = "";
    memset(location, 'a', sizeof location - 1);
    refused(3, location, NULL, NULL, "the name of its data file has 4999 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_external_data),
        cmocka_unit_test(test_data_given_after_its_model),
        cmocka_unit_test(test_data_in_the_file),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_names_that_lead_elsewhere),
        cmocka_unit_test(test_files_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
