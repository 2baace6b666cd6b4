/* SPDX-License-Identifier: MIT */
#include "linear/basis.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"
#include "linear/transform_type.h"
#include "linear/turn.h"

struct basis {
    size_t columns, count;
    struct turn turn[TRANSFORM_PARTS];
};

typedef void turn_function(const struct turn *turn, double rows[], size_t count, double scratch[]);

static void turn_rows(const struct turn *turn, turn_function *function, double rows[], size_t count,
                      double scratch[])
{
    for (size_t i = 0; i < count; i += TURN_ROWS) {
        const size_t left = count - i;
        function(turn, rows + i * turn->columns, left < TURN_ROWS ? left : TURN_ROWS, scratch);
    }
}

/* What is known of a layer once the transforms so far are applied to it. */
struct known {
    struct basis_input input;
    double *x, *w, *x_maxima, *w_maxima; /* what in input is no longer lent; freed at the end */
};

static void known_done(struct known *known)
{
    mem_free(known->w_maxima);
    mem_free(known->x_maxima);
    mem_free(known->w);
    mem_free(known->x);
}

/* moment becomes F moment Fᵀ for the function's F, with blocks that hold the turn's whole. */
static bool turn_moment(struct moment *moment, double **owned, const struct turn *turn,
                        turn_function *function, struct error *error)
{
    const size_t columns = moment->columns;
    const size_t block = moment_common_block(columns, moment->block, turn->width);
    double *value = moment_rearrange(moment, block);
    if (!value)
        return error_set(error, ERROR_SYSTEM, "no memory for a second moment of %zu x %zu", block,
                         columns);
    /* One row of all blocks at a time: blocks do not mix. */
    double *scratch = mem_alloc(turn->scratch, sizeof *scratch);
    turn_rows(turn, function, value, block, scratch);
    moment_transpose(value, columns, block);
    turn_rows(turn, function, value, block, scratch);
    mem_free(scratch);
    mem_free(*owned);
    *owned = value;
    *moment = (struct moment){.columns = columns, .block = block, .value = value};
    return true;
}

/* Maxima times factors, or over them. */
static void scale_maxima(const double **maxima, double **owned, const double factor[],
                         size_t columns, int exponent)
{
    double *scaled = mem_alloc(columns, sizeof *scaled);
    for (size_t j = 0; j < columns; j++)
        scaled[j] = exponent > 0 ? (*maxima)[j] * factor[j] : (*maxima)[j] / factor[j];
    mem_free(*owned);
    *maxima = *owned = scaled;
}

/* Maxima are known after a scaling, and after a mixing no longer. */
static void turn_maxima(struct known *known, const struct turn *turn)
{
    struct basis_input *input = &known->input;
    const double *factor = turn_diagonal_factors(turn);
    if (!factor)
        input->x_maxima = input->w_maxima = NULL;
    if (input->x_maxima)
        scale_maxima(&input->x_maxima, &known->x_maxima, factor, input->columns, 1);
    if (input->w_maxima)
        scale_maxima(&input->w_maxima, &known->w_maxima, factor, input->columns, -1);
}

/* Applies a turn to what is known, as far as the parts from `next` on need it. */
static bool turn_known(struct known *known, const struct turn *turn,
                       const struct transform_spec *spec, size_t next, struct error *error)
{
    bool moments = false;
    for (size_t i = next; i < spec->count; i++)
        moments |= spec->part[i].type->needs_moments;
    turn_maxima(known, turn);
    if (!moments)
        return true;
    const bool isotropic = !known->input.x.value && turn->orthogonal;
    return (isotropic ||
            turn_moment(&known->input.x, &known->x, turn, turn->type->tokens, error)) &&
           turn_moment(&known->input.w, &known->w, turn, turn->type->weights, error);
}

struct basis *basis_new(const struct transform_spec *spec, const struct basis_input *input,
                        struct error *error)
{
    struct basis *basis = mem_zero(1, sizeof *basis);
    struct known known = {.input = *input};
    bool made = true;
    basis->columns = input->columns;
    for (size_t i = 0; made && i < spec->count; i++) {
        const struct transform_part *part = &spec->part[i];
        made = part->type->make(part, &known.input, &basis->turn[i], error);
        if (!made)
            break;
        basis->count++;
        made = turn_known(&known, &basis->turn[i], spec, i + 1, error);
    }
    known_done(&known);
    if (made)
        return basis;
    basis_free(basis);
    return NULL;
}

void basis_free(struct basis *basis)
{
    if (!basis)
        return;
    for (size_t i = 0; i < basis->count; i++)
        turn_done(&basis->turn[i]);
    mem_free(basis);
}

size_t basis_columns(const struct basis *basis)
{
    return basis->columns;
}

bool basis_is_orthogonal(const struct basis *basis)
{
    bool orthogonal = true;
    for (size_t i = 0; i < basis->count; i++)
        orthogonal &= basis->turn[i].orthogonal;
    return orthogonal;
}

size_t basis_width(const struct basis *basis)
{
    size_t width = 1;
    for (size_t i = 0; i < basis->count; i++)
        width = moment_common_block(basis->columns, width, basis->turn[i].width);
    return width;
}

size_t basis_parts(const struct basis *basis)
{
    return basis->count;
}

const char *basis_part_text(const struct basis *basis, size_t part)
{
    assert(part < basis->count);
    return basis->turn[part].text;
}

void basis_print(const struct basis *basis, struct text *out)
{
    text_puts(out, basis->count == 0 ? "none" : "");
    for (size_t i = 0; i < basis->count; i++)
        text_printf(out, "%s%s", i > 0 ? "; " : "", basis->turn[i].text);
}

size_t basis_scratch(const struct basis *basis)
{
    size_t scratch = 0;
    for (size_t i = 0; i < basis->count; i++)
        if (scratch < basis->turn[i].scratch)
            scratch = basis->turn[i].scratch;
    return scratch;
}

size_t basis_bytes(const struct basis *basis)
{
    size_t bytes = sizeof *basis;
    for (size_t i = 0; i < basis->count; i++)
        bytes += basis->turn[i].bytes;
    return bytes;
}

void basis_turn_tokens(const struct basis *basis, double rows[], size_t count, double scratch[])
{
    for (size_t i = 0; i < basis->count; i++)
        turn_rows(&basis->turn[i], basis->turn[i].type->tokens, rows, count, scratch);
}

/* (T2 T1)⁻¹ = T1⁻¹ T2⁻¹, which a row of W meets from the left: in the same order. */
void basis_turn_weights(const struct basis *basis, double rows[], size_t count, double scratch[])
{
    for (size_t i = 0; i < basis->count; i++)
        turn_rows(&basis->turn[i], basis->turn[i].type->weights, rows, count, scratch);
}

void basis_turn_stretch(const struct basis *basis, size_t first, size_t n, double rows[],
                        size_t count, double scratch[])
{
    for (size_t i = 0; i < basis->count; i++) {
        const struct turn *turn = &basis->turn[i];
        for (size_t row = 0; row < count; row += TURN_ROWS) {
            const size_t left = count - row;
            turn->type->stretch(turn, first, n, rows + row * n, left < TURN_ROWS ? left : TURN_ROWS,
                                scratch);
        }
    }
}
