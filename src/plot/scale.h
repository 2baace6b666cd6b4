/* SPDX-License-Identifier: MIT
 *
 * One axis: where a value lies on it, and the round values worth a number beside it.
 */
#ifndef PLOT_SCALE_H
#define PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct scale {
    double low, high; /* finite, low < high; both > 0 if log */
    bool log;
};

/* Where value lies: 0 at low, 1 at high, beyond for what is off the axis.  NaN for what no place
 * can be given: NaN, infinities, and on a log axis whatever is not positive. */
double scale_position(const struct scale *scale, double value);

/* The value at a position: the inverse of scale_position. */
double scale_value(const struct scale *scale, double position);

#define SCALE_TICKS 16

struct scale_ticks {
    size_t count;
    double at[SCALE_TICKS]; /* ascending, all on the axis */
    char label[SCALE_TICKS][TEXT_NUMBER];
};

/* Finds round ticks, at most `most` of them (itself at most SCALE_TICKS): steps of 1, 2 or 5 times
 * a power of ten; on a log axis decades, with 2 and 5 where decades are few.  The labels have
 * just the digits that tell neighbours apart. */
void scale_find_ticks(const struct scale *scale, size_t most, struct scale_ticks *ticks);

#endif
