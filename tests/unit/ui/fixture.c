/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/screen.h"

#define PROJ 384 /* elements of the two projections */

struct model *fixture_named_model(const char *const labels[], size_t n)
{
    static char file[] = "hand.safetensors";
    static const uint64_t dims[] = { 1 };
    struct model *model = mem_zero(1, sizeof *model);
    model->path = model->label = file;
    model->format = "safetensors";
    model->count = n;
    model->tensors = mem_zero(n, sizeof *model->tensors);
    for (size_t i = 0; i < n; i++) {
        model->tensors[i] = (struct tensor){
            .name = labels[i], .name_length = strlen(labels[i]), .label = labels[i],
            .dtype_name = "F32", .rank = 1, .dims = dims, .elements = i + 1,
        };
        model->elements += i + 1;
    }
    return model;
}

void fixture_free_named_model(struct model *model)
{
    mem_free(model->tensors);
    mem_free(model);
}

/* A number that looks Gaussian: the sum of twelve uniform ones, of a generator of our own so that
 * every machine has the same. */
static float gaussian(uint32_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *state = *state * 1664525u + 1013904223u;
        sum += (double)(*state >> 8) / (1 << 24);
    }
    return (float)sum;
}

static const char header[] =
    "{\"empty\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[0,0]},"
    "\"layers.0.flat.weight\":{\"dtype\":\"F32\",\"shape\":[4,8],\"data_offsets\":[0,128]},"
    "\"layers.0.proj.weight\":{\"dtype\":\"F32\",\"shape\":[6,64],\"data_offsets\":[128,1664]},"
    "\"layers.1.nan.weight\":{\"dtype\":\"F32\",\"shape\":[2,8],\"data_offsets\":[1664,1728]},"
    "\"layers.1.proj.weight\":{\"dtype\":\"F32\",\"shape\":[6,64],\"data_offsets\":[1728,3264]},"
    "\"norm.bias\":{\"dtype\":\"F32\",\"shape\":[33],\"data_offsets\":[3264,3396]},"
    "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[3396,3400]},"
    "\"unknown\":{\"dtype\":\"Q9\",\"shape\":[2],\"data_offsets\":[3400,3402]},"
    "\"zero.weight\":{\"dtype\":\"F32\",\"shape\":[2,8],\"data_offsets\":[3402,3466]}}";

static void write_model(FILE *file)
{
    const uint64_t length = sizeof header - 1;
    unsigned char size[8];
    for (int i = 0; i < 8; i++)
        size[i] = (unsigned char)(length >> 8 * i);
    fwrite(size, 1, 8, file);
    fwrite(header, 1, length, file);
    float flat[32], proj[2 * PROJ], nan[16], norm[34];
    uint32_t state = 1;
    for (int i = 0; i < 32; i++)
        flat[i] = 0.5f;
    for (int i = 0; i < 2 * PROJ; i++)
        proj[i] = 0.1f * gaussian(&state);
    proj[PROJ + 5] = 2;
    proj[PROJ + 100] = NAN;
    for (int i = 0; i < 16; i++)
        nan[i] = i % 2 ? NAN : INFINITY;
    for (int i = 0; i < 34; i++)
        norm[i] = 1 + 0.2f * gaussian(&state);
    const char zero[66] = { 0 };
    fwrite(flat, 1, sizeof flat, file);
    fwrite(proj, 1, sizeof proj / 2, file);
    fwrite(nan, 1, sizeof nan, file);
    fwrite(proj + PROJ, 1, sizeof proj / 2, file);
    fwrite(norm, 1, sizeof norm, file);
    fwrite(zero, 1, sizeof zero, file);
}

static void fail(const char *text)
{
    fprintf(stderr, "%s\n", text);
    exit(1);
}

void fixture_open(struct fixture *fixture)
{
    char path[] = "/tmp/roundoff-test-XXXXXX";
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file)
        fail("cannot write a temporary file");
    write_model(file);
    fclose(file);
    struct error error;
    const char *paths[] = { path };
    fixture->model = model_open(paths, 1, NULL, &error);
    unlink(path); /* the model has it mapped */
    if (!fixture->model)
        fail(error.text);
    /* The file's name is of chance; frames shall not be. */
    strcpy(fixture->model->label, "test-model");
    fixture->engine = engine_new(2, &error);
    if (!fixture->engine)
        fail(error.text);
    struct settings settings = { .scheme = scheme_default(), .channel = REQUEST_ALL_CHANNELS };
    fixture->session = session_new(fixture->model, fixture->engine, GLYPHS_BRAILLE, &settings);
    fixture->cells = cells_new(80, 24);
    fixture_settle(fixture);
}

void fixture_close(struct fixture *fixture)
{
    session_free(fixture->session);
    engine_free(fixture->engine);
    model_free(fixture->model);
    cells_free(fixture->cells);
}

void fixture_settle(struct fixture *fixture)
{
    const struct engine_progress idle = { .busy = false };
    engine_wait(fixture->engine);
    session_receive(fixture->session);
    screen_compose(fixture->session, &idle, fixture->cells);
}

void fixture_press(struct fixture *fixture, const char *keys)
{
    char word[32];
    for (int used; sscanf(keys, "%31s%n", word, &used) == 1; keys += used) {
        int key = key_of_name(word);
        if (key == KEY_NONE)
            fail(word);
        session_key(fixture->session, key);
        fixture_settle(fixture);
    }
}

void fixture_select(struct fixture *fixture, size_t tensor)
{
    session_reveal(fixture->session, tree_find(fixture->session->tree, tensor));
    fixture_settle(fixture);
}

const char *fixture_frame(const struct fixture *fixture)
{
    static char frame[1 << 17];
    struct text text = { 0 };
    cells_dump(fixture->cells, &text);
    snprintf(frame, sizeof frame, "%s", text.data);
    text_done(&text);
    return frame;
}
