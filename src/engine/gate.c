/* SPDX-License-Identifier: MIT */
#include "engine/gate.h"

#include <pthread.h>

#include "base/mem.h"

struct gate {
    atomic_bool
        closed; /* changed under the mutex; read without it, so that an open gate is cheap */
    pthread_mutex_t mutex;
    pthread_cond_t moved;
};

struct gate *gate_new(void)
{
    struct gate *gate = mem_zero(1, sizeof *gate);
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->moved, NULL);
    return gate;
}

void gate_free(struct gate *gate)
{
    if (!gate)
        return;
    pthread_cond_destroy(&gate->moved);
    pthread_mutex_destroy(&gate->mutex);
    mem_free(gate);
}

void gate_set(struct gate *gate, bool closed)
{
    pthread_mutex_lock(&gate->mutex);
    atomic_store(&gate->closed, closed);
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->mutex);
}

void gate_pass(struct gate *gate, const atomic_bool *cancel)
{
    if (!gate || !atomic_load(&gate->closed))
        return;
    pthread_mutex_lock(&gate->mutex);
    while (atomic_load(&gate->closed) && !atomic_load(cancel))
        pthread_cond_wait(&gate->moved, &gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
}

void gate_knock(struct gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->mutex);
}
