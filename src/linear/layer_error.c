/* SPDX-License-Identifier: MIT */
#include "linear/layer_error.h"

#include <gsl/gsl_cblas.h>

#include "base/mem.h"

static double power(const double values[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i] * values[i];
    return sum;
}

/* out = keep * out + a bᵀ, for rows a and b of d values. */
static void multiply(const double a[], size_t n_a, const double b[], size_t n_b, size_t d,
                     double keep, double out[])
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_a, (int)n_b, (int)d, 1, a, (int)d,
                b, (int)d, keep, out, (int)n_b);
}

/* Q(W)Q(x) - Wx = ex + Wf + ef: formed from the errors, it does not cancel. */
void layer_error_add_samples(struct layer_error *sums, const struct layer_rows *rows,
                             const double x[], const double f[], size_t tokens)
{
    size_t outputs = tokens * rows->count;
    double *y = mem_alloc(outputs, sizeof *y);
    multiply(x, tokens, rows->w, rows->count, rows->d, 0, y);
    sums->signal += power(y, outputs);
    multiply(x, tokens, rows->e, rows->count, rows->d, 0, y);
    double weights = power(y, outputs);
    sums->weights += weights;
    if (!f) {
        sums->both += weights;
        mem_free(y);
        return;
    }
    double *z = mem_alloc(outputs, sizeof *z);
    multiply(f, tokens, rows->w, rows->count, rows->d, 0, z);
    sums->activations += power(z, outputs);
    cblas_daxpy((int)outputs, 1, z, 1, y, 1);
    multiply(f, tokens, rows->e, rows->count, rows->d, 1, y);
    sums->both += power(y, outputs);
    mem_free(y);
    mem_free(z);
}

/* The sum of vᵀΣv over rows v; room is for as many values. */
static double form(const double v[], size_t n, size_t d, const double sigma[], double room[])
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)d, (int)d, 1, v, (int)d,
                sigma, (int)d, 0, room, (int)d);
    return cblas_ddot((int)(n * d), v, 1, room, 1);
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
