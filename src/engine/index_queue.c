/* SPDX-License-Identifier: MIT */
#include "engine/index_queue.h"

#include "base/mem.h"

void index_queue_init(struct index_queue *queue, size_t room)
{
    *queue = (struct index_queue){.room = room};
    queue->ring = mem_alloc(room, sizeof *queue->ring);
    queue->queued = mem_zero(room, sizeof *queue->queued);
}

void index_queue_done(struct index_queue *queue)
{
    mem_free(queue->queued);
    mem_free(queue->ring);
}

void index_queue_add(struct index_queue *queue, size_t index)
{
    if (queue->queued[index])
        return;
    queue->queued[index] = true;
    queue->ring[(queue->first + queue->count++) % queue->room] = index;
}

bool index_queue_take(struct index_queue *queue, size_t *index)
{
    if (queue->count == 0)
        return false;
    *index = queue->ring[queue->first];
    queue->first = (queue->first + 1) % queue->room;
    queue->count--;
    queue->queued[*index] = false;
    return true;
}
