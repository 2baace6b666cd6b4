/* SPDX-License-Identifier: MIT
 *
 * The values of all rows in order: sorted where they are few, counted by their leading bits where
 * they are many.  Shared by the stages that need order statistics.
 */
#ifndef ENGINE_SAMPLE_H
#define ENGINE_SAMPLE_H

#include "engine/stage.h"
#include "stats/counts.h"

struct sample {
    uint64_t n;            /* finite values */
    double *sorted;        /* ascending; NULL if they are counted */
    struct counts *counts; /* NULL if they are sorted */
};

/* Called by the workers with each part as it is read, in any order; may be NULL. */
typedef void sample_look(void *context, unsigned worker, const double x[], size_t n);

/* Reads all rows into *sample; false with *error.  name is the stage's, for who watches. */
bool sample_read(struct sample *sample, const struct stage *stage, const char *name,
                 sample_look *look, void *context, struct error *error);
void sample_done(struct sample *sample);

/* The values of n ascending ranks. */
void sample_quantiles(const struct sample *sample, const uint64_t rank[], size_t n, double out[]);

#endif
