/* SPDX-License-Identifier: MIT */
#include "stats/legendre.h"

const struct legendre_node legendre_16[LEGENDRE_HALF] = {
    {0.095012509837637440185, 0.18945061045506849629},
    {0.28160355077925891323, 0.18260341504492358887},
    {0.45801677765722738634, 0.16915651939500253819},
    {0.61787624440264374845, 0.14959598881657673208},
    {0.75540440835500303390, 0.12462897125553387205},
    {0.86563120238783174388, 0.095158511682492784810},
    {0.94457502307323257608, 0.062253523938647892863},
    {0.98940093499164993260, 0.027152459411754094852},
};

const struct legendre_node legendre_8[LEGENDRE_HALF / 2] = {
    {0.18343464249564980494, 0.36268378337836198297},
    {0.52553240991632898582, 0.31370664587788728734},
    {0.79666647741362673959, 0.22238103445337447054},
    {0.96028985649753623168, 0.10122853629037625915},
};

static void add_point(const struct source *source, double x, double at, double weight, double m[3])
{
    double mass = weight * source->type->density(source, x), d = x - at;
    m[0] += mass;
    m[1] += mass * d;
    m[2] += mass * d * d;
}

void legendre_moments(const struct source *source, double a, double b, double at, bool short_rule,
                      double m[3])
{
    const struct legendre_node *node = short_rule ? legendre_8 : legendre_16;
    const double middle = 0.5 * (a + b), half = 0.5 * (b - a);
    m[0] = m[1] = m[2] = 0;
    for (size_t i = 0; i < (short_rule ? LEGENDRE_HALF / 2 : LEGENDRE_HALF); i++) {
        add_point(source, middle - half * node[i].x, at, half * node[i].weight, m);
        add_point(source, middle + half * node[i].x, at, half * node[i].weight, m);
    }
}
