/* SPDX-License-Identifier: MIT
 *
 * The second half of the errors stage: what theory predicts for every channel, and the pooled
 * curves that are drawn over the measured ones.
 */
#ifndef ENGINE_PREDICTION_H
#define ENGINE_PREDICTION_H

#include "engine/errors.h"

/* Fills the theory members of errors, whose grids and histograms are ready. */
bool prediction_add(const struct stage *stage, const struct scheme *scheme,
                    const struct believer *believer, struct errors *errors, struct error *error);

#endif
