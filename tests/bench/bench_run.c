/* SPDX-License-Identifier: MIT
 *
 * Runs a benchmark in a process of its own and times it.
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench_limit.h"

/* Work that takes less is done several times a round: seconds that a clock can tell well. */
#define ROUND_LEAST 5e-3
#define CALLS_MOST  100000

/* Milliseconds between looks at a process's memory. */
#define LOOK_PERIOD 1

/* ---- measuring ---- */

double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_cpu(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double value[], size_t n)
{
    qsort(value, n, sizeof *value, ascending);
    return (value[(n - 1) / 2] + value[n / 2]) / 2;
}

uint64_t bench_anonymous(int process)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    FILE *file = fopen(path, "r");
    unsigned long long kilobytes = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "RssAnon: %llu", &kilobytes) == 1)
            break;
    if (file)
        fclose(file);
    return (uint64_t)kilobytes * 1024;
}

void bench_note_memory(struct bench_run *run)
{
    const uint64_t now = bench_anonymous(getpid());
    if (now > run->before + run->noted)
        run->noted = now - run->before;
}

/* ---- what a benchmark's process tells ---- */

/* Shorter than a pipe takes at once. */
struct message {
    enum { WARM, RESULT, FAILURE } kind;
    struct bench_result result;
    struct error error;
};

static void tell(const struct bench_run *run, const struct message *message)
{
    ssize_t written;
    do
        written = write(run->out, message, sizeof *message);
    while (written < 0 && errno == EINTR);
    if (written != sizeof *message)
        _exit(3); /* nobody listens any more */
}

void bench_warm(struct bench_run *run)
{
    bench_note_memory(run);
    tell(run, &(struct message){.kind = WARM});
}

void bench_send(struct bench_run *run, const char *part, double seconds[], size_t n,
                const struct bench_result *rest)
{
    struct message message = {.kind = RESULT, .result = *rest};
    struct bench_result *result = &message.result;
    snprintf(result->name, sizeof result->name, "%s%s", run->name, part);
    result->threads = run->threads;
    result->runs = n;
    result->median = bench_median(seconds, n);
    result->least = seconds[0];
    result->most = seconds[n - 1];
    if (run->noted > result->memory)
        result->memory = run->noted;
    tell(run, &message);
}

/* Seconds that the work takes once, of so many times; negative with *error. */
static double time_work(const struct bench_work *work, size_t calls, struct error *error)
{
    const double begin = bench_now();
    for (size_t i = 0; i < calls; i++)
        if (!work->once(work->context, error))
            return -1;
    return (bench_now() - begin) / (double)calls;
}

/* How often the work is done in a round, if it takes so long once. */
static size_t calls_of_round(const struct bench_run *run, double once)
{
    if (run->settings->quick || once >= ROUND_LEAST)
        return 1;
    return once * CALLS_MOST > ROUND_LEAST ? (size_t)(ROUND_LEAST / once) + 1 : CALLS_MOST;
}

/* What rounds are measured by. */
struct samples {
    size_t runs;
    double *seconds, *cpu, *limit, *limit_cpu; /* zeros at first */
};

static struct samples samples_new(size_t runs)
{
    return (struct samples){.runs = runs,
                            .seconds = mem_zero(runs, sizeof(double)),
                            .cpu = mem_zero(runs, sizeof(double)),
                            .limit = mem_zero(runs, sizeof(double)),
                            .limit_cpu = mem_zero(runs, sizeof(double))};
}

static void samples_done(struct samples *samples)
{
    mem_free(samples->limit_cpu);
    mem_free(samples->limit);
    mem_free(samples->cpu);
    mem_free(samples->seconds);
}

/* A result of the medians but for the seconds, which bench_send takes. */
static struct bench_result medians(struct samples *samples, uint64_t bytes)
{
    return (struct bench_result){.bytes = bytes,
                                 .cpu = bench_median(samples->cpu, samples->runs),
                                 .limit = bench_median(samples->limit, samples->runs),
                                 .limit_cpu = bench_median(samples->limit_cpu, samples->runs),
                                 .written = -1};
}

bool bench_repeat(struct bench_run *run, const struct bench_work *work, struct error *error)
{
    const size_t runs = run->settings->runs;
    struct samples samples = samples_new(runs);
    double once = time_work(work, 1, error);
    const size_t calls = calls_of_round(run, once);
    bench_warm(run);
    for (size_t i = 0; i < runs && once >= 0; i++) {
        if (work->read)
            samples.limit[i] =
                limit_time(work->pool, work->read, work->bytes, &samples.limit_cpu[i]);
        const double worked = bench_cpu();
        once = samples.seconds[i] = time_work(work, calls, error);
        samples.cpu[i] = (bench_cpu() - worked) / (double)calls;
    }
    if (once >= 0) {
        const struct bench_result rest = medians(&samples, work->bytes);
        bench_send(run, "", samples.seconds, runs, &rest);
    }
    samples_done(&samples);
    return once >= 0;
}

/* ---- the processes ---- */

static _Noreturn void work(const struct bench_settings *settings, const struct bench *bench,
                           unsigned threads, int out)
{
    struct bench_run run = {.settings = settings,
                            .threads = threads,
                            .name = bench->name,
                            .out = out,
                            .before = bench_anonymous(getpid())};
    struct message failure = {.kind = FAILURE};
    if (!bench->run(&run, bench->detail, &failure.error))
        tell(&run, &failure);
    _exit(0);
}

/* Hears a benchmark out.  How much memory it has is looked at from here until it is warm. */
static bool listen(int in, pid_t process, bench_take *take, void *user, struct error *error)
{
    struct pollfd wait = {in, POLLIN, 0};
    uint64_t before = bench_anonymous(process), most = before;
    bool warm = false;
    for (struct message message;;) {
        if (poll(&wait, 1, warm ? -1 : LOOK_PERIOD) == 0) {
            const uint64_t now = bench_anonymous(process);
            most = now > most ? now : most;
            continue;
        }
        const ssize_t got = read(in, &message, sizeof message);
        if (got < 0 && errno == EINTR)
            continue;
        if (got != sizeof message)
            return true;
        if (message.kind == FAILURE)
            return error_set(error, message.error.code, "%.1000s", message.error.text);
        if (message.kind == WARM) {
            warm = true;
        } else {
            if (message.result.memory < most - before)
                message.result.memory = most - before;
            take(user, &message.result);
        }
    }
}

bool bench_fork(const struct bench_settings *settings, const struct bench *bench, unsigned threads,
                bench_take *take, void *user, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, ERROR_SYSTEM, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    const pid_t process = fork();
    if (process < 0) {
        close(ends[0]);
        close(ends[1]);
        return error_set(error, ERROR_SYSTEM, "cannot make a process: %s", strerror(errno));
    }
    if (process == 0) {
        close(ends[0]);
        work(settings, bench, threads, ends[1]);
    }
    close(ends[1]);
    bool ok = listen(ends[0], process, take, user, error);
    close(ends[0]);
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    if (ok && status != 0)
        ok = error_set(error, ERROR_SYSTEM, "its process ended with status %d", status);
    return ok;
}
