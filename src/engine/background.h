/* SPDX-License-Identifier: MIT
 *
 * Work behind the interface: a thread with a pool of its own that does one job after the other
 * while nobody holds it, and tells by a descriptor when there is news.  What the jobs are is its
 * owner's affair, whose data the thread and the interface share under one lock.
 */
#ifndef ENGINE_BACKGROUND_H
#define ENGINE_BACKGROUND_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/pool.h"

/* Reasons to hold it are numbers below this; it goes on when there is none. */
#define BACKGROUND_HOLDS 4

/* Both are called by the thread, with the lock. */
struct background_jobs {
    /* Whether there is anything to do, which becomes the job at hand.  held: it will not be
     * done now.  */
    bool (*next)(void *owner, bool held);
    /* Does that job: briefly, but for what is between background_begin and background_end. */
    void (*work)(void *owner);
};

struct background;

/* The owner has to be ready for its jobs.  NULL with ERROR_SYSTEM. */
struct background *background_new(const struct background_jobs *jobs, void *owner, unsigned threads,
                                  struct error *error);

/* Cancels the job at hand, waits for its end and frees everything but the owner's data; NULL is
 * allowed. */
void background_free(struct background *background);

void background_lock(struct background *background);
void background_unlock(struct background *background);

/* For jobs: gives the lock back while they compute with the pool and the watch, and takes it again.
 * Cancelling ends what goes on in between. */
void background_begin(struct background *background);
void background_end(struct background *background);
struct pool *background_pool(const struct background *background);
struct watch *background_watch(struct background *background);

/* The following are called with the lock. */

void background_wake(struct background *background);   /* there may be something to do again */
void background_cancel(struct background *background); /* ends the job at hand, even a held one */
void background_tell(struct background *background);   /* makes the descriptor readable */
void background_quiet(struct background *background);  /* and no longer */
void background_hold(struct background *background, unsigned reason, bool hold);
bool background_is_held(const struct background *background);
bool background_is_busy(const struct background *background); /* or would be if it were not held */

/* These without it. */

int background_descriptor(const struct background *background);

/* Waits until there is nothing to do, or it is held. */
void background_wait(struct background *background);

#endif
