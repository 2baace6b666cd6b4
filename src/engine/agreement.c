/* SPDX-License-Identifier: MIT */
#include "engine/agreement.h"

#include <math.h>

struct agreement_dot agreement_dot(const struct report *report, size_t channel,
                                   enum agreement_moment moment)
{
    const struct channel_error *error = &report->errors->channel[channel];
    const struct agreement_dot dot = moment == AGREEMENT_STD
                                         ? (struct agreement_dot){error->theory_std, error->std}
                                         : (struct agreement_dot){error->theory_mean, error->mean};
    if (isnan(dot.x) || isnan(dot.y))
        return (struct agreement_dot){NAN, NAN};
    return dot;
}

double agreement_ratio(const struct report *report, size_t channel)
{
    const double step = report->errors->channel[channel].step;
    const double std = moments_std(&report->profile->channel[channel]);
    return step > 0 && std > 0 ? step / std : (double)NAN;
}

bool agreement_is_normal(const struct report *report, size_t channel)
{
    return report->normality && report->normality->channel[channel].p >= NORMALITY_LEVEL;
}

struct agreement agreement_of(const struct report *report, enum record_channels of)
{
    struct agreement agreement = {.channels = 0};
    for (size_t i = 0; i < report->errors->channels; i++) {
        if (of == RECORD_NORMAL && !agreement_is_normal(report, i))
            continue;
        for (int moment = 0; moment < AGREEMENT_MOMENTS; moment++) {
            const struct agreement_dot dot =
                agreement_dot(report, i, (enum agreement_moment)moment);
            regression_add(&agreement.fit[moment], dot.x, dot.y);
        }
        const double ratio = agreement_ratio(report, i);
        agreement.channels += !isnan(ratio);
        agreement.wide += ratio > AGREEMENT_WIDE;
    }
    return agreement;
}
