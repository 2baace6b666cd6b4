/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "model/parts.h"
#include "onnx_writer.h"

/* A tensor of one byte. */
static struct text byte_tensor(const char *name, char value)
{
    return raw_tensor(name, UINT8, -1, &value, 1);
}

static void put_byte_tensor(struct text *graph, const char *name, char value)
{
    struct text tensor = byte_tensor(name, value);
    put_message(graph, 5, &tensor);
}

/* Puts a node with a graph as the attribute `field` (6: graph, 11: one of several) of a node. */
static void put_node(struct text *out, unsigned node_field, unsigned field, struct text *graph)
{
    struct text attribute = {0}, node = {0};
    put_text(&attribute, 1, "then_branch");
    put_message(&attribute, field, graph);
    put_text(&node, 4, "If");
    put_message(&node, 5, &attribute);
    put_message(out, node_field, &node);
}

static void check_byte(const struct model *model, const char *label, double value)
{
    struct error error = {0};
    const struct tensor *tensor = model_find(model, label, &error);
    if (!tensor)
        fail_msg("%s", error.text);
    assert_string_equal(tensor->label, label);
    check_values(tensor, &value, 1);
}

static void check_entry(const struct model *model, size_t index, const char *key, const char *type,
                        const char *value)
{
    assert_true(index < model->metadata.count);
    const struct metadata_entry *entry = &model->metadata.entries[index];
    assert_string_equal(entry->source, "meta.onnx");
    assert_string_equal(entry->key, key);
    assert_string_equal(entry->type, type);
    assert_string_equal(entry->value, value);
}

static struct model *open_bytes(const char *name, struct text *bytes)
{
    struct error error = {0};
    struct model *model = fixture_open(fixture_write(name, bytes->data, bytes->length), &error);
    if (!model)
        fail_msg("%s", error.text);
    text_done(bytes);
    return model;
}

static void test_metadata(void **state)
{
    (void)state;
    struct text model = {0}, graph = {0}, opset = {0};
    put_number(&model, 1, 9);
    put_text(&model, 2, "maker");
    put_text(&model, 3, "1.5\x1b");
    put_text(&model, 4, "org.test");
    put_number(&model, 5, UINT64_MAX);
    put_text(&model, 6, "Words.");
    put_text(&graph, 2, "main");
    put_message(&model, 7, &graph);
    put_text(&opset, 1, "ai.onnx.ml");
    put_number(&opset, 2, 3);
    put_message(&model, 8, &opset);
    put_number(&opset, 2, 21);
    put_message(&model, 8, &opset);
    put_pair(&model, 14, "classes", "cat, dog");
    struct model *opened = open_bytes("meta.onnx", &model);
    assert_int_equal(opened->count, 0);
    assert_int_equal(opened->metadata.count, 10);
    check_entry(opened, 0, "ir_version", "int64", "9");
    check_entry(opened, 1, "producer_name", "string", "maker");
    check_entry(opened, 2, "producer_version", "string", "1.5\\u{1B}");
    check_entry(opened, 3, "domain", "string", "org.test");
    check_entry(opened, 4, "model_version", "int64", "-1");
    check_entry(opened, 5, "doc_string", "string", "Words.");
    check_entry(opened, 6, "graph name", "string", "main");
    check_entry(opened, 7, "opset_import", "domain and version", "ai.onnx.ml 3");
    check_entry(opened, 8, "opset_import", "domain and version", "ai.onnx 21");
    check_entry(opened, 9, "classes", "string", "cat, dog");
    model_free(opened);
}

/* A text may be as long as the file: only what is kept of it is read. */
static void test_long_texts_are_cut(void **state)
{
    (void)state;
    struct text model = {0}, graph = {0}, words = {0};
    put_number(&model, 1, 9);
    put_text(&graph, 2, "main");
    put_message(&model, 7, &graph);
    for (int i = 0; i < 5000; i++)
        text_puts(&words, "w");
    put_text(&model, 6, words.data);
    struct model *opened = open_bytes("meta.onnx", &model);
    const char *value = opened->metadata.entries[2].value;
    assert_int_equal(strspn(value, "w"), METADATA_VALUE_MOST);
    assert_string_equal(value + METADATA_VALUE_MOST, "… (904 more bytes)");
    model_free(opened);
    text_done(&words);
}

/* Two bytes are an initializer without anything. */
static void test_more_tensors_than_any_model_has(void **state)
{
    (void)state;
    struct text graph = {0};
    for (size_t i = 0; i <= PARTS_TENSORS_MOST; i++)
        put_text(&graph, 5, "");
    graph_refused(&graph, "initializer 262145: is one more than any model has (byte ");
}

static void test_names(void **state)
{
    (void)state;
    struct text graph = {0}, twins = {0}, bad = byte_tensor("a\xff", 1);
    struct text unnamed = {0};
    put_number(&unnamed, 2, UINT8);
    put_bytes(&unnamed, 9, "\7", 1);
    put_byte_tensor(&graph, "a.b/c:0", 1);
    put_byte_tensor(&graph, "\x1b[2J", 2);
    put_message(&graph, 5, &unnamed);
    struct model *model = open_graph(&graph);
    assert_int_equal(model->count, 3);
    check_byte(model, "a.b/c:0", 1);
    check_byte(model, "\\u{1B}[2J", 2);
    check_byte(model, "\"\"", 7);
    model_free(model);
    put_byte_tensor(&twins, "a", 1);
    put_byte_tensor(&twins, "b", 1);
    put_byte_tensor(&twins, "a", 1);
    graph_refused(&twins, "tensor \"a\": is there twice (byte ");
    tensor_refused(&bad, "initializer 1: its name is not valid UTF-8 (byte ");
    char name[65536 + 1] = "";
    memset(name, 'a', 65536);
    struct text lengthy = byte_tensor(name, 1);
    tensor_refused(&lengthy, "its name has 65536 bytes, more than 65535");
}

/* Constants are parts of the computation, not weights. */
static void test_constants(void **state)
{
    (void)state;
    struct text graph = {0}, node = {0}, attribute = {0}, constant = byte_tensor("c", 1);
    put_message(&attribute, 5, &constant);
    put_message(&node, 5, &attribute);
    put_message(&graph, 1, &node);
    struct model *model = open_graph(&graph);
    assert_int_equal(model->count, 0);
    model_free(model);
}

static void test_graphs_in_graphs(void **state)
{
    (void)state;
    struct text graph = {0}, then = {0}, other = {0}, inner = {0};
    put_byte_tensor(&inner, "x", 4);
    put_byte_tensor(&inner, "deep", 5);
    put_byte_tensor(&then, "w", 1);
    put_byte_tensor(&then, "x", 2);
    put_node(&then, 1, 11, &inner);
    put_byte_tensor(&other, "w", 3);
    put_node(&graph, 1, 6, &then);
    put_node(&graph, 1, 6, &other);
    put_byte_tensor(&graph, "x", 6);
    put_byte_tensor(&graph, "main", 7);
    struct model *model = open_graph(&graph);
    assert_int_equal(model->count, 7);
    check_byte(model, "graph 1.w", 1);
    check_byte(model, "graph 1.x", 2);
    check_byte(model, "graph 2.x", 4);
    check_byte(model, "deep", 5);
    check_byte(model, "graph 3.w", 3);
    check_byte(model, "x", 6);
    check_byte(model, "main", 7);
    model_free(model);
}

static void test_twins_in_an_inner_graph(void **state)
{
    (void)state;
    struct text graph = {0}, then = {0};
    put_byte_tensor(&then, "w", 1);
    put_byte_tensor(&then, "w", 2);
    put_node(&graph, 1, 6, &then);
    graph_refused(&graph, "tensor \"graph 1.w\": is there twice");
}

static void test_depth(void **state)
{
    (void)state;
    for (int depth = 31; depth <= 32; depth++) {
        struct text graph = {0};
        put_byte_tensor(&graph, "w", 1);
        for (int i = 0; i < depth; i++) {
            struct text outer = {0};
            put_node(&outer, 1, 6, &graph);
            graph = outer;
        }
        if (depth == 32) {
            graph_refused(&graph, "model: has more than 32 graphs in each other (byte ");
            continue;
        }
        struct model *model = open_graph(&graph);
        check_byte(model, "w", 1);
        model_free(model);
    }
}

static void test_training_and_functions(void **state)
{
    (void)state;
    struct text model = {0}, main = {0}, training = {0}, algorithm = {0}, function = {0},
                body = {0};
    put_byte_tensor(&algorithm, "rate", 1);
    put_message(&training, 2, &algorithm);
    put_byte_tensor(&body, "w", 2);
    put_node(&function, 7, 6, &body);
    put_byte_tensor(&main, "w", 3);
    put_number(&model, 1, 9);
    put_message(&model, 7, &main);
    put_message(&model, 20, &training);
    put_message(&model, 25, &function);
    struct model *opened = open_bytes("training", &model);
    assert_int_equal(opened->count, 3);
    check_byte(opened, "w", 3);
    check_byte(opened, "rate", 1);
    check_byte(opened, "graph 2.w", 2);
    model_free(opened);
}

static void test_sparse(void **state)
{
    (void)state;
    struct text graph = {0}, sparse = {0}, values = tensor_of("s", INT64, 2), none = {0}, bad = {0};
    put_number(&values, 7, 5);
    put_number(&values, 7, 6);
    struct text indices = raw_tensor("", INT64, 2, BYTES("1234567812345678"));
    put_message(&sparse, 1, &values);
    put_message(&sparse, 2, &indices);
    put_bytes(&sparse, 3, "\xe8\x07\3", 3);
    put_message(&graph, 15, &sparse);
    struct model *model = open_graph(&graph);
    assert_int_equal(model->count, 1);
    const struct tensor *tensor = &model->tensors[0];
    assert_string_equal(tensor->label, "s");
    assert_string_equal(tensor->dtype_name, "I64");
    assert_int_equal(tensor->rank, 2);
    assert_int_equal(tensor->dims[0], 1000);
    assert_int_equal(tensor->elements, 3000);
    assert_int_equal(tensor->bytes, 16);
    check_reason(tensor, "a sparse tensor is not read");
    model_free(model);
    put_number(&none, 3, 7);
    put_message(&bad, 15, &none);
    graph_refused(&bad, "sparse initializer 1: has no values (byte ");
}

/* A graph in two pieces is the sum of both, as protobuf has it; the name tells what has no
 * known content. */
static void test_models_of_other_orders(void **state)
{
    (void)state;
    struct text model = {0}, one = {0}, two = {0}, none = {0};
    put_byte_tensor(&one, "a", 1);
    put_byte_tensor(&two, "b", 2);
    put_message(&model, 7, &one);
    put_number(&model, 1, 9);
    put_message(&model, 7, &two);
    struct model *opened = open_bytes("odd.onnx", &model);
    assert_int_equal(opened->count, 2);
    model_free(opened);
    put_text(&none, 2, "nothing");
    fixture_refused(fixture_write("none.onnx", none.data, none.length),
                    "none.onnx: model: has no graph (byte 9)");
    text_done(&none);
    fixture_refused(fixture_write_text("text.onnx", "Not found"), "text.onnx: model: ");
}

static void test_shapes_in_pieces(void **state)
{
    (void)state;
    struct text tensor = {0};
    put_bytes(&tensor, 1, "\2\1", 2);
    put_number(&tensor, 1, 3);
    put_number(&tensor, 2, UINT8);
    put_text(&tensor, 8, "t");
    put_text(&tensor, 9, "123456");
    struct model *model = open_tensor(&tensor);
    assert_int_equal(model->tensors[0].rank, 3);
    assert_int_equal(model->tensors[0].dims[0], 2);
    assert_int_equal(model->tensors[0].dims[1], 1);
    assert_int_equal(model->tensors[0].dims[2], 3);
    model_free(model);
}

static struct model *open_real(const char *folder, const char *name)
{
    char path[1024];
    struct error error = {0};
    snprintf(path, sizeof path, "%s/real/%s", folder, name);
    struct model *model = fixture_open(path, &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

/* Real models: as many initialisers as they are known to have, all readable, and one that has the
 * weights of a checkpoint of PyTorch under the same names. */
static void test_real_models(void **state)
{
    (void)state;
    const char *folder = getenv("ROUNDOFF_MODELS");
    if (!folder)
        skip();
    struct model *silero = open_real(folder, "silero_vad/silero_vad_16k_op15.onnx");
    assert_int_equal(silero->count, 15);
    assert_int_equal(silero->elements, 309633);
    model_free(silero);
    struct model *magika = open_real(folder, "magika/standard_v3_3.onnx");
    assert_int_equal(magika->count, 36);
    assert_int_equal(magika->elements, 784519);
    model_free(magika);
    struct model *model = open_real(folder, "ultralight_face/version-RFB-320.onnx");
    struct model *same = open_real(folder, "ultralight_face/version-RFB-320.pth");
    assert_int_equal(model->count, 244);
    assert_int_equal(same->count, 244);
    struct error error = {0};
    static double a[256 * 256], b[256 * 256];
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        const struct tensor *other = model_find(same, tensor->label, &error);
        assert_non_null(other);
        assert_int_equal(tensor->rank, other->rank);
        assert_memory_equal(tensor->dims, other->dims, tensor->rank * sizeof *tensor->dims);
        assert_true(tensor->elements <= 256 * 256);
        size_t n = (size_t)tensor->elements;
        assert_true(tensor_read(tensor, (struct tensor_view){0}, 0, n, a, &error));
        assert_true(tensor_read(other, (struct tensor_view){0}, 0, n, b, &error));
        assert_memory_equal(a, b, n * sizeof *a);
    }
    model_free(model);
    model_free(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_long_texts_are_cut),
        cmocka_unit_test(test_more_tensors_than_any_model_has),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_graphs_in_graphs),
        cmocka_unit_test(test_twins_in_an_inner_graph),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_training_and_functions),
        cmocka_unit_test(test_sparse),
        cmocka_unit_test(test_models_of_other_orders),
        cmocka_unit_test(test_shapes_in_pieces),
        cmocka_unit_test(test_real_models),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
