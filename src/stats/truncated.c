/* SPDX-License-Identifier: MIT */
#include "stats/truncated.h"

#include <math.h>

/* From any a: from one left of the mean, the whole less the left tail. */
static void beyond(const struct source *source, truncated_tail *tail, double a, double at,
                   double m[3])
{
    double rest[3] = {0};
    if (isfinite(a))
        tail(source, fabs(a), a < 0 ? -at : at, rest);
    if (a < 0) {
        m[0] = 1 - rest[0];
        m[1] = rest[1] - at;
        m[2] = source->std * source->std + at * at - rest[2];
    } else {
        for (size_t k = 0; k < 3; k++)
            m[k] = rest[k];
    }
}

void truncated_from_tails(const struct source *source, truncated_tail *tail, double a, double b,
                          double at, double m[3])
{
    double far[3];
    a -= source->mean;
    b -= source->mean;
    at -= source->mean;
    const double side = a + b < 0 ? -1 : 1; /* mirrored: tails on the left are the larger ones */
    beyond(source, tail, side > 0 ? a : -b, side * at, m);
    beyond(source, tail, side > 0 ? b : -a, side * at, far);
    for (size_t k = 0; k < 3; k++)
        m[k] -= far[k];
    m[1] *= side;
}
