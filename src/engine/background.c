/* SPDX-License-Identifier: MIT */
#include "engine/background.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/gate.h"
#include "engine/thread.h"

struct background {
    struct background_jobs jobs;
    void *owner;
    struct pool *pool;
    struct gate *gate;
    struct watch watch;
    int pipe[2];
    pthread_t thread;
    bool started;

    pthread_mutex_t mutex; /* guards all below, and the owner's data */
    pthread_cond_t moved;  /* something has changed for the thread, or for who waits */
    bool busy, stop;
    bool held[BACKGROUND_HOLDS];
};

/* ---- the thread ---- */

static void *background_main(void *argument)
{
    struct background *background = argument;
    pthread_mutex_lock(&background->mutex);
    while (!background->stop) {
        const bool held = background_is_held(background), was_busy = background->busy;
        background->busy = background->jobs.next(background->owner, held);
        if (was_busy && !background->busy)
            background_tell(background); /* who shows progress has to show its end */
        if (background->busy && !held) {
            background->jobs.work(background->owner);
            continue;
        }
        pthread_cond_broadcast(&background->moved);
        pthread_cond_wait(&background->moved, &background->mutex);
    }
    pthread_mutex_unlock(&background->mutex);
    return NULL;
}

void background_begin(struct background *background)
{
    watch_begin(&background->watch, NULL, 0);
    atomic_store(&background->watch.cancel, false);
    pthread_mutex_unlock(&background->mutex);
}

void background_end(struct background *background)
{
    pthread_mutex_lock(&background->mutex);
}

struct pool *background_pool(const struct background *background)
{
    return background->pool;
}

struct watch *background_watch(struct background *background)
{
    return &background->watch;
}

/* ---- its life ---- */

static bool open_pipe(struct background *background, struct error *error)
{
    if (pipe2(background->pipe, O_NONBLOCK | O_CLOEXEC) == 0)
        return true;
    background->pipe[0] = background->pipe[1] = -1;
    return error_set(error, ERROR_SYSTEM, "cannot make a pipe: %s", strerror(errno));
}

struct background *background_new(const struct background_jobs *jobs, void *owner, unsigned threads,
                                  struct error *error)
{
    struct background *background = mem_zero(1, sizeof *background);
    background->jobs = *jobs;
    background->owner = owner;
    pthread_mutex_init(&background->mutex, NULL);
    pthread_cond_init(&background->moved, NULL);
    background->gate = background->watch.gate = gate_new();
    if (open_pipe(background, error))
        background->pool = pool_new(threads, error);
    if (background->pool)
        background->started = thread_start(&background->thread, background_main, background, error);
    if (background->started)
        return background;
    background_free(background);
    return NULL;
}

static void end_thread(struct background *background)
{
    pthread_mutex_lock(&background->mutex);
    background->stop = true;
    background_cancel(background);
    pthread_cond_broadcast(&background->moved);
    pthread_mutex_unlock(&background->mutex);
    pthread_join(background->thread, NULL);
}

void background_free(struct background *background)
{
    if (!background)
        return;
    if (background->started)
        end_thread(background);
    pool_free(background->pool);
    gate_free(background->gate);
    for (int i = 0; i < 2; i++)
        if (background->pipe[i] >= 0)
            close(background->pipe[i]);
    pthread_cond_destroy(&background->moved);
    pthread_mutex_destroy(&background->mutex);
    mem_free(background);
}

void background_lock(struct background *background)
{
    pthread_mutex_lock(&background->mutex);
}

void background_unlock(struct background *background)
{
    pthread_mutex_unlock(&background->mutex);
}

/* ---- with the lock ---- */

void background_wake(struct background *background)
{
    background->busy = true; /* until the thread has found out */
    pthread_cond_broadcast(&background->moved);
}

void background_cancel(struct background *background)
{
    atomic_store(&background->watch.cancel, true);
    gate_knock(background->gate);
}

/* A full pipe is as good as a written one: the reader is awake. */
void background_tell(struct background *background)
{
    const ssize_t written = write(background->pipe[1], "", 1);
    (void)written;
}

void background_quiet(struct background *background)
{
    char drain[64];
    while (read(background->pipe[0], drain, sizeof drain) == (ssize_t)sizeof drain)
        ;
}

void background_hold(struct background *background, unsigned reason, bool hold)
{
    background->held[reason] = hold;
    gate_set(background->gate, background_is_held(background));
    pthread_cond_broadcast(&background->moved);
}

bool background_is_held(const struct background *background)
{
    bool held = false;
    for (size_t i = 0; i < BACKGROUND_HOLDS; i++)
        held = held || background->held[i];
    return held;
}

bool background_is_busy(const struct background *background)
{
    return background->busy;
}

/* ---- without it ---- */

int background_descriptor(const struct background *background)
{
    return background->pipe[0];
}

void background_wait(struct background *background)
{
    pthread_mutex_lock(&background->mutex);
    while (background->busy && !background_is_held(background))
        pthread_cond_wait(&background->moved, &background->mutex);
    pthread_mutex_unlock(&background->mutex);
}
