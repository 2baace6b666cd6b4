/* SPDX-License-Identifier: MIT */
#include "engine/outlier_costs.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "quant/fitter.h"

/* What a worker needs for a row: the weights, and what is rounded in their place. */
struct bench {
    struct fitter *fitter;
    double *w, *changed;
};

/* Listed elements of one row: order[first .. first + n - 1]. */
struct group {
    size_t first, n;
};

struct job {
    const struct rows *rows;
    const struct outliers *outliers;
    uint64_t columns;             /* of a unit of the quantizer; 0: the whole row */
    double noise;                 /* of the whole tensor */
    size_t order[OUTLIERS_WORST]; /* listed elements by row */
    struct group group[OUTLIERS_WORST];
    size_t groups;
    double apart[OUTLIERS_WORST]; /* by group: noise that goes if all its elements are kept apart */
    struct bench *bench;          /* by worker */
    struct outlier_cost *cost;
};

/* What becomes of an element that was changed before the rounding: its error counts from what it
 * was, or not at all because it is stored exactly. */
enum fate { CLIPPED, APART };

/* Sum of e^2 over some weights whose rounded errors are e. */
static double sum_errors(const double w[], const double changed[], const double e[], size_t n,
                         enum fate fate)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        bool same = changed[i] == w[i];
        double error = same ? e[i] : fate == APART ? 0 : e[i] + (changed[i] - w[i]);
        sum += isfinite(error) ? error * error : 0;
    }
    return sum;
}

/* Sum of e^2 over the row with its elements changed, every unit's levels found anew.  e has room
 * for WORKSPACE_ELEMENTS. */
static double row_noise(const struct job *job, const struct bench *bench, double e[],
                        enum fate fate)
{
    size_t length = (size_t)job->rows->length;
    size_t columns = job->columns > 0 && job->columns < length ? (size_t)job->columns : length;
    double sum = 0;
    for (size_t unit = 0; unit < length; unit += columns) {
        size_t end = length - unit < columns ? length : unit + columns;
        struct quantizer quantizer = fitter_fit(bench->fitter, bench->changed + unit, end - unit);
        for (size_t from = unit; from < end; from += WORKSPACE_ELEMENTS) {
            size_t n = end - from < WORKSPACE_ELEMENTS ? end - from : WORKSPACE_ELEMENTS;
            quantizer_round(&quantizer, bench->changed + from, n, e, NULL);
            sum += sum_errors(bench->w + from, bench->changed + from, e, n, fate);
        }
    }
    return sum;
}

/* The largest finite magnitude of a row but that of element `column`. */
static double next_largest(const double w[], size_t n, size_t column)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        if (i != column && isfinite(w[i]) && fabs(w[i]) > most)
            most = fabs(w[i]);
    return most;
}

static double gain(const struct job *job, double less)
{
    return job->noise > less ? -10 * log10(1 - less / job->noise) : (double)NAN;
}

static struct outlier_cost cost_of(const struct job *job, const struct bench *bench, double before,
                                   size_t column, double e[])
{
    struct outlier_cost cost;
    double w = bench->w[column], next = next_largest(bench->w, (size_t)job->rows->length, column);
    bench->changed[column] = copysign(fmin(fabs(w), next), w);
    cost.clipped_db = gain(job, before - row_noise(job, bench, e, CLIPPED));
    bench->changed[column] = 0;
    cost.apart_db = gain(job, before - row_noise(job, bench, e, APART));
    bench->changed[column] = w;
    return cost;
}

static bool read_row(const struct rows *rows, size_t row, struct workspace *workspace, double w[],
                     struct error *error)
{
    for (size_t i = 0; i < rows->parts_per_channel; i++) {
        size_t part = row * rows->parts_per_channel + i;
        if (!rows_read(rows, part, workspace->values, workspace->scratch, error))
            return false;
        memcpy(w + rows_part_column(rows, part), workspace->values,
               rows_part_length(rows, part) * sizeof *w);
    }
    return true;
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    struct job *job = context;
    const struct bench *bench = &job->bench[workspace->index];
    const struct group *group = &job->group[unit];
    const size_t *listed = job->order + group->first;
    const struct outlier *worst = job->outliers->worst;
    if (!read_row(job->rows, worst[listed[0]].row, workspace, bench->w, error))
        return false;
    memcpy(bench->changed, bench->w, (size_t)job->rows->length * sizeof *bench->w);
    double before = row_noise(job, bench, workspace->values, APART);
    for (size_t i = 0; i < group->n; i++)
        job->cost[listed[i]] =
            cost_of(job, bench, before, (size_t)worst[listed[i]].column, workspace->values);
    for (size_t i = 0; i < group->n; i++)
        bench->changed[worst[listed[i]].column] = 0;
    job->apart[unit] = before - row_noise(job, bench, workspace->values, APART);
    return true;
}

/* Puts the listed elements into groups of one row, the list's order kept within each. */
static void group_by_row(struct job *job)
{
    const struct outliers *outliers = job->outliers;
    for (size_t i = 0; i < outliers->listed; i++) {
        size_t at = i;
        for (; at > 0 && outliers->worst[job->order[at - 1]].row > outliers->worst[i].row; at--)
            job->order[at] = job->order[at - 1];
        job->order[at] = i;
    }
    for (size_t i = 0; i < outliers->listed; i++) {
        bool first =
            i == 0 || outliers->worst[job->order[i]].row != outliers->worst[job->order[i - 1]].row;
        if (first)
            job->group[job->groups++].first = i;
        job->group[job->groups - 1].n++;
    }
}

/* Whether every unit of the quantizer lies in one row, so that the other rows do not change. */
static bool rows_independent(const struct rows *rows, const struct granularity *granularity)
{
    return granularity->rows == 1 || tensor_channels(rows->tensor, rows->view) == 1;
}

static void outlier_costs_free(struct part *part)
{
    mem_free(part);
}

static struct outlier_costs *costs_new(size_t listed)
{
    struct outlier_costs *costs = mem_zero(1, sizeof *costs);
    part_init(&costs->part, sizeof *costs, outlier_costs_free);
    costs->listed = listed;
    costs->all_apart_db = NAN;
    for (size_t i = 0; i < listed; i++)
        costs->cost[i] = (struct outlier_cost){NAN, NAN};
    return costs;
}

/* Runs the groups and adds up what the whole list costs. */
static bool run(const struct stage *stage, struct job *job, struct outlier_costs *costs,
                struct error *error)
{
    group_by_row(job);
    watch_begin(stage->watch, "outlier costs", job->groups);
    if (!pool_run(stage->pool, job->groups, work, job, stage->watch, error))
        return false;
    double apart = 0;
    for (size_t i = 0; i < job->groups; i++)
        apart += job->apart[i];
    costs->all_apart_db = gain(job, apart);
    return true;
}

static struct bench *benches_new(const struct stage *stage, const struct outlier_rounding *rounding,
                                 const struct books *books, double abs_max)
{
    unsigned workers = pool_size(stage->pool);
    struct bench *bench = mem_alloc(workers, sizeof *bench);
    for (unsigned i = 0; i < workers; i++) {
        bench[i].fitter = fitter_new(rounding->scheme, books, rounding->laplace, abs_max);
        bench[i].w = mem_alloc((size_t)stage->rows->length, sizeof *bench[i].w);
        bench[i].changed = mem_alloc((size_t)stage->rows->length, sizeof *bench[i].changed);
    }
    return bench;
}

static void benches_free(struct bench *bench, unsigned workers)
{
    for (unsigned i = 0; i < workers; i++) {
        fitter_free(bench[i].fitter);
        mem_free(bench[i].w);
        mem_free(bench[i].changed);
    }
    mem_free(bench);
}

const struct outlier_costs *outlier_costs_compute(const struct stage *stage,
                                                  const struct profile *profile,
                                                  const struct outliers *outliers,
                                                  const struct outlier_rounding *rounding,
                                                  struct error *error)
{
    const struct rows *rows = stage->rows;
    struct granularity granularity = scheme_granularity(rounding->scheme);
    struct outlier_costs *costs = costs_new(outliers->listed);
    if (outliers->listed == 0 || !(rounding->noise > 0) ||
        rows->length > OUTLIER_COSTS_LENGTH_MOST || !rows_independent(rows, &granularity))
        return costs;
    struct books *books = books_make(rounding->scheme, error);
    bool ok = books != NULL;
    if (ok) {
        struct job job = {
            .rows = rows,
            .outliers = outliers,
            .columns = granularity.columns,
            .noise = rounding->noise,
            .bench = benches_new(stage, rounding, books, moments_abs_max(&profile->total)),
            .cost = costs->cost,
        };
        ok = run(stage, &job, costs, error);
        benches_free(job.bench, pool_size(stage->pool));
    }
    books_free(books);
    if (ok)
        return costs;
    part_unref(&costs->part);
    return NULL;
}
