/* SPDX-License-Identifier: MIT
 *
 * hadamard[:B][+signs[:SEED]], an orthogonal matrix whose elements are all of one size (QuaRot,
 * arXiv 2404.00456; MATH §9): it spreads each outlier over all columns.
 */
#include <stdio.h>

#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "linear/basis.h"
#include "linear/hadamard_matrix.h"
#include "linear/transform_type.h"

static bool parse(struct transform_spec *spec, const char *argument, struct error *error)
{
    struct transform_part part = {.type = &transform_hadamard};
    if (argument && (!transform_parse_count(argument, &part.size) ||
                     (part.size & (part.size - 1)) != 0 || part.size == 1))
        return transform_say_usage("hadamard or hadamard:B, B a power of two", argument, error);
    return transform_add(spec, &part, error);
}

static void print(const struct transform_spec *spec, const struct transform_part *part,
                  struct text *out)
{
    (void)spec;
    text_puts(out, "hadamard");
    if (part->size > 0)
        text_printf(out, ":%zu", part->size);
    if (part->signs)
        text_printf(out, "+signs:%lu", (unsigned long)part->seed);
}

/* B must divide the width. */
static struct hadamard_order find_order(const struct transform_part *part, size_t columns)
{
    return part->size > 0 ? hadamard_order_blocks(columns, part->size)
                          : hadamard_order_find(columns);
}

static bool fits(const struct transform_part *part, size_t columns)
{
    return part->size == 0 || columns % part->size == 0;
}

/* make refuses what does not fit; until then any width will do. */
static size_t width(const struct transform_part *part, size_t columns)
{
    return fits(part, columns) ? find_order(part, columns).block : 1;
}

struct signed_hadamard {
    struct hadamard_matrix *matrix;
    double *sign; /* 1 or -1 for each column; NULL for none */
};

static void turn_stretch(const struct turn *turn, size_t first, size_t n, double rows[],
                         size_t count, double scratch[])
{
    const struct signed_hadamard *hadamard = turn->data;
    for (size_t i = 0; hadamard->sign && i < count; i++)
        for (size_t j = 0; j < n; j++)
            rows[i * n + j] *= hadamard->sign[first + j];
    hadamard_matrix_turn_blocks(hadamard->matrix, rows, count * n / turn->width, scratch);
}

static void turn_rows(const struct turn *turn, double rows[], size_t count, double scratch[])
{
    turn_stretch(turn, 0, turn->columns, rows, count, scratch);
}

static void free_hadamard(void *data)
{
    struct signed_hadamard *hadamard = data;
    mem_free(hadamard->sign);
    hadamard_matrix_free(hadamard->matrix);
    mem_free(hadamard);
}

static const struct turn_type hadamard_turn = {
    .tokens = turn_rows,
    .weights = turn_rows, /* orthogonal: w T⁻¹ = (T wᵀ)ᵀ */
    .stretch = turn_stretch,
    .free = free_hadamard,
};

static double *draw_signs(uint32_t seed, size_t columns)
{
    double *sign = mem_alloc(columns, sizeof *sign);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    for (size_t j = 0; j < columns; j++)
        sign[j] = gsl_rng_uniform_int(rng, 2) ? 1 : -1;
    gsl_rng_free(rng);
    return sign;
}

static void describe(const struct transform_part *part, const struct hadamard_order *order,
                     struct turn *turn)
{
    struct text text = {.length = 0};
    text_puts(&text, "hadamard ");
    hadamard_order_print(order, &text);
    if (part->signs)
        text_printf(&text, ", signs of seed %lu", (unsigned long)part->seed);
    snprintf(turn->text, sizeof turn->text, "%s", text.data);
    text_done(&text);
}

static bool make(const struct transform_part *part, const struct basis_input *input,
                 struct turn *turn, struct error *error)
{
    if (!fits(part, input->columns))
        return error_set(error, ERROR_USAGE, "hadamard:%zu does not divide %zu columns", part->size,
                         input->columns);
    const struct hadamard_order order = find_order(part, input->columns);
    struct signed_hadamard *hadamard = mem_zero(1, sizeof *hadamard);
    hadamard->matrix = hadamard_matrix_new(&order);
    if (part->signs)
        hadamard->sign = draw_signs(part->seed, input->columns);
    *turn = (struct turn){
        .type = &hadamard_turn,
        .data = hadamard,
        .columns = input->columns,
        .width = order.block,
        .orthogonal = true,
        .scratch = hadamard_matrix_scratch(hadamard->matrix),
        .bytes = order.core.order * order.core.order + input->columns * sizeof *hadamard->sign,
    };
    describe(part, &order, turn);
    return true;
}

const struct transform_type transform_hadamard = {
    .name = "hadamard",
    .parse = parse,
    .print = print,
    .width = width,
    .make = make,
};
