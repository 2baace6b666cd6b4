/* SPDX-License-Identifier: MIT
 *
 * The figures of a report computed as they are defined (MATH §1 - §4): one look at every element
 * after the other in long double, no blocks, no merging, no threads.
 */
#ifndef TESTS_DIRECT_H
#define TESTS_DIRECT_H

#include <stddef.h>

#include "engine/report.h"

struct figures direct_figures(const double x[], size_t channels, size_t length,
                              const struct scheme *scheme);

/* e = Q(w) - w of n elements of one channel, and its grid. */
struct grid direct_errors(const double w[], size_t n, const struct scheme *scheme, double e[]);

/* Asserts that a report's figures are near to the direct ones. */
void direct_assert_figures(const struct figures *got, const struct figures *expected);

/* Asserts that two figures are the same to the last bit. */
void direct_assert_same(const struct figures *got, const struct figures *expected);

#endif
