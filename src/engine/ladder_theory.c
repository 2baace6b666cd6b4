/* SPDX-License-Identifier: MIT */
#include "engine/ladder_theory.h"

#include <math.h>

#include "quant/theory.h"

/* Standard deviations in a step, as σ/q, beyond which the error of a Gaussian is uniform to the
 * last digit: exp(-2π²σ²/q²) is below 1e-18 (MATH §3.5). */
#define SMOOTH 1.45

/* σ/q from which on the series has at most eight terms. */
#define SERIES 0.2

/* Terms of the series that no double would notice. */
#define LEAST_TERM 1e-18

/* By the Fourier series of the error, a sawtooth of w, whose terms have the characteristic function
 * exp(-2π²k²σ²/q²) as factors (MATH §3.5). */
static void sum_series(double mean, double std, double step, double *error_mean,
                       double *error_variance)
{
    const double angle = 2 * M_PI * fmod(mean / step, 1), ratio = std / step;
    const double factor = exp(-2 * M_PI * M_PI * ratio * ratio);
    double odd = 0, even = 0;
    /* term is factor^(k^2), next what leads to that of k + 1. */
    double term = factor, next = factor * factor * factor;
    for (int k = 1; term > LEAST_TERM; k++) {
        const double sign = k % 2 ? -1 : 1;
        odd += sign * term / k * sin(k * angle);
        even += sign * term / (k * k) * cos(k * angle);
        term *= next;
        next *= factor * factor;
    }
    *error_mean = step / M_PI * odd;
    *error_variance = step * step * (1.0 / 12 + even / (M_PI * M_PI)) - *error_mean * *error_mean;
}

void ladder_theory(double mean, double std, double step, double *error_mean, double *error_variance)
{
    *error_mean = 0;
    *error_variance = step * step / 12;
    if (std > SMOOTH * step)
        return;
    if (std > SERIES * step) {
        sum_series(mean, std, step, error_mean, error_variance);
        return;
    }
    const struct source source = {.type = &source_gaussian, .mean = mean, .std = std};
    const struct theory_grid grid = theory_grid_symmetric(step, THEORY_INFINITE);
    const struct prediction prediction = theory_predict(&source, &grid);
    *error_mean = prediction.mean;
    *error_variance = prediction.variance;
}
