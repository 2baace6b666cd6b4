/* SPDX-License-Identifier: MIT */
#include "engine/outlier_limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    double limit;
} rules[OUTLIER_RULES] = {
    [OUTLIER_SIGMA] = {"sigma", 6},
    [OUTLIER_VALUE] = {"value", 6},
    [OUTLIER_RATIO] = {"ratio", 2},
};

struct outlier_limits outlier_limits_default(void)
{
    struct outlier_limits limits;
    for (int i = 0; i < OUTLIER_RULES; i++)
        limits.limit[i] = rules[i].limit;
    return limits;
}

bool outlier_limits_equal(const struct outlier_limits *a, const struct outlier_limits *b)
{
    for (int i = 0; i < OUTLIER_RULES; i++)
        if (a->limit[i] != b->limit[i])
            return false;
    return true;
}

const char *outlier_rule_name(enum outlier_rule rule)
{
    return rules[rule].name;
}

bool outlier_limits_parse(const char *text, struct outlier_limits *limits, struct error *error)
{
    for (int i = 0; i < OUTLIER_RULES; i++) {
        size_t length = strlen(rules[i].name);
        if (strncmp(text, rules[i].name, length) != 0 ||
            (text[length] != ':' && text[length] != ' '))
            continue;
        char *end;
        double limit = strtod(text + length + 1, &end);
        if (end == text + length + 1 || *end || !(limit > 0) || !isfinite(limit))
            return error_set(error, ERROR_USAGE,
                             "outliers begin at %s:X with X above 0, not \"%s\"", rules[i].name,
                             text + length + 1);
        limits->limit[i] = limit;
        return true;
    }
    return error_set(error, ERROR_USAGE,
                     "outliers begin at sigma:X, value:X or ratio:X, not \"%s\"", text);
}
