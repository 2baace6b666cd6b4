/* SPDX-License-Identifier: MIT
 *
 * The whole road from a request to a report, stage by stage, as one plain call.
 */
#ifndef ENGINE_ANALYSIS_H
#define ENGINE_ANALYSIS_H

#include "engine/cache.h"
#include "engine/pool.h"
#include "engine/report.h"

struct analysis {
    struct pool *pool;
    struct watch *watch;
    struct cache *cache; /* NULL: nothing is kept */
    /* Called with each better report on the way, first from a sample; the report is lent for the
     * call.  NULL: no sample is taken and only the final report counts. */
    void (*publish)(void *user, const struct report *report);
    void *user;
};

/* The final, exact report, which the caller unrefs (part_unref of its part); NULL with *error. */
const struct report *analysis_run(const struct analysis *analysis, const struct request *request,
                                  struct error *error);

#endif
