/* SPDX-License-Identifier: MIT
 *
 * A model of a few linear layers and files of what is known of their inputs, for the tests of the
 * stages over layers: query and key, which get the same input, and one by itself.
 */
#ifndef TESTS_LAYER_WORLD_H
#define TESTS_LAYER_WORLD_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../linear/random_rows.h"
#include "../model/fixture.h"
#include "../model/tensor_writer.h"
#include "engine/layer.h"
#include "engine/layer_index.h"

#define WORLD_D      24
#define WORLD_Q      70 /* rows: more than are read at a time */
#define WORLD_K      16
#define WORLD_TOKENS 45 /* more than are rounded at a time */

enum { WORLD_QUERY, WORLD_KEY, WORLD_DOWN };

struct layer_world {
    struct model *model;
    struct activations *activations;
    struct layer_index index;
    float q[WORLD_Q * WORLD_D], k[WORLD_K * WORLD_D], down[4 * WORLD_D];
    float x[WORLD_TOKENS * WORLD_D];
};

static inline void world_fill(float out[], size_t n, unsigned long seed, double large)
{
    double *values = malloc(n * sizeof *values);
    random_rows(values, n, seed);
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(values[i] * (i % WORLD_D == 5 ? large : 1));
    free(values);
}

static inline struct model *world_model(const struct layer_world *world)
{
    struct tensor_writer writer = {0};
    struct error error = {0};
    tensor_writer_add(&writer, "blk.0.attn_q.weight", "70,24", world->q, WORLD_Q * WORLD_D);
    tensor_writer_add(&writer, "blk.0.attn_k.weight", "16,24", world->k, WORLD_K * WORLD_D);
    tensor_writer_add(&writer, "blk.0.ffn_down.weight", "4,24", world->down, 4 * WORLD_D);
    tensor_writer_zeros(&writer, "token_embd.weight", 3, WORLD_D);
    struct model *model = fixture_open(tensor_writer_write(&writer, "layers.safetensors"), &error);
    assert_non_null(model);
    return model;
}

/* E xxᵀ of the samples, or of their diagonal alone the rest 0, as the file will have it. */
static inline void world_moment(const struct layer_world *world, bool whole, float out[])
{
    for (size_t i = 0; i < WORLD_D; i++)
        for (size_t j = 0; j < WORLD_D; j++) {
            double sum = 0;
            for (size_t t = 0; t < WORLD_TOKENS; t++)
                sum += (double)world->x[t * WORLD_D + i] * (double)world->x[t * WORLD_D + j];
            out[i * WORLD_D + j] = whole || i == j ? (float)(sum / WORLD_TOKENS) : 0;
        }
}

/* The query's entry: "samples", "moment" (whole), "diagonal", "spread" (the diagonal as a whole
 * matrix), "ranges" or "nothing".  NULL for no file at all. */
static inline struct activations *world_activations(const struct layer_world *world,
                                                    const char *what)
{
    float moment[WORLD_D * WORLD_D], row[WORLD_D] = {0};
    struct tensor_writer writer = {0};
    struct error error = {0};
    world_moment(world, strcmp(what, "moment") == 0, moment);
    for (size_t j = 0; j < WORLD_D; j++)
        row[j] = moment[j * WORLD_D + j];
    if (strcmp(what, "samples") == 0)
        tensor_writer_add(&writer, "blk.0.attn_q.weight.input", "45,24", world->x,
                          WORLD_TOKENS * WORLD_D);
    else if (strcmp(what, "moment") == 0 || strcmp(what, "spread") == 0)
        tensor_writer_add(&writer, "blk.0.attn_q.weight.second_moment", "24,24", moment,
                          WORLD_D * WORLD_D);
    else if (strcmp(what, "diagonal") == 0)
        tensor_writer_add(&writer, "blk.0.attn_q.weight.diagonal", "24", row, WORLD_D);
    else if (strcmp(what, "ranges") == 0)
        tensor_writer_add(&writer, "blk.0.attn_q.weight.absmax", "24", row, WORLD_D);
    else
        return NULL;
    struct activations *activations = activations_open(
        tensor_writer_write(&writer, "inputs.safetensors"), ACTIVATION_UNKNOWN, &error);
    if (!activations)
        fail_msg("%s", error.text);
    return activations;
}

/* Fills the world, whose values may be changed before it is opened. */
static inline struct layer_world *world_new(void)
{
    struct layer_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world_fill(world->q, WORLD_Q * WORLD_D, 1, 0.2);
    world_fill(world->k, WORLD_K * WORLD_D, 2, 3);
    world_fill(world->down, 4 * WORLD_D, 3, 1);
    world_fill(world->x, WORLD_TOKENS * WORLD_D, 4, 12);
    return world;
}

static inline void world_open(struct layer_world *world, const char *what)
{
    world->model = world_model(world);
    world->activations = world_activations(world, what);
    layer_index_make(&world->index, world->model, (struct tensor_view){0}, world->activations,
                     NULL);
}

static inline void world_free(struct layer_world *world)
{
    layer_index_done(&world->index);
    activations_free(world->activations);
    model_free(world->model);
    free(world);
}

/* The group of a tensor for one transform; NULL with *error. */
static inline const struct layer_group *world_group(const struct layer_world *world, size_t tensor,
                                                    const char *transform, struct error *error)
{
    struct watch watch = {0};
    struct transform_spec spec;
    assert_true(transform_spec_parse(transform, &spec, error));
    struct layer_list list = layer_index_group(&world->index, tensor);
    const struct layer_group_request request = {.tensors = list.tensor,
                                                .count = list.count,
                                                .match = list.match,
                                                .transforms = &spec,
                                                .transform_count = 1};
    const struct layer_group *group = layer_group_compute(&request, &watch, error);
    layer_list_done(&list);
    return group;
}

/* The figures of the group of query and key; NULL with *error. */
static inline const struct layer *world_compute(const struct layer_world *world,
                                                const char *transform, const struct scheme *scheme,
                                                const struct input_grid *inputs, unsigned threads,
                                                struct error *error)
{
    struct watch watch = {0};
    struct layer_request request = {.scheme = *scheme, .inputs = *inputs};
    assert_true(transform_spec_parse(transform, &request.transform, error));
    const struct layer_group *group = world_group(world, WORLD_QUERY, transform, error);
    struct pool *pool = pool_new(threads, error);
    const struct layer *layer = group ? layer_compute(pool, &watch, group, &request, error) : NULL;
    pool_free(pool);
    if (group)
        part_unref(&group->part);
    return layer;
}

/* The query's figures in a world of its own. */
static inline struct layer_figures world_figures(const char *inputs, const char *transform,
                                                 const struct scheme *scheme,
                                                 const struct input_grid *grid)
{
    struct layer_world *world = world_new();
    struct error error = {0};
    world_open(world, inputs);
    const struct layer *layer = world_compute(world, transform, scheme, grid, 2, &error);
    if (!layer)
        fail_msg("%s", error.text);
    const struct layer_figures first = layer->member[0];
    part_unref(&layer->part);
    world_free(world);
    return first;
}

#endif
