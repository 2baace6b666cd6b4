/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/layers_open.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/scan_file.h"
#include "app/scan_settings.h"
#include "engine/analysis.h"

struct record {
    struct emit_string name, dtype;
    struct emit_shape shape;
    struct figures figures;
    double normal_share;
    struct emit_string family;
    double ks_gaussian, ks_laplace;
    uint64_t outliers_6sigma;
    double bits_per_weight;
};

#define FIGURE(type, member, heading, digits)                                   \
    {                                                                           \
#member, type, offsetof(struct record, figures.member), heading, digits \
    }

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_STRING, name, "name", 0),
    EMIT_FIELD(record, EMIT_STRING, dtype, "type", 0),
    EMIT_FIELD(record, EMIT_SHAPE, shape, "shape", 0),
    FIGURE(EMIT_COUNT, channels, NULL, 0),
    FIGURE(EMIT_COUNT, elements, NULL, 0),
    FIGURE(EMIT_COUNT, nonfinite, NULL, 0),
    FIGURE(EMIT_NUMBER, mean, NULL, 3),
    FIGURE(EMIT_NUMBER, std, "std", 3),
    FIGURE(EMIT_NUMBER, skewness, NULL, 3),
    FIGURE(EMIT_NUMBER, excess_kurtosis, "kurtosis", 3),
    FIGURE(EMIT_NUMBER, min, NULL, 3),
    FIGURE(EMIT_NUMBER, max, NULL, 3),
    FIGURE(EMIT_NUMBER, abs_max, "max |w|", 3),
    FIGURE(EMIT_NUMBER, step_median, NULL, 3),
    FIGURE(EMIT_NUMBER, step_over_std_median, "q/std", 3),
    FIGURE(EMIT_NUMBER, step_over_std_max, "worst", 3),
    EMIT_FIELD(record, EMIT_NUMBER, normal_share, "normal", 2),
    EMIT_FIELD(record, EMIT_STRING, family, NULL, 0),
    EMIT_FIELD(record, EMIT_NUMBER, ks_gaussian, NULL, 3),
    EMIT_FIELD(record, EMIT_NUMBER, ks_laplace, NULL, 3),
    EMIT_FIELD(record, EMIT_COUNT, outliers_6sigma, "> 6 std", 0),
    FIGURE(EMIT_NUMBER, error_mean, NULL, 3),
    FIGURE(EMIT_NUMBER, error_std, "std e", 4),
    FIGURE(EMIT_NUMBER, error_mse, NULL, 4),
    FIGURE(EMIT_NUMBER, error_abs_max, NULL, 3),
    FIGURE(EMIT_NUMBER, clipped_share, NULL, 3),
    FIGURE(EMIT_NUMBER, theory_error_mean, NULL, 3),
    FIGURE(EMIT_NUMBER, theory_error_std, "theory", 4),
    FIGURE(EMIT_NUMBER, pqn_error_std, NULL, 4),
    FIGURE(EMIT_NUMBER, error_ks, "KS", 2),
    FIGURE(EMIT_NUMBER, sqnr_db, "SQNR dB", 4),
    FIGURE(EMIT_NUMBER, theory_sqnr_db, "theory dB", 4),
    EMIT_FIELD(record, EMIT_NUMBER, bits_per_weight, "bits/w", 4),
};

/* What a run over the tensors needs and finds out. */
struct run {
    const struct options *options;
    const struct model *model;
    struct analysis analysis;
    struct layer_source inputs;
    const struct scan *scan; /* whose records take the place of an analysis; NULL */
    struct output output;
    struct emit *emit;
    struct progress progress;
    size_t unread;    /* tensors without figures */
    size_t nonfinite; /* tensors with elements that are left out */
    struct error first_unread;
};

/* A record of what the file says, all figures undefined. */
static struct record blank(const struct tensor *tensor, struct tensor_view view)
{
    struct record record;
    emit_undefine(fields, sizeof fields / sizeof fields[0], &record);
    record.name = document_name(tensor);
    record.dtype = emit_string_of(tensor->dtype_name);
    record.shape = (struct emit_shape){tensor->dims, tensor->rank};
    record.figures.channels = tensor_channels(tensor, view);
    record.figures.elements = tensor->elements;
    return record;
}

/* What a scan knows of the same. */
static void take_from_scan(struct record *record, const struct survey_record *known)
{
    const struct record_weights *weights = &known->weights;
    const struct record_scheme *scheme = &known->scheme;
    record->figures = (struct figures){
        .channels = weights->channels,
        .elements = weights->elements,
        .nonfinite = weights->nonfinite,
        .mean = weights->mean,
        .std = weights->std,
        .skewness = weights->skewness,
        .excess_kurtosis = weights->excess_kurtosis,
        .min = weights->min,
        .max = weights->max,
        .abs_max = weights->abs_max,
        .step_median = NAN,
        .step_over_std_median = scheme->step_over_std_median,
        .step_over_std_max = scheme->step_over_std_max,
        .error_mean = scheme->error_mean,
        .error_std = scheme->error_std,
        .error_mse = scheme->error_mse,
        .error_abs_max = scheme->error_abs_max,
        .clipped_share = scheme->clipped_share,
        .theory_error_mean = scheme->theory_error_mean,
        .theory_error_std = scheme->theory_error_std,
        .pqn_error_std = scheme->pqn_error_std,
        .error_ks = NAN,
        .sqnr_db = scheme->sqnr_db,
        .theory_sqnr_db = scheme->theory_sqnr_db,
    };
    record->normal_share = record_normal_share(known);
    record->ks_gaussian = known->normality.ks_gaussian;
    record->ks_laplace = known->normality.ks_laplace;
    record->outliers_6sigma = known->outliers.count[0];
    record->bits_per_weight = scheme->bits_per_weight;
    if (!isnan(record->ks_gaussian))
        record->family =
            emit_string_of(known->normality.laplace ? source_laplace.name : source_gaussian.name);
}

/* A tensor that was not scanned has a blank record, as one that could not be read. */
static void add_scanned(struct run *run, const struct tensor *tensor)
{
    const struct survey_record *known = run->scan->records[tensor - run->model->tensors];
    struct record record = blank(tensor, run->options->tensor_view);
    if (known && !known->failure[0]) {
        take_from_scan(&record, known);
        run->nonfinite += known->weights.nonfinite > 0;
    } else if (!tensor->alias_of && run->unread++ == 0) {
        error_set(&run->first_unread, ERROR_FILE, "%s", known ? known->failure : "not scanned");
    }
    emit_record(run->emit, &record);
}

/* Emits one tensor's record.  One that cannot be read is no failure of the run: its record is
 * blank; but a file that breaks while it is read is one. */
static bool add_tensor(struct run *run, const struct tensor *tensor, struct error *error)
{
    const struct options *options = run->options;
    struct record record = blank(tensor, options->tensor_view);
    struct error why = {0};
    struct request request = {
        .tensor = tensor,
        .view = options->tensor_view,
        .channel = REQUEST_ALL_CHANNELS,
        .transform = options->transform,
        .layers = run->inputs.index,
        .scheme = options->scheme,
        .belief = options->belief,
    };
    const struct report *report = analysis_run(&run->analysis, &request, &why);
    if (!report && why.code != ERROR_USAGE) {
        *error = why;
        return false;
    }
    if (report) {
        record.figures = report->figures;
        run->nonfinite += report->figures.nonfinite > 0;
        record.normal_share = report->normality->share;
        record.outliers_6sigma = report->spread->outliers;
        record.ks_gaussian = report->family->ks_gaussian;
        record.ks_laplace = report->family->ks_laplace;
        record.bits_per_weight =
            scheme_bits_per_weight(&options->scheme, record.figures.channels,
                                   tensor_channel_length(tensor, options->tensor_view));
        if (!isnan(record.ks_gaussian))
            record.family = emit_string_of(report->family->laplace ? source_laplace.name
                                                                   : source_gaussian.name);
        part_unref(&report->part);
    } else if (run->unread++ == 0) {
        run->first_unread = why;
    }
    progress_clear(&run->progress);
    emit_record(run->emit, &record);
    return true;
}

static bool add_tensors(struct run *run, struct error *error)
{
    const struct model *model = run->model;
    progress_init(&run->progress);
    bool ok = true;
    for (size_t i = 0; i < model->count && ok && !output_broken(&run->output); i++) {
        if (!options_match(run->options, model->tensors[i].label))
            continue;
        progress_show(&run->progress, i, model->count, "tensors");
        if (run->scan)
            add_scanned(run, &model->tensors[i]);
        else
            ok = add_tensor(run, &model->tensors[i], error);
    }
    progress_clear(&run->progress);
    return ok;
}

/* Values with scales are seldom meant to be looked at without, and --scaled says nothing where
 * there are none. */
static void mention_scales(const struct run *run)
{
    size_t scaled = 0;
    for (size_t i = 0; i < run->model->count; i++)
        scaled += run->model->tensors[i].scale != NULL;
    if (run->options->tensor_view.scaled && scaled == 0)
        fprintf(stderr, "roundoff: no tensor has scales: --scaled changes nothing\n");
    if (!run->options->tensor_view.scaled && scaled > 0)
        fprintf(stderr,
                "roundoff: raw codes of %zu tensor%s: --scaled multiplies them by their scales\n",
                scaled, scaled == 1 ? "" : "s");
}

static void run_over(struct run *run, struct error *error)
{
    if (!output_open(&run->output, run->options->output, error))
        return;
    run->emit = emit_begin(&run->output, run->options, fields, sizeof fields / sizeof fields[0]);
    document_head(run->emit, run->model);
    if (run->scan)
        emit_json(run->emit, "settings", run->scan->settings.data);
    else
        document_settings(run->emit, run->options, run->inputs.activations);
    emit_array(run->emit, "tensors");
    bool ok = add_tensors(run, error);
    emit_end(run->emit);
    output_close(&run->output, ok, error);
    mention_scales(run);
    if (ok && run->nonfinite > 0)
        fprintf(stderr, "roundoff: NaN or infinite elements of %zu tensor%s are left out\n",
                run->nonfinite, run->nonfinite == 1 ? "" : "s");
    if (run->model->count == 0)
        fprintf(stderr, "roundoff: %s: has no tensors\n", run->model->label);
    if (ok && run->unread)
        fprintf(stderr, "roundoff: no figures for %zu tensor%s: %s%s\n", run->unread,
                run->unread == 1 ? "" : "s", run->first_unread.text,
                run->unread == 1 ? "" : " (and others)");
}

static void run_over_model(const struct options *options, const struct model *model,
                           struct pool *pool, struct error *error)
{
    struct watch watch = {0};
    struct cache *bases = cache_new(ANALYSIS_BASES);
    struct run run = {.options = options,
                      .model = model,
                      .analysis = {.pool = pool, .watch = &watch, .bases = bases}};
    if (layers_open(options, model, false, &run.inputs, error))
        run_over(&run, error);
    layers_close(&run.inputs);
    cache_free(bases);
}

/* The same from a scan file. */
static void run_over_scan(const struct options *options, struct error *error)
{
    struct scan *scan = NULL;
    if (options->given_bits || options->scheme_name)
        error_set(error, ERROR_USAGE, "a scan has the scheme that it was made with");
    else
        scan = scan_file_read(options->scan_file, error);
    struct options its = *options;
    if (scan && scan_settings_apply(scan, &its, error) &&
        command_check_globs(options, scan->model, error)) {
        struct run run = {.options = &its, .model = scan->model, .scan = scan};
        run_over(&run, error);
    }
    scan_free(scan);
}

int cmd_stats(const struct options *options, struct error *error)
{
    if (options->scan_file) {
        run_over_scan(options, error);
        return command_status(error);
    }
    return command_over_model(options, run_over_model, error);
}
