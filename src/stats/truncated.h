/* SPDX-License-Identifier: MIT
 *
 * Truncated moments of a symmetric source from those of its tails.
 */
#ifndef STATS_TRUNCATED_H
#define STATS_TRUNCATED_H

#include "stats/source.h"

/* Integrals of (y - at)^k f(y) over y > a, k = 0, 1, 2, where f is centred at 0; a >= 0 and is
 * finite. */
typedef void truncated_tail(const struct source *source, double a, double at, double m[3]);

/* Those over a < x < b from the source's tails: always from the nearer one, so that little cancels
 * unless the interval is so narrow that f hardly changes within it. */
void truncated_from_tails(const struct source *source, truncated_tail *tail, double a, double b,
                          double at, double m[3]);

#endif
