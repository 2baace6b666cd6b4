/* SPDX-License-Identifier: MIT
 *
 * How far the error is from pseudo quantization noise, which is uniform.
 */
#include <assert.h>
#include <math.h>

#include "quant/theory_unit.h"

#define PI 3.14159265358979323846

/* The series is summed if its second term is so much smaller than the first; it then needs fewer
 * than this many. */
#define SERIES_FALL 0.1
#define TERMS_MOST  64

/* The deviation of a centred source whose characteristic function is positive: it is that of the
 * crest, at e = 0. */
static double crest_deviation(const struct source *centred)
{
    const struct source_type *type = centred->type;
    const double first = creal(type->characteristic(centred, 2 * PI));
    if (creal(type->characteristic(centred, 4 * PI)) > SERIES_FALL * first) {
        const struct theory_grid grid = theory_grid_symmetric(1, THEORY_INFINITE);
        return fmax(theory_density(centred, &grid, 0) - 1, 0);
    }
    double sum = 0;
    for (int l = 1; l <= TERMS_MOST; l++) {
        const double term = 2 * creal(type->characteristic(centred, 2 * PI * l));
        sum += term;
        if (term <= sum * 1e-17)
            break;
    }
    return sum;
}

double theory_pqn_deviation(const struct source *source, double step)
{
    const struct theory_grid grid = theory_grid_symmetric(step, THEORY_INFINITE);
    struct source centred = *source;
    centred.mean = 0;
    const struct theory_unit unit = theory_unit_make(&centred, &grid);
    const struct source_type *type = source->type;
    if (type->ripple)
        return type->ripple(&unit.source);
    if (!type->parts)
        return crest_deviation(&unit.source);
    double sum = 0;
    const size_t parts = type->parts(source);
    for (size_t i = 0; i < parts; i++) {
        struct source part;
        const double share = type->part(&unit.source, i, &part);
        sum += share * crest_deviation(&part);
    }
    return sum;
}

enum pqn_verdict theory_pqn_verdict(double deviation)
{
    if (deviation < THEORY_PQN_HOLDS)
        return PQN_HOLDS;
    return deviation < THEORY_PQN_STRAINED ? PQN_STRAINED : PQN_BROKEN;
}

const char *theory_pqn_word(enum pqn_verdict verdict)
{
    static const char *const words[] = {"holds", "strained", "broken"};
    assert(verdict <= PQN_BROKEN);
    return words[verdict];
}
