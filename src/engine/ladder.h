/* SPDX-License-Identifier: MIT
 *
 * Stage: weights and rounding errors at all widths of the usual scheme in one reading of every row
 * (channels longer than a worker's buffer are read twice), with what theory says of Gaussian
 * channels.
 */
#ifndef ENGINE_LADDER_H
#define ENGINE_LADDER_H

#include <stdbool.h>

#include "engine/normality.h"
#include "engine/record.h"
#include "engine/stage.h"

/* Fills *weights and error[RECORD_WIDTHS].  normality, if it is known (else NULL), tells which
 * channels the second fits are of.  False with *error if the rows cannot be read or the work was
 * cancelled. */
bool ladder_compute(const struct stage *stage, const struct normality *normality,
                    struct record_weights *weights, struct record_error error[RECORD_WIDTHS],
                    struct error *why);

#endif
