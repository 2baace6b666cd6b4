/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "golden_engine.h"

static const struct golden_entry entries[] = {
    { "uniform max tensor", "uniform", "tensor", "max", .bits = 0 },
    { "uniform max channel", "uniform", "channel", "max", .bits = 0 },
    { "uniform mse tensor (upper bound)", "uniform", "tensor", "mse", .upper_bound = true },
    { "uniform aciq tensor", "uniform", "tensor", "aciq", .bits = 0 },
    { "lloyd-max tensor", "lloyd-max", "tensor", "max", .bits = 0 },
    { "lloyd-max channel, tensor family", "lloyd-max", "channel", "max", .bits = 0 },
    { "apot max tensor", "apot", "tensor", "max", .bits = 0 },
    { "apot mse tensor (upper bound)", "apot", "tensor", "mse", .upper_bound = true },
    { "nf4 max channel", "nf4", "channel", "max", .bits = 0 },
};
#define ENTRIES (sizeof entries / sizeof *entries)

/* Of each tensor: its family, and a table of mean square errors for each bit width. */
bool golden_schemes(const char *reference, const char *model)
{
    struct golden_field fields[ENTRIES] = { 0 };
    char *text = golden_file(reference);
    yajl_val tree = golden_parse(text, reference);
    struct golden_engine *engine = golden_engine_new(model);
    for (size_t t = 0; t < tree->u.object.len; t++) {
        yajl_val tensor = tree->u.object.values[t];
        for (size_t b = 0; b < tensor->u.object.len; b++)
            if (YAJL_IS_OBJECT(tensor->u.object.values[b]))
                golden_engine_check(engine, tree->u.object.keys[t], tensor->u.object.values[b],
                                    atoi(tensor->u.object.keys[b]), entries, fields, ENTRIES);
    }
    golden_engine_free(engine);
    yajl_tree_free(tree);
    free(text);
    return golden_report(fields, ENTRIES);
}
