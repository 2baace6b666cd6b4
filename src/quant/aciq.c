/* SPDX-License-Identifier: MIT */
#include "quant/aciq.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_sf_lambert.h>

#include "quant/theory.h"

#define SQRT_HALF    0.70710678118654752440
#define SQRT_2_BY_PI 0.79788456080286535588

/* The clips that are tried first, in standard deviations: from the least one by a factor. */
#define SCAN_LEAST  0x1p-8
#define SCAN_FACTOR 1.0905077326652577 /* eight to the octave */
#define SCAN_STEPS  1024

/* Bisection ends when no double is left between, or here. */
#define HALVINGS 60

/* The left side of the equation is negative at 0, rises and is concave, so Newton's method comes
 * to the root from the left without ever passing it. */
double aciq_gaussian(int bits)
{
    assert(bits >= 1 && bits <= 16);
    const double coarse = ldexp(1.0 / 3, -2 * bits);
    double alpha = 0, step;
    do {
        const double beyond = erfc(alpha * SQRT_HALF);
        step = (SQRT_2_BY_PI * exp(-0.5 * alpha * alpha) - alpha * (beyond + coarse)) /
               (beyond + coarse);
        alpha += step;
    } while (step > 1e-14 * alpha);
    return alpha;
}

double aciq_laplace(int bits)
{
    assert(bits >= 1 && bits <= 16);
    return gsl_sf_lambert_W0(ldexp(3, 2 * bits));
}

static struct prediction predict(const struct source *source, double clip, int each_side)
{
    const struct theory_grid grid = theory_grid_symmetric(clip / each_side, each_side);
    return theory_predict(source, &grid);
}

/* The sign of the MSE's derivative with respect to c.  Levels Q move in proportion to c, thresholds
 * half way between them change nothing, so it is 2/c E[e Q], and E[e Q] = cov(x, e) + E e². */
static double slope(const struct source *source, double clip, int each_side)
{
    const struct prediction prediction = predict(source, clip, each_side);
    return prediction.covariance + prediction.mse;
}

/* No wider grid is better than `least` if what falls to the level 0 alone makes more error. */
static bool too_wide(const struct source *source, double step, double least)
{
    double m[3];
    source->type->truncated(source, -0.5 * step, 0.5 * step, 0, m);
    return m[2] >= least;
}

/* Scans, because an odd source may have several minima, and then halves around the best. */
double aciq_best_symmetric(const struct source *source, int bits, double *mse)
{
    assert(bits >= 2 && bits <= 16);
    const int each_side = (1 << (bits - 1)) - 1;
    struct source unit = *source;
    unit.mean = 0;
    unit.std = 1;
    double best = SCAN_LEAST, least = INFINITY, clip = SCAN_LEAST;
    for (int i = 0; i < SCAN_STEPS && !too_wide(&unit, clip / each_side, least); i++) {
        const double tried = predict(&unit, clip, each_side).mse;
        if (tried < least) {
            least = tried;
            best = clip;
        }
        clip *= SCAN_FACTOR;
    }
    double low = best / SCAN_FACTOR, high = best * SCAN_FACTOR;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        *(slope(&unit, middle, each_side) < 0 ? &low : &high) = middle;
    }
    if (mse)
        *mse = predict(&unit, low, each_side).mse;
    return low;
}
