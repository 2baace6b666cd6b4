/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/scan_file.h"
#include "app/scan_run.h"
#include "base/utf8.h"

/* What makes an unfinished scan another one than this. */
static const char *difference(const struct scan *old, const struct scan *scan)
{
    if (strcmp(old->version, scan->version) != 0)
        return "another version of roundoff";
    if (!scan_same_model(old->model, scan->model))
        return "another model";
    if (strcmp(old->settings.data, scan->settings.data) != 0)
        return "other settings";
    return old->part != scan->part || old->parts != scan->parts ? "another part" : NULL;
}

/* Takes over what an earlier run came to.  A tensor that could not be read gets another chance. */
static bool take_over(struct scan *scan, const struct scan *old, const char *label,
                      struct error *error)
{
    const char *other = difference(old, scan);
    if (other)
        return error_set(error, ERROR_USAGE, "%.300s: --resume cannot go on with a scan of %s",
                         label, other);
    for (size_t i = 0; i < old->model->count; i++)
        if (old->records[i] && !old->records[i]->failure[0])
            scan_keep(scan, i, old->records[i]);
    return true;
}

/* Looks at what lies where the scan is to be written: an unfinished one is not to be lost. */
static bool look_at_old(const struct options *options, struct scan *scan, bool *finished,
                        struct error *error)
{
    const char *path = options->output;
    struct text label = {0};
    struct error inner = {ERROR_NONE, ""};
    *finished = false;
    if (!path || access(path, F_OK) != 0)
        return true;
    utf8_escape(&label, path, strlen(path));
    struct scan *old = scan_file_read(path, &inner);
    bool good = true;
    if (!old && options->scan.resume) {
        *error = inner;
        good = false;
    } else if (old && options->scan.resume) {
        *finished = old->complete;
        good = take_over(scan, old, label.data, error);
    } else if (old && !old->complete) {
        good = error_set(error, ERROR_USAGE,
                         "%.300s: is a scan that was interrupted after %zu of %zu tensors: "
                         "--resume goes on with it, or remove it first",
                         label.data, old->count, old->model->count);
    }
    text_done(&label);
    scan_free(old);
    return good;
}

static void write_scan(const struct options *options, const struct layer_source *inputs,
                       struct scan *scan, struct error *error)
{
    struct scan_writer writer;
    if (!scan_writer_open(&writer, scan, options->output, error))
        return;
    if (scan_run(options, inputs, scan, &writer, error))
        scan_writer_end(&writer, true);
    /* What broke first is told. */
    struct error later = {ERROR_NONE, ""};
    if (!scan_writer_close(&writer, &later) && error->code == ERROR_NONE)
        *error = later;
}

int cmd_scan(const struct options *options, struct error *error)
{
    struct model *model =
        command_open_model(options, options->operands, options->operand_count, error);
    struct scan *scan = NULL;
    struct layer_source inputs = {.activations = NULL};
    bool finished = false;
    size_t failures = 0;
    if (model && command_check_globs(options, model, error) &&
        layers_open(options, model, false, &inputs, error))
        scan = scan_run_begin(options, model, &inputs);
    if (scan && look_at_old(options, scan, &finished, error)) {
        if (finished)
            fprintf(stderr, "roundoff: the scan is complete already\n");
        else
            write_scan(options, &inputs, scan, error);
        failures = scan_run_failures(options, scan);
    }
    scan_free(scan);
    layers_close(&inputs);
    model_free(model);
    return error->code == ERROR_NONE && failures > 0 ? 1 : command_status(error);
}
