/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "golden_engine.h"

static const struct golden_entry entries[] = {
    { "asymmetric channel b4 max", "uniform", "channel", "max", .bits = 4, .asymmetric = true },
    { "asymmetric channel b8 max", "uniform", "channel", "max", .bits = 8, .asymmetric = true },
    { "symmetric group:64 b4 max", "uniform", "group:64", "max", .bits = 4 },
    { "asymmetric group:64 b3 max", "uniform", "group:64", "max", .bits = 3, .asymmetric = true },
    { "symmetric channel b1", "uniform", "channel", "max", .bits = 1 },
    { "symmetric channel b3 max bias-corrected", "uniform", "channel", "max", .bits = 3,
      .corrected = true },
    { "fp8-e4m3 channel max", "fp8-e4m3", "channel", "max", .bits = 0 },
    { "fp8-e5m2 channel max", "fp8-e5m2", "channel", "max", .bits = 0 },
    { "fp4-e2m1 channel max", "fp4-e2m1", "channel", "max", .bits = 0 },
    { "mxfp4", "mxfp4", "channel", "max", .bits = 0 },
    { "mxfp8 (e4m3)", "mxfp8", "channel", "max", .bits = 0 },
    { "mxint8", "mxint8", "channel", "max", .bits = 0 },
};
#define ENTRIES (sizeof entries / sizeof *entries)

/* Of each tensor a mean square error for each setting. */
bool golden_settings(const char *reference, const char *model)
{
    struct golden_field fields[ENTRIES] = { 0 };
    char *text = golden_file(reference);
    yajl_val tree = golden_parse(text, reference);
    struct golden_engine *engine = golden_engine_new(model);
    for (size_t t = 0; t < tree->u.object.len; t++)
        golden_engine_check(engine, tree->u.object.keys[t], tree->u.object.values[t], 0, entries,
                            fields, ENTRIES);
    golden_engine_free(engine);
    yajl_tree_free(tree);
    free(text);
    return golden_report(fields, ENTRIES);
}
