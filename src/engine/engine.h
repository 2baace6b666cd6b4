/* SPDX-License-Identifier: MIT
 *
 * The engine behind the screen: it works on the newest request, drops it when another comes, and
 * reports through a descriptor that the interface can poll.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/report.h"

struct engine;

/* An engine of so many threads; NULL with ERROR_SYSTEM. */
struct engine *engine_new(unsigned threads, struct error *error);

/* Stops the work (within a unit of it) and frees everything. */
void engine_free(struct engine *engine);

/* Asks for a request in the place of any earlier one.  Never waits.  The tensor must live as long
 * as the engine. */
void engine_ask(struct engine *engine, const struct request *request);

/* Readable when engine_take has something new. */
int engine_descriptor(const struct engine *engine);

/* The newest report of the newest request, if it has not been taken yet, else NULL; the caller
 * unrefs it. */
const struct report *engine_take(struct engine *engine);

struct engine_progress {
    bool busy;
    double seconds;     /* since this request was asked for */
    const char *stage;  /* static text; NULL before the first */
    double fraction;    /* of the stage, 0 .. 1 */
};
struct engine_progress engine_progress(struct engine *engine);

/* Waits until nothing is being worked on: what a script needs between keys. */
void engine_wait(struct engine *engine);

#endif
