/* SPDX-License-Identifier: MIT
 *
 * The machine's own limit: how fast bytes that lie mapped in memory can be read at all.
 */
#ifndef TESTS_BENCH_LIMIT_H
#define TESTS_BENCH_LIMIT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/pool.h"

/* Seconds that the pool needs to add up n bytes, with the widest vectors that there are; in *cpu
 * what its threads have worked. */
double limit_time(struct pool *pool, const unsigned char *bytes, uint64_t n, double *cpu);

#endif
