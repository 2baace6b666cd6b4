/* SPDX-License-Identifier: MIT
 *
 * What theory takes the weights of a channel for.
 */
#ifndef ENGINE_BELIEF_H
#define ENGINE_BELIEF_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/family.h"
#include "engine/fits.h"
#include "engine/profile.h"
#include "engine/stage.h"
#include "stats/source.h"

enum belief {
    BELIEF_GAUSSIAN,  /* the channel's mean and standard deviation */
    BELIEF_LAPLACE,   /* its median and mean |w - median| */
    BELIEF_FAMILY,    /* the one of these that the whole sample is nearer to */
    BELIEF_EMPIRICAL, /* its own histogram */
    BELIEF_COUNT,
    BELIEF_LAW = BELIEF_COUNT, /* the source that a synthetic sample was drawn from */
};

/* "gaussian", "laplace", "auto", "empirical", "law". */
const char *belief_name(enum belief belief);
bool belief_parse(const char *text, enum belief *belief, struct error *error);

/* The source that it comes to, for legends: "Gaussian", "empirical".  family settles BELIEF_FAMILY
 * and may be NULL for what that is not known of yet ("auto"); law is that of BELIEF_LAW. */
const char *belief_title(enum belief belief, const struct family *family,
                         const struct source *law);

/* A belief made ready for the rows of a stage. */
struct believer {
    const struct rows *rows;
    const struct profile *profile;
    enum belief belief; /* never BELIEF_FAMILY: that has been settled */
    struct fit *fit;    /* by row, where needed */
    struct source law;
};

/* family may be NULL unless belief is BELIEF_FAMILY, law unless it is BELIEF_LAW. */
bool believer_init(struct believer *believer, const struct stage *stage,
                   const struct profile *profile, enum belief belief, const struct family *family,
                   const struct source *law, struct error *error);
void believer_done(struct believer *believer);

/* The source for a row.  source->type is NULL for a row without a density: no finite elements, or
 * all alike.  False with *error if the row had to be read and could not be.  The source may refer
 * to *table, which the caller frees after use (source_table_free). */
bool believer_source(const struct believer *believer, size_t row, struct workspace *workspace,
                     struct watch *watch, struct source *source, struct source_table **table,
                     struct error *error);

#endif
