/* SPDX-License-Identifier: MIT */
#include "ui/glossary_value.h"

#include <math.h>
#include <stddef.h>

/* Without rows, profile and errors a report has no figures. */
#define DEFINE(name)                                                        \
    double glossary_value_##name(const struct report *report)               \
    {                                                                       \
        return report->errors ? (double)report->figures.name : (double)NAN; \
    }
GLOSSARY_FIGURES(DEFINE)
#undef DEFINE

/* True if the report is of a single channel, all of it: its own figures stand in row 0. */
static bool is_one(const struct report *report)
{
    return report->errors && report->errors->channels == 1 && !report->sampled;
}

double glossary_value_normal_share(const struct report *report)
{
    return report->normality ? report->normality->share : (double)NAN;
}

double glossary_value_ks_gaussian(const struct report *report)
{
    return report->family ? report->family->ks_gaussian : (double)NAN;
}

double glossary_value_ks_laplace(const struct report *report)
{
    return report->family ? report->family->ks_laplace : (double)NAN;
}

double glossary_value_outliers_6sigma(const struct report *report)
{
    return report->spread ? (double)report->spread->outliers : (double)NAN;
}

double glossary_value_qq_r2(const struct report *report)
{
    return report->spread ? report->spread->r2 : (double)NAN;
}

double glossary_value_cf_qt1(const struct report *report)
{
    return report->spectrum ? report->spectrum->qt1[1] : (double)NAN;
}

double glossary_value_cf_qt2(const struct report *report)
{
    return report->spectrum ? report->spectrum->qt2[1] : (double)NAN;
}

double glossary_value_cf_psi(const struct report *report)
{
    return report->spectrum ? report->spectrum->measured[SPECTRUM_PER_PSI] : (double)NAN;
}

double glossary_value_index(const struct report *report)
{
    return is_one(report) ? (double)rows_channel(&report->rows, 0) : (double)NAN;
}

double glossary_value_step(const struct report *report)
{
    return is_one(report) ? report->figures.step_median : (double)NAN;
}

double glossary_value_clip(const struct report *report)
{
    return is_one(report) && report->profile->total.count > 0 ? report->errors->channel[0].clip
                                                              : (double)NAN;
}

double glossary_value_step_over_std(const struct report *report)
{
    return is_one(report) ? report->figures.step_over_std_median : (double)NAN;
}

double glossary_value_shapiro_w(const struct report *report)
{
    return is_one(report) && report->normality ? report->normality->channel[0].w : (double)NAN;
}

double glossary_value_shapiro_p(const struct report *report)
{
    return is_one(report) && report->normality ? report->normality->channel[0].p : (double)NAN;
}

/* Of the layer that the tensor is, behind the transform that was asked for. */
static double layer_value(const struct report *report, size_t offset)
{
    const struct layer_lineup *lineup = report->lineup;
    const size_t member = lineup ? layer_lineup_member(lineup, report->request.tensor) : 0;
    const struct layer_sqnr *sqnr = lineup && member < lineup->members
                                        ? layer_lineup_sqnr(layer_lineup_own(lineup), member)
                                        : NULL;
    return sqnr ? *(const double *)((const char *)sqnr + offset) : (double)NAN;
}

double glossary_value_concentration_db(const struct report *report)
{
    return layer_value(report, offsetof(struct layer_sqnr, concentration));
}

double glossary_value_alignment_db(const struct report *report)
{
    return layer_value(report, offsetof(struct layer_sqnr, alignment));
}

double glossary_value_max_alignment_db(const struct report *report)
{
    return layer_value(report, offsetof(struct layer_sqnr, max_alignment));
}

double glossary_value_approx_sqnr_db(const struct report *report)
{
    return layer_value(report, offsetof(struct layer_sqnr, approximation));
}

double glossary_value_measured_sqnr_db(const struct report *report)
{
    return layer_value(report, offsetof(struct layer_sqnr, measured));
}
