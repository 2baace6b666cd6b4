/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/scan_file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "engine/scan.h"

/* Tensors without a record, though no alias of others. */
static size_t count_missing(const struct scan *scan)
{
    size_t missing = 0;
    for (size_t i = 0; i < scan->model->count; i++)
        missing += !scan->records[i] && !scan->model->tensors[i].alias_of;
    return missing;
}

static void write_merged(const struct options *options, const struct scan *scan,
                         struct error *error)
{
    struct scan_writer writer;
    if (!scan_writer_open(&writer, scan, options->output, error))
        return;
    scan_writer_end(&writer, scan->complete);
    if (scan_writer_close(&writer, error) && !scan->complete)
        fprintf(stderr,
                "roundoff: parts are missing or unfinished: no figures for %zu of %zu tensors\n",
                count_missing(scan), scan->model->count);
}

/* Brings them together; messages name them by their paths, printable. */
static struct scan *merge(const struct options *options, struct scan *const scans[],
                          struct error *error)
{
    size_t n = options->operand_count;
    struct text *labels = mem_zero(n, sizeof *labels);
    const char **names = mem_alloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        utf8_escape(&labels[i], options->operands[i], strlen(options->operands[i]));
        names[i] = labels[i].data;
    }
    struct scan *merged = scan_merge((const struct scan *const *)scans, names, n, error);
    for (size_t i = 0; i < n; i++)
        text_done(&labels[i]);
    mem_free(labels);
    mem_free(names);
    return merged;
}

int cmd_merge(const struct options *options, struct error *error)
{
    size_t n = options->operand_count;
    struct scan **scans = mem_zero(n, sizeof *scans);
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = (scans[i] = scan_file_read(options->operands[i], error)) != NULL;
    struct scan *merged = good ? merge(options, scans, error) : NULL;
    if (merged)
        write_merged(options, merged, error);
    scan_free(merged);
    for (size_t i = 0; i < n; i++)
        scan_free(scans[i]);
    mem_free(scans);
    return command_status(error);
}
