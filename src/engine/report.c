/* SPDX-License-Identifier: MIT */
#include "engine/report.h"

#include <math.h>
#include <string.h>

#include "base/decibels.h"
#include "base/mem.h"
#include "quant/theory.h"
#include "stats/quantile.h"
#include "stats/source.h"

/* What the elements are: a tensor's, or a sample's, which has none. */
static bool subject_equal(const struct request *a, const struct request *b)
{
    if (a->draws != b->draws || a->shift != b->shift)
        return false;
    if (a->draws == 0)
        return a->tensor == b->tensor && a->view.axis == b->view.axis &&
               a->view.scaled == b->view.scaled;
    return a->seed == b->seed && synthetic_layer_equal(&a->layer, &b->layer) &&
           a->law.type == b->law.type &&
           memcmp(a->law.shape, b->law.shape, sizeof a->law.shape) == 0;
}

/* What is asked about outliers. */
static bool hunt_equal(const struct request *a, const struct request *b)
{
    return a->outliers == b->outliers &&
           (!a->outliers || (outlier_limits_equal(&a->limits, &b->limits) &&
                             outlier_region_equal(&a->region, &b->region)));
}

/* What is asked about the layer behind several transforms. */
static bool lineup_equal(const struct request *a, const struct request *b)
{
    return a->lineup == b->lineup &&
           (!a->lineup || (a->layers == b->layers && input_grid_equal(&a->inputs, &b->inputs)));
}

bool request_equal(const struct request *a, const struct request *b)
{
    return subject_equal(a, b) && a->channel == b->channel && transform_spec_equal(&a->transform, &b->transform) &&
           a->layers == b->layers &&
           scheme_equal(&a->scheme, &b->scheme) && a->belief == b->belief &&
           a->spectrum == b->spectrum && a->curve == b->curve && a->comparison == b->comparison &&
           a->figures_only == b->figures_only && hunt_equal(a, b) && lineup_equal(a, b);
}

static double median(double x[], size_t n)
{
    return n > 0 ? quantile_percentile(x, n, 50) : (double)NAN;
}

static void describe_weights(struct figures *figures, const struct profile *profile)
{
    const struct moments *total = &profile->total;
    bool any = total->count > 0;
    figures->channels = profile->channels;
    figures->elements = total->count + total->nonfinite;
    figures->nonfinite = total->nonfinite;
    figures->mean = moments_mean(total);
    figures->std = moments_std(total);
    figures->skewness = moments_skewness(total);
    figures->excess_kurtosis = moments_excess_kurtosis(total);
    figures->min = any ? total->min : (double)NAN;
    figures->max = any ? total->max : (double)NAN;
    figures->abs_max = any ? moments_abs_max(total) : (double)NAN;
}

/* The kind of source whose deviation from the PQN model is told: an empirical one is measured by
 * its distance instead, so there the Gaussian stands for it. */
static struct source believed_source(const struct report *report)
{
    enum belief belief = report->request.belief;
    bool laplace = belief == BELIEF_LAPLACE ||
                   (belief == BELIEF_FAMILY && report->family && report->family->laplace);
    if (belief == BELIEF_LAW)
        return report->request.law;
    return (struct source){.type = laplace ? &source_laplace : &source_gaussian};
}

/* Steps and clips against the channels' own standard deviations. */
static void describe_steps(struct figures *figures, const struct profile *profile,
                           const struct errors *errors, struct source *believed)
{
    size_t n = profile->channels, steps = 0, ratios = 0;
    double *step = mem_alloc(n, sizeof *step), *ratio = mem_alloc(n, sizeof *ratio);
    double *clip_ratio = mem_alloc(n, sizeof *clip_ratio);
    double largest_step = NAN, largest_std = NAN;
    figures->step_over_std_max = figures->abs_max_over_std = NAN;
    for (size_t i = 0; i < n; i++) {
        const struct moments *moments = &profile->channel[i];
        if (moments->count == 0)
            continue;
        step[steps++] = errors->channel[i].step;
        double std = moments_std(moments);
        if (!(std > 0))
            continue;
        double r = errors->channel[i].step / std;
        clip_ratio[ratios] = errors->channel[i].clip / std;
        ratio[ratios++] = r;
        if (!(r <= figures->step_over_std_max)) {
            figures->step_over_std_max = r;
            largest_step = errors->channel[i].step;
            largest_std = std;
        }
        figures->abs_max_over_std = fmax(figures->abs_max_over_std, moments_abs_max(moments) / std);
    }
    figures->step_median = median(step, steps);
    figures->step_over_std_median = median(ratio, ratios);
    figures->clip_over_std_median = median(clip_ratio, ratios);
    figures->pqn_deviation = NAN;
    if (largest_step > 0) {
        believed->mean = 0;
        believed->std = largest_std;
        figures->pqn_deviation = theory_pqn_deviation(believed, largest_step);
    }
    mem_free(step);
    mem_free(ratio);
    mem_free(clip_ratio);
}

static double bits_per_weight(const struct report *report)
{
    const struct rows *rows = &report->rows;
    return scheme_bits_per_weight(&report->request.scheme,
                                  tensor_channels(rows->tensor, rows->view),
                                  tensor_channel_length(rows->tensor, rows->view));
}

static void describe_errors(struct figures *figures, const struct errors *errors)
{
    const struct distortion *total = &errors->total;
    double n = (double)total->error.count;
    figures->error_mean = moments_mean(&total->error);
    figures->error_std = moments_std(&total->error);
    figures->error_mse = distortion_mse(total);
    figures->error_abs_max = errors->abs_max;
    figures->clipped_share = n > 0 ? (double)total->clipped / n : (double)NAN;
    figures->theory_error_mean = errors->theory_mean;
    figures->theory_error_std = errors->theory_std;
    figures->pqn_error_std = errors->pqn_std;
    figures->error_ks = errors->distance;
    figures->sqnr_db = distortion_sqnr_db(total);
    figures->theory_sqnr_db =
        errors->theory_mse > 0 ? decibels(total->power / errors->theory_noise) : (double)NAN;
}

static void report_free(struct part *part)
{
    struct report *report = (struct report *)part;
    part_unref((const struct part *)report->synthetic);
    part_unref((const struct part *)report->basis);
    part_unref((const struct part *)report->profile);
    part_unref((const struct part *)report->quantizers);
    part_unref((const struct part *)report->errors);
    part_unref((const struct part *)report->spectrum);
    part_unref((const struct part *)report->curve);
    part_unref((const struct part *)report->comparison);
    part_unref((const struct part *)report->lineup);
    part_unref((const struct part *)report->spread);
    part_unref((const struct part *)report->family);
    part_unref((const struct part *)report->normality);
    part_unref((const struct part *)report->outliers);
    part_unref((const struct part *)report->outlier_map);
    part_unref((const struct part *)report->outlier_costs);
    part_unref((const struct part *)report->audit);
    mem_free(report);
}

const struct report *report_new(const struct report *content)
{
    struct report *report = mem_alloc(1, sizeof *report);
    *report = *content;
    part_init(&report->part, sizeof *report, report_free);
    part_ref((const struct part *)report->synthetic);
    part_ref((const struct part *)report->basis);
    part_ref((const struct part *)report->profile);
    part_ref((const struct part *)report->quantizers);
    part_ref((const struct part *)report->errors);
    part_ref((const struct part *)report->spectrum);
    part_ref((const struct part *)report->curve);
    part_ref((const struct part *)report->comparison);
    part_ref((const struct part *)report->lineup);
    part_ref((const struct part *)report->spread);
    part_ref((const struct part *)report->family);
    part_ref((const struct part *)report->normality);
    part_ref((const struct part *)report->outliers);
    part_ref((const struct part *)report->outlier_map);
    part_ref((const struct part *)report->outlier_costs);
    part_ref((const struct part *)report->audit);
    if (report->profile && report->errors) {
        describe_weights(&report->figures, report->profile);
        struct source believed = believed_source(report);
        describe_steps(&report->figures, report->profile, report->errors, &believed);
        describe_errors(&report->figures, report->errors);
        report->figures.bits_per_weight = bits_per_weight(report);
        report->figures.abs_max_expected =
            source_gaussian_maximum_median((double)report->rows.length);
    }
    return report;
}
