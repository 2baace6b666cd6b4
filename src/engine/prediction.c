/* SPDX-License-Identifier: MIT */
#include "engine/prediction.h"

#include <math.h>

#include "base/mem.h"
#include "quant/fitter.h"

void predictor_init(struct predictor *predictor, const struct quantizers *quantizers,
                    const struct believer *believer, struct watch *watch,
                    const struct pictures *pictures)
{
    *predictor = (struct predictor){.quantizers = quantizers, .believer = believer, .watch = watch};
    if (!pictures)
        return;
    const struct histogram *error = pictures->error, *weight = pictures->weight;
    predictor->edges = error->bins + 1;
    predictor->bins = weight->bins;
    predictor->edge = mem_alloc(predictor->edges, sizeof *predictor->edge);
    predictor->centre = mem_alloc(predictor->bins, sizeof *predictor->centre);
    for (size_t k = 0; k < predictor->edges; k++)
        predictor->edge[k] = ((double)k - (double)error->bins / 2) / PICTURES_PER_STEP;
    for (size_t k = 0; k < predictor->bins; k++)
        predictor->centre[k] =
            weight->low + ((double)k + 0.5) * (weight->high - weight->low) / (double)weight->bins;
}

void predictor_done(struct predictor *predictor)
{
    mem_free(predictor->edge);
    mem_free(predictor->centre);
}

static void make_room(const struct predictor *predictor, struct prediction_sums *sums)
{
    if (predictor->edges == 0 || sums->cdf)
        return;
    sums->cdf = mem_zero(predictor->edges, sizeof *sums->cdf);
    sums->fitted = mem_zero(predictor->bins, sizeof *sums->fitted);
}

/* A channel without a density, all its elements alike: its error is known, a point mass in the
 * curve.  Theory has nothing to say of it, so it is in none of the figures but the SQNR. */
static void add_constant(const struct predictor *predictor, const struct channel_error *channel,
                         double n, struct prediction_sums *sums)
{
    sums->known += n * channel->mse;
    if (!(channel->step > 0))
        return;
    const double at = channel->mean / channel->step;
    for (size_t k = 0; k < predictor->edges; k++)
        sums->cdf[k] += predictor->edge[k] >= at ? n : 0;
    sums->weight += n;
}

/* Adds n g(x) at x = first + k width of a Gaussian, from its middle outwards by the quotients of
 * neighbours, which are a geometric sequence: what thousands of channels would need exp for. */
static void add_gaussian(const struct source *source, double first, double width, double n,
                         size_t bins, double sum[])
{
    const double h = width / source->std, z = (first - source->mean) / source->std;
    const double middle = fmin(fmax(-z / h, 0), (double)bins - 1);
    const size_t from = (size_t)middle;
    const double at = z + (double)from * h, ratio = exp(-h * h);
    const double top = n / (source->std * sqrt(2 * M_PI)) * exp(-at * at / 2);
    double value = top, quotient = exp(-at * h - h * h / 2);
    for (size_t k = from; k < bins; k++) {
        sum[k] += value;
        value *= quotient;
        quotient *= ratio;
    }
    value = top;
    quotient = exp(at * h - h * h / 2);
    for (size_t k = from; k-- > 0;) {
        value *= quotient;
        quotient *= ratio;
        sum[k] += value;
    }
}

static void add_curve(const struct predictor *predictor, const struct quantizer *quantizer,
                      const struct source *source, double n, struct prediction_sums *sums)
{
    const bool endless = scheme_endless(&predictor->quantizers->scheme);
    quantizer_add_curve(quantizer, source, endless, n, predictor->edge, predictor->edges,
                        sums->cdf);
    const double first = quantizer->centre + predictor->centre[0] * quantizer->reach;
    const double width = (predictor->centre[1] - predictor->centre[0]) * quantizer->reach;
    if (source->type == &source_gaussian) {
        add_gaussian(source, first, width, n * quantizer->reach, predictor->bins, sums->fitted);
        return;
    }
    for (size_t k = 0; k < predictor->bins; k++)
        sums->fitted[k] += n * quantizer->reach *
                           source->type->density(source, quantizer->centre + predictor->centre[k] *
                                                                                 quantizer->reach);
}

/* n: elements of the row; those of units without a step are in no picture. */
static void add_curves(const struct predictor *predictor, const struct steps *steps,
                       const struct source *source, double n, struct prediction_sums *sums)
{
    struct steps coarse = {.count = 0};
    double elements = 0;
    if (predictor->edges == 0)
        return;
    steps_coarsen(steps, &coarse);
    for (size_t i = 0; i < coarse.count; i++)
        elements += coarse.entry[i].elements;
    for (size_t i = 0; i < coarse.count; i++) {
        const struct quantizer quantizer = steps_quantizer(&coarse.entry[i]);
        const double part = n * (coarse.entry[i].elements / elements);
        if (!(quantizer.step > 0))
            continue;
        add_curve(predictor, &quantizer, source, part, sums);
        sums->weight += part;
    }
    steps_done(&coarse);
}

/* Adds a share of a prediction; the granular and overload parts are not looked at. */
static void mix(struct prediction *sum, const struct prediction *prediction, double share)
{
    sum->mean += share * prediction->mean;
    sum->mse += share * prediction->mse;
    sum->covariance += share * prediction->covariance;
}

/* Every unit of the row with the row's source.  A unit without a step is one of zeros, which makes
 * no error. */
static struct prediction predict_units(const struct predictor *predictor, const struct steps *steps,
                                       const struct source *source)
{
    const bool endless = scheme_endless(&predictor->quantizers->scheme);
    struct prediction sum = {0};
    double elements = 0;
    for (size_t i = 0; i < steps->count; i++)
        elements += steps->entry[i].elements;
    for (size_t i = 0; i < steps->count; i++) {
        const struct quantizer quantizer = steps_quantizer(&steps->entry[i]);
        const double share = steps->entry[i].elements / elements;
        if (!(quantizer.step > 0))
            continue;
        const struct prediction prediction = quantizer_predict(&quantizer, source, endless);
        if (steps->count == 1)
            return prediction;
        mix(&sum, &prediction, share);
    }
    sum.variance = fmax(sum.mse - sum.mean * sum.mean, 0);
    return sum;
}

static void add_density(const struct predictor *predictor, const struct steps *steps,
                        struct channel_error *channel, const struct source *source, double n,
                        struct prediction_sums *sums)
{
    const struct scheme *scheme = &predictor->quantizers->scheme;
    struct prediction prediction = predict_units(predictor, steps, source);
    add_curves(predictor, steps, source, n, sums);
    if (scheme->correct_mean || scheme->correct_norm)
        prediction = correction_predict(scheme, source, &prediction);
    channel->theory_mean = prediction.mean;
    channel->theory_std = sqrt(prediction.variance);
    channel->theory_mse = prediction.mse;
    sums->mean += n * prediction.mean;
    sums->mse += n * prediction.mse;
    sums->pqn += n * channel->step * channel->step / 12;
    sums->elements += n;
}

bool predictor_add(const struct predictor *predictor, size_t row, const struct steps *steps,
                   struct channel_error *channel, struct prediction_sums *sums,
                   struct workspace *workspace, struct error *error)
{
    const struct moments *moments = &predictor->believer->profile->channel[row];
    const double n = (double)moments->count;
    struct source source;
    struct source_table *table;
    make_room(predictor, sums);
    channel->theory_mean = channel->theory_std = channel->theory_mse = NAN;
    if (moments->count == 0)
        return true;
    if (!quantizers_last(predictor->quantizers)) {
        sums->known += n * channel->mse;
        return true;
    }
    if (!believer_source(predictor->believer, row, workspace, predictor->watch, &source, &table,
                         error))
        return false;
    if (source.type && channel->step > 0)
        add_density(predictor, steps, channel, &source, n, sums);
    else
        add_constant(predictor, channel, n, sums);
    source_table_free(table);
    return true;
}

/* Largest distance between the two distribution functions at the bins' edges. */
static double kolmogorov(const struct histogram *histogram, const double cdf[])
{
    double total = (double)histogram_total(histogram), distance = 0;
    uint64_t below = histogram->under;
    for (size_t k = 0; k <= histogram->bins; k++) {
        distance = fmax(distance, fabs((double)below / total - cdf[k]));
        if (k < histogram->bins)
            below += histogram->count[k];
    }
    return distance;
}

static void add_sums(const struct predictor *predictor, struct prediction_sums *sum,
                     struct prediction_sums *other)
{
    for (size_t k = 0; other->cdf && k < predictor->edges; k++)
        sum->cdf[k] += other->cdf[k];
    for (size_t k = 0; other->fitted && k < predictor->bins; k++)
        sum->fitted[k] += other->fitted[k];
    mem_free(other->cdf);
    mem_free(other->fitted);
    sum->weight += other->weight;
    sum->elements += other->elements;
    sum->mean += other->mean;
    sum->mse += other->mse;
    sum->pqn += other->pqn;
    sum->known += other->known;
}

void predictor_collect(const struct predictor *predictor, struct prediction_sums sums[], size_t n,
                       struct errors *errors)
{
    struct prediction_sums sum = {0};
    make_room(predictor, &sum);
    for (size_t i = 0; i < n; i++)
        add_sums(predictor, &sum, &sums[i]);
    for (size_t k = 0; k < predictor->edges; k++)
        sum.cdf[k] /= sum.weight;
    for (size_t k = 0; k < predictor->bins; k++)
        sum.fitted[k] /= sum.weight;
    errors->theory_cdf = sum.cdf;
    errors->fitted = sum.fitted;
    double mean = sum.mean / sum.elements, mse = sum.mse / sum.elements;
    errors->pqn_std = sqrt(sum.pqn / sum.elements);
    /* Without any such channel these are 0/0, not defined. */
    errors->theory_mean = mean;
    errors->theory_mse = mse;
    errors->theory_std = isnan(mse) ? mse : sqrt(fmax(mse - mean * mean, 0));
    errors->theory_noise = sum.mse + sum.known;
    errors->distance =
        isnan(mse) || !errors->error ? (double)NAN : kolmogorov(errors->error, sum.cdf);
}
