/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/analysis.h"
#include "engine/cache.h"
#include "engine/pool.h"
#include "engine/thread.h"

/* Results of about so many bytes are kept: with the report on the screen and the one being made,
 * the whole stays below 100 MB for any tensor that people have; the lab's largest sample fits. */
#define CACHE_BYTES ((size_t)44 << 20)

/* Layers of one input with their moments and samples, kept only while line-ups are looked at: so
 * that another scheme need not read them again. */
#define GROUP_BYTES ((size_t)256 << 20)

struct engine {
    struct pool *pool;
    struct cache *cache;
    struct cache *groups; /* NULL while nobody asks for line-ups */
    struct cache *bases;
    struct watch watch;
    int pipe[2];
    pthread_t thread;
    bool started;

    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t asked, idle;
    struct request wanted;
    bool has_wanted, busy, stop;
    double begun;
    const struct report *latest; /* not yet taken */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Hands a report to the interface, unless a newer request has made it stale. */
static void publish(void *user, const struct report *report)
{
    struct engine *engine = user;
    pthread_mutex_lock(&engine->mutex);
    if (!engine->has_wanted) {
        if (engine->latest)
            part_unref(&engine->latest->part);
        part_ref(&report->part);
        engine->latest = report;
        /* A full pipe is as good as a written one: the reader is awake already. */
        ssize_t written = write(engine->pipe[1], "", 1);
        (void)written;
    }
    pthread_mutex_unlock(&engine->mutex);
}

static void publish_failure(struct engine *engine, const struct request *request,
                            const struct error *error)
{
    struct report content = {.request = *request, .error = *error};
    const struct report *report = report_new(&content);
    publish(engine, report);
    part_unref(&report->part);
}

/* The engine's own thread alone uses the caches. */
static void keep_groups(struct engine *engine, bool keep)
{
    if (keep && !engine->groups) {
        engine->groups = cache_new(GROUP_BYTES);
    } else if (!keep) {
        cache_free(engine->groups);
        engine->groups = NULL;
    }
}

static void answer(struct engine *engine, const struct request *request)
{
    struct error error = {ERROR_NONE, ""};
    keep_groups(engine, request->lineup);
    const struct analysis analysis = {.pool = engine->pool,
                                      .watch = &engine->watch,
                                      .cache = engine->cache,
                                      .bases = engine->bases,
                                      .publish = publish,
                                      .user = engine,
                                      .groups = engine->groups};
    const struct report *report = analysis_run(&analysis, request, &error);
    if (report)
        part_unref(&report->part);
    else if (error.code != ERROR_CANCELLED)
        publish_failure(engine, request, &error);
}

static void *engine_main(void *argument)
{
    struct engine *engine = argument;
    pthread_mutex_lock(&engine->mutex);
    while (!engine->stop) {
        if (!engine->has_wanted) {
            engine->busy = false;
            pthread_cond_broadcast(&engine->idle);
            pthread_cond_wait(&engine->asked, &engine->mutex);
            continue;
        }
        struct request request = engine->wanted;
        engine->has_wanted = false;
        watch_begin(&engine->watch, NULL, 0);
        atomic_store(&engine->watch.cancel, false);
        pthread_mutex_unlock(&engine->mutex);
        answer(engine, &request);
        pthread_mutex_lock(&engine->mutex);
    }
    engine->busy = false;
    pthread_cond_broadcast(&engine->idle);
    pthread_mutex_unlock(&engine->mutex);
    return NULL;
}

static bool open_pipe(struct engine *engine, struct error *error)
{
    if (pipe2(engine->pipe, O_NONBLOCK | O_CLOEXEC) == 0)
        return true;
    engine->pipe[0] = engine->pipe[1] = -1;
    return error_set(error, ERROR_SYSTEM, "cannot make a pipe: %s", strerror(errno));
}

struct engine *engine_new(unsigned threads, struct error *error)
{
    struct engine *engine = mem_zero(1, sizeof *engine);
    pthread_mutex_init(&engine->mutex, NULL);
    pthread_cond_init(&engine->asked, NULL);
    pthread_cond_init(&engine->idle, NULL);
    engine->cache = cache_new(CACHE_BYTES);
    engine->bases = cache_new(ANALYSIS_BASES);
    bool ok = open_pipe(engine, error);
    if (ok)
        engine->pool = pool_new(threads, error);
    if (engine->pool)
        engine->started = thread_start(&engine->thread, engine_main, engine, error);
    if (!engine->started) {
        engine_free(engine);
        return NULL;
    }
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    if (engine->started) {
        pthread_mutex_lock(&engine->mutex);
        engine->stop = true;
        atomic_store(&engine->watch.cancel, true);
        pthread_cond_broadcast(&engine->asked);
        pthread_mutex_unlock(&engine->mutex);
        pthread_join(engine->thread, NULL);
    }
    pool_free(engine->pool);
    cache_free(engine->groups);
    cache_free(engine->cache);
    cache_free(engine->bases);
    if (engine->latest)
        part_unref(&engine->latest->part);
    for (int i = 0; i < 2; i++)
        if (engine->pipe[i] >= 0)
            close(engine->pipe[i]);
    pthread_cond_destroy(&engine->asked);
    pthread_cond_destroy(&engine->idle);
    pthread_mutex_destroy(&engine->mutex);
    mem_free(engine);
}

void engine_ask(struct engine *engine, const struct request *request)
{
    pthread_mutex_lock(&engine->mutex);
    engine->wanted = *request;
    engine->has_wanted = true;
    engine->busy = true;
    engine->begun = now();
    atomic_store(&engine->watch.cancel, true);
    /* What has not been shown by now never will be. */
    if (engine->latest)
        part_unref(&engine->latest->part);
    engine->latest = NULL;
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->mutex);
}

int engine_descriptor(const struct engine *engine)
{
    return engine->pipe[0];
}

const struct report *engine_take(struct engine *engine)
{
    char drain[64];
    while (read(engine->pipe[0], drain, sizeof drain) == (ssize_t)sizeof drain)
        ;
    pthread_mutex_lock(&engine->mutex);
    const struct report *report = engine->latest;
    engine->latest = NULL;
    pthread_mutex_unlock(&engine->mutex);
    return report;
}

struct engine_progress engine_progress(struct engine *engine)
{
    pthread_mutex_lock(&engine->mutex);
    struct engine_progress progress = {.busy = engine->busy};
    if (engine->busy)
        progress.seconds = now() - engine->begun;
    pthread_mutex_unlock(&engine->mutex);
    double total = (double)atomic_load(&engine->watch.total);
    progress.stage = atomic_load(&engine->watch.stage);
    /* The count may belong to a stage that began after total was read. */
    progress.fraction = total > 0 ? fmin((double)atomic_load(&engine->watch.done) / total, 1) : 0;
    return progress;
}

void engine_wait(struct engine *engine)
{
    pthread_mutex_lock(&engine->mutex);
    while (engine->busy)
        pthread_cond_wait(&engine->idle, &engine->mutex);
    pthread_mutex_unlock(&engine->mutex);
}
