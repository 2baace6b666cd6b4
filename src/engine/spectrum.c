/* SPDX-License-Identifier: MIT */
#include "engine/spectrum.h"

#include <complex.h>
#include <math.h>

#include "base/mem.h"
#include "stats/histogram.h"

/* The measured function comes from a histogram of w/q, this fine where there is room for it. */
#define BINS_PER_STEP 32
#define BINS_MOST     65536

/* Rows' theoretical functions are summed in groups, in order; see prediction.c. */
#define GROUP_LEAST 64
#define GROUPS_MOST 256

struct sum {
    double complex theory[SPECTRUM_POINTS];
    double elements;
};

struct job {
    const struct rows *rows;
    const struct errors *errors;
    const struct believer *believer;
    struct watch *watch;
    struct histogram **ratio; /* by worker: of w/q */
    struct sum *sum;          /* by group */
    size_t per_group;
    bool judged; /* of a single row, which has a density and a step */
    struct conditions conditions;
    double step, n;
};

/* Angular frequency of point k in radians a step. */
static double frequency(size_t k)
{
    return 2 * M_PI * (double)k / SPECTRUM_PER_PSI;
}

/* The channel's step; 0 if it has none. */
static double step_of(const struct job *job, size_t row)
{
    return job->errors->kind == LEVELS_UNIFORM ? job->errors->channel[row].step : 0;
}

static bool count_work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    double *x = workspace->values;
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        double step = step_of(job, rows_part_channel(job->rows, i));
        size_t n = rows_part_length(job->rows, i);
        if (!(step > 0))
            continue;
        if (!rows_read(job->rows, i, x, workspace->scratch, error))
            return false;
        for (size_t k = 0; k < n; k++)
            x[k] /= step;
        histogram_add(job->ratio[workspace->index], x, n);
    }
    return true;
}

static bool theory_work(void *context, size_t group, struct workspace *workspace,
                        struct error *error)
{
    struct job *job = context;
    struct sum *sum = &job->sum[group];
    size_t end = (group + 1) * job->per_group;
    for (size_t row = group * job->per_group; row < end && row < job->rows->channels; row++) {
        double step = step_of(job, row);
        double n = (double)job->believer->profile->channel[row].count;
        struct source source;
        struct source_table *table;
        if (!(step > 0))
            continue;
        if (atomic_load(&job->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!believer_source(job->believer, row, workspace, job->watch, &source, &table, error))
            return false;
        for (size_t k = 0; source.type && k < SPECTRUM_POINTS; k++)
            sum->theory[k] += n * source.type->characteristic(&source, frequency(k) / step);
        sum->elements += source.type ? n : 0;
        if (source.type && job->rows->channels == 1) {
            job->judged = true;
            job->conditions = conditions_of(&source, step);
            job->step = step;
            job->n = n;
        }
        source_table_free(table);
    }
    return true;
}

/* The function of a histogram: bins as point masses, their width taken out again. */
static void measure(struct spectrum *spectrum, const struct histogram *histogram)
{
    double width = (histogram->high - histogram->low) / (double)histogram->bins, total = 0;
    for (size_t i = 0; i < histogram->bins; i++)
        total += (double)histogram->count[i];
    for (size_t k = 0; k < SPECTRUM_POINTS; k++) {
        double v = frequency(k), half = v * width / 2;
        double complex sum = 0;
        for (size_t i = 0; i < histogram->bins; i++)
            if (histogram->count[i] > 0)
                sum += (double)histogram->count[i] *
                       cexp(I * v * (histogram->low + ((double)i + 0.5) * width));
        spectrum->measured[k] = cabs(sum) / total / (half > 0 ? sin(half) / half : 1);
    }
}

static void judge(struct spectrum *spectrum, const double phi[], int which)
{
    double *qt1 = &spectrum->qt1[which], *qt2 = &spectrum->qt2[which];
    double *multiples = &spectrum->sripad_snyder[which];
    *qt1 = *qt2 = *multiples = isnan(phi[0]) ? phi[0] : 0;
    for (size_t k = SPECTRUM_PER_PSI / 2 + 1; k < SPECTRUM_POINTS; k++)
        *qt1 = fmax(*qt1, phi[k]);
    for (size_t k = SPECTRUM_PER_PSI + 1; k < SPECTRUM_POINTS; k++)
        *qt2 = fmax(*qt2, phi[k]);
    for (size_t k = SPECTRUM_PER_PSI; k < SPECTRUM_POINTS; k += SPECTRUM_PER_PSI)
        *multiples = fmax(*multiples, phi[k]);
}

/* The first harmonic of the error's density is 2 |Φ(Ψ)|, and a smaller step moves Ψ outwards: PQN
 * holds from where the function has died away for good. */
static double measured_holds_below(const double phi[], double step, double n)
{
    double limit = (0.02 + 4 / sqrt(n)) / 2;
    size_t k = SPECTRUM_POINTS;
    while (k > 0 && phi[k - 1] < limit)
        k--;
    return k > 0 && k < SPECTRUM_POINTS ? step * SPECTRUM_PER_PSI / (double)k : (double)NAN;
}

static void spectrum_free(struct part *part)
{
    mem_free(part);
}

static const struct spectrum *collect(const struct job *job, unsigned workers, size_t groups)
{
    struct spectrum *spectrum = mem_zero(1, sizeof *spectrum);
    part_init(&spectrum->part, sizeof *spectrum, spectrum_free);
    for (unsigned i = 1; i < workers; i++)
        histogram_merge(job->ratio[0], job->ratio[i]);
    measure(spectrum, job->ratio[0]);
    struct sum all = {.elements = 0};
    for (size_t g = 0; g < groups; g++) {
        for (size_t k = 0; k < SPECTRUM_POINTS; k++)
            all.theory[k] += job->sum[g].theory[k];
        all.elements += job->sum[g].elements;
    }
    for (size_t k = 0; k < SPECTRUM_POINTS; k++)
        spectrum->theory[k] = cabs(all.theory[k]) / all.elements;
    judge(spectrum, spectrum->theory, 0);
    judge(spectrum, spectrum->measured, 1);
    spectrum->judged = job->judged;
    spectrum->conditions = job->conditions;
    spectrum->measured_holds_below = measured_holds_below(spectrum->measured, job->step, job->n);
    return spectrum;
}

/* Reach of the histogram: the largest |w|/q of a row. */
static double largest_ratio(const struct job *job)
{
    double largest = 1;
    for (size_t i = 0; i < job->rows->channels; i++) {
        double step = step_of(job, i);
        if (step > 0)
            largest = fmax(largest, moments_abs_max(&job->believer->profile->channel[i]) / step);
    }
    return largest * (1 + 1e-9);
}

const struct spectrum *spectrum_compute(const struct stage *stage, const struct errors *errors,
                                        const struct believer *believer, struct error *error)
{
    unsigned workers = pool_size(stage->pool);
    struct job job = {.rows = stage->rows,
                      .errors = errors,
                      .believer = believer,
                      .watch = stage->watch,
                      .per_group = GROUP_LEAST};
    if (job.per_group * GROUPS_MOST < stage->rows->channels)
        job.per_group = (stage->rows->channels + GROUPS_MOST - 1) / GROUPS_MOST;
    size_t groups = (stage->rows->channels + job.per_group - 1) / job.per_group;
    double reach = largest_ratio(&job);
    size_t bins = (size_t)fmin(ceil(2 * reach * BINS_PER_STEP), BINS_MOST);
    job.ratio = mem_alloc(workers, sizeof *job.ratio);
    for (unsigned i = 0; i < workers; i++)
        job.ratio[i] = histogram_new(-reach, reach, bins);
    job.sum = mem_zero(groups, sizeof *job.sum);
    const struct spectrum *spectrum = NULL;
    watch_begin(stage->watch, "spectrum", stage->rows->batches + groups);
    if (pool_run(stage->pool, stage->rows->batches, count_work, &job, stage->watch, error) &&
        pool_run(stage->pool, groups, theory_work, &job, stage->watch, error))
        spectrum = collect(&job, workers, groups);
    for (unsigned i = 0; i < workers; i++)
        histogram_free(job.ratio[i]);
    mem_free(job.ratio);
    mem_free(job.sum);
    return spectrum;
}
