/* SPDX-License-Identifier: MIT
 *
 * Results kept by what they depend on, the least recently used dropped first.  One thread's.
 */
#ifndef ENGINE_CACHE_H
#define ENGINE_CACHE_H

#include "engine/part.h"
#include "engine/report.h"

enum result_kind {
    RESULT_SYNTHETIC, /* depends on law, draws, seed and layer alone */
    RESULT_BASIS,       /* on transform, view and layers, the same for all that share it */
    RESULT_LAYER_GROUP, /* on the layers alone, the same for all of one input */
    RESULT_PROFILE,
    RESULT_FAMILY,
    RESULT_QUANTIZERS, /* depends on the scheme */
    RESULT_ERRORS,     /* this and the next on scheme and belief */
    RESULT_SPECTRUM,
    RESULT_CURVE,      /* but for the scheme's clip */
    RESULT_COMPARISON, /* of the scheme its granularity alone */
    RESULT_SPREAD,
    RESULT_NORMALITY,
    RESULT_LINEUP,      /* on scheme, layers and their rounded inputs; likewise */
    RESULT_OUTLIERS,    /* on the request's limits */
    RESULT_OUTLIER_MAP, /* on its limits and region */
    RESULT_OUTLIER_COSTS,
    RESULT_AUDIT,
};

struct cache;

struct cache *cache_new(size_t bytes_most);
void cache_free(struct cache *cache);

/* The result of that kind for the request, sampled or exact, with a reference for the caller;
 * NULL if it is not there.  The kinds above say what of the scheme and the belief they depend on;
 * whether figures alone are wanted matters to errors, too. */
const struct part *cache_get(struct cache *cache, enum result_kind kind,
                             const struct request *request, bool sampled);

/* Keeps a result (takes a reference of its own). */
void cache_put(struct cache *cache, enum result_kind kind, const struct request *request,
               bool sampled, const struct part *part);

#endif
