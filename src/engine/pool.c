/* SPDX-License-Identifier: MIT */
#include "engine/pool.h"

#include <pthread.h>
#include <sched.h>

#include "base/mem.h"
#include "engine/thread.h"

/* What the workers run at the moment; changed only under the mutex while nobody works. */
struct run {
    size_t units;
    pool_work *work;
    void *context;
    struct watch *watch;
    atomic_size_t next;
    atomic_bool failed;
    struct error error; /* of the unit that failed first; under the mutex */
};

struct worker {
    struct pool *pool;
    struct workspace workspace;
    pthread_t thread;
};

struct pool {
    unsigned size;
    struct worker *workers; /* [0] is the caller */
    pthread_mutex_t mutex;
    pthread_cond_t begin, end;
    unsigned long generation; /* counts runs, so that a worker knows a new one */
    unsigned working;
    bool stop;
    struct run run;
};

void watch_begin(struct watch *watch, const char *stage, uint64_t total)
{
    atomic_store(&watch->stage, stage);
    atomic_store(&watch->done, 0);
    atomic_store(&watch->total, total);
}

static void fail(struct pool *pool, const struct error *error)
{
    pthread_mutex_lock(&pool->mutex);
    if (!atomic_load(&pool->run.failed)) {
        pool->run.error = *error;
        atomic_store(&pool->run.failed, true);
    }
    pthread_mutex_unlock(&pool->mutex);
}

static void work_units(struct pool *pool, struct workspace *workspace)
{
    struct run *run = &pool->run;
    struct error error = {ERROR_NONE, ""};
    while (!atomic_load(&run->failed)) {
        gate_pass(run->watch->gate, &run->watch->cancel);
        if (atomic_load(&run->watch->cancel)) {
            error_set(&error, ERROR_CANCELLED, "cancelled");
            fail(pool, &error);
            return;
        }
        size_t unit = atomic_fetch_add(&run->next, 1);
        if (unit >= run->units)
            return;
        if (!run->work(run->context, unit, workspace, &error)) {
            fail(pool, &error);
            return;
        }
        atomic_fetch_add(&run->watch->done, 1);
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    unsigned long seen = 0;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->generation == seen && !pool->stop)
            pthread_cond_wait(&pool->begin, &pool->mutex);
        if (pool->stop)
            break;
        seen = pool->generation;
        pthread_mutex_unlock(&pool->mutex);
        work_units(pool, &worker->workspace);
        pthread_mutex_lock(&pool->mutex);
        if (--pool->working == 0)
            pthread_cond_signal(&pool->end);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

bool pool_run(struct pool *pool, size_t units, pool_work *work, void *context, struct watch *watch,
              struct error *error)
{
    pthread_mutex_lock(&pool->mutex);
    struct run *run = &pool->run;
    run->units = units;
    run->work = work;
    run->context = context;
    run->watch = watch;
    atomic_store(&run->next, 0);
    atomic_store(&run->failed, false);
    /* A single unit is not worth waking anybody. */
    bool share = pool->size > 1 && units > 1;
    if (share) {
        pool->working = pool->size - 1;
        pool->generation++;
        pthread_cond_broadcast(&pool->begin);
    }
    pthread_mutex_unlock(&pool->mutex);

    work_units(pool, &pool->workers[0].workspace);

    pthread_mutex_lock(&pool->mutex);
    while (share && pool->working > 0)
        pthread_cond_wait(&pool->end, &pool->mutex);
    bool ok = !atomic_load(&run->failed);
    if (!ok && error)
        *error = run->error;
    pthread_mutex_unlock(&pool->mutex);
    return ok;
}

static void workspace_init(struct workspace *workspace, unsigned index)
{
    workspace->index = index;
    workspace->values = mem_alloc(WORKSPACE_ELEMENTS, sizeof(double));
    workspace->scratch = mem_alloc(WORKSPACE_SCRATCH, sizeof(double));
}

static void workspace_done(struct workspace *workspace)
{
    mem_free(workspace->values);
    mem_free(workspace->scratch);
}

struct pool *pool_new(unsigned threads, struct error *error)
{
    struct pool *pool = mem_zero(1, sizeof *pool);
    pool->workers = mem_zero(threads, sizeof *pool->workers);
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->begin, NULL);
    pthread_cond_init(&pool->end, NULL);
    for (unsigned i = 0; i < threads; i++) {
        pool->workers[i].pool = pool;
        workspace_init(&pool->workers[i].workspace, i);
        struct worker *worker = &pool->workers[i];
        if (i > 0 && !thread_start(&worker->thread, worker_main, worker, error)) {
            workspace_done(&worker->workspace);
            pool_free(pool);
            return NULL;
        }
        pool->size = i + 1;
    }
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->stop = true;
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 0; i < pool->size; i++) {
        if (i > 0)
            pthread_join(pool->workers[i].thread, NULL);
        workspace_done(&pool->workers[i].workspace);
    }
    pthread_cond_destroy(&pool->begin);
    pthread_cond_destroy(&pool->end);
    pthread_mutex_destroy(&pool->mutex);
    mem_free(pool->workers);
    mem_free(pool);
}

unsigned pool_size(const struct pool *pool)
{
    return pool->size;
}

unsigned pool_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > 64 ? 64 : (unsigned)count;
}
