/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "app/command.h"
#include "app/document.h"
#include "app/emit.h"
#include "app/output.h"
#include "engine/analysis.h"

struct record {
    uint64_t index;
    double mean, std, skewness, excess_kurtosis, min, max, abs_max;
    double step, clip, step_over_std, shapiro_w, shapiro_p;
    double error_mean, error_std, error_mse, clipped_share;
    double theory_error_mean, theory_error_std, pqn_error_std, sqnr_db;
};

static const struct emit_field fields[] = {
    EMIT_FIELD(record, EMIT_COUNT, index, "channel", 0),
    EMIT_FIELD(record, EMIT_NUMBER, mean, "mean", 3),
    EMIT_FIELD(record, EMIT_NUMBER, std, "std", 3),
    EMIT_FIELD(record, EMIT_NUMBER, skewness, "skew", 3),
    EMIT_FIELD(record, EMIT_NUMBER, excess_kurtosis, "kurtosis", 3),
    EMIT_FIELD(record, EMIT_NUMBER, min, NULL, 3),
    EMIT_FIELD(record, EMIT_NUMBER, max, NULL, 3),
    EMIT_FIELD(record, EMIT_NUMBER, abs_max, "max |w|", 3),
    EMIT_FIELD(record, EMIT_NUMBER, step, "step", 3),
    EMIT_FIELD(record, EMIT_NUMBER, clip, NULL, 3),
    EMIT_FIELD(record, EMIT_NUMBER, step_over_std, "q/std", 3),
    EMIT_FIELD(record, EMIT_NUMBER, shapiro_w, "W", 4),
    EMIT_FIELD(record, EMIT_NUMBER, shapiro_p, "p", 2),
    EMIT_FIELD(record, EMIT_NUMBER, error_mean, "mean e", 3),
    EMIT_FIELD(record, EMIT_NUMBER, error_std, "std e", 4),
    EMIT_FIELD(record, EMIT_NUMBER, error_mse, NULL, 4),
    EMIT_FIELD(record, EMIT_NUMBER, clipped_share, NULL, 3),
    EMIT_FIELD(record, EMIT_NUMBER, theory_error_mean, NULL, 3),
    EMIT_FIELD(record, EMIT_NUMBER, theory_error_std, "theory", 4),
    EMIT_FIELD(record, EMIT_NUMBER, pqn_error_std, NULL, 4),
    EMIT_FIELD(record, EMIT_NUMBER, sqnr_db, "SQNR dB", 4),
};

static struct record describe(const struct report *report, size_t row)
{
    const struct moments *moments = &report->profile->channel[row];
    const struct channel_error *channel = &report->errors->channel[row];
    const struct channel_normality *normality = &report->normality->channel[row];
    bool any = moments->count > 0;
    double std = moments_std(moments), step = channel->step;
    return (struct record){
        .index = rows_channel(&report->rows, row),
        .mean = moments_mean(moments),
        .std = std,
        .skewness = moments_skewness(moments),
        .excess_kurtosis = moments_excess_kurtosis(moments),
        .min = any ? moments->min : (double)NAN,
        .max = any ? moments->max : (double)NAN,
        .abs_max = any ? moments_abs_max(moments) : (double)NAN,
        .step = any ? step : (double)NAN,
        .clip = any ? channel->clip : (double)NAN,
        .step_over_std = std > 0 ? step / std : (double)NAN,
        .shapiro_w = normality->w,
        .shapiro_p = normality->p,
        .error_mean = channel->mean,
        .error_std = channel->std,
        .error_mse = channel->mse,
        .clipped_share = any ? (double)channel->clipped / (double)moments->count : (double)NAN,
        .theory_error_mean = channel->theory_mean,
        .theory_error_std = channel->theory_std,
        .pqn_error_std = any ? step / sqrt(12) : (double)NAN,
        .sqnr_db = channel->sqnr_db,
    };
}

static void print(const struct options *options, const struct command_subject *subject,
                  const struct report *report, struct output *output)
{
    struct emit *emit = emit_begin(output, options, fields, sizeof fields / sizeof fields[0]);
    const struct tensor *tensor = report->request.tensor;
    document_head(emit, subject->model);
    document_settings(emit, options, subject->inputs.activations);
    emit_name(emit, "tensor", tensor->name, tensor->name_length);
    emit_array(emit, "channels");
    for (size_t row = 0; row < report->rows.channels && !output_broken(output); row++) {
        struct record record = describe(report, row);
        emit_record(emit, &record);
    }
    emit_end(emit);
}

int cmd_channels(const struct options *options, struct error *error)
{
    struct command_subject subject;
    const struct report *report = command_analyse(options, &subject, error);
    struct output output;
    if (report && output_open(&output, options->output, error)) {
        print(options, &subject, report, &output);
        output_close(&output, true, error);
    }
    if (report)
        part_unref(&report->part);
    command_subject_done(&subject);
    return command_status(error);
}
