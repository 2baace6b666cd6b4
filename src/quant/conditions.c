/* SPDX-License-Identifier: MIT */
#include "quant/conditions.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define PI 3.14159265358979323846

/* Where the step is looked for, in standard deviations; a wider one never holds. */
#define STEP_LEAST 1e-9
#define STEP_MOST  10.0

/* For deviations that do not simply grow with the step: the first one tried, and the factor to the
 * next. */
#define WALK_LEAST  0.01
#define WALK_FACTOR 1.01

/* A characteristic function whose waves do not end is looked at for so many l. */
#define LOBES_MOST 256

/* Less than this is taken for nothing: rounding. */
#define EXACT 1e-15

static double size_at(const struct source *source, double u)
{
    return cabs(source->type->characteristic(source, u));
}

static double largest_from(const struct source *source, double u)
{
    return source->type->crest ? source->type->crest(source, u) : size_at(source, u);
}

static double largest_at_multiples(const struct source *source, double u)
{
    double largest = size_at(source, u);
    for (int l = 2; l <= LOBES_MOST && source->type->crest; l++)
        largest = fmax(largest, size_at(source, l * u));
    return largest;
}

/* Between a step where it holds and one where it does not. */
static double halve(const struct source *source, double holds, double fails)
{
    for (int i = 0; i < 60 && fails > holds * (1 + 1e-12); i++) {
        const double middle = sqrt(holds * fails);
        *(theory_pqn_deviation(source, middle) < THEORY_PQN_HOLDS ? &holds : &fails) = middle;
    }
    return holds;
}

static double holds_below(const struct source *source)
{
    const struct source_type *type = source->type;
    struct source unit = *source; /* the answer is in proportion to std */
    unit.mean = 0;
    unit.std = 1;
    double holds = STEP_LEAST, fails = STEP_MOST;
    if (type->even_below)
        return type->even_below(source, THEORY_PQN_HOLDS);
    if (type->crest) {
        fails = WALK_LEAST;
        while (fails < STEP_MOST && theory_pqn_deviation(&unit, fails) < THEORY_PQN_HOLDS) {
            holds = fails;
            fails *= WALK_FACTOR;
        }
    }
    return source->std * halve(&unit, holds, fails);
}

static void give_reason(struct conditions *conditions, bool vanishes, double ratio, double least)
{
    char *out = conditions->reason;
    const size_t size = sizeof conditions->reason;
    const double percent = 100 * conditions->deviation;
    if (conditions->deviation < EXACT && vanishes)
        snprintf(out, size, "the error is exactly uniform: every |CF(2 pi l / q)| is 0");
    else if (conditions->deviation < EXACT)
        snprintf(out, size, "the error is as good as uniform: no |CF(2 pi l / q)| is above %.2g",
                 conditions->sripad_snyder);
    else if (conditions->verdict == PQN_HOLDS)
        snprintf(out, size, "the error's density is within %.2g %% of uniform", percent);
    else if (ratio > least)
        snprintf(out, size,
                 "the error's density is up to %.3g %% off uniform: q/std is %.3g, "
                 "and it takes one below %.3g",
                 percent, ratio, least);
    else
        snprintf(out, size, "the error's density is up to %.3g %% off uniform", percent);
}

struct conditions conditions_of(const struct source *source, double step)
{
    const double base = 2 * PI / step;
    struct conditions conditions = {
        .qt1 = largest_from(source, base / 2),
        .qt2 = largest_from(source, base),
        .sripad_snyder = largest_at_multiples(source, base),
        .deviation = theory_pqn_deviation(source, step),
        .holds_below_step = holds_below(source),
    };
    conditions.verdict = theory_pqn_verdict(conditions.deviation);
    /* A function that only falls, as a Gaussian's, is small but never 0. */
    bool vanishes = source->type->crest && conditions.sripad_snyder < EXACT;
    give_reason(&conditions, vanishes, step / source->std,
                conditions.holds_below_step / source->std);
    return conditions;
}
