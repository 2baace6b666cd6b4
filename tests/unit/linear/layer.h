/* SPDX-License-Identifier: MIT
 *
 * A synthetic layer for the tests of transforms: correlated input with a few large channels, and
 * weights with large columns elsewhere.
 */
#ifndef TESTS_LAYER_H
#define TESTS_LAYER_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_matrix.h>

#include "linear/basis.h"
#include "random_rows.h"

#define LAYER_OUTPUTS 48
#define LAYER_TOKENS  200

struct layer {
    size_t columns;
    double *tokens, *weights; /* [LAYER_TOKENS, columns], [LAYER_OUTPUTS, columns] */
    double *x, *w;            /* Σx, Σw: [columns, columns] */
    double *x_maxima, *w_maxima;
};

/* out = rowsᵀ rows / divisor, with the largest magnitude of each column. */
static inline void layer_moment(const double rows[], size_t count, size_t columns, double divisor,
                                double out[], double maxima[])
{
    memset(out, 0, columns * columns * sizeof *out);
    memset(maxima, 0, columns * sizeof *maxima);
    for (const double *row = rows; row < rows + count * columns; row += columns)
        for (size_t i = 0; i < columns; i++) {
            maxima[i] = fmax(maxima[i], fabs(row[i]));
            for (size_t j = 0; j < columns; j++)
                out[i * columns + j] += row[i] * row[j] / divisor;
        }
}

static inline struct layer layer_new(size_t columns)
{
    struct layer layer = {.columns = columns};
    layer.tokens = malloc(LAYER_TOKENS * columns * sizeof *layer.tokens);
    layer.weights = malloc(LAYER_OUTPUTS * columns * sizeof *layer.weights);
    layer.x = malloc(columns * columns * sizeof *layer.x);
    layer.w = malloc(columns * columns * sizeof *layer.w);
    layer.x_maxima = malloc(columns * sizeof *layer.x_maxima);
    layer.w_maxima = malloc(columns * sizeof *layer.w_maxima);
    random_rows(layer.tokens, LAYER_TOKENS * columns, 1);
    random_rows(layer.weights, LAYER_OUTPUTS * columns, 2);
    for (size_t i = 0; i < LAYER_TOKENS; i++)
        for (size_t j = columns; j-- > 0;) {
            double *x = &layer.tokens[i * columns + j];
            *x = (*x + 0.7 * x[j > 0 ? -1 : 0]) * (j % 7 == 3 ? 12 : 1);
        }
    for (size_t i = 0; i < LAYER_OUTPUTS; i++)
        for (size_t j = 0; j < columns; j++)
            layer.weights[i * columns + j] *= j % 5 == 1 ? 6 : 0.5;
    layer_moment(layer.tokens, LAYER_TOKENS, columns, LAYER_TOKENS, layer.x, layer.x_maxima);
    layer_moment(layer.weights, LAYER_OUTPUTS, columns, 1, layer.w, layer.w_maxima);
    return layer;
}

static inline void layer_done(struct layer *layer)
{
    free(layer->w_maxima);
    free(layer->x_maxima);
    free(layer->w);
    free(layer->x);
    free(layer->weights);
    free(layer->tokens);
}

static inline struct moment layer_whole(size_t columns, const double value[])
{
    return (struct moment){.columns = columns, .block = columns, .value = value};
}

static inline struct basis_input layer_input(const struct layer *layer)
{
    return (struct basis_input){
        .columns = layer->columns,
        .x = layer_whole(layer->columns, layer->x),
        .w = layer_whole(layer->columns, layer->w),
        .x_maxima = layer->x_maxima,
        .w_maxima = layer->w_maxima,
    };
}

/* A = tr(Σx Σw) / (tr Σx tr Σw). */
static inline double layer_alignment(const double x[], const double w[], size_t columns)
{
    double output = 0, x_trace = 0, w_trace = 0;
    for (size_t i = 0; i < columns * columns; i++)
        output += x[i] * w[i];
    for (size_t i = 0; i < columns; i++) {
        x_trace += x[i * columns + i];
        w_trace += w[i * columns + i];
    }
    return output / (x_trace * w_trace);
}

/* out = a b, [n, n]. */
static inline void layer_product(const double a[], const double b[], size_t n, double out[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            out[i * n + j] = 0;
            for (size_t k = 0; k < n; k++)
                out[i * n + j] += a[i * n + k] * b[k * n + j];
        }
}

#endif
