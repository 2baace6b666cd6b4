/* SPDX-License-Identifier: MIT */
#include "linear/hadamard_matrix.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "linear/sign_matrix.h"
#include "linear/walsh.h"

#define LANES SIGN_MATRIX_LANES

struct hadamard_matrix {
    struct hadamard_order order;
    struct sign_matrix *core; /* NULL without one */
};

struct hadamard_order hadamard_order_blocks(size_t columns, size_t block)
{
    assert(block > 0 && (block & (block - 1)) == 0 && columns % block == 0);
    return (struct hadamard_order){
        .columns = columns, .block = block, .piece = block, .core = {.order = 1}};
}

struct hadamard_order hadamard_order_find(size_t columns)
{
    assert(columns > 0);
    const size_t power = columns & (~columns + 1), odd = columns / power;
    struct hadamard_core core;
    for (size_t piece = odd > 1 ? power / 4 : 0; piece > 0; piece /= 2)
        if (hadamard_core_find(columns / piece, &core))
            return (struct hadamard_order){columns, columns, piece, core};
    return hadamard_order_blocks(columns, power);
}

void hadamard_order_print(const struct hadamard_order *order, struct text *out)
{
    text_printf(out, "%zu", order->columns);
    if (order->block < order->columns)
        text_printf(out, " in %zu blocks of %zu", order->columns / order->block, order->block);
    if (order->core.order == 1)
        return;
    if (order->piece > 1)
        text_printf(out, " = %zu x %zu", order->core.order, order->piece);
    text_puts(out, ", ");
    hadamard_core_print(&order->core, out);
}

struct hadamard_matrix *hadamard_matrix_new(const struct hadamard_order *order)
{
    struct hadamard_matrix *matrix = mem_zero(1, sizeof *matrix);
    matrix->order = *order;
    if (order->core.order > 1) {
        signed char *elements = hadamard_core_elements(&order->core);
        matrix->core = sign_matrix_new(elements, order->core.order);
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
    return matrix->core ? 2 * matrix->order.core.order * LANES : 0;
}

/* Copies elements that lie `stride` apart, from each of LANES places, side by side. */
static void gather(double *const at[LANES], size_t stride, size_t n, double out[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t lane = 0; lane < LANES; lane++)
            out[i * LANES + lane] = at[lane][i * stride];
}

static void scatter(double *const at[LANES], size_t stride, size_t n, const double in[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t lane = 0; lane < LANES; lane++)
            at[lane][i * stride] = in[i * LANES + lane];
}

/* A row is [core, piece].  The core multiplies its columns, of which there are `piece` in each row:
 * here LANES adjacent ones. */
static void turn_adjacent(const struct hadamard_matrix *matrix, double columns[], double scratch[])
{
    const size_t core = matrix->order.core.order, piece = matrix->order.piece;
    sign_matrix_multiply(matrix->core, columns, piece, scratch);
    for (size_t i = 0; i < core; i++)
        memcpy(columns + i * piece, scratch + i * LANES, LANES * sizeof *columns);
}

/* LANES columns of all rows from the given one on, of which there may be fewer left: idle lanes
 * repeat the last. */
static void turn_scattered(const struct hadamard_matrix *matrix, double rows[], size_t column,
                           size_t columns, double scratch[])
{
    const size_t core = matrix->order.core.order, piece = matrix->order.piece;
    double *at[LANES], *in = scratch + core * LANES;
    for (size_t lane = 0; lane < LANES; lane++) {
        const size_t j = column + lane < columns ? column + lane : columns - 1;
        at[lane] = rows + j / piece * matrix->order.columns + j % piece;
    }
    gather(at, piece, core, in);
    sign_matrix_multiply(matrix->core, in, LANES, scratch);
    scatter(at, piece, core, scratch);
}

/* The columns of all rows are taken LANES at a time. */
static void turn_core(const struct hadamard_matrix *matrix, double rows[], size_t count,
                      double scratch[])
{
    const size_t piece = matrix->order.piece, columns = count * piece;
    for (size_t column = 0; column < columns; column += LANES)
        if (piece % LANES == 0)
            turn_adjacent(matrix, rows + column / piece * matrix->order.columns + column % piece,
                          scratch);
        else
            turn_scattered(matrix, rows, column, columns, scratch);
}

/* Rows that are turned before the next, while they stay in a cache: as few as fill all lanes. */
static size_t rows_at_a_time(const struct hadamard_order *order)
{
    return order->piece < LANES ? LANES / order->piece : 1;
}

void hadamard_matrix_turn(const struct hadamard_matrix *matrix, double rows[], size_t count,
                          double scratch[])
{
    const struct hadamard_order *order = &matrix->order;
    const double scale = 1 / sqrt((double)order->block);
    const size_t step = rows_at_a_time(order);
    for (size_t i = 0; i < count; i += step) {
        double *part = rows + i * order->columns;
        const size_t taken = count - i < step ? count - i : step;
        walsh_transform(part, taken * order->columns, order->piece, scale);
        if (matrix->core)
            turn_core(matrix, part, taken, scratch);
    }
}

void hadamard_matrix_turn_blocks(const struct hadamard_matrix *matrix, double blocks[],
                                 size_t count, double scratch[])
{
    /* A core is given rows of a block each; without one a single row of all blocks will do. */
    const size_t block = matrix->order.block;
    struct hadamard_matrix other = *matrix;
    other.order.columns = matrix->core ? block : count * block;
    hadamard_matrix_turn(&other, blocks, matrix->core ? count : 1, scratch);
}
