/* SPDX-License-Identifier: MIT */
#include "linear/hadamard_core.h"

#include "linear/williamson.h"

/* Largest order that is made: 16 MiB of signs. */
#define ORDER_MOST 8192

bool hadamard_core_find(size_t order, struct hadamard_core *core)
{
    if (order > ORDER_MOST)
        return false;
    *core = (struct hadamard_core){.order = order};
    return paley_find(order, &core->paley) || williamson_exists(order);
}

void hadamard_core_print(const struct hadamard_core *core, struct text *out)
{
    if (core->paley.field > 0)
        text_printf(out, "Paley %s over GF(%zu)", paley_kind_name(core->paley.kind),
                    core->paley.field);
    else
        text_puts(out, "Williamson");
}

signed char *hadamard_core_elements(const struct hadamard_core *core)
{
    return core->paley.field > 0 ? paley_elements(&core->paley) : williamson_elements(core->order);
}
