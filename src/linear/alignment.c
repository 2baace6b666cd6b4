/* SPDX-License-Identifier: MIT
 *
 * The transform of largest alignment.  M^2 = P is the solution of P Σx P = Σw.  With
 * Cholesky's factor L of Σx and (LᵀΣw L)^(1/2) = S it is P = L⁻ᵀ S L⁻¹, which asks for
 * one decomposition less than MATH §8.6's form with Σx^(1/2), and gives the same.
 */
#include "linear/alignment.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "base/mem.h"
#include "linear/dense.h"

/* Room for one block, in one piece of memory. */
struct workspace {
    gsl_matrix_view x, w, left, right;
    gsl_vector_view values;
};

/* Doubles for blocks of n columns: four matrices and a vector. */
static double *workspace_memory(size_t n, struct error *error)
{
    double *memory = mem_try(4 * n + 1, n * sizeof *memory);
    if (!memory)
        error_set(error, ERROR_SYSTEM, "align: no memory for matrices of %zu rows", n);
    return memory;
}

static struct workspace workspace_of(double memory[], size_t n)
{
    return (struct workspace){.x = gsl_matrix_view_array(memory, n, n),
                              .w = gsl_matrix_view_array(memory + n * n, n, n),
                              .left = gsl_matrix_view_array(memory + 2 * n * n, n, n),
                              .right = gsl_matrix_view_array(memory + 3 * n * n, n, n),
                              .values = gsl_vector_view_array(memory + 4 * n * n, n)};
}

static bool say_not_finite(const char *what, struct error *error)
{
    return error_set(error, ERROR_FILE, "align: the second moment of %s is not finite", what);
}

/* The mean of the diagonal; false if there is nothing to align with. */
static bool mean_diagonal(const struct moment *moment, const char *what, double *mean,
                          struct error *error)
{
    *mean = moment_trace(moment) / (double)moment->columns;
    if (!isfinite(*mean))
        return say_not_finite(what, error);
    return *mean > 0 ||
           error_set(error, ERROR_FILE, "align: the second moment of %s is zero", what);
}

/* The ridge of a block; one whose columns are all zero gets that of the whole matrix. */
static double ridge(const struct moment *moment, size_t start, size_t n, double whole_mean)
{
    double trace = 0;
    for (size_t j = start; j < start + n; j++)
        trace += moment_at(moment, j, j);
    return ALIGNMENT_RIDGE * (trace > 0 ? trace / (double)n : whole_mean);
}

/* Eigenvalues of what is not finite may be anything, without a word from the solver. */
static bool copy_with_ridge(const struct moment *moment, const char *what, size_t start,
                            double whole_mean, gsl_matrix *out, struct error *error)
{
    moment_copy_square(moment, start, out);
    gsl_vector_view diagonal = gsl_matrix_diagonal(out);
    gsl_vector_add_constant(&diagonal.vector, ridge(moment, start, out->size1, whole_mean));
    bool finite = true;
    for (size_t i = 0; i < out->size1 * out->size2; i++)
        finite &= isfinite(out->data[i]) != 0;
    return finite || say_not_finite(what, error);
}

static void scale_columns(gsl_matrix *matrix, const gsl_vector *values, double exponent)
{
    const double least = DBL_EPSILON * gsl_vector_max(values); /* rounding may give less than 0 */
    for (size_t j = 0; j < matrix->size2; j++) {
        gsl_vector_view column = gsl_matrix_column(matrix, j);
        gsl_vector_scale(&column.vector, pow(fmax(least, gsl_vector_get(values, j)), exponent));
    }
}

/* Replaces the triangle and what is above it by Cholesky's factor and zeros. */
static bool cholesky(gsl_matrix *x, struct error *error)
{
    if (gsl_linalg_cholesky_decomp1(x) != GSL_SUCCESS)
        return error_set(error, ERROR_FILE, "align: the second moment of x is not positive");
    for (size_t i = 0; i < x->size1; i++)
        for (size_t j = i + 1; j < x->size2; j++)
            gsl_matrix_set(x, i, j, 0);
    return true;
}

/* work->w = P from work->x and work->w. */
static bool solve(struct workspace *work, struct error *error)
{
    gsl_matrix *x = &work->x.matrix, *w = &work->w.matrix;
    gsl_matrix *left = &work->left.matrix, *right = &work->right.matrix;
    if (!cholesky(x, error))
        return false;
    dense_multiply(w, x, right);
    gsl_matrix_transpose_memcpy(left, x);
    dense_multiply(left, right, w);
    if (!dense_decompose(w, &work->values.vector, left, error))
        return false;
    /* P = GGᵀ with G = L⁻ᵀ V s^(1/2), S = V s Vᵀ, and values = s^2. */
    scale_columns(left, &work->values.vector, 0.25);
    gsl_blas_dtrsm(CblasLeft, CblasLower, CblasTrans, CblasNonUnit, 1, x, left);
    gsl_matrix_transpose_memcpy(right, left);
    dense_multiply(left, right, w);
    return true;
}

/* out = V values^exponent Vᵀ, V in work->x. */
static void form_power(struct workspace *work, double exponent, gsl_matrix *out)
{
    gsl_matrix *left = &work->left.matrix, *right = &work->right.matrix;
    gsl_matrix_memcpy(left, &work->x.matrix);
    scale_columns(left, &work->values.vector, exponent);
    gsl_matrix_transpose_memcpy(right, &work->x.matrix);
    dense_multiply(left, right, out);
}

/* One block, whose moments are in work->x and work->w. */
static bool form_optimum(struct workspace *work, double strength, gsl_matrix *forward,
                         gsl_matrix *inverse, struct error *error)
{
    if (!solve(work, error) ||
        !dense_decompose(&work->w.matrix, &work->values.vector, &work->x.matrix, error))
        return false;
    form_power(work, strength / 2, forward);
    form_power(work, -strength / 2, inverse);
    return true;
}

bool alignment_optimum(const struct moment *x, const struct moment *w, size_t block,
                       double strength, struct block_matrix *forward, struct block_matrix *inverse,
                       struct error *error)
{
    double x_mean, w_mean;
    if (!mean_diagonal(x, "x", &x_mean, error) || !mean_diagonal(w, "W", &w_mean, error))
        return false;
    double *memory = workspace_memory(block, error);
    bool done = memory != NULL;
    for (size_t start = 0; done && start < x->columns; start += block) {
        gsl_matrix_view direct = block_matrix_square(forward, start);
        gsl_matrix_view reverse = block_matrix_square(inverse, start);
        struct workspace work = workspace_of(memory, direct.matrix.size1);
        done = copy_with_ridge(x, "x", start, x_mean, &work.x.matrix, error) &&
               copy_with_ridge(w, "W", start, w_mean, &work.w.matrix, error) &&
               form_optimum(&work, strength, &direct.matrix, &reverse.matrix, error);
    }
    mem_free(memory);
    return done;
}

bool alignment_diagonal(const struct moment *x, const struct moment *w, double strength,
                        double factor[], struct error *error)
{
    double x_mean, w_mean;
    if (!mean_diagonal(x, "x", &x_mean, error) || !mean_diagonal(w, "W", &w_mean, error))
        return false;
    for (size_t j = 0; j < x->columns; j++) {
        const double x_square = moment_at(x, j, j) + ridge(x, j, 1, x_mean);
        const double w_square = moment_at(w, j, j) + ridge(w, j, 1, w_mean);
        factor[j] = pow(w_square / x_square, strength / 4);
    }
    return true;
}
