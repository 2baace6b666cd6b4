/* SPDX-License-Identifier: MIT
 *
 * From a key to a frame in the explorer's own loop, without a terminal: the frame that follows at
 * once, the first one with a new report, and the one with the exact report.
 */
#include <poll.h>
#include <stdio.h>

#include "base/mem.h"
#include "bench.h"
#include "bench_inputs.h"
#include "engine/engine.h"
#include "plot/cells.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/screen.h"
#include "ui/session.h"

/* The frame's size, a large but usual terminal's. */
#define WIDTH  120
#define HEIGHT 40

struct loop {
    struct session *session;
    struct engine *engine;
    struct cells *cells;
};

static void compose(const struct loop *loop)
{
    const struct engine_progress progress = engine_progress(loop->engine);
    screen_compose(loop->session, &progress, loop->cells);
}

/* What is measured of a key, in seconds from it on. */
struct delays {
    double frame, first, exact;
};

/* Takes reports until the exact one and shows each; if nothing was asked for, the frame that
 * followed at once is the first and exact one. */
static void await_reports(const struct loop *loop, double begin, struct delays *delays)
{
    delays->first = delays->exact = delays->frame;
    bool any = false;
    for (bool busy = true; busy;) {
        busy = engine_progress(loop->engine).busy;
        struct pollfd wait = {engine_descriptor(loop->engine), POLLIN, 0};
        poll(&wait, 1, busy ? 1 : 0);
        if (!session_receive(loop->session))
            continue;
        compose(loop);
        delays->exact = bench_now() - begin;
        if (!any)
            delays->first = delays->exact;
        any = true;
    }
}

/* A loop at rest: the first tensor shown, exactly.  False with *error. */
static bool loop_begin(struct loop *loop, const struct model *model, unsigned threads,
                       struct error *error)
{
    const struct settings settings = {.scheme = scheme_default(), .channel = REQUEST_ALL_CHANNELS};
    *loop = (struct loop){.engine = engine_new(threads, error)};
    if (!loop->engine)
        return false;
    loop->session = session_new(model, loop->engine, GLYPHS_BRAILLE, &settings);
    loop->cells = cells_new(WIDTH, HEIGHT);
    session_ask(loop->session);
    await_reports(loop, bench_now(), &(struct delays){0});
    return true;
}

static void loop_end(struct loop *loop)
{
    session_free(loop->session);
    cells_free(loop->cells);
    engine_free(loop->engine);
}

/* ---- keys that ask for new figures ---- */

/* In this order, each on what the ones before have left. */
static const char keys[] = "+c[v2";
#define KEYS (sizeof keys - 1)

static bool press_all(const struct model *model, unsigned threads, struct bench_run *run,
                      struct delays delays[KEYS], struct error *error)
{
    struct loop loop;
    if (!loop_begin(&loop, model, threads, error))
        return false;
    for (size_t k = 0; k < KEYS; k++) {
        const double begin = bench_now();
        session_key(loop.session, keys[k]);
        compose(&loop);
        delays[k].frame = bench_now() - begin;
        await_reports(&loop, begin, &delays[k]);
    }
    bench_note_memory(run);
    loop_end(&loop);
    return true;
}

/* Sends one of a key's delays of all runs; at: its place in struct delays. */
static void send_delays(struct bench_run *run, const struct delays all[], size_t key,
                        const char *what, size_t at)
{
    const size_t runs = run->settings->runs;
    double *seconds = mem_zero(runs, sizeof *seconds);
    char part[16];
    for (size_t i = 0; i < runs; i++)
        seconds[i] = *(const double *)((const char *)&all[i * KEYS + key] + at);
    snprintf(part, sizeof part, " %c %s", keys[key], what);
    bench_send(run, part, seconds, runs, &(struct bench_result){.written = -1});
    mem_free(seconds);
}

/* detail: the input, one large tensor. */
static bool run_settings(struct bench_run *run, const void *detail, struct error *error)
{
    const size_t runs = run->settings->runs;
    struct bench_file file;
    if (!bench_file_open(run->settings, *(const enum bench_input *)detail, &file, error))
        return false;
    struct delays *all = mem_zero(runs * KEYS, sizeof *all);
    bool ok = press_all(file.model, run->threads, run, all, error);
    bench_warm(run);
    /* A new engine each time: an old one would remember its reports. */
    for (size_t i = 0; i < runs && ok; i++)
        ok = press_all(file.model, run->threads, run, all + i * KEYS, error);
    for (size_t k = 0; k < KEYS && ok; k++) {
        send_delays(run, all, k, "frame", offsetof(struct delays, frame));
        send_delays(run, all, k, "first", offsetof(struct delays, first));
        send_delays(run, all, k, "exact", offsetof(struct delays, exact));
    }
    mem_free(all);
    bench_file_close(&file);
    return ok;
}

/* ---- keys that move about in a long list ---- */

struct walk {
    struct loop loop;
    int key, back; /* in turn, so that the list never ends */
    bool forth;
};

static bool walk_once(void *context, struct error *error)
{
    (void)error;
    struct walk *walk = context;
    session_key(walk->loop.session, walk->forth ? walk->key : walk->back);
    compose(&walk->loop);
    walk->forth = !walk->forth;
    return true;
}

struct steps {
    int key, back;
};

static bool run_list(struct bench_run *run, const void *detail, struct error *error)
{
    const struct steps *steps = detail;
    struct bench_file file;
    if (!bench_file_open(run->settings, INPUT_HEADER_100000, &file, error))
        return false;
    struct walk walk = {.key = steps->key, .back = steps->back, .forth = true};
    bool ok = loop_begin(&walk.loop, file.model, run->threads, error);
    if (ok) {
        ok = bench_repeat(run, &(struct bench_work){.once = walk_once, .context = &walk}, error);
        loop_end(&walk.loop);
    }
    bench_file_close(&file);
    return ok;
}

static const enum bench_input square = INPUT_BF16, wide = INPUT_WIDE;
static const struct steps row = {'j', 'k'}, end = {'G', 'g'};

static const struct bench benches[] = {
    {"keys/square", "a tensor of 4096 x 4096: more bits, clip rule, threshold, groups, view 2",
     BENCH_ALL, 1u << INPUT_BF16, false, run_settings, &square},
    {"keys/wide", "the same of 4096 x 11008", BENCH_ALL, 1u << INPUT_WIDE, false, run_settings,
     &wide},
    {"keys/row", "to the next row and back among 100 000 tensors", BENCH_ALL,
     1u << INPUT_HEADER_100000, false, run_list, &row},
    {"keys/end", "to the last row and back", BENCH_ALL, 1u << INPUT_HEADER_100000, false, run_list,
     &end},
};

const struct bench_table bench_keys = {benches, sizeof benches / sizeof *benches};
