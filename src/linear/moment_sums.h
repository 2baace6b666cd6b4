/* SPDX-License-Identifier: MIT
 *
 * Second moments as they grow row by row, whole or in blocks along the diagonal: what a
 * struct moment is made of.
 */
#ifndef LINEAR_MOMENT_SUMS_H
#define LINEAR_MOMENT_SUMS_H

#include <stddef.h>

#include "linear/moment.h"

struct moment_sums;

/* Sums of zero, for blocks of `block` columns as struct moment has them; NULL if memory does not
 * suffice.  The caller frees them. */
struct moment_sums *moment_sums_new(size_t columns, size_t block);
void moment_sums_free(struct moment_sums *sums);

/* Adds v vᵀ of n rows v of `columns` values each. */
void moment_sums_add(struct moment_sums *sums, const double rows[], size_t n);

/* The sums over `count` (the number of tokens, or 1) as a moment's value, [block, columns], which
 * the caller frees; NULL if memory does not suffice.  Frees the sums in either case. */
double *moment_sums_finish(struct moment_sums *sums, double count);

#endif
