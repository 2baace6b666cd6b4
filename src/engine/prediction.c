/* SPDX-License-Identifier: MIT */
#include "engine/prediction.h"

#include <math.h>

#include "base/mem.h"
#include "quant/theory.h"

/* Channels are predicted in groups: at least GROUP_LEAST at a time, at most GROUPS_MOST groups, so
 * that the groups' partial curves take little memory whatever the number of channels. */
#define GROUP_LEAST 64
#define GROUPS_MOST 256

/* Sums of one group, added up in the order of the groups. */
struct group {
    double *cdf, *fitted;
    double weight;         /* elements of channels with a step: what the curves stand for */
    double elements;       /* of channels that theory speaks of */
    double mean, mse, pqn; /* sums over these */
    double known;          /* sum of e^2 over all others, whose error needs no theory */
};

struct job {
    const struct believer *believer;
    const struct scheme *scheme;
    struct watch *watch;
    struct errors *errors;
    const double *edge, *centre; /* of the two histograms' bins */
    struct group *group;
    size_t per_group;
};

struct theory_grid errors_theory_grid(const struct scheme *scheme, const struct grid *grid)
{
    return theory_grid_symmetric(grid->step,
                                 scheme_endless(scheme) ? THEORY_INFINITE : grid->levels_each_side);
}

/* A channel without a density, all its elements alike: its error is known, a point mass in the
 * curve.  Theory has nothing to say of it, so it is in none of the figures but the SQNR. */
static void add_constant(const struct job *job, const struct channel_error *channel, double n,
                         struct group *group)
{
    group->known += n * channel->mse;
    if (!(channel->grid.step > 0))
        return;
    double at = channel->mean / channel->grid.step;
    for (size_t k = 0; k <= job->errors->error->bins; k++)
        group->cdf[k] += job->edge[k] >= at ? n : 0;
    group->weight += n;
}

static void add_density(const struct job *job, struct channel_error *channel,
                        const struct source *source, double n, struct group *group)
{
    const struct grid *grid = &channel->grid;
    struct theory_grid theory = errors_theory_grid(job->scheme, grid);
    struct prediction prediction = theory_predict(source, &theory);
    channel->theory_mean = prediction.mean;
    channel->theory_std = sqrt(prediction.variance);
    channel->theory_mse = prediction.mse;
    group->mean += n * prediction.mean;
    group->mse += n * prediction.mse;
    group->pqn += n * grid->step * grid->step / 12;
    group->elements += n;
    theory_add_curve(source, &theory, n, job->edge, job->errors->error->bins + 1, group->cdf);
    for (size_t k = 0; k < job->errors->weight->bins; k++)
        group->fitted[k] +=
            n * grid->clip * source->type->density(source, job->centre[k] * grid->clip);
    group->weight += n;
}

static bool add_channel(const struct job *job, size_t row, struct workspace *workspace,
                        struct group *group, struct error *error)
{
    const struct moments *moments = &job->believer->profile->channel[row];
    struct channel_error *channel = &job->errors->channel[row];
    channel->theory_mean = channel->theory_std = channel->theory_mse = NAN;
    if (moments->count == 0)
        return true;
    double n = (double)moments->count;
    struct source source;
    struct source_table *table;
    if (!believer_source(job->believer, row, workspace, job->watch, &source, &table, error))
        return false;
    if (source.type && channel->grid.step > 0)
        add_density(job, channel, &source, n, group);
    else
        add_constant(job, channel, n, group);
    source_table_free(table);
    return true;
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct group *group = &job->group[unit];
    group->cdf = mem_zero(job->errors->error->bins + 1, sizeof *group->cdf);
    group->fitted = mem_zero(job->errors->weight->bins, sizeof *group->fitted);
    size_t end = (unit + 1) * job->per_group;
    if (end > job->errors->channels)
        end = job->errors->channels;
    for (size_t row = unit * job->per_group; row < end; row++) {
        /* A group may be thousands of channels, of 50 microseconds each. */
        if (atomic_load(&job->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!add_channel(job, row, workspace, group, error))
            return false;
    }
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

static void collect(struct errors *errors, struct group group[], size_t groups)
{
    struct group sum = {.cdf = errors->theory_cdf, .fitted = errors->fitted};
    for (size_t g = 0; g < groups; g++) {
        for (size_t k = 0; k <= errors->error->bins; k++)
            sum.cdf[k] += group[g].cdf[k];
        for (size_t k = 0; k < errors->weight->bins; k++)
            sum.fitted[k] += group[g].fitted[k];
        sum.weight += group[g].weight;
        sum.elements += group[g].elements;
        sum.mean += group[g].mean;
        sum.mse += group[g].mse;
        sum.pqn += group[g].pqn;
        sum.known += group[g].known;
    }
    for (size_t k = 0; k <= errors->error->bins; k++)
        sum.cdf[k] /= sum.weight;
    for (size_t k = 0; k < errors->weight->bins; k++)
        sum.fitted[k] /= sum.weight;
    double mean = sum.mean / sum.elements, mse = sum.mse / sum.elements;
    errors->pqn_std = sqrt(sum.pqn / sum.elements);
    /* Without any such channel these are 0/0, not defined. */
    errors->theory_mean = mean;
    errors->theory_mse = mse;
    errors->theory_std = isnan(mse) ? mse : sqrt(fmax(mse - mean * mean, 0));
    errors->theory_noise = sum.mse + sum.known;
    errors->distance = isnan(mse) ? mse : kolmogorov(errors->error, sum.cdf);
}

bool prediction_add(const struct stage *stage, const struct scheme *scheme,
                    const struct believer *believer, struct errors *errors, struct error *error)
{
    size_t edges = errors->error->bins + 1, bins = errors->weight->bins;
    double *edge = mem_alloc(edges, sizeof *edge), *centre = mem_alloc(bins, sizeof *centre);
    for (size_t k = 0; k < edges; k++)
        edge[k] = ((double)k - (double)errors->error->bins / 2) / ERRORS_BINS;
    for (size_t k = 0; k < bins; k++)
        centre[k] = errors->weight->low +
                    ((double)k + 0.5) * (errors->weight->high - errors->weight->low) / (double)bins;
    errors->theory_cdf = mem_zero(edges, sizeof *errors->theory_cdf);
    errors->fitted = mem_zero(bins, sizeof *errors->fitted);

    size_t per_group = (errors->channels + GROUPS_MOST - 1) / GROUPS_MOST;
    if (per_group < GROUP_LEAST)
        per_group = GROUP_LEAST;
    size_t groups = (errors->channels + per_group - 1) / per_group;
    struct job job = {believer,
                      scheme,
                      stage->watch,
                      errors,
                      edge,
                      centre,
                      mem_zero(groups, sizeof(struct group)),
                      per_group};
    watch_begin(stage->watch, "theory", groups);
    bool ok = pool_run(stage->pool, groups, work, &job, stage->watch, error);
    if (ok)
        collect(errors, job.group, groups);
    for (size_t g = 0; g < groups; g++) {
        mem_free(job.group[g].cdf);
        mem_free(job.group[g].fitted);
    }
    mem_free(job.group);
    mem_free(edge);
    mem_free(centre);
    return ok;
}
