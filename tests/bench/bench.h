/* SPDX-License-Identifier: MIT
 *
 * What benchmarks are: rows of tables, each run in a process of its own, so that what one has left
 * in memory does not count for the next.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct bench_settings {
    size_t runs;         /* timed rounds of each benchmark */
    bool quick;          /* small inputs: whether it works, not how fast */
    unsigned threads;    /* where all processors are used */
    const char *folder;  /* of the inputs */
    const char *program; /* the explorer, built; NULL: not known */
};

#define BENCH_NAME 48

/* Seconds are medians, least and most over the runs. */
struct bench_result {
    char name[BENCH_NAME];
    unsigned threads;
    size_t runs;
    double median, least, most;
    uint64_t bytes; /* of a file, worked on in one round; 0: no such thing */
    double cpu;     /* median seconds of all threads together; 0: not known */
    /* Medians of just reading these bytes, in turn with the rounds; 0: none. */
    double limit, limit_cpu;
    double written;  /* bytes sent to the terminal; negative: no such thing */
    uint64_t memory; /* anonymous memory at its most, beyond what there was at the start */
};

/* A benchmark at work; private to bench_run.c but for settings and threads. */
struct bench_run {
    const struct bench_settings *settings;
    unsigned threads;
    const char *name;
    int out;         /* where results go */
    uint64_t before; /* anonymous memory at the start */
    uint64_t noted;  /* most seen since, beyond that */
};

enum bench_threads { BENCH_ONE, BENCH_ALL, BENCH_BOTH };

struct bench {
    const char *name;
    const char *what;      /* one line, for --list */
    enum bench_threads on; /* one thread, all, or one after the other */
    unsigned inputs;       /* that it reads: bits of enum bench_input */
    bool program;          /* needs the explorer */
    /* Sends one result or more; false with *error.  detail is the row's. */
    bool (*run)(struct bench_run *run, const void *detail, struct error *error);
    const void *detail;
};

/* A family of benchmarks. */
struct bench_table {
    const struct bench *bench;
    size_t count;
};

extern const struct bench_table bench_limits, bench_kernels, bench_tensors, bench_surveys;
extern const struct bench_table bench_openings, bench_keys, bench_terminals;

/* ---- for benchmarks ---- */

struct pool;

/* A piece of work that can be repeated. */
struct bench_work {
    bool (*once)(void *context, struct error *error);
    void *context;
    uint64_t bytes;            /* of the file, as in a result */
    const unsigned char *read; /* where these lie in memory; NULL: the limit is not measured */
    struct pool *pool;         /* that reads them */
};

/* Does the work once to warm up, then as often as the settings say, and sends the result. */
bool bench_repeat(struct bench_run *run, const struct bench_work *work, struct error *error);

/* Tells that all is in its place and what counts begins.  Memory is watched up to here, and then no
 * more, so that the watching does not disturb. */
void bench_warm(struct bench_run *run);

/* Looks at the memory that is used now: called where it is most. */
void bench_note_memory(struct bench_run *run);

/* Sends the result of n >= 1 measurements in seconds, which are reordered; part (may be "") is
 * added to the name. */
void bench_send(struct bench_run *run, const char *part, double seconds[], size_t n,
                const struct bench_result *rest);

/* Seconds of a clock that only goes forward, and those that this process's threads have worked. */
double bench_now(void);
double bench_cpu(void);

/* The middle one of n >= 1 values, which are sorted. */
double bench_median(double value[], size_t n);

/* Anonymous memory of a process in bytes; 0 if it cannot be told. */
uint64_t bench_anonymous(int process);

/* ---- for the program ---- */

/* Takes a result as it comes. */
typedef void bench_take(void *user, const struct bench_result *result);

/* Runs a benchmark in a process of its own; false with *error if it failed. */
bool bench_fork(const struct bench_settings *settings, const struct bench *bench, unsigned threads,
                bench_take *take, void *user, struct error *error);

#endif
