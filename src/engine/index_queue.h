/* SPDX-License-Identifier: MIT
 *
 * A queue of indices, each in it at most once: whose records have changed since somebody looked.
 */
#ifndef ENGINE_INDEX_QUEUE_H
#define ENGINE_INDEX_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct index_queue {
    size_t room;  /* indices are below it */
    size_t *ring; /* [room] */
    bool *queued; /* by index */
    size_t first, count;
};

void index_queue_init(struct index_queue *queue, size_t room);
void index_queue_done(struct index_queue *queue);

/* Puts it at the end, unless it is in the queue. */
void index_queue_add(struct index_queue *queue, size_t index);

/* Takes the first one; false if there is none. */
bool index_queue_take(struct index_queue *queue, size_t *index);

#endif
