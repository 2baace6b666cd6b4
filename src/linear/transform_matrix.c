/* SPDX-License-Identifier: MIT
 *
 * matrix:FILE, any invertible matrix.  Whoever makes the basis reads the file.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "linear/basis.h"
#include "linear/dense.h"
#include "linear/transform_type.h"

/* Largest condition number that is accepted: W T⁻¹ T x keeps half of a double's digits. */
#define CONDITION_MOST 1e8

static bool parse(struct transform_spec *spec, const char *argument, struct error *error)
{
    struct transform_part part = {.type = &transform_matrix};
    if (!argument || *argument == '\0')
        return transform_say_usage("matrix:FILE", argument, error);
    if (spec->file[0] != '\0')
        return error_set(error, ERROR_USAGE, "a transform has one matrix:FILE at most");
    if (strlen(argument) >= sizeof spec->file)
        return error_set(error, ERROR_USAGE, "the name of a matrix file is too long");
    memcpy(spec->file, argument, strlen(argument) + 1);
    return transform_add(spec, &part, error);
}

static void print(const struct transform_spec *spec, const struct transform_part *part,
                  struct text *out)
{
    (void)part;
    text_printf(out, "matrix:%s", spec->file);
}

static size_t width(const struct transform_part *part, size_t columns)
{
    (void)part;
    return columns;
}

/* The largest sum of magnitudes of a row: infinite or NaN if an element is. */
static double largest_row(const gsl_matrix *matrix)
{
    double largest = 0;
    for (size_t i = 0; i < matrix->size1; i++) {
        double sum = 0;
        for (size_t j = 0; j < matrix->size2; j++)
            sum += fabs(gsl_matrix_get(matrix, i, j));
        if (!(sum <= largest))
            largest = sum;
        if (isnan(sum))
            break;
    }
    return largest;
}

/* inverse = T⁻¹, overwriting T.  Returns the condition number, infinite if there is no inverse. */
static double invert(gsl_matrix *t, gsl_matrix *inverse)
{
    int sign;
    const double size = largest_row(t);
    if (!isfinite(size))
        return INFINITY;
    gsl_permutation *order = gsl_permutation_alloc(t->size1);
    const bool done = gsl_linalg_LU_decomp(t, order, &sign) == GSL_SUCCESS &&
                      gsl_linalg_LU_invert(t, order, inverse) == GSL_SUCCESS;
    gsl_permutation_free(order);
    return done ? size * largest_row(inverse) : INFINITY;
}

/* tokens = Tᵀ, which rows xᵀ meet, and weights = T⁻¹. */
static bool make_inverse(const double matrix[], struct block_matrix *tokens,
                         struct block_matrix *weights, double *condition, struct error *error)
{
    gsl_matrix_view direct = block_matrix_square(tokens, 0);
    gsl_matrix_view inverse = block_matrix_square(weights, 0);
    const size_t n = direct.matrix.size1;
    gsl_matrix_const_view t = gsl_matrix_const_view_array(matrix, n, n);
    gsl_matrix_memcpy(&direct.matrix, &t.matrix);
    *condition = invert(&direct.matrix, &inverse.matrix);
    gsl_matrix_transpose_memcpy(&direct.matrix, &t.matrix);
    return *condition <= CONDITION_MOST ||
           error_set(error, ERROR_FILE,
                     "the matrix has a condition number of %.3g, and %.3g is the most: what it "
                     "does cannot be undone",
                     *condition, CONDITION_MOST);
}

/* Hands both matrices to the turn, or leaves them to the caller. */
static bool fill(const struct basis_input *input, struct block_matrix *tokens,
                 struct block_matrix *weights, struct turn *turn, struct error *error)
{
    const size_t columns = input->columns;
    double condition;
    if (!tokens || !weights)
        return error_set(error, ERROR_SYSTEM, "no memory for a matrix of %zu columns", columns);
    if (!make_inverse(input->matrix, tokens, weights, &condition, error))
        return false;
    turn_make_blocks(turn, columns, columns, tokens, weights);
    snprintf(turn->text, sizeof turn->text, "matrix %zu, condition %.3g", columns, condition);
    return true;
}

static bool make(const struct transform_part *part, const struct basis_input *input,
                 struct turn *turn, struct error *error)
{
    (void)part;
    if (!input->matrix)
        return error_set(error, ERROR_USAGE, "there is no matrix of %zu columns", input->columns);
    if (!dense_check_size(input->columns, "matrix", error))
        return false;
    struct block_matrix *tokens = block_matrix_new(input->columns, input->columns);
    struct block_matrix *weights = block_matrix_new(input->columns, input->columns);
    if (fill(input, tokens, weights, turn, error))
        return true;
    block_matrix_free(weights);
    block_matrix_free(tokens);
    return false;
}

const struct transform_type transform_matrix = {
    .name = "matrix",
    .parse = parse,
    .print = print,
    .width = width,
    .needs_matrix = true,
    .make = make,
};
