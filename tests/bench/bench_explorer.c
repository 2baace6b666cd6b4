/* SPDX-License-Identifier: MIT
 *
 * The explorer on a pseudo-terminal as benchmarks: on a model that a survey is done with at once,
 * where answers can be heard out, and on one that it goes on for long.
 */
#include <stdio.h>
#include <time.h>

#include "base/mem.h"
#include "bench.h"
#include "bench_inputs.h"
#include "bench_terminal.h"
#include "ui/keys.h"

/* ---- at rest ---- */

/* What is pressed in every visit, in this order, so that each key finds something to do. */
static const struct press {
    char key;
    const char *name;
} presses[] = {
    {'j', "j"},       {KEY_CONTROL('f'), "^f"},
    {'k', "k"},       {KEY_CONTROL('b'), "^b"},
    {'G', "G"},       {'2', "2"},
    {'1', "1"},       {'+', "+"},
    {'-', "-"},       {'?', "?"},
    {'?', "? again"},
};
#define PRESSES (sizeof presses / sizeof *presses)

/* Answers to the start and to each key. */
struct visit {
    struct answer start, key[PRESSES];
    double quit;
    uint64_t memory;
};

static bool visit_once(const struct bench_settings *settings, const char *model,
                       struct visit *visit, struct error *error)
{
    struct terminal terminal;
    if (!terminal_open(&terminal, settings->program, model, error))
        return false;
    visit->start = terminal_hear(&terminal, terminal.started, true);
    for (size_t i = 0; i < PRESSES; i++) {
        const double asked = terminal_press(&terminal, presses[i].key);
        visit->key[i] = terminal_hear(&terminal, asked, false);
    }
    visit->memory = bench_anonymous(terminal.process);
    return terminal_close(&terminal, &visit->quit, error);
}

/* Sends the answers to one key of all visits; which: an index of visit->key, or PRESSES for the
 * start.  False if there were none. */
static bool send_answers(struct bench_run *run, const struct visit visits[], size_t which)
{
    const size_t runs = run->settings->runs;
    double *first = mem_zero(runs, sizeof *first), *settled = mem_zero(runs, sizeof *settled);
    double *bytes = mem_zero(runs, sizeof *bytes), *memory = mem_zero(runs, sizeof *memory);
    char part[32];
    bool answered = true;
    for (size_t i = 0; i < runs; i++) {
        const struct answer *answer = which < PRESSES ? &visits[i].key[which] : &visits[i].start;
        first[i] = answer->first;
        settled[i] = answer->settled;
        bytes[i] = (double)answer->bytes;
        memory[i] = (double)visits[i].memory;
        answered = answered && answer->bytes > 0;
    }
    const struct bench_result rest = {.written = bench_median(bytes, runs),
                                      .memory = (uint64_t)bench_median(memory, runs)};
    const char *name = which < PRESSES ? presses[which].name : "start";
    snprintf(part, sizeof part, " %s first", name);
    bench_send(run, part, first, runs, &rest);
    snprintf(part, sizeof part, " %s settled", name);
    bench_send(run, part, settled, runs, &rest);
    mem_free(memory);
    mem_free(bytes);
    mem_free(settled);
    mem_free(first);
    return answered;
}

static bool run_rest(struct bench_run *run, const void *detail, struct error *error)
{
    (void)detail;
    const size_t runs = run->settings->runs;
    struct text model = bench_input_path(run->settings, INPUT_SMALL);
    struct visit *visits = mem_zero(runs, sizeof *visits);
    bool ok = run->settings->quick || visit_once(run->settings, model.data, visits, error);
    bench_warm(run);
    for (size_t i = 0; i < runs && ok; i++)
        ok = visit_once(run->settings, model.data, &visits[i], error);
    if (ok)
        ok = send_answers(run, visits, PRESSES) ||
             error_set(error, ERROR_SYSTEM, "the explorer showed nothing");
    for (size_t i = 0; i < PRESSES && ok; i++)
        ok = send_answers(run, visits, i) ||
             error_set(error, ERROR_SYSTEM, "no answer to the key %s", presses[i].name);
    mem_free(visits);
    text_done(&model);
    return ok;
}

/* ---- while a survey goes on ---- */

/* Milliseconds between keys, which are as many as at rest. */
#define BUSY_PERIOD 50

/* Only the first bytes of answers can be told: the progress of the survey is drawn all the time. */
static bool visit_busy(const struct bench_settings *settings, const char *model,
                       struct visit *visit, struct error *error)
{
    const struct timespec period = {.tv_nsec = BUSY_PERIOD * 1000000L};
    struct terminal terminal;
    if (!terminal_open(&terminal, settings->program, model, error))
        return false;
    visit->start.first = terminal_first(&terminal, terminal.started);
    for (size_t i = 0; i < PRESSES; i++) {
        nanosleep(&period, NULL);
        const double asked = terminal_press(&terminal, i % 2 ? 'k' : 'j');
        visit->key[i].first = terminal_first(&terminal, asked);
    }
    visit->memory = bench_anonymous(terminal.process);
    return terminal_close(&terminal, &visit->quit, error);
}

static bool run_busy(struct bench_run *run, const void *detail, struct error *error)
{
    (void)detail;
    const size_t runs = run->settings->runs;
    struct text model = bench_input_path(run->settings, INPUT_MODEL);
    double *start = mem_zero(runs, sizeof *start), *quit = mem_zero(runs, sizeof *quit);
    double *key = mem_zero(runs * PRESSES, sizeof *key);
    double *memory = mem_zero(runs, sizeof *memory);
    struct visit visit;
    bool ok = run->settings->quick || visit_busy(run->settings, model.data, &visit, error);
    bench_warm(run);
    for (size_t i = 0; i < runs && ok; i++) {
        ok = visit_busy(run->settings, model.data, &visit, error);
        start[i] = visit.start.first;
        quit[i] = visit.quit;
        memory[i] = (double)visit.memory;
        for (size_t k = 0; k < PRESSES; k++)
            key[i * PRESSES + k] = visit.key[k].first;
    }
    if (ok) {
        const struct bench_result rest = {.written = -1,
                                          .memory = (uint64_t)bench_median(memory, runs)};
        bench_send(run, " start first", start, runs, &rest);
        bench_send(run, " j first", key, runs * PRESSES, &rest);
        bench_send(run, " quit", quit, runs, &rest);
    }
    mem_free(memory);
    mem_free(key);
    mem_free(quit);
    mem_free(start);
    text_done(&model);
    return ok;
}

static const struct bench benches[] = {
    {"terminal/rest", "the explorer on a model of 7 MB: first byte, last byte, bytes", BENCH_ALL,
     1u << INPUT_SMALL, true, run_rest, NULL},
    {"terminal/survey", "on a model of 1.3 GB while it is surveyed", BENCH_ALL, 1u << INPUT_MODEL,
     true, run_busy, NULL},
};

const struct bench_table bench_terminals = {benches, sizeof benches / sizeof *benches};
