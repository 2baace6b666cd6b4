/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/output.h"
#include "app/report_page.h"
#include "app/scan_file.h"
#include "app/scan_run.h"
#include "base/mem.h"
#include "engine/analysis.h"

/* The records: of a scan file, or of a survey of the model, which is then the caller's to free
 * after the scan.  NULL with *error. */
static struct scan *gather(const struct options *options, struct model **model, struct error *error)
{
    struct scan *scan = NULL;
    *model = NULL;
    if (options->scan_file) {
        scan = scan_file_read(options->scan_file, error);
    } else {
        *model = command_open_model(options, options->operands, options->operand_count, error);
        if (*model && command_check_globs(options, *model, error))
            scan = scan_run_begin(options, *model);
        if (scan && !scan_run(options, scan, NULL, error)) {
            scan_free(scan);
            scan = NULL;
        }
    }
    return scan;
}

/* Worst first; of equals the first in the model. */
static int compare_spots(const void *a, const void *b)
{
    const struct report_spot *first = a, *second = b;
    int order = reasons_compare(&first->reasons, &second->reasons);
    return order ? order : (first->tensor > second->tensor) - (first->tensor < second->tensor);
}

/* Appends the tensors that have reasons to be told of: the matrices or the vectors. */
static size_t find_spots(const struct options *options, const struct scan *scan, bool vectors,
                         struct report_spot spots[])
{
    size_t n = 0;
    for (size_t i = 0; i < scan->model->count; i++) {
        const struct survey_record *record = scan->records[i];
        if (!record || record->vector != vectors ||
            !options_match(options, scan->model->tensors[i].label))
            continue;
        struct report_spot spot = {i, reasons_find(record), NAN, NAN, NAN};
        if (spot.reasons.count > 0)
            spots[n++] = spot;
    }
    qsort(spots, n, sizeof *spots, compare_spots);
    return n;
}

/* The figures under another scheme; false if there are none. */
static bool figures_of(const struct options *options, struct pool *pool,
                       const struct tensor *tensor, const struct scheme *scheme,
                       struct figures *figures)
{
    struct watch watch = {0};
    const struct analysis analysis = {.pool = pool, .watch = &watch};
    const struct request request = {
        .tensor = tensor,
        .view = options->tensor_view,
        .channel = REQUEST_ALL_CHANNELS,
        .scheme = *scheme,
        .figures_only = true,
    };
    const struct report *report = analysis_run(&analysis, &request, NULL);
    if (report)
        *figures = report->figures;
    part_unref((const struct part *)report);
    return report;
}

/* What a clip of least squared error gains, and for values far from 0 an asymmetric grid. */
static void measure_gains(const struct options *options, struct pool *pool, const struct scan *scan,
                          struct report_spot *spot)
{
    const struct tensor *tensor = &scan->model->tensors[spot->tensor];
    const double sqnr_db = record_error(scan->records[spot->tensor], options->scheme.bits)->sqnr_db;
    struct scheme scheme = scheme_default();
    struct figures figures;
    scheme.bits = options->scheme.bits;
    bool shifted = false;
    for (size_t i = 0; i < spot->reasons.count; i++)
        shifted |= spot->reasons.list[i].code == REASON_SHIFTED;
    if (shifted) {
        scheme.asymmetric = true;
        if (figures_of(options, pool, tensor, &scheme, &figures))
            spot->asymmetric_gain_db = figures.sqnr_db - sqnr_db;
        return;
    }
    scheme.clip.rule = CLIP_MSE;
    if (figures_of(options, pool, tensor, &scheme, &figures)) {
        spot->clip_gain_db = figures.sqnr_db - sqnr_db;
        spot->clip_over_std = figures.clip_over_std_median;
    }
}

static bool measure(const struct options *options, const struct report_content *content,
                    struct error *error)
{
    struct pool *pool = pool_new(options->threads, error);
    for (size_t i = 0; pool && i < content->matrices + content->vectors; i++) {
        size_t place = i < content->matrices ? i : i - content->matrices;
        if (place < content->top)
            measure_gains(options, pool, content->scan, &content->spots[i]);
    }
    if (pool)
        pool_free(pool);
    return pool;
}

static void print(const struct options *options, const struct report_content *content,
                  struct error *error)
{
    struct text page = {0}, folded = {0};
    report_page(&page, content, options->markdown);
    if (!options->utf8)
        output_fold(&folded, page.data, page.length);
    output_all(options->output, options->utf8 ? &page : &folded, error);
    text_done(&page);
    text_done(&folded);
}

int cmd_report(const struct options *options, struct error *error)
{
    struct model *model;
    struct scan *scan = gather(options, &model, error);
    size_t failures = 0;
    if (scan) {
        struct report_content content = {
            .scan = scan,
            .bits = options->scheme.bits,
            .spots = mem_alloc(scan->model->count, sizeof *content.spots),
            .top = options->top,
        };
        content.matrices = find_spots(options, scan, false, content.spots);
        content.vectors = find_spots(options, scan, true, content.spots + content.matrices);
        if (!model || measure(options, &content, error))
            print(options, &content, error);
        failures = scan_run_failures(options, scan);
        mem_free(content.spots);
    }
    scan_free(scan);
    model_free(model);
    return error->code == ERROR_NONE && failures > 0 ? 1 : command_status(error);
}
