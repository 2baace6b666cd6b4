/* SPDX-License-Identifier: MIT */
#include "linear/dense.h"

#include <assert.h>

#ifdef HAVE_LAPACK
#include "base/mem.h"
#else
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "linear/product.h"
#include "linear/tridiagonal.h"
#endif

#ifdef HAVE_LAPACK
#define ROWS_MOST 4096
#define SOLVER    "LAPACK"
#else
#define ROWS_MOST 1024
#define SOLVER    "GSL; a build with LAPACK does more"
#endif

bool dense_check_size(size_t rows, const char *what, struct error *error)
{
    if (rows <= ROWS_MOST)
        return true;
    return error_set(error, ERROR_USAGE,
                     "%s needs matrices of %zu rows, and %d is the most (solver: " SOLVER ")", what,
                     rows, ROWS_MOST);
}

static bool not_solved(struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "the eigenvalues of a second moment cannot be computed");
}

#ifdef HAVE_LAPACK

/* Fortran's interface, which every LAPACK has, unlike LAPACKE: all by reference, matrices by
 * columns. */
void dsyevd_(const char *job, const char *triangle, const int *n, double *a, const int *stride,
             double *values, double *work, const int *work_size, int *whole_work,
             const int *whole_work_size, int *status);
void dgemm_(const char *transpose_a, const char *transpose_b, const int *m, const int *n,
            const int *k, const double *alpha, const double *a, const int *a_stride,
            const double *b, const int *b_stride, const double *beta, double *c,
            const int *c_stride);

bool dense_decompose(gsl_matrix *symmetric, gsl_vector *values, gsl_matrix *vectors,
                     struct error *error)
{
    assert(values->stride == 1);
    const char *job = vectors ? "V" : "N";
    const int n = (int)symmetric->size1, stride = (int)symmetric->tda, query = -1;
    double wanted;
    int wanted_whole, status;
    dsyevd_(job, "U", &n, symmetric->data, &stride, values->data, &wanted, &query, &wanted_whole,
            &query, &status);
    const int size = (int)wanted, whole_size = wanted_whole;
    double *work = mem_alloc((size_t)size, sizeof *work);
    int *whole_work = mem_alloc((size_t)whole_size, sizeof *whole_work);
    dsyevd_(job, "U", &n, symmetric->data, &stride, values->data, work, &size, whole_work,
            &whole_size, &status);
    mem_free(work);
    mem_free(whole_work);
    if (status != 0)
        return not_solved(error);
    if (vectors) /* columns that lie one after the other are rows to us */
        gsl_matrix_transpose_memcpy(vectors, symmetric);
    return true;
}

/* By columns everything is transposed: outᵀ = bᵀ aᵀ. */
void dense_multiply(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out)
{
    assert(a->size2 == b->size1 && out->size1 == a->size1 && out->size2 == b->size2);
    const int rows = (int)a->size1, inner = (int)a->size2, columns = (int)b->size2;
    const int a_stride = (int)a->tda, b_stride = (int)b->tda, out_stride = (int)out->tda;
    dgemm_("N", "N", &columns, &rows, &inner, &(double){1}, b->data, &b_stride, a->data, &a_stride,
           &(double){0}, out->data, &out_stride);
}

#else

static bool find_values(gsl_matrix *symmetric, gsl_vector *values)
{
    gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc(symmetric->size1);
    const int status = gsl_eigen_symm(symmetric, values, work);
    gsl_eigen_symm_free(work);
    return status == GSL_SUCCESS;
}

/* GSL's own solver rotates columns, of which each element is in another cache line. */
static bool find_vectors(gsl_matrix *symmetric, gsl_vector *values, gsl_matrix *vectors)
{
    const size_t n = symmetric->size1;
    if (n == 1) {
        gsl_vector_set(values, 0, gsl_matrix_get(symmetric, 0, 0));
        gsl_matrix_set(vectors, 0, 0, 1);
        return true;
    }
    gsl_vector *beside = gsl_vector_alloc(n - 1), *factors = gsl_vector_alloc(n - 1);
    gsl_linalg_symmtd_decomp(symmetric, factors);
    gsl_linalg_symmtd_unpack(symmetric, factors, vectors, values, beside);
    gsl_matrix_transpose(vectors);
    const bool solved = tridiagonal_solve(values, beside, vectors);
    gsl_matrix_transpose(vectors);
    gsl_vector_free(factors);
    gsl_vector_free(beside);
    return solved;
}

bool dense_decompose(gsl_matrix *symmetric, gsl_vector *values, gsl_matrix *vectors,
                     struct error *error)
{
    return (vectors ? find_vectors(symmetric, values, vectors) : find_values(symmetric, values)) ||
           not_solved(error);
}

void dense_multiply(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out)
{
    product_form(a, b, out);
}

#endif
