/* SPDX-License-Identifier: MIT */
#include "engine/survey.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/survey_plan.h"
#include "engine/thread.h"

struct survey {
    struct pool *pool;
    struct gate *gate;
    struct watch watch;
    int pipe[2];
    pthread_t thread;
    bool started;

    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t moved;  /* something has changed for the thread, or for who waits */
    struct survey_plan plan;
    bool busy, stop;
    bool held[SURVEY_HOLDS];
    uint64_t at_hand; /* bytes of the tensor that is worked on; 0: none is */
};

static bool is_held(const struct survey *survey)
{
    bool held = false;
    for (size_t i = 0; i < SURVEY_HOLDS; i++)
        held = held || survey->held[i];
    return held;
}

/* Wakes who waits for records.  A full pipe is as good as a written one: the reader is awake. */
static void tell(const struct survey *survey)
{
    const ssize_t written = write(survey->pipe[1], "", 1);
    (void)written;
}

/* ---- the thread ---- */

/* Works on one tensor, without the mutex. */
static void work_on(struct survey *survey, size_t tensor)
{
    struct survey_plan *plan = &survey->plan;
    const struct tensor *subject = &plan->model->tensors[tensor];
    const struct survey_settings settings = plan->settings;
    struct survey_record record;
    const unsigned parts = plan_begin(plan, tensor, &record);
    survey->at_hand = subject->bytes;
    watch_begin(&survey->watch, NULL, 0);
    atomic_store(&survey->watch.cancel, false);
    pthread_mutex_unlock(&survey->mutex);

    struct error error;
    const bool ok =
        survey_tensor(survey->pool, &survey->watch, subject, &settings, parts, &record, &error);

    pthread_mutex_lock(&survey->mutex);
    survey->at_hand = 0;
    if (ok && plan_put(plan, tensor, &settings, parts, &record))
        tell(survey);
}

static void *survey_main(void *argument)
{
    struct survey *survey = argument;
    size_t tensor;
    pthread_mutex_lock(&survey->mutex);
    while (!survey->stop) {
        survey->busy = plan_next(&survey->plan, is_held(survey), &tensor);
        if (survey->busy && !is_held(survey)) {
            work_on(survey, tensor);
            continue;
        }
        pthread_cond_broadcast(&survey->moved);
        pthread_cond_wait(&survey->moved, &survey->mutex);
    }
    pthread_mutex_unlock(&survey->mutex);
    return NULL;
}

/* ---- calls ---- */

static bool open_pipe(struct survey *survey, struct error *error)
{
    if (pipe2(survey->pipe, O_NONBLOCK | O_CLOEXEC) == 0)
        return true;
    survey->pipe[0] = survey->pipe[1] = -1;
    return error_set(error, ERROR_SYSTEM, "cannot make a pipe: %s", strerror(errno));
}

struct survey *survey_new(const struct model *model, unsigned threads, struct error *error)
{
    struct survey *survey = mem_zero(1, sizeof *survey);
    pthread_mutex_init(&survey->mutex, NULL);
    pthread_cond_init(&survey->moved, NULL);
    survey->gate = survey->watch.gate = gate_new();
    plan_init(&survey->plan, model);
    const bool ok = open_pipe(survey, error);
    if (ok)
        survey->pool = pool_new(threads, error);
    if (survey->pool)
        survey->started = thread_start(&survey->thread, survey_main, survey, error);
    if (!survey->started) {
        survey_free(survey);
        return NULL;
    }
    return survey;
}

/* Ends the work at hand, even if it is held.  Under the mutex. */
static void cancel(struct survey *survey)
{
    atomic_store(&survey->watch.cancel, true);
    gate_knock(survey->gate);
}

void survey_free(struct survey *survey)
{
    if (!survey)
        return;
    if (survey->started) {
        pthread_mutex_lock(&survey->mutex);
        survey->stop = true;
        cancel(survey);
        pthread_cond_broadcast(&survey->moved);
        pthread_mutex_unlock(&survey->mutex);
        pthread_join(survey->thread, NULL);
    }
    pool_free(survey->pool);
    gate_free(survey->gate);
    for (int i = 0; i < 2; i++)
        if (survey->pipe[i] >= 0)
            close(survey->pipe[i]);
    plan_done(&survey->plan);
    pthread_cond_destroy(&survey->moved);
    pthread_mutex_destroy(&survey->mutex);
    mem_free(survey);
}

void survey_ask(struct survey *survey, const struct survey_settings *settings)
{
    pthread_mutex_lock(&survey->mutex);
    const bool about_scheme = plan_works_on(&survey->plan, RECORD_SCHEME);
    const unsigned parts = plan_ask(&survey->plan, settings);
    survey->busy = true;
    /* Another scheme is no reason to lose work on what does not depend on it. */
    if ((parts & RECORD_FAST) || (parts && about_scheme))
        cancel(survey);
    if (survey->plan.queue_count > 0)
        tell(survey);
    pthread_cond_broadcast(&survey->moved);
    pthread_mutex_unlock(&survey->mutex);
}

void survey_prefer(struct survey *survey, const size_t tensor[], size_t n)
{
    pthread_mutex_lock(&survey->mutex);
    plan_prefer(&survey->plan, tensor, n);
    pthread_mutex_unlock(&survey->mutex);
}

void survey_hold(struct survey *survey, enum survey_hold reason, bool hold)
{
    pthread_mutex_lock(&survey->mutex);
    survey->held[reason] = hold;
    plan_run(&survey->plan, !is_held(survey));
    gate_set(survey->gate, is_held(survey));
    pthread_cond_broadcast(&survey->moved);
    pthread_mutex_unlock(&survey->mutex);
}

int survey_descriptor(const struct survey *survey)
{
    return survey->pipe[0];
}

bool survey_take(struct survey *survey, size_t *tensor, struct survey_record *record)
{
    char drain[64];
    pthread_mutex_lock(&survey->mutex);
    const bool any = plan_take(&survey->plan, tensor, record);
    while (!any && read(survey->pipe[0], drain, sizeof drain) == (ssize_t)sizeof drain)
        ;
    pthread_mutex_unlock(&survey->mutex);
    return any;
}

/* Bytes of the tensor at hand that have been worked on, where that can be told: in the slow passes
 * stages follow each other whose share nobody knows. */
static double bytes_at_hand(struct survey *survey)
{
    const double total = (double)atomic_load(&survey->watch.total);
    const double done = (double)atomic_load(&survey->watch.done);
    if (!plan_works_on(&survey->plan, RECORD_FAST) || !(total > 0))
        return 0;
    return (double)survey->at_hand * fmin(done / total, 1);
}

struct survey_progress survey_progress(struct survey *survey)
{
    pthread_mutex_lock(&survey->mutex);
    const struct survey_plan *plan = &survey->plan;
    struct survey_progress progress = {.busy = survey->busy,
                                       .held = is_held(survey),
                                       .of = plan->model->count,
                                       .bytes_of = plan->all_bytes,
                                       .seconds_left = NAN};
    if (survey->busy && plan_pass(plan)) {
        const double at_hand = bytes_at_hand(survey), all = (double)plan->all_bytes;
        progress.pass = plan_pass(plan);
        progress.tensors = plan->done_tensors;
        progress.bytes = plan->done_bytes + (uint64_t)at_hand;
        progress.fraction = all > 0 ? fmin((double)progress.bytes / all, 1) : 1;
        progress.seconds_left = plan_seconds_left(plan, at_hand);
    }
    pthread_mutex_unlock(&survey->mutex);
    return progress;
}

void survey_wait(struct survey *survey)
{
    pthread_mutex_lock(&survey->mutex);
    while (survey->busy && !is_held(survey))
        pthread_cond_wait(&survey->moved, &survey->mutex);
    pthread_mutex_unlock(&survey->mutex);
}
