/* SPDX-License-Identifier: MIT
 *
 * Private to the analysis: one run of the stages, over all rows or over a sample of them, and the
 * report that it fills.
 */
#ifndef ENGINE_CHAIN_H
#define ENGINE_CHAIN_H

#include "engine/analysis.h"

struct chain {
    const struct analysis *analysis;
    const struct request *request;
    struct stage stage;
    bool sampled;
};

/* Where a report keeps a kind of result, and whether it is a sample's.  Of a kind with a place of
 * its own both are NULL. */
struct slot {
    const struct part **part;
    bool *sampled;
};
struct slot chain_slot(struct report *report, enum result_kind kind);

/* Obtains a result, from the cache or computed, unless the report has it already, as good as this
 * chain gives it.  False with *error. */
bool chain_advance(const struct chain *chain, struct report *report, enum result_kind kind,
                   struct error *error);

/* Puts a result of the chain into the report, in the place of an earlier one. */
void chain_put(const struct chain *chain, struct report *report, enum result_kind kind,
               const struct part *part);

/* Lets go of all parts of a report that is not counted itself. */
void chain_release(struct report *content);

/* Shows the report to who wants to see it on the way. */
void chain_publish(const struct analysis *analysis, const struct report *content);

/* Whether the request is of one channel that has its quantizers in common with others. */
bool chain_shares_quantizers(const struct request *request);

/* What transforms would do for the layer that the tensor is; what makes it none is said in the
 * line-up.  NULL with *error. */
const struct part *chain_lineup(const struct chain *chain, const struct report *so_far,
                                struct error *error);

/* A result that the cache does not have, of what the report has so far; NULL with *error. */
const struct part *chain_compute(const struct chain *chain, enum result_kind kind,
                                 const struct report *so_far, struct error *error);

#endif
