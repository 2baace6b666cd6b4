/* SPDX-License-Identifier: MIT
 *
 * The figures of a layer that lessons can name: those that `sqnr` prints, under the names that they
 * have there, of the transform that is set, or behind an @ of another entry of the line-up
 * (measured_sqnr_db@none, @hadamard, @cat, and @+1, @+2 for so many more bits and no transform); and
 * the concentrations that a Gaussian's and a Laplace's draws would have.
 */
#ifndef UI_LESSON_LAYER_H
#define UI_LESSON_LAYER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/report.h"
#include "ui/lesson_key.h"

/* The key of that name of `length` bytes, NULL if there is none. */
const struct lesson_key *lesson_layer_key(const char *name, size_t length);

/* False while the figure is not known, or the report is not of a layer. */
bool lesson_layer_figure(const struct report *report, const char *name, double *value);

#endif
