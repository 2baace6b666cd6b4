/* SPDX-License-Identifier: MIT */
#include "stats/source.h"

#include <string.h>

static const struct source_type *const types[] = {
    &source_gaussian,
};

const struct source_type *source_find(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i]->name, name) == 0)
            return types[i];
    return NULL;
}
