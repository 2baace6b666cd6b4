/* SPDX-License-Identifier: MIT
 *
 * With any factor Σx = LᵀL the λ² are the eigenvalues of LΣwLᵀ, so that a Cholesky factor serves in
 * the place of the square root, which costs ten times as much.  It is pivoted, since second moments
 * of fewer tokens than channels are singular.
 */
#include "linear/max_alignment.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_cblas.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

#include "base/mem.h"
#include "linear/dense.h"

static size_t largest(const double values[], size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        best = values[i] > values[best] ? i : best;
    return best;
}

/* Writes the rows of L, at most d, behind each other into factor[d * d]: each takes away what is
 * left of Σx at the largest element that is left on its diagonal, until rounding errors are all
 * that is left.  Returns their number. */
static size_t factorise(const double sigma[], size_t d, double factor[], double left[])
{
    for (size_t i = 0; i < d; i++)
        left[i] = sigma[i * d + i];
    double enough = left[largest(left, d)] * (double)d * DBL_EPSILON;
    for (size_t rank = 0; rank < d; rank++) {
        size_t pivot = largest(left, d);
        if (!(left[pivot] > enough))
            return rank;
        double *row = factor + rank * d, root = sqrt(left[pivot]);
        cblas_dcopy((int)d, sigma + pivot * d, 1, row, 1);
        if (rank > 0)
            cblas_dgemv(CblasRowMajor, CblasTrans, (int)rank, (int)d, -1, factor, (int)d,
                        factor + pivot, (int)d, 1, row, 1);
        for (size_t i = 0; i < d; i++) {
            row[i] /= root;
            left[i] -= row[i] * row[i];
        }
        left[pivot] = 0;
    }
    return d;
}

/* Σλ² / (Σλ)² from a matrix of n x n whose eigenvalues are λ²; overwrites it. */
static double flatness(double matrix[], size_t n)
{
    gsl_matrix_view view = gsl_matrix_view_array(matrix, n, n);
    gsl_vector *squares = gsl_vector_calloc(n);
    double sum = 0, sum_of_squares = 0;
    bool solved = dense_decompose(&view.matrix, squares, NULL, NULL);
    for (size_t i = 0; solved && i < n; i++) {
        double square = fmax(gsl_vector_get(squares, i), 0); /* rounding makes some negative */
        sum += sqrt(square);
        sum_of_squares += square;
    }
    gsl_vector_free(squares);
    return sum > 0 ? sum_of_squares / (sum * sum) : (double)NAN;
}

/* The rows of L, of which there are `rank`, become the `rank` rows of LΣwLᵀ; all is overwritten. */
static void surround(double factor[], size_t rank, double sigma_w[], double spare[], size_t d)
{
    gsl_matrix_view l = gsl_matrix_view_array(factor, rank, d);
    gsl_matrix_view w = gsl_matrix_view_array(sigma_w, d, d);
    gsl_matrix_view left = gsl_matrix_view_array(spare, rank, d);
    dense_multiply(&l.matrix, &w.matrix, &left.matrix);
    gsl_matrix_view transposed = gsl_matrix_view_array(sigma_w, d, rank);
    gsl_matrix_transpose_memcpy(&transposed.matrix, &l.matrix);
    gsl_matrix_view result = gsl_matrix_view_array(factor, rank, rank);
    dense_multiply(&left.matrix, &transposed.matrix, &result.matrix);
}

double max_alignment(const double sigma_x[], double sigma_w[], size_t d)
{
    double *factor = mem_try(d, d * sizeof *factor);
    double *spare = mem_try(d, d * sizeof *spare), *left = mem_try(d, sizeof *left);
    double alignment = NAN;
    const size_t rank = factor && spare && left ? factorise(sigma_x, d, factor, left) : 0;
    if (rank > 0) {
        surround(factor, rank, sigma_w, spare, d);
        alignment = flatness(factor, rank);
    }
    mem_free(factor);
    mem_free(spare);
    mem_free(left);
    return alignment;
}

double max_alignment_diagonal(const double diagonal[], double sigma_w[], size_t d)
{
    for (size_t i = 0; diagonal && i < d; i++)
        for (size_t j = 0; j < d; j++)
            sigma_w[i * d + j] *= sqrt(diagonal[i]) * sqrt(diagonal[j]);
    return flatness(sigma_w, d);
}
