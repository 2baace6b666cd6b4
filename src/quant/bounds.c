/* SPDX-License-Identifier: MIT */
#include "quant/bounds.h"

#include <math.h>

static const struct bound {
    const struct source_type *type;
    double panter_dite, shannon;
} bounds[] = {
    {&source_gaussian, 2.7206990463513267 /* √3 π/2 */, 1},
    {&source_laplace, 4.5, 0.86525597943226508 /* e/π */},
};

static struct bound find(const struct source_type *type)
{
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].type == type)
            return bounds[i];
    return (struct bound){type, NAN, NAN};
}

double bounds_panter_dite(const struct source_type *type)
{
    return find(type).panter_dite;
}

double bounds_shannon(const struct source_type *type)
{
    return find(type).shannon;
}
