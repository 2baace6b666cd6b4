/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/layers_open.h"
#include "base/text.h"

/* A folder of a model, in which tests put what lies beside it. */
struct place {
    char folder[64];
    struct text model_path, beside;
    struct model *model;
    struct options options;
};

/* A file of one tensor of 4 numbers. */
static void write_file(const char *path, const char *name, const char *shape)
{
    char header[256];
    snprintf(header, sizeof header,
             "{\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,16]}}", name, shape);
    const float values[4] = {2, 0, 0, 1};
    const unsigned char size[8] = {(unsigned char)strlen(header)};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(size, 1, 8, file);
    fwrite(header, 1, strlen(header), file);
    fwrite(values, 1, sizeof values, file);
    fclose(file);
}

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct error error = {0};
    strcpy(place->folder, "/tmp/roundoff-test-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    text_printf(&place->model_path, "%s/m.safetensors", place->folder);
    text_printf(&place->beside, "%s/m.second-moments.safetensors", place->folder);
    write_file(place->model_path.data, "a.proj.weight", "2,2");
    const char *const paths[] = {place->model_path.data};
    place->model = model_open(paths, 1, NULL, &error);
    assert_non_null(place->model);
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    model_free(place->model);
    unlink(place->beside.data);
    unlink(place->model_path.data);
    rmdir(place->folder);
    text_done(&place->beside);
    text_done(&place->model_path);
    free(place);
    return 0;
}

static void test_none(void **state)
{
    struct place *place = *state;
    struct layer_source layers;
    struct error broken;
    struct error error = {0};
    assert_true(layers_open_quietly(&place->options, place->model, &layers, &broken, &error));
    assert_null(layers.activations);
    assert_non_null(layers.layers);
    assert_string_equal(broken.text, "");
    layers_close(&layers);
}

static void test_beside(void **state)
{
    struct place *place = *state;
    struct layer_source layers;
    struct error broken;
    struct error error = {0};
    write_file(place->beside.data, "a.proj.weight.second_moment", "2,2");
    assert_true(layers_open_quietly(&place->options, place->model, &layers, &broken, &error));
    assert_non_null(layers.activations);
    const struct layer_index *index = layers_index(layers.layers, (struct tensor_view){.axis = 0});
    assert_non_null(index->matches.layers[0].inputs);
    assert_string_equal(broken.text, "");
    layers_close(&layers);
}

/* Nobody asked for it: it is told, and the explorer goes on. */
static void test_broken_beside(void **state)
{
    struct place *place = *state;
    struct layer_source layers;
    struct error broken;
    struct error error = {0};
    write_file(place->beside.data, "a.proj.weight.second_moment", "4,4");
    assert_true(layers_open_quietly(&place->options, place->model, &layers, &broken, &error));
    assert_null(layers.activations);
    assert_non_null(layers.layers);
    assert_non_null(strstr(broken.text, "m.second-moments.safetensors"));
    assert_int_equal(error.code, ERROR_NONE);
    layers_close(&layers);
}

static void test_broken_by_name(void **state)
{
    struct place *place = *state;
    struct layer_source layers;
    struct error broken;
    struct error error = {0};
    write_file(place->beside.data, "a.proj.weight.second_moment", "4,4");
    place->options.layers.activations = place->beside.data;
    assert_false(layers_open_quietly(&place->options, place->model, &layers, &broken, &error));
    assert_int_equal(error.code, ERROR_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_beside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken_beside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken_by_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
