/* SPDX-License-Identifier: MIT
 *
 * What counts as an outlier.  Three definitions are in use; all are counted side by side, each with
 * a limit of its own (MATH §5.4).
 */
#ifndef ENGINE_OUTLIER_LIMITS_H
#define ENGINE_OUTLIER_LIMITS_H

#include <stdbool.h>

#include "base/error.h"

enum outlier_rule {
    OUTLIER_SIGMA, /* |w - µ| > limit σ, with µ and σ of the whole tensor */
    OUTLIER_VALUE, /* |w| > limit: LLM.int8's, made for activations (Dettmers et al., 2022) */
    OUTLIER_RATIO, /* |w| > limit times the 99.9th percentile of its channel's |w| */
    OUTLIER_RULES
};

struct outlier_limits {
    double limit[OUTLIER_RULES];
};

/* 6 σ; 6.0; twice the percentile, which for a Gaussian channel is 6.6 σ. */
struct outlier_limits outlier_limits_default(void);

bool outlier_limits_equal(const struct outlier_limits *a, const struct outlier_limits *b);

/* "sigma", "value", "ratio". */
const char *outlier_rule_name(enum outlier_rule rule);

/* Changes one limit as a person asks for it: "sigma:8" ("sigma 8" too).  False with ERROR_USAGE,
 * leaving the limits alone. */
bool outlier_limits_parse(const char *text, struct outlier_limits *limits, struct error *error);

#endif
