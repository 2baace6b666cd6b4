/* SPDX-License-Identifier: MIT
 *
 * The survey of a model as it goes on behind the screen: its fast pass, and all of it.
 */
#include <poll.h>

#include "base/mem.h"
#include "bench.h"
#include "bench_inputs.h"
#include "engine/pool.h"
#include "engine/survey.h"

struct job {
    struct bench_run *run;
    const struct model *model;
    bool whole; /* not the fast pass alone */
    bool *fast; /* by tensor: whether its fast pass is done */
};

/* Takes what has come; returns how many tensors have had their fast pass, of so many until now. */
static size_t take(struct survey *survey, bool fast[], size_t done)
{
    size_t tensor;
    for (struct survey_record record; survey_take(survey, &tensor, &record);)
        if (!fast[tensor] && ((record.parts & RECORD_FAST) || record.failure[0])) {
            fast[tensor] = true;
            done++;
        }
    return done;
}

static void await_fast_pass(const struct job *job, struct survey *survey)
{
    for (size_t i = 0; i < job->model->count; i++)
        job->fast[i] = false;
    for (size_t done = 0; done < job->model->count;) {
        struct pollfd wait = {survey_descriptor(survey), POLLIN, 0};
        poll(&wait, 1, -1);
        done = take(survey, job->fast, done);
    }
}

/* One survey from nothing. */
static bool survey_once(void *context, struct error *error)
{
    const struct job *job = context;
    const struct survey_settings settings = {.scheme = scheme_default()};
    struct survey *survey = survey_new(job->model, job->run->threads, error);
    if (!survey)
        return false;
    survey_ask(survey, &settings);
    if (job->whole)
        survey_wait(survey);
    else
        await_fast_pass(job, survey);
    bench_note_memory(job->run);
    survey_free(survey);
    return true;
}

/* detail: whether all of it is wanted. */
static bool run(struct bench_run *run, const void *detail, struct error *error)
{
    struct bench_file file;
    if (!bench_file_open(run->settings, INPUT_MODEL, &file, error))
        return false;
    struct job job = {.run = run,
                      .model = file.model,
                      .whole = *(const bool *)detail,
                      .fast = mem_zero(file.model->count, sizeof *job.fast)};
    struct pool *pool = pool_new(run->threads, error);
    const struct bench_work work = {
        .once = survey_once, .context = &job, .bytes = file.size, .read = file.bytes, .pool = pool};
    const bool ok = pool && bench_repeat(run, &work, error);
    pool_free(pool);
    mem_free(job.fast);
    bench_file_close(&file);
    return ok;
}

static const bool fast_pass = false, whole = true;

static const struct bench benches[] = {
    {"survey/fast", "moments and errors at 2-8 bits of a model of 1.3 GB", BENCH_BOTH,
     1u << INPUT_MODEL, false, run, &fast_pass},
    {"survey/whole", "the same and the test of every channel, outliers, families", BENCH_ALL,
     1u << INPUT_MODEL, false, run, &whole},
};

const struct bench_table bench_surveys = {benches, sizeof benches / sizeof *benches};
