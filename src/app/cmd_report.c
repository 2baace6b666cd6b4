/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/output.h"
#include "app/report_page.h"
#include "app/scan_file.h"
#include "app/scan_run.h"
#include "app/scan_settings.h"
#include "base/mem.h"
#include "engine/analysis.h"

/* What a page is about. */
struct subject {
    struct options options; /* those of a scan are its own */
    struct model *model;    /* NULL: a scan file's */
    struct layer_source inputs;
    struct scan *scan;
};

static bool read_scan(struct subject *subject, struct error *error)
{
    struct options its = subject->options;
    subject->scan = scan_file_read(its.scan_file, error);
    if (!subject->scan || !scan_settings_apply(subject->scan, &its, error))
        return false;
    subject->options.transform = its.transform;
    return true;
}

static bool survey(struct subject *subject, struct error *error)
{
    const struct options *options = &subject->options;
    subject->model = command_open_model(options, options->operands, options->operand_count, error);
    if (!subject->model || !command_check_globs(options, subject->model, error) ||
        !layers_open(options, subject->model, false, &subject->inputs, error))
        return false;
    subject->scan = scan_run_begin(options, subject->model, &subject->inputs);
    return scan_run(options, &subject->inputs, subject->scan, NULL, error);
}

static void subject_done(struct subject *subject)
{
    scan_free(subject->scan);
    layers_close(&subject->inputs);
    model_free(subject->model);
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
static bool figures_of(const struct subject *subject, const struct analysis *analysis,
                       const struct tensor *tensor, const struct scheme *scheme,
                       struct figures *figures)
{
    const struct request request = {
        .tensor = tensor,
        .view = subject->options.tensor_view,
        .channel = REQUEST_ALL_CHANNELS,
        .transform = subject->options.transform,
        .layers = subject->inputs.index,
        .scheme = *scheme,
        .figures_only = true,
    };
    const struct report *report = analysis_run(analysis, &request, NULL);
    if (report)
        *figures = report->figures;
    part_unref((const struct part *)report);
    return report;
}

/* What a clip of least squared error gains, and for values far from 0 an asymmetric grid. */
static void measure_gains(const struct subject *subject, const struct analysis *analysis,
                          struct report_spot *spot)
{
    const struct scan *scan = subject->scan;
    const int bits = subject->options.scheme.bits;
    const struct tensor *tensor = &scan->model->tensors[spot->tensor];
    const double sqnr_db = record_error(scan->records[spot->tensor], bits)->sqnr_db;
    struct scheme scheme = scheme_default();
    struct figures figures;
    scheme.bits = bits;
    bool shifted = false;
    for (size_t i = 0; i < spot->reasons.count; i++)
        shifted |= spot->reasons.list[i].code == REASON_SHIFTED;
    if (shifted) {
        scheme.asymmetric = true;
        if (figures_of(subject, analysis, tensor, &scheme, &figures))
            spot->asymmetric_gain_db = figures.sqnr_db - sqnr_db;
        return;
    }
    scheme.clip.rule = CLIP_MSE;
    if (figures_of(subject, analysis, tensor, &scheme, &figures)) {
        spot->clip_gain_db = figures.sqnr_db - sqnr_db;
        spot->clip_over_std = figures.clip_over_std_median;
    }
}

static bool measure(const struct subject *subject, const struct report_content *content,
                    struct error *error)
{
    struct watch watch = {0};
    struct pool *pool = pool_new(subject->options.threads, error);
    if (!pool)
        return false;
    struct cache *bases = cache_new(ANALYSIS_BASES);
    const struct analysis analysis = {.pool = pool, .watch = &watch, .bases = bases};
    for (size_t i = 0; i < content->matrices + content->vectors; i++) {
        size_t place = i < content->matrices ? i : i - content->matrices;
        if (place < content->top)
            measure_gains(subject, &analysis, &content->spots[i]);
    }
    cache_free(bases);
    pool_free(pool);
    return true;
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

/* Returns how many tensors fail. */
static size_t tell(const struct subject *subject, struct error *error)
{
    const struct options *options = &subject->options;
    const struct scan *scan = subject->scan;
    struct report_content content = {
        .scan = scan,
        .bits = options->scheme.bits,
        .transform = &options->transform,
        .spots = mem_alloc(scan->model->count, sizeof *content.spots),
        .top = options->top,
    };
    content.matrices = find_spots(options, scan, false, content.spots);
    content.vectors = find_spots(options, scan, true, content.spots + content.matrices);
    if (!subject->model || measure(subject, &content, error))
        print(options, &content, error);
    mem_free(content.spots);
    return scan_run_failures(options, scan);
}

int cmd_report(const struct options *options, struct error *error)
{
    struct subject subject = {.options = *options};
    size_t failures = 0;
    if (options->scan_file ? read_scan(&subject, error) : survey(&subject, error))
        failures = tell(&subject, error);
    subject_done(&subject);
    return error->code == ERROR_NONE && failures > 0 ? 1 : command_status(error);
}
