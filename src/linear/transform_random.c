/* SPDX-License-Identifier: MIT
 *
 * random[:SEED], an orthogonal matrix drawn from Haar's measure: no direction is favoured.
 */
#include <stdio.h>

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "linear/basis.h"
#include "linear/dense.h"
#include "linear/transform_type.h"

static bool parse(struct transform_spec *spec, const char *argument, struct error *error)
{
    struct transform_part part = {.type = &transform_random};
    if (!transform_parse_seed(argument, &part.seed))
        return transform_say_usage("random or random:SEED", argument, error);
    return transform_add(spec, &part, error);
}

static void print(const struct transform_spec *spec, const struct transform_part *part,
                  struct text *out)
{
    (void)spec;
    text_printf(out, "random:%lu", (unsigned long)part->seed);
}

static size_t width(const struct transform_part *part, size_t columns)
{
    (void)part;
    return columns;
}

static void fill_gaussian(gsl_matrix *matrix, uint32_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    for (size_t i = 0; i < matrix->size1; i++)
        for (size_t j = 0; j < matrix->size2; j++)
            gsl_matrix_set(matrix, i, j, gsl_ran_ugaussian(rng));
    gsl_rng_free(rng);
}

/* Q of a Gaussian matrix's Q R is Haar distributed once R's diagonal is made positive, without
 * which Q depends on how R's signs are chosen (Mezzadri 2007). */
static bool draw_orthogonal(gsl_matrix *out, uint32_t seed)
{
    const size_t n = out->size1;
    double *memory = mem_try(3 * n, n * sizeof *memory);
    if (!memory)
        return false;
    gsl_matrix_view packed = gsl_matrix_view_array(memory, n, n);
    gsl_matrix_view reflections = gsl_matrix_view_array(memory + n * n, n, n);
    gsl_matrix_view triangle = gsl_matrix_view_array(memory + 2 * n * n, n, n);
    fill_gaussian(&packed.matrix, seed);
    gsl_linalg_QR_decomp_r(&packed.matrix, &reflections.matrix);
    gsl_linalg_QR_unpack_r(&packed.matrix, &reflections.matrix, out, &triangle.matrix);
    for (size_t j = 0; j < n; j++) {
        gsl_vector_view column = gsl_matrix_column(out, j);
        if (gsl_matrix_get(&triangle.matrix, j, j) < 0)
            gsl_vector_scale(&column.vector, -1);
    }
    mem_free(memory);
    return true;
}

static bool make(const struct transform_part *part, const struct basis_input *input,
                 struct turn *turn, struct error *error)
{
    if (!dense_check_size(input->columns, "random", error))
        return false;
    struct block_matrix *rotation = block_matrix_new(input->columns, input->columns);
    bool drawn = rotation != NULL;
    if (drawn) {
        gsl_matrix_view square = block_matrix_square(rotation, 0);
        drawn = draw_orthogonal(&square.matrix, part->seed);
    }
    if (!drawn) {
        block_matrix_free(rotation);
        return error_set(error, ERROR_SYSTEM, "no memory for random of %zu columns",
                         input->columns);
    }
    turn_make_blocks(turn, input->columns, input->columns, rotation, rotation);
    snprintf(turn->text, sizeof turn->text, "random %zu, seed %lu", input->columns,
             (unsigned long)part->seed);
    return true;
}

const struct transform_type transform_random = {
    .name = "random",
    .parse = parse,
    .print = print,
    .width = width,
    .make = make,
};
