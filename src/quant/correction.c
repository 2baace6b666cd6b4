/* SPDX-License-Identifier: MIT */
#include "quant/fitter.h"

#include <math.h>

/* Elements whose stored values are formed at a time. */
#define SLICE 256

static const struct correction nothing = {.shift = 0, .gain = 1};

void correction_add(struct correction_sums *sums, const double w[], const double e[], size_t n)
{
    double stored[SLICE];
    for (size_t from = 0; from < n; from += SLICE) {
        const size_t length = n - from < SLICE ? n - from : SLICE;
        for (size_t i = 0; i < length; i++)
            stored[i] = w[from + i] + e[from + i];
        moments_add(&sums->stored, stored, length);
    }
    moments_add(&sums->weight, w, n);
}

void correction_merge(struct correction_sums *sums, const struct correction_sums *other)
{
    moments_merge(&sums->weight, &other->weight);
    moments_merge(&sums->stored, &other->stored);
}

/* What takes values of one mean and standard deviation to those of the weights. */
static struct correction correct(const struct scheme *scheme, double weight_mean, double weight_std,
                                 double stored_mean, double stored_std)
{
    struct correction correction = nothing;
    const double gain = weight_std / stored_std;
    const double mean = scheme->correct_mean ? weight_mean : stored_mean;
    if (scheme->correct_norm && gain > 0 && isfinite(gain))
        correction.gain = gain;
    if (scheme->correct_mean || scheme->correct_norm)
        correction.shift = mean / correction.gain - stored_mean;
    return correction;
}

struct correction correction_make(const struct scheme *scheme, const struct correction_sums *sums)
{
    const struct moments *weight = &sums->weight, *stored = &sums->stored;
    if (weight->count == 0 || stored->count == 0)
        return nothing;
    return correct(scheme, weight->mean, moments_std(weight), stored->mean, moments_std(stored));
}

void correction_apply(const struct correction *correction, const double w[], double e[], size_t n)
{
    const double gain = correction->gain, more = gain - 1, shift = gain * correction->shift;
    for (size_t i = 0; i < n; i++)
        e[i] = gain * e[i] + (more * w[i] + shift);
}

struct prediction correction_predict(const struct scheme *scheme, const struct source *source,
                                     const struct prediction *prediction)
{
    if (!scheme->correct_mean && !scheme->correct_norm)
        return *prediction;
    const double variance = source->std * source->std, covariance = prediction->covariance;
    const double stored_mean = source->mean + prediction->mean;
    const double stored_variance = variance + 2 * covariance + prediction->variance;
    const struct correction correction =
        correct(scheme, source->mean, source->std, stored_mean, sqrt(fmax(stored_variance, 0)));
    const double gain = correction.gain, more = gain - 1;
    struct prediction corrected = {
        .mean = gain * (stored_mean + correction.shift) - source->mean,
        .variance =
            more * (more * variance + 2 * gain * covariance) + gain * gain * prediction->variance,
        .granular = NAN,
        .overload = NAN,
        .covariance = more * variance + gain * covariance,
        .clipped = prediction->clipped,
    };
    corrected.variance = fmax(corrected.variance, 0);
    corrected.mse = corrected.variance + corrected.mean * corrected.mean;
    return corrected;
}
