/* SPDX-License-Identifier: MIT
 *
 * The whole road from a request to a report of one tensor.
 */
#include "bench.h"
#include "bench_inputs.h"
#include "engine/analysis.h"
#include "engine/pool.h"
#include "quant/granularity.h"
#include "quant/levels.h"

struct asked {
    bool figures_only;
    /* As on the command line; NULL: the usual ones. */
    const char *levels, *granularity, *clip;
};

struct job {
    struct analysis analysis;
    struct watch watch;
    struct request request;
};

static bool analyse(void *context, struct error *error)
{
    struct job *job = context;
    const struct report *report = analysis_run(&job->analysis, &job->request, error);
    if (!report)
        return false;
    const bool sane = report->figures.elements > 0 && report->figures.sqnr_db > 0;
    part_unref(&report->part);
    return sane || error_set(error, ERROR_SYSTEM, "the report makes no sense");
}

static bool read_scheme(const struct asked *asked, struct scheme *scheme, struct error *error)
{
    *scheme = scheme_default();
    return (!asked->levels || levels_parse(asked->levels, &scheme->levels, &scheme->bits, error)) &&
           (!asked->granularity ||
            granularity_parse(asked->granularity, &scheme->granularity, error)) &&
           (!asked->clip || clip_parse(asked->clip, &scheme->clip, error));
}

static bool run(struct bench_run *bench, const void *detail, struct error *error)
{
    const struct asked *asked = detail;
    struct bench_file file;
    if (!bench_file_open(bench->settings, INPUT_WIDE, &file, error))
        return false;
    struct job job = {.request = {.tensor = file.tensor,
                                  .channel = REQUEST_ALL_CHANNELS,
                                  .figures_only = asked->figures_only}};
    job.analysis = (struct analysis){.pool = pool_new(bench->threads, error), .watch = &job.watch};
    const bool ok = job.analysis.pool && read_scheme(asked, &job.request.scheme, error) &&
                    bench_repeat(bench,
                                 &(struct bench_work){.once = analyse,
                                                      .context = &job,
                                                      .bytes = file.size,
                                                      .read = file.bytes,
                                                      .pool = job.analysis.pool},
                                 error);
    pool_free(job.analysis.pool);
    bench_file_close(&file);
    return ok;
}

// clang-format off
#define TENSOR(name, what, on, ...)                              \
    { "tensor/" name, what, on, 1u << INPUT_WIDE, false, run,      \
      &(const struct asked){ __VA_ARGS__ } }

static const struct bench benches[] = {
    TENSOR("stats", "a BF16 tensor of 4096 x 11008 as `stats` has it", BENCH_BOTH,
           .figures_only = false),
    TENSOR("figures", "its figures alone: no test, no picture", BENCH_BOTH, .figures_only = true),
    TENSOR("figures-mse", "the same with the clip of least error", BENCH_ALL,
           .figures_only = true, .clip = "mse"),
    TENSOR("figures-group", "the same by groups of 32", BENCH_ALL,
           .figures_only = true, .granularity = "group:32"),
    TENSOR("figures-nf4", "the same with a codebook", BENCH_ALL,
           .figures_only = true, .levels = "nf4"),
};
// clang-format on

const struct bench_table bench_tensors = {benches, sizeof benches / sizeof *benches};
