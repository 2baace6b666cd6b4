/* SPDX-License-Identifier: MIT
 *
 * scale:ALPHA, SmoothQuant's scaling of columns (arXiv 2211.10438; MATH §9): x_j over s_j and W_.j
 * times s_j, s_j = max|x_j|^ALPHA / max|W_.j|^(1 - ALPHA).
 */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "linear/basis.h"
#include "linear/transform_type.h"

/* A column that is zero throughout counts as this large, as in SmoothQuant's own code. */
#define MAXIMUM_LEAST 1e-5

static bool parse(struct transform_spec *spec, const char *argument, struct error *error)
{
    struct transform_part part = {.type = &transform_scale};
    if (!argument || !transform_parse_number(argument, 0, 1, &part.strength))
        return transform_say_usage("scale:ALPHA, ALPHA from 0 to 1", argument, error);
    return transform_add(spec, &part, error);
}

static void print(const struct transform_spec *spec, const struct transform_part *part,
                  struct text *out)
{
    (void)spec;
    text_puts(out, "scale:");
    transform_print_number(part->strength, out);
}

static size_t width(const struct transform_part *part, size_t columns)
{
    (void)part, (void)columns;
    return 1;
}

static bool make(const struct transform_part *part, const struct basis_input *input,
                 struct turn *turn, struct error *error)
{
    if (!input->x_maxima || !input->w_maxima)
        return error_set(error, ERROR_USAGE,
                         "scale needs the largest |x| and |w| of each column: samples of the "
                         "input, and no transform before it that mixes columns");
    double *factor = mem_alloc(input->columns, sizeof *factor);
    for (size_t j = 0; j < input->columns; j++) {
        const double x = fmax(MAXIMUM_LEAST, input->x_maxima[j]);
        const double w = fmax(MAXIMUM_LEAST, input->w_maxima[j]);
        factor[j] = pow(w, 1 - part->strength) / pow(x, part->strength);
    }
    turn_make_diagonal(turn, input->columns, factor);
    snprintf(turn->text, sizeof turn->text, "scale %g", part->strength);
    return true;
}

const struct transform_type transform_scale = {
    .name = "scale",
    .parse = parse,
    .print = print,
    .width = width,
    .needs_maxima = true,
    .make = make,
};
