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
    struct cache *groups; /* of layers, which are large; NULL: none is kept */
    struct cache *bases;  /* of results RESULT_BASIS, which are large; NULL: none is kept */
};

/* Bytes of bases that are worth keeping: one of a whole square matrix of the widest that there are,
 * or some dozens in blocks. */
#define ANALYSIS_BASES ((size_t)288 << 20)

/* Has the rows of a tensor read behind a transform.  *basis is what they read through, from the
 * cache or made, and the caller's to unref after them; NULL if no transform is wanted, or the
 * tensor has none.  False with *error. */
bool analysis_transform(const struct analysis *analysis, const struct basis_wish *wish,
                        struct rows *rows, const struct tensor_basis **basis, struct error *error);

/* The final, exact report, which the caller unrefs (part_unref of its part); NULL with *error. */
const struct report *analysis_run(const struct analysis *analysis, const struct request *request,
                                  struct error *error);

#endif
