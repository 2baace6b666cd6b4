/* SPDX-License-Identifier: MIT */
#include "schemes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

const struct words all_words[WORDS] = {
    { 4, "uniform", "max", .corrected = false },
    { 1, "uniform", "max", .corrected = false },
    { 8, "uniform", "max", .corrected = true },
    { 3, "uniform", "mse", .corrected = false },
    { 3, "uniform", "lp:2.4", .asymmetric = true },
    { 4, "uniform", "max", .asymmetric = true },
    { 3, "uniform", "percentile:95", .asymmetric = true },
    { 3, "uniform", "percentile:95", .corrected = true },
    { 4, "uniform", "sigma:2", .full_range = true },
    { 3, "uniform", "aciq", .corrected = false },
    { 3, "uniform", "aciq", .asymmetric = true },
    { 4, "uniform", "step:0.01", .corrected = false },
    { 3, "lloyd-max", "max", .corrected = true },
    { 3, "lloyd-max:unit", "max", .corrected = false },
    { 3, "lloyd-max:laplace", "max", .corrected = false },
    { 3, "lloyd-max:empirical", "max", .corrected = false },
    { 4, "nf4", "max", .corrected = false },
    { 4, "apot", "mse", .corrected = false },
    { 8, "fp8-e4m3", "sigma:3", .corrected = false },
    { 4, "mxfp4", "max", .corrected = false },
    { 4, "nvfp4", "max", .corrected = true },
    { 4, "q4_0", "max", .corrected = false },
};

const char *const granularities[GRANULARITIES] = {
    "channel",    "tensor",       "group:1",     "group:32",        "group:50",
    "block:2x16", "block:3x1000", "block:100x7", "block:1000x1000",
};

struct scheme scheme_of(const struct words *words, const char *granularity)
{
    struct scheme scheme = scheme_default();
    struct error error;
    scheme.bits = words->bits;
    scheme.asymmetric = words->asymmetric;
    scheme.full_range = words->full_range;
    scheme.correct_mean = scheme.correct_norm = words->corrected;
    assert_true(levels_parse(words->levels, &scheme.levels, &scheme.bits, &error));
    assert_true(clip_parse(words->clip, &scheme.clip, &error));
    assert_true(granularity_parse(granularity, &scheme.granularity, &error));
    assert_true(scheme_check(&scheme, &error));
    return scheme;
}

struct request request_of(const struct weights *weights, const struct scheme *scheme)
{
    struct request request = weights_request(weights);
    request.scheme = *scheme;
    request.figures_only = true;
    return request;
}

struct weights random_weights(uint64_t channels, uint64_t length)
{
    const size_t n = (size_t)(channels * length);
    double *x = weights_gaussian(n, 0.003, 0.02, 5);
    for (size_t i = 0; i < n; i += 37)
        x[i] *= 4;
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ channels, length }, x);
    free(x);
    return weights;
}
