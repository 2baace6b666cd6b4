/* SPDX-License-Identifier: MIT */
#include "linear/hadamard_matrix.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "linear/sign_matrix.h"
#include "linear/walsh.h"

/* Largest of Paley's matrices that is made: 16 MiB of signs. */
#define CORE_MOST 8192

#define LANES SIGN_MATRIX_LANES

struct hadamard_matrix {
    struct hadamard_order order;
    struct sign_matrix *core; /* NULL without Paley's factor */
};

struct hadamard_order hadamard_order_blocks(size_t columns, size_t block)
{
    assert(block > 0 && (block & (block - 1)) == 0 && columns % block == 0);
    return (struct hadamard_order){.columns = columns, .block = block, .piece = block, .core = 1};
}

struct hadamard_order hadamard_order_find(size_t columns)
{
    assert(columns > 0);
    const size_t power = columns & (~columns + 1), odd = columns / power;
    struct paley paley;
    for (size_t piece = odd > 1 ? power / 4 : 0; piece > 0; piece /= 2) {
        const size_t core = columns / piece;
        if (core <= CORE_MOST && paley_find(core, &paley))
            return (struct hadamard_order){columns, columns, piece, core, paley};
    }
    return hadamard_order_blocks(columns, power);
}

void hadamard_order_print(const struct hadamard_order *order, struct text *out)
{
    text_printf(out, "%zu", order->columns);
    if (order->block < order->columns)
        text_printf(out, " in %zu blocks of %zu", order->columns / order->block, order->block);
    if (order->core == 1)
        return;
    if (order->piece > 1)
        text_printf(out, " = %zu x %zu", order->core, order->piece);
    text_printf(out, ", Paley %s over GF(%zu)", paley_kind_name(order->paley.kind),
                order->paley.field);
}

struct hadamard_matrix *hadamard_matrix_new(const struct hadamard_order *order)
{
    struct hadamard_matrix *matrix = mem_zero(1, sizeof *matrix);
    matrix->order = *order;
    if (order->core > 1) {
        signed char *elements = paley_elements(&order->paley);
        matrix->core = sign_matrix_new(elements, order->core);
        mem_free(elements);
    }
    return matrix;
}

void hadamard_matrix_free(struct hadamard_matrix *matrix)
{
    if (matrix)
        sign_matrix_free(matrix->core);
    mem_free(matrix);
}

size_t hadamard_matrix_scratch(const struct hadamard_matrix *matrix)
{
    return matrix->core ? 2 * matrix->order.core * LANES : 0;
}

/* Copies elements that lie `stride` apart, from each of LANES places, side by side. */
static void gather(double *const at[LANES], size_t stride, size_t n, double out[])
{
    const bool adjacent = at[LANES - 1] == at[0] + LANES - 1;
    for (size_t i = 0; i < n; i++)
        if (adjacent)
            memcpy(out + i * LANES, at[0] + i * stride, LANES * sizeof *out);
        else
            for (size_t lane = 0; lane < LANES; lane++)
                out[i * LANES + lane] = at[lane][i * stride];
}

static void scatter(double *const at[LANES], size_t stride, size_t n, const double in[])
{
    const bool adjacent = at[LANES - 1] == at[0] + LANES - 1;
    for (size_t i = 0; i < n; i++)
        if (adjacent)
            memcpy(at[0] + i * stride, in + i * LANES, LANES * sizeof *in);
        else
            for (size_t lane = 0; lane < LANES; lane++)
                at[lane][i * stride] = in[i * LANES + lane];
}

/* A row is [core, piece].  Paley's factor multiplies its columns, of which there are `piece` in
 * each row; those of all rows are taken a few at a time, because pieces may be short. */
static void turn_core(const struct hadamard_matrix *matrix, double rows[], size_t count,
                      double scratch[])
{
    const size_t core = matrix->order.core, piece = matrix->order.piece;
    double *in = scratch, *out = scratch + core * LANES;
    for (size_t column = 0; column < count * piece; column += LANES) {
        double *at[LANES];
        for (size_t lane = 0; lane < LANES; lane++) {
            /* At the end, idle lanes repeat the first and write the same over it. */
            const size_t j = column + (column + lane < count * piece ? lane : 0);
            at[lane] = rows + j / piece * matrix->order.columns + j % piece;
        }
        gather(at, piece, core, in);
        sign_matrix_multiply(matrix->core, in, out);
        scatter(at, piece, core, out);
    }
}

void hadamard_matrix_turn(const struct hadamard_matrix *matrix, double rows[], size_t count,
                          double scratch[])
{
    const struct hadamard_order *order = &matrix->order;
    const double scale = 1 / sqrt((double)order->block);
    for (size_t i = 0; i < count * order->columns; i += order->piece)
        walsh_transform(rows + i, order->piece, scale);
    if (matrix->core)
        turn_core(matrix, rows, count, scratch);
}
