/* SPDX-License-Identifier: MIT
 *
 * What theory predicts for every row, and the pooled curves that are drawn over the measured ones.
 */
#ifndef ENGINE_PREDICTION_H
#define ENGINE_PREDICTION_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/belief.h"
#include "engine/errors.h"
#include "engine/pictures.h"
#include "engine/quantizers.h"
#include "engine/steps.h"

/* Sums over the rows of a piece of work, in their order. */
struct prediction_sums {
    double *cdf, *fitted;  /* NULL without pictures */
    double weight;         /* elements of rows with a step: what the curves stand for */
    double elements;       /* of rows that theory speaks of */
    double mean, mse, pqn; /* sums over these */
    double known;          /* sum of e^2 over all others, whose error needs no theory */
};

struct predictor {
    const struct quantizers *quantizers;
    const struct believer *believer;
    struct watch *watch;
    size_t edges, bins; /* of the pictures; 0 without */
    double *edge, *centre;
};

/* pictures: as all of a stage are; NULL: no curves. */
void predictor_init(struct predictor *predictor, const struct quantizers *quantizers,
                    const struct believer *believer, struct watch *watch,
                    const struct pictures *pictures);
void predictor_done(struct predictor *predictor);

/* Fills the theory members of a row's *channel, whose others are ready, and adds it to the sums.
 * Uses the workspace.  False with *error. */
bool predictor_add(const struct predictor *predictor, size_t row, const struct steps *steps,
                   struct channel_error *channel, struct prediction_sums *sums,
                   struct workspace *workspace, struct error *error);

/* Adds up n pieces of work, in order, into the pooled members of *errors, and frees their curves. */
void predictor_collect(const struct predictor *predictor, struct prediction_sums sums[], size_t n,
                       struct errors *errors);

#endif
