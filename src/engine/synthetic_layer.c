/* SPDX-License-Identifier: MIT */
#include "engine/synthetic_layer.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "linear/basis.h"

/* The golden section: multiples of it, modulo 1, fill an interval evenly however many there are. */
#define GOLDEN 0.61803398874989484

bool synthetic_layer_is(const struct synthetic_layer *layer)
{
    return layer->rows > 0;
}

bool synthetic_layer_equal(const struct synthetic_layer *a, const struct synthetic_layer *b)
{
    return a->rows == b->rows && a->columns == b->columns && a->tokens == b->tokens &&
           a->slope == b->slope && a->mixed == b->mixed && a->outliers == b->outliers &&
           a->strength == b->strength;
}

static bool check_side(size_t side, const char *what, struct error *error)
{
    return (side >= 1 && side <= SYNTHETIC_LAYER_SIDE) ||
           error_set(error, ERROR_USAGE, "a layer of the lab has 1 to %d %s", SYNTHETIC_LAYER_SIDE,
                     what);
}

bool synthetic_layer_check(const struct synthetic_layer *layer, struct error *error)
{
    if (!check_side(layer->rows, "rows", error) || !check_side(layer->columns, "columns", error) ||
        !check_side(layer->tokens, "tokens", error))
        return false;
    if (!(fabs(layer->slope) <= SYNTHETIC_LAYER_SLOPE))
        return error_set(error, ERROR_USAGE, "a slope is at most %d octaves",
                         SYNTHETIC_LAYER_SLOPE);
    if (layer->mixed > 1 && layer->columns % layer->mixed != 0)
        return error_set(error, ERROR_USAGE, "%zu columns cannot be mixed %zu at a time",
                         layer->columns, layer->mixed);
    if (layer->outliers > layer->columns)
        return error_set(error, ERROR_USAGE, "there are %zu columns, and not %zu to be outliers",
                         layer->columns, layer->outliers);
    return (layer->strength >= 0 && layer->strength <= SYNTHETIC_LAYER_STRENGTH) ||
           error_set(error, ERROR_USAGE, "outliers are at most %g times as large",
                     SYNTHETIC_LAYER_STRENGTH);
}

/* What the rows of one of the two matrices are made with. */
struct drawing {
    const struct synthetic_layer *layer;
    struct source law;
    gsl_rng *rng;
    struct basis *rotation; /* of `mixed` columns; NULL for none */
    double *scratch;        /* of it */
    double *scale;          /* [columns] before the rotation ... */
    double *factor;         /* ... and after it */
    double *row;
    struct watch *watch;
};

/* s_j, or of the weights 1/s_j, over their root mean square. */
static void fill_scales(const struct synthetic_layer *layer, bool weights, double scale[])
{
    double squares = 0;
    for (size_t j = 0; j < layer->columns; j++) {
        const double place = fmod((double)(j + 1) * GOLDEN, 1) - 0.5;
        scale[j] = exp2(weights ? -layer->slope * place : layer->slope * place);
        squares += scale[j] * scale[j];
    }
    for (size_t j = 0; j < layer->columns; j++)
        scale[j] /= sqrt(squares / (double)layer->columns);
}

static void fill_factors(const struct synthetic_layer *layer, bool weights, double factor[])
{
    for (size_t j = 0; j < layer->columns; j++)
        factor[j] = 1;
    for (size_t k = 0; !weights && k < layer->outliers; k++)
        factor[(2 * k + 1) * layer->columns / (2 * layer->outliers)] = layer->strength;
}

static void draw_row(const struct drawing *drawing, float out[])
{
    const size_t columns = drawing->layer->columns;
    double *row = drawing->row;
    for (size_t j = 0; j < columns; j++)
        row[j] = drawing->law.type->draw(&drawing->law, drawing->rng) * drawing->scale[j];
    /* Side by side, the blocks of a row are rows of their own to the rotation. */
    if (drawing->rotation)
        basis_turn_tokens(drawing->rotation, row, columns / drawing->layer->mixed,
                          drawing->scratch);
    for (size_t j = 0; j < columns; j++)
        out[j] = (float)(row[j] * drawing->factor[j]);
}

static bool draw_rows(struct drawing *drawing, bool weights, size_t rows, float out[],
                      struct error *error)
{
    fill_scales(drawing->layer, weights, drawing->scale);
    fill_factors(drawing->layer, weights, drawing->factor);
    for (size_t i = 0; i < rows; i++) {
        if (atomic_load(&drawing->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        draw_row(drawing, out + i * drawing->layer->columns);
        atomic_fetch_add(&drawing->watch->done, 1);
    }
    return true;
}

/* A rotation that the generator chooses. */
static bool make_rotation(struct drawing *drawing, struct error *error)
{
    char text[32];
    struct transform_spec spec;
    const struct basis_input input = {.columns = drawing->layer->mixed};
    if (drawing->layer->mixed <= 1)
        return true;
    snprintf(text, sizeof text, "random:%lu", gsl_rng_get(drawing->rng));
    if (transform_spec_parse(text, &spec, error))
        drawing->rotation = basis_new(&spec, &input, error);
    if (drawing->rotation)
        drawing->scratch = mem_alloc(basis_scratch(drawing->rotation), sizeof *drawing->scratch);
    return drawing->rotation;
}

bool synthetic_layer_draw(const struct synthetic_layer *layer, const struct source *law,
                          gsl_rng *rng, float weight[], float inputs[], struct watch *watch,
                          struct error *error)
{
    struct drawing drawing = {.layer = layer, .law = *law, .rng = rng, .watch = watch};
    drawing.law.mean = 0;
    drawing.law.std = 1;
    drawing.scale = mem_alloc(layer->columns, sizeof *drawing.scale);
    drawing.factor = mem_alloc(layer->columns, sizeof *drawing.factor);
    drawing.row = mem_alloc(layer->columns, sizeof *drawing.row);
    watch_begin(watch, "drawing", layer->rows + layer->tokens);
    const bool drawn = make_rotation(&drawing, error) &&
                       draw_rows(&drawing, true, layer->rows, weight, error) &&
                       draw_rows(&drawing, false, layer->tokens, inputs, error);
    mem_free(drawing.row);
    mem_free(drawing.factor);
    mem_free(drawing.scale);
    mem_free(drawing.scratch);
    if (drawing.rotation)
        basis_free(drawing.rotation);
    return drawn;
}
