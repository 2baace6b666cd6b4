/* SPDX-License-Identifier: MIT */
#include "quant/codebook_fit.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "base/mem.h"
#include "quant/theory.h"

/* The reaches of the levels that are tried first, in standard deviations: from the least one by a
 * factor.  A whole number of factors to the octave treats all octaves alike. */
#define SCAN_LEAST  0x1p-8
#define SCAN_FACTOR 1.0442737824274138 /* sixteen to the octave */
#define SCAN_STEPS  2048

#define ROOT_STEPS     100
#define ROOT_TOLERANCE 1e-14 /* relative */

struct fit {
    const struct codebook *codebook;
    struct source source; /* of mean 0 and standard deviation 1 */
    double *level;        /* the codebook's, scaled */
};

static struct prediction predict(const struct fit *fit, double scale)
{
    const size_t n = fit->codebook->count;
    for (size_t i = 0; i < n; i++)
        fit->level[i] = scale * fit->codebook->level[i];
    const struct theory_codebook scaled = {.level = fit->level, .n = n};
    return theory_predict_codebook(&fit->source, &scaled);
}

/* The sign of the MSE's derivative with respect to the scale: the levels Q move in proportion to
 * it, and thresholds half way between them change nothing, so the derivative is 2/scale E[e Q], and
 * E[e Q] = cov(x, e) + E e² at mean 0. */
static double slope(double scale, void *context)
{
    const struct prediction prediction = predict(context, scale);
    return prediction.covariance + prediction.mse;
}

/* No larger scale is better than `least` if the values next to 0 alone make more error. */
static bool too_wide(const struct fit *fit, double scale, double least)
{
    const struct codebook *codebook = fit->codebook;
    const size_t k = codebook_nearest(codebook, 0);
    const double low = k > 0 ? scale * codebook->threshold[k - 1] : -INFINITY;
    const double high = k + 1 < codebook->count ? scale * codebook->threshold[k] : INFINITY;
    double m[3];
    fit->source.type->truncated(&fit->source, low, high, scale * codebook->level[k], m);
    return m[2] >= least;
}

static double scan(const struct fit *fit, double reach)
{
    double scale = SCAN_LEAST / reach, best = scale, least = INFINITY;
    for (int i = 0; i < SCAN_STEPS && !too_wide(fit, scale, least); i++) {
        const double mse = predict(fit, scale).mse;
        if (mse < least) {
            least = mse;
            best = scale;
        }
        scale *= SCAN_FACTOR;
    }
    return best;
}

/* The root of the slope next to the best scale of the scan.  Should the slope not change its sign
 * there, which takes two minima closer than the scan's steps, that scale is left as it is. */
static double polish(struct fit *fit, double best)
{
    gsl_function function = {.function = slope, .params = fit};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (!solver)
        mem_panic("out of memory");
    int status = gsl_root_fsolver_set(solver, &function, best / SCAN_FACTOR, best * SCAN_FACTOR);
    for (int i = 0; status == GSL_SUCCESS && i < ROOT_STEPS; i++) {
        status = gsl_root_fsolver_iterate(solver);
        best = gsl_root_fsolver_root(solver);
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 0,
                                   ROOT_TOLERANCE) == GSL_SUCCESS)
            break;
    }
    gsl_root_fsolver_free(solver);
    return best;
}

double codebook_reach(const struct codebook *codebook)
{
    return fmax(fabs(codebook->level[0]), fabs(codebook->level[codebook->count - 1]));
}

double codebook_best_scale(const struct codebook *codebook, const struct source *source,
                           double *mse)
{
    const double reach = codebook_reach(codebook);
    assert(reach > 0);
    struct fit fit = {
        .codebook = codebook,
        .source = *source,
        .level = mem_alloc(codebook->count, sizeof *fit.level),
    };
    fit.source.mean = 0;
    fit.source.std = 1;
    const double best = polish(&fit, scan(&fit, reach));
    if (mse)
        *mse = predict(&fit, best).mse;
    mem_free(fit.level);
    return best;
}
