/* SPDX-License-Identifier: MIT
 *
 * Opening models: reading, checking and ordering what their headers say.
 */
#include "bench.h"
#include "bench_inputs.h"
#include "model/model.h"

struct opening {
    struct bench_run *run;
    const char *path;
    bool noted; /* the memory, once */
};

static bool open_once(void *context, struct error *error)
{
    struct opening *opening = context;
    struct model *model = model_open(&opening->path, 1, NULL, error);
    if (!model)
        return false;
    if (!opening->noted)
        bench_note_memory(opening->run);
    opening->noted = true;
    model_free(model);
    return true;
}

/* detail: the input. */
static bool run(struct bench_run *run, const void *detail, struct error *error)
{
    const enum bench_input *input = detail;
    struct bench_file file;
    if (!bench_file_open(run->settings, *input, &file, error))
        return false;
    const uint64_t header = file.tensor->offset;
    bench_file_close(&file);
    struct text path = bench_input_path(run->settings, *input);
    struct opening opening = {.run = run, .path = path.data};
    const struct bench_work work = {.once = open_once, .context = &opening, .bytes = header};
    const bool ok = bench_repeat(run, &work, error);
    text_done(&path);
    return ok;
}

static const enum bench_input few = INPUT_HEADER_300, more = INPUT_HEADER_3000,
                              many = INPUT_HEADER_100000;

static const struct bench benches[] = {
    {"open/300", "a header of 300 tensors", BENCH_ONE, 1u << INPUT_HEADER_300, false, run, &few},
    {"open/3000", "of 3 000", BENCH_ONE, 1u << INPUT_HEADER_3000, false, run, &more},
    {"open/100000", "of 100 000", BENCH_ONE, 1u << INPUT_HEADER_100000, false, run, &many},
};

const struct bench_table bench_openings = {benches, sizeof benches / sizeof *benches};
