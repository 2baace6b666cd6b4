/* SPDX-License-Identifier: MIT
 *
 * A persistent pool of workers that run the units of a piece of work, each unit once, in no
 * particular order.  The caller works too, so a pool of one has no thread of its own.
 */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/gate.h"

/* Most elements that a worker holds at once: a unit of work never has more. */
#define WORKSPACE_ELEMENTS 65536

/* What a transform may need beside them.  Memory that nobody touches costs nothing. */
#define WORKSPACE_SCRATCH (4 * WORKSPACE_ELEMENTS)

/* A worker's buffers, allocated once. */
struct workspace {
    unsigned index;   /* 0 .. pool_size - 1: picks the worker's own accumulators */
    double *values;   /* WORKSPACE_ELEMENTS */
    double *scratch;  /* WORKSPACE_SCRATCH */
};

/* Shared between who works and who watches. */
struct watch {
    atomic_bool cancel;
    _Atomic(const char *) stage;  /* what is being done: "errors"; static text */
    _Atomic uint64_t done, total; /* units of that stage */
    struct gate *gate;            /* that workers pass before each unit; NULL: none */
};

/* A stage begins that will run so many units in all, in one run or several. */
void watch_begin(struct watch *watch, const char *stage, uint64_t total);

/* One unit; false with *error filled to stop the whole run. */
typedef bool pool_work(void *context, size_t unit, struct workspace *workspace,
                       struct error *error);

struct pool;

/* threads >= 1 in all; NULL with ERROR_SYSTEM if one cannot be started. */
struct pool *pool_new(unsigned threads, struct error *error);
void pool_free(struct pool *pool);
unsigned pool_size(const struct pool *pool);

/* Runs work for units 0 .. units - 1 and returns when all are done, one has failed, or
 * watch->cancel was seen (between units: ERROR_CANCELLED).  One run at a time.  A closed gate holds
 * the workers between units. */
bool pool_run(struct pool *pool, size_t units, pool_work *work, void *context,
              struct watch *watch, struct error *error);

/* Processors that this process may use. */
unsigned pool_processors(void);

#endif
