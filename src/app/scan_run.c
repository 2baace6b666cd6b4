/* SPDX-License-Identifier: MIT */
#include "app/scan_run.h"

#include <stdio.h>

#include "app/document.h"
#include "app/progress.h"
#include "app/version.h"
#include "base/mem.h"
#include "engine/record_figures.h"
#include "engine/survey_tensor.h"

/* Tensors that are named on standard error. */
#define NAMED_MOST 10

struct run {
    struct scan *scan;
    struct scan_writer *writer; /* or NULL */
    struct progress progress;
    size_t done, wanted;
    size_t broken; /* readable tensors without a record */
    struct error first_broken;
    size_t unread; /* tensors that could not be read from the start */
    const char *first_unread;
};

struct scan *scan_run_begin(const struct options *options, const struct model *model,
                            const struct layer_source *inputs)
{
    struct text settings = {0}, globs = {0};
    struct emit *emit = emit_begin_line(&settings);
    document_put_settings(emit, options, inputs->activations);
    for (size_t i = 0; i < options->glob_count; i++)
        text_printf(&globs, "%s%s", i ? "\n" : "", options->globs[i]);
    if (globs.data)
        emit_name(emit, "tensor", globs.data, globs.length);
    emit_end(emit);
    struct scan *scan = scan_new(PACKAGE_VERSION, settings.data, model);
    scan->part = options->scan.part;
    scan->parts = options->scan.parts;
    text_done(&settings);
    text_done(&globs);
    return scan;
}

/* Fills list with the tensors to be surveyed, in the model's order; returns how many. */
static size_t list_wanted(const struct options *options, const struct scan *scan, size_t list[])
{
    const struct model *model = scan->model;
    bool *selected = mem_zero(model->count, sizeof *selected);
    size_t n = 0;
    scan_select(model, scan->part, scan->parts, selected);
    for (size_t i = 0; i < model->count; i++)
        if (selected[i] && !scan->records[i] && options_match(options, model->tensors[i].label))
            list[n++] = i;
    mem_free(selected);
    return n;
}

static void note_failure(struct run *run, const struct tensor *tensor,
                         const struct survey_record *record)
{
    const char *reason;
    if (!tensor_readable(tensor, &reason)) {
        run->first_unread = run->unread++ == 0 ? reason : run->first_unread;
    } else if (run->broken++ == 0) {
        error_set(&run->first_broken, ERROR_FILE, "%s", record->failure);
    }
}

static bool take(void *user, size_t tensor, const struct survey_record *record, struct error *error)
{
    struct run *run = user;
    (void)error;
    scan_keep(run->scan, tensor, record);
    if (record->failure[0])
        note_failure(run, &run->scan->model->tensors[tensor], record);
    run->done++;
    progress_show(&run->progress, run->done, run->wanted, "tensors");
    return !run->writer || scan_writer_add(run->writer, run->scan, tensor);
}

static struct survey_settings survey_settings_of(const struct options *options,
                                                 const struct layer_source *inputs)
{
    return (struct survey_settings){
        .view = options->tensor_view,
        .transform = options->transform,
        .layers = inputs->index,
        .scheme = options->scheme,
        .belief = options->belief,
    };
}

bool scan_run(const struct options *options, const struct layer_source *inputs, struct scan *scan,
              struct scan_writer *writer, struct error *error)
{
    struct pool *pool = pool_new(options->threads, error);
    if (!pool)
        return false;
    size_t *wanted = mem_alloc(scan->model->count, sizeof *wanted);
    struct run run = {.scan = scan, .writer = writer};
    const struct survey_settings settings = survey_settings_of(options, inputs);
    struct watch watch = {0};
    run.wanted = list_wanted(options, scan, wanted);
    progress_init(&run.progress);
    bool good =
        survey_run(pool, &watch, scan->model, wanted, run.wanted, &settings, take, &run, error);
    progress_clear(&run.progress);
    mem_free(wanted);
    pool_free(pool);
    if (run.unread > 0)
        fprintf(stderr, "roundoff: no figures for %zu tensor%s: %s%s\n", run.unread,
                run.unread == 1 ? "" : "s", run.first_unread,
                run.unread == 1 ? "" : " (and others)");
    if (good && run.broken > 0) {
        *error = run.first_broken;
        good = false;
    }
    scan->complete = good;
    return good;
}

static void name_failure(const struct options *options, const struct tensor *tensor, int bits)
{
    fprintf(stderr, "roundoff: %s: %s", tensor->label, options->fail_if.text);
    if (bits)
        fprintf(stderr, " at %d bits", bits);
    fputs("\n", stderr);
}

size_t scan_run_failures(const struct options *options, const struct scan *scan)
{
    size_t failures = 0;
    int bits;
    for (size_t i = 0; options->fail_if.expression && i < scan->model->count; i++) {
        const struct tensor *tensor = &scan->model->tensors[i];
        if (!scan->records[i] || !options_match(options, tensor->label) ||
            !record_meets(options->fail_if.expression, tensor, scan->records[i], &bits))
            continue;
        if (failures++ < NAMED_MOST)
            name_failure(options, tensor, bits);
    }
    if (failures > NAMED_MOST)
        fprintf(stderr, "roundoff: and %zu tensors more\n", failures - NAMED_MOST);
    return failures;
}
