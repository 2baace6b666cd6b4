/* SPDX-License-Identifier: MIT */
#include "ui/lesson_figures.h"

#include <math.h>
#include <string.h>

#include "engine/report.h"
#include "quant/conditions.h"
#include "quant/theory.h"
#include "ui/lesson_layer.h"

/* What has to be known for a figure: nothing but the report; the true source; or also that one grid
 * of even steps, symmetric about 0, rounds all of it. */
enum need { NEED_REPORT, NEED_LAW, NEED_GRID };

/* A figure is a member of struct figures, or computed from the report. */
struct row {
    struct lesson_key key;
    size_t offset;
    double (*compute)(const struct report *report); /* NULL: the member at offset */
    enum need need;
};

/* ---- The settings again, as the report has them */

/* The source that the sample was drawn from, where it lies on the grid. */
static struct source law_of(const struct report *report)
{
    struct source law = report->request.law;
    law.mean = report->request.shift;
    law.std = 1;
    return law;
}

static double get_step(const struct report *report)
{
    return report->errors->channel[0].step;
}

static double get_clip(const struct report *report)
{
    return report->errors->channel[0].clip;
}

static double get_mean(const struct report *report)
{
    return report->request.shift;
}

static double get_ratio(const struct report *report)
{
    return get_step(report); /* σ is 1 */
}

static double get_phase(const struct report *report)
{
    return get_mean(report) / get_step(report);
}

static double get_elements(const struct report *report)
{
    return (double)report->figures.elements;
}

/* ---- The sample and its errors */

static double get_mass_zero(const struct report *report)
{
    const struct errors *errors = report->errors;
    double all = (double)errors->total.error.count;
    return errors->levels ? (double)errors->mass[errors->levels / 2] / all : (double)NAN;
}

/* Standard errors: a mean scatters with std/√n, a standard deviation with √((m4 - m2²)/n)/2std, a
 * share p with √(p(1 - p)/n); a mean square as the mean that it is. */
static double noise_of_mean(const struct moments *moments)
{
    return moments_std(moments) / sqrt((double)moments->count);
}

/* Of a mean square, given the mean fourth power: below 0 by rounding only. */
static double noise_of_square(double second, double fourth, double n)
{
    double variance = (fourth - second * second) / n;
    return variance < 0 ? 0 : sqrt(variance);
}

/* Mean of (e - at)^power, from the histogram of the errors because their sums hold no fourth
 * powers; its bins are narrow enough for a standard error.  NaN if some lie outside of it, clipped
 * elements, whose fourth powers tell; and for groups, whose steps differ. */
static double error_power(const struct report *report, double at, int power)
{
    const struct histogram *error = report->errors->error;
    const struct granularity unit = scheme_granularity(&report->request.scheme);
    double step = get_step(report), sum = 0,
           width = (error->high - error->low) / (double)error->bins;
    if (error->under > 0 || error->over > 0 || unit.columns > 0)
        return (double)NAN;
    for (size_t i = 0; i < error->bins; i++) {
        double e = step * (error->low + ((double)i + 0.5) * width);
        sum += (double)error->count[i] * pow(e - at, power);
    }
    return sum / get_elements(report);
}

static double noise_of_share(const struct report *report, double share)
{
    return sqrt(share * (1 - share) / get_elements(report));
}

static double get_mean_noise(const struct report *report)
{
    return noise_of_mean(&report->profile->total);
}

static double get_std_noise(const struct report *report)
{
    const struct moments *total = &report->profile->total;
    double n = (double)total->count;
    return noise_of_square(total->m2 / n, total->m4 / n, n) / (2 * moments_std(total));
}

static double get_error_mean_noise(const struct report *report)
{
    return noise_of_mean(&report->errors->total.error);
}

static double get_error_std_noise(const struct report *report)
{
    double std = report->figures.error_std;
    double fourth = error_power(report, report->figures.error_mean, 4);
    return noise_of_square(std * std, fourth, get_elements(report)) / (2 * std);
}

static double get_error_mse_noise(const struct report *report)
{
    double mse = report->figures.error_mse;
    return noise_of_square(mse, error_power(report, 0, 4), get_elements(report));
}

static double get_clipped_noise(const struct report *report)
{
    return noise_of_share(report, report->figures.clipped_share);
}

static double get_mass_zero_noise(const struct report *report)
{
    return noise_of_share(report, get_mass_zero(report));
}

/* ---- Theory of the belief, and of the law whatever the belief is */

static double get_theory_mse(const struct report *report)
{
    return report->errors->theory_mse;
}

static struct theory_grid grid_of(const struct report *report)
{
    return errors_theory_grid(&report->request.scheme, &report->errors->channel[0]);
}

static struct prediction predict(const struct report *report)
{
    struct theory_grid grid = grid_of(report);
    struct source law = law_of(report);
    return theory_predict(&law, &grid);
}

static double get_covariance(const struct report *report)
{
    return predict(report).covariance;
}

static double get_granular(const struct report *report)
{
    return predict(report).granular;
}

static double get_overload(const struct report *report)
{
    return predict(report).overload;
}

static double get_law_clipped(const struct report *report)
{
    return predict(report).clipped;
}

static double get_law_mass_zero(const struct report *report)
{
    struct source law = law_of(report);
    double half = get_step(report) / 2;
    return law.type->cdf(&law, half) - law.type->cdf(&law, -half);
}

/* var(x') = σ² + 2 cov(x, e) + var(e). */
static double quantized_variance(const struct report *report)
{
    struct prediction prediction = predict(report);
    return 1 + 2 * prediction.covariance + prediction.variance;
}

static double get_quantized_std(const struct report *report)
{
    return sqrt(quantized_variance(report));
}

/* What Sheppard's correction makes of that; NaN if it takes off more than there is. */
static double get_sheppard_std(const struct report *report)
{
    double step = get_step(report);
    return sqrt(quantized_variance(report) - step * step / 12);
}

/* A Gaussian of the same mean and standard deviation on the same grid. */
static struct prediction predict_gaussian(const struct report *report)
{
    struct source gaussian = {.type = &source_gaussian, .mean = report->request.shift, .std = 1};
    struct theory_grid grid = grid_of(report);
    return theory_predict(&gaussian, &grid);
}

static double get_gaussian_std(const struct report *report)
{
    return sqrt(predict_gaussian(report).variance);
}

static double get_gaussian_mse(const struct report *report)
{
    return predict_gaussian(report).mse;
}

static struct conditions conditions(const struct report *report)
{
    struct source law = law_of(report);
    return conditions_of(&law, get_step(report));
}

static double get_qt1(const struct report *report)
{
    return conditions(report).qt1;
}

static double get_qt2(const struct report *report)
{
    return conditions(report).qt2;
}

static double get_sripad_snyder(const struct report *report)
{
    return conditions(report).sripad_snyder;
}

static double get_deviation(const struct report *report)
{
    return conditions(report).deviation;
}

static double get_holds_below(const struct report *report)
{
    return conditions(report).holds_below_step;
}

/* ---- The table */

/* clang-format off */
#define FIGURE(name, power, noise) \
    { { #name, power, false, noise }, offsetof(struct figures, name), NULL, NEED_REPORT }
#define COMPUTED(name, power, noise, compute) \
    { { name, power, false, noise }, 0, compute, NEED_REPORT }
#define OF_LAW(name, power, compute) { { name, power, false, NULL }, 0, compute, NEED_LAW }
#define OF_GRID(name, power, compute) { { name, power, false, NULL }, 0, compute, NEED_GRID }

static const struct row rows[] = {
    /* What is set: step, outermost level, q/σ with the true σ, phase µ/q, mean, draws. */
    COMPUTED("q", 1, NULL, get_step),
    COMPUTED("clip", 1, NULL, get_clip),
    OF_LAW("ratio", 0, get_ratio),
    OF_LAW("phase", 0, get_phase),
    OF_LAW("mu", 1, get_mean),
    { { "n", 0, true, NULL }, 0, get_elements, NEED_REPORT },

    /* The sample. */
    FIGURE(mean, 1, "mean_noise"),
    FIGURE(std, 1, "std_noise"),
    FIGURE(skewness, 0, NULL),
    FIGURE(excess_kurtosis, 0, NULL),
    FIGURE(min, 1, NULL),
    FIGURE(max, 1, NULL),
    FIGURE(abs_max, 1, NULL),
    FIGURE(abs_max_over_std, 0, NULL),
    FIGURE(abs_max_expected, 0, NULL),

    /* Its errors. */
    FIGURE(error_mean, 1, "error_mean_noise"),
    FIGURE(error_std, 1, "error_std_noise"),
    FIGURE(error_mse, 2, "error_mse_noise"),
    FIGURE(error_abs_max, 1, NULL),
    FIGURE(clipped_share, 0, "clipped_share_noise"),
    FIGURE(error_ks, 0, NULL),
    FIGURE(sqnr_db, 0, NULL),
    COMPUTED("mass_zero", 0, "mass_zero_noise", get_mass_zero), /* share rounded to 0 */

    /* Standard errors of the above. */
    COMPUTED("mean_noise", 1, NULL, get_mean_noise),
    COMPUTED("std_noise", 1, NULL, get_std_noise),
    COMPUTED("error_mean_noise", 1, NULL, get_error_mean_noise),
    COMPUTED("error_std_noise", 1, NULL, get_error_std_noise),
    COMPUTED("error_mse_noise", 2, NULL, get_error_mse_noise),
    COMPUTED("clipped_share_noise", 0, NULL, get_clipped_noise),
    COMPUTED("mass_zero_noise", 0, NULL, get_mass_zero_noise),

    /* Theory, for what the weights are believed to be. */
    FIGURE(theory_error_mean, 1, NULL),
    FIGURE(theory_error_std, 1, NULL),
    COMPUTED("theory_error_mse", 2, NULL, get_theory_mse),
    FIGURE(theory_sqnr_db, 0, NULL),
    FIGURE(pqn_error_std, 1, NULL),

    /* Theory, for the true source on the grid. */
    OF_GRID("theory_covariance", 2, get_covariance),       /* cov(x, e) */
    OF_GRID("theory_granular_mse", 2, get_granular),
    OF_GRID("theory_overload_mse", 2, get_overload),
    OF_GRID("theory_clipped_share", 0, get_law_clipped),
    OF_GRID("theory_mass_zero", 0, get_law_mass_zero),
    OF_GRID("theory_quantized_std", 1, get_quantized_std), /* of Q(x) */
    OF_GRID("theory_sheppard_std", 1, get_sheppard_std),   /* the same less q²/12 */
    OF_GRID("gaussian_error_std", 1, get_gaussian_std),    /* if the source were Gaussian */
    OF_GRID("gaussian_error_mse", 2, get_gaussian_mse),

    /* How far the true source misses the conditions (quant/conditions.h). */
    OF_GRID("qt1", 0, get_qt1),
    OF_GRID("qt2", 0, get_qt2),
    OF_GRID("sripad_snyder", 0, get_sripad_snyder),
    OF_GRID("deviation", 0, get_deviation),                /* largest |q f_e - 1| */
    OF_GRID("holds_below_step", 1, get_holds_below),       /* below it that is less than 2 % */
};
/* clang-format on */

static const struct row *find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strlen(rows[i].key.name) == length && memcmp(rows[i].key.name, name, length) == 0)
            return &rows[i];
    return NULL;
}

const struct lesson_key *lesson_key_find(const char *name, size_t length)
{
    const struct row *row = find(name, length);
    return row ? &row->key : lesson_layer_key(name, length);
}

static bool is_known(const struct report *report, enum need need)
{
    const struct scheme *scheme = &report->request.scheme;
    const struct granularity unit = scheme_granularity(scheme);
    /* Nothing can be said of a law and a sample of zeros, which has no step, and a layer's rows have
     * each its own grid. */
    if (need != NEED_REPORT && (report->request.draws == 0 ||
                                synthetic_layer_is(&report->request.layer) ||
                                !(get_step(report) > 0)))
        return false;
    return need != NEED_GRID ||
           (scheme->levels.kind == LEVELS_UNIFORM && unit.columns == 0 && !scheme->asymmetric &&
            !scheme->full_range && !scheme->correct_mean && !scheme->correct_norm);
}

bool lesson_report_lookup(void *user, const char *name, double *value)
{
    const struct report *report = user;
    const struct row *row = find(name, strlen(name));
    if (!row)
        return lesson_layer_figure(report, name, value);
    if (!report || !report->profile || !report->errors || report->errors->channels == 0)
        return false;
    if (!is_known(report, row->need))
        return false;
    if (row->compute)
        *value = row->compute(report);
    else
        memcpy(value, (const char *)&report->figures + row->offset, sizeof *value);
    return true;
}
