/* SPDX-License-Identifier: MIT */
#include "linear/turn.h"

#include "base/mem.h"

static void multiply_diagonal(const struct turn *turn, double rows[], size_t count,
                              double scratch[])
{
    (void)scratch;
    const double *factor = turn->data;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < turn->columns; j++)
            rows[i * turn->columns + j] *= factor[j];
}

static void divide_stretch(const struct turn *turn, size_t first, size_t n, double rows[],
                           size_t count, double scratch[])
{
    (void)scratch;
    const double *factor = (const double *)turn->data + first;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < n; j++)
            rows[i * n + j] /= factor[j];
}

static void divide_diagonal(const struct turn *turn, double rows[], size_t count, double scratch[])
{
    divide_stretch(turn, 0, turn->columns, rows, count, scratch);
}

static const struct turn_type diagonal = {
    .tokens = multiply_diagonal,
    .weights = divide_diagonal,
    .stretch = divide_stretch,
    .free = mem_free,
};

void turn_make_diagonal(struct turn *turn, size_t columns, double factor_stolen[])
{
    turn->type = &diagonal;
    turn->data = factor_stolen;
    turn->columns = columns;
    turn->width = 1;
    turn->orthogonal = false;
    turn->scratch = 0;
    turn->bytes = columns * sizeof *factor_stolen;
}

const double *turn_diagonal_factors(const struct turn *turn)
{
    return turn->type == &diagonal ? turn->data : NULL;
}

struct blocks {
    struct block_matrix *tokens, *weights;
};

static void blocks_tokens(const struct turn *turn, double rows[], size_t count, double scratch[])
{
    block_matrix_turn(((const struct blocks *)turn->data)->tokens, rows, count, scratch);
}

static void blocks_weights(const struct turn *turn, double rows[], size_t count, double scratch[])
{
    block_matrix_turn(((const struct blocks *)turn->data)->weights, rows, count, scratch);
}

static void blocks_stretch(const struct turn *turn, size_t first, size_t n, double rows[],
                           size_t count, double scratch[])
{
    const struct blocks *blocks = turn->data;
    block_matrix_turn_stretch(blocks->weights, first, n, rows, count, scratch);
}

static void blocks_free(void *data)
{
    struct blocks *blocks = data;
    if (blocks->weights != blocks->tokens)
        block_matrix_free(blocks->weights);
    block_matrix_free(blocks->tokens);
    mem_free(blocks);
}

static const struct turn_type blocks_type = {
    .tokens = blocks_tokens,
    .weights = blocks_weights,
    .stretch = blocks_stretch,
    .free = blocks_free,
};

void turn_make_blocks(struct turn *turn, size_t columns, size_t width,
                      struct block_matrix *tokens_stolen, struct block_matrix *weights_stolen)
{
    struct blocks *blocks = mem_alloc(1, sizeof *blocks);
    *blocks = (struct blocks){.tokens = tokens_stolen, .weights = weights_stolen};
    turn->type = &blocks_type;
    turn->data = blocks;
    turn->columns = columns;
    turn->width = width;
    turn->orthogonal = tokens_stolen == weights_stolen;
    turn->scratch = block_matrix_scratch(tokens_stolen, TURN_ROWS);
    turn->bytes = (turn->orthogonal ? 1 : 2) * columns * width * sizeof(double);
}

void turn_done(struct turn *turn)
{
    turn->type->free(turn->data);
}
