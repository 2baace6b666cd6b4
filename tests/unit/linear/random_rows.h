/* SPDX-License-Identifier: MIT
 *
 * Random values for the tests of linear/, always the same ones.
 */
#ifndef TESTS_RANDOM_ROWS_H
#define TESTS_RANDOM_ROWS_H

#include <stddef.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

/* n draws of a unit Gaussian. */
static inline void random_rows(double out[], size_t n, unsigned long seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    gsl_rng_set(rng, seed);
    for (size_t i = 0; i < n; i++)
        out[i] = gsl_ran_gaussian_ziggurat(rng, 1);
    gsl_rng_free(rng);
}

#endif
