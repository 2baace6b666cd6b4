/* SPDX-License-Identifier: MIT
 *
 * align[:K[^BETA]], CAT's alignment factor in blocks of K columns, or a part of it (MATH §9).
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "linear/alignment.h"
#include "linear/basis.h"
#include "linear/dense.h"
#include "linear/transform_type.h"

#define BLOCK_DEFAULT 128 /* as in all experiments of the paper */

/* Beyond 0 .. 1 nothing is gained, but -2 is what the paper prints (FORMULAS §3.3), for comparison. */
#define STRENGTH_MOST 2

/* K, then BETA after a '^'. */
static bool parse_argument(const char *argument, struct transform_part *part)
{
    char count[16];
    const size_t length = strcspn(argument, "^");
    if (length >= sizeof count)
        return false;
    memcpy(count, argument, length);
    count[length] = '\0';
    return transform_parse_count(count, &part->size) &&
           (argument[length] == '\0' ||
            transform_parse_number(argument + length + 1, -STRENGTH_MOST, STRENGTH_MOST,
                                   &part->strength));
}

static bool parse(struct transform_spec *spec, const char *argument, struct error *error)
{
    struct transform_part part = {.type = &transform_align, .size = BLOCK_DEFAULT, .strength = 1};
    if (argument && !parse_argument(argument, &part))
        return transform_say_usage("align, align:K or align:K^BETA, BETA from -2 to 2", argument,
                                   error);
    return transform_add(spec, &part, error);
}

static void print(const struct transform_spec *spec, const struct transform_part *part,
                  struct text *out)
{
    (void)spec;
    text_printf(out, "align:%zu", part->size);
    if (part->strength != 1) {
        text_puts(out, "^");
        transform_print_number(part->strength, out);
    }
}

static size_t width(const struct transform_part *part, size_t columns)
{
    return part->size < columns ? part->size : columns;
}

static bool make_diagonal(const struct transform_part *part, const struct basis_input *input,
                          struct turn *turn, struct error *error)
{
    double *factor = mem_alloc(input->columns, sizeof *factor);
    if (!alignment_diagonal(&input->x, &input->w, part->strength, factor, error)) {
        mem_free(factor);
        return false;
    }
    turn_make_diagonal(turn, input->columns, factor);
    return true;
}

static bool make_blocks(const struct transform_part *part, const struct basis_input *input,
                        size_t block, struct turn *turn, struct error *error)
{
    char what[32];
    snprintf(what, sizeof what, "align:%zu", part->size);
    if (!dense_check_size(block, what, error))
        return false;
    struct block_matrix *forward = block_matrix_new(input->columns, block);
    struct block_matrix *inverse = block_matrix_new(input->columns, block);
    const bool room = forward && inverse;
    if (!room)
        error_set(error, ERROR_SYSTEM, "no memory for %s of %zu columns", what, input->columns);
    if (room &&
        alignment_optimum(&input->x, &input->w, block, part->strength, forward, inverse, error)) {
        turn_make_blocks(turn, input->columns, block, forward, inverse);
        return true;
    }
    block_matrix_free(inverse);
    block_matrix_free(forward);
    return false;
}

static bool make(const struct transform_part *part, const struct basis_input *input,
                 struct turn *turn, struct error *error)
{
    const size_t block = width(part, input->columns);
    if (!(block == 1 ? make_diagonal(part, input, turn, error)
                     : make_blocks(part, input, block, turn, error)))
        return false;
    int length = snprintf(turn->text, sizeof turn->text, "align %zu", block);
    if (part->strength != 1)
        length += snprintf(turn->text + length, sizeof turn->text - (size_t)length, "^%g",
                           part->strength);
    snprintf(turn->text + length, sizeof turn->text - (size_t)length, ", ridge %g",
             ALIGNMENT_RIDGE);
    return true;
}

const struct transform_type transform_align = {
    .name = "align",
    .parse = parse,
    .print = print,
    .width = width,
    .needs_moments = true,
    .make = make,
};
