/* SPDX-License-Identifier: MIT */
#include "linear/layer_error.h"

#include <gsl/gsl_matrix.h>

#include "base/mem.h"
#include "linear/product.h"

static double dot(const double a[], const double b[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static double power(const double values[], size_t n)
{
    return dot(values, values, n);
}

static void multiply(const double a[], size_t n, size_t d, const double b[], size_t columns,
                     double out[])
{
    gsl_matrix_const_view left = gsl_matrix_const_view_array(a, n, d);
    gsl_matrix_const_view right = gsl_matrix_const_view_array(b, d, columns);
    gsl_matrix_view product = gsl_matrix_view_array(out, n, columns);
    product_form(&left.matrix, &right.matrix, &product.matrix);
}

/* The transpose of n rows of d values, to be freed. */
static double *transpose(const double rows[], size_t n, size_t d)
{
    double *columns = mem_alloc(n, d * sizeof *columns);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            columns[j * n + i] = rows[i * d + j];
    return columns;
}

/* Q(W)Q(x) - Wx = ex + Wf + ef: formed from the errors, it does not cancel. */
void layer_error_add_samples(struct layer_error *sums, const struct layer_rows *rows,
                             const double x[], const double f[], size_t tokens)
{
    const size_t n = rows->count, d = rows->d, outputs = tokens * n;
    double *w = transpose(rows->w, n, d), *e = transpose(rows->e, n, d);
    double *y = mem_alloc(outputs, sizeof *y), *z = mem_alloc(outputs, sizeof *z);
    multiply(x, tokens, d, w, n, y);
    sums->signal += power(y, outputs);
    multiply(x, tokens, d, e, n, y);
    sums->weights += power(y, outputs);
    if (f) {
        multiply(f, tokens, d, w, n, z);
        sums->activations += power(z, outputs);
        for (size_t i = 0; i < outputs; i++)
            y[i] += z[i];
        multiply(f, tokens, d, e, n, z);
        for (size_t i = 0; i < outputs; i++)
            y[i] += z[i];
    }
    sums->both += power(y, outputs);
    mem_free(z);
    mem_free(y);
    mem_free(e);
    mem_free(w);
}

/* The sum of vᵀΣv over rows v; room is for as many values. */
static double form(const double v[], size_t n, size_t d, const double sigma[], double room[])
{
    multiply(v, n, d, sigma, d, room);
    return dot(v, room, n * d);
}

void layer_error_add_moment(struct layer_error *sums, const struct layer_rows *rows,
                            const double sigma[])
{
    double *room = mem_alloc(rows->count, rows->d * sizeof *room);
    double weights = form(rows->e, rows->count, rows->d, sigma, room);
    sums->signal += form(rows->w, rows->count, rows->d, sigma, room);
    sums->weights += weights;
    sums->both += weights;
    mem_free(room);
}

static double diagonal_form(const double v[], size_t n, size_t d, const double diagonal[])
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            sum += v[i * d + j] * v[i * d + j] * (diagonal ? diagonal[j] : 1);
    return sum;
}

void layer_error_add_diagonal(struct layer_error *sums, const struct layer_rows *rows,
                              const double diagonal[])
{
    double weights = diagonal_form(rows->e, rows->count, rows->d, diagonal);
    sums->signal += diagonal_form(rows->w, rows->count, rows->d, diagonal);
    sums->weights += weights;
    sums->both += weights;
}

void layer_error_merge(struct layer_error *sums, const struct layer_error *other)
{
    sums->signal += other->signal;
    sums->weights += other->weights;
    sums->activations += other->activations;
    sums->both += other->both;
}
