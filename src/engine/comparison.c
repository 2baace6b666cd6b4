/* SPDX-License-Identifier: MIT */
#include "engine/comparison.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/decibels.h"
#include "base/mem.h"
#include "quant/bounds.h"

static void comparison_free(struct part *part)
{
    struct comparison *comparison = (struct comparison *)part;
    mem_free(comparison->entry);
    mem_free(comparison);
}

static struct comparison *comparison_of_entries(size_t count)
{
    struct comparison *comparison = mem_zero(1, sizeof *comparison);
    comparison->count = count;
    comparison->entry = mem_zero(count, sizeof *comparison->entry);
    part_init(&comparison->part, sizeof *comparison + count * sizeof *comparison->entry,
              comparison_free);
    return comparison;
}

static double stored_bits(const struct scheme *scheme, const struct comparison_job *job)
{
    const double weights = (double)job->rows * (double)job->columns;
    return weights > 0 ? weights * scheme_bits_per_weight(scheme, job->rows, job->columns) : 0;
}

/* Writes the entries that there are to be into entry, if it is not NULL; returns their number. */
static size_t list_entries(const struct comparison_job *job, struct comparison_entry entry[])
{
    size_t n = 0;
    for (size_t i = 0; i < contender_count; i++) {
        for (int bits = SCHEME_BITS_LEAST; bits <= SCHEME_BITS_MOST; bits++) {
            struct scheme scheme;
            if (!(job->widths & COMPARISON_WIDTH(bits)) ||
                !contender_scheme(&contenders[i], bits, job->granularity, &scheme))
                continue;
            if (entry)
                entry[n] = (struct comparison_entry){
                    .contender = &contenders[i],
                    .scheme = scheme,
                    .stored_bits = stored_bits(&scheme, job),
                };
            n++;
        }
    }
    return n;
}

static void describe_weights(struct comparison *comparison, const struct comparison_job *job)
{
    const struct moments *total = &job->profile->total;
    const double n = (double)total->count, variance = n > 0 ? total->m2 / n : 0;
    const struct source_type *type = job->family->laplace ? &source_laplace : &source_gaussian;
    comparison->elements = (double)job->rows * (double)job->columns;
    comparison->looked_at = n;
    comparison->power = total->m2 + n * total->mean * total->mean;
    comparison->bound_noise[COMPARISON_PANTER_DITE] = n * variance * bounds_panter_dite(type);
    comparison->bound_noise[COMPARISON_SHANNON] = n * variance * bounds_shannon(type);
}

static void count_entries(struct comparison *comparison)
{
    comparison->known = comparison->exact = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        const enum comparison_state state = comparison->entry[i].state;
        comparison->known += state != COMPARISON_PENDING;
        comparison->exact += state == COMPARISON_EXACT || state == COMPARISON_REFUSED;
    }
}

static void fill(struct comparison_entry *entry, const struct errors *errors, bool sampled)
{
    const double n = (double)errors->total.error.count;
    const bool theory = !isnan(errors->theory_mse);
    entry->state = sampled ? COMPARISON_SAMPLED : COMPARISON_EXACT;
    entry->distortion = errors->total;
    entry->theory_count = theory ? n : 0;
    entry->theory_sum = theory ? n * errors->theory_mean : 0;
    entry->theory_squares = theory ? n * errors->theory_mse : 0;
    entry->theory_noise = errors->theory_noise;
}

/* What the sample's comparison knows stands in until it is replaced. */
static void fill_from_sample(struct comparison *comparison, const struct comparison *before)
{
    assert(before->count == comparison->count);
    memcpy(comparison->entry, before->entry, comparison->count * sizeof *comparison->entry);
}

static bool measure(const struct comparison_job *job, struct comparison_entry *entry,
                    struct error *error)
{
    struct error why = {ERROR_NONE, ""};
    const struct errors *errors = job->measure(job->context, &entry->scheme, &why);
    if (errors) {
        fill(entry, errors, job->sampled);
        part_unref(&errors->part);
    } else if (why.code == ERROR_USAGE) {
        entry->state = COMPARISON_REFUSED;
    } else {
        if (error)
            *error = why;
        return false;
    }
    return true;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* A copy is shown, for what is shown stays as it is. */
static void show(const struct comparison_job *job, const struct comparison *comparison,
                 double *shown)
{
    if (now() < *shown + job->pause)
        return;
    struct comparison *copy = comparison_copy(comparison);
    job->show(job->context, copy);
    part_unref(&copy->part);
    *shown = now();
}

const struct comparison *comparison_compute(const struct comparison_job *job, struct error *error)
{
    struct comparison *comparison = comparison_of_entries(list_entries(job, NULL));
    list_entries(job, comparison->entry);
    describe_weights(comparison, job);
    if (job->before)
        fill_from_sample(comparison, job->before);
    double shown = now();
    for (size_t i = 0; i < comparison->count; i++) {
        if (!measure(job, &comparison->entry[i], error)) {
            part_unref(&comparison->part);
            return NULL;
        }
        count_entries(comparison);
        show(job, comparison, &shown);
    }
    return comparison;
}

struct granularity comparison_granularity(const struct scheme *scheme)
{
    const struct granularity tensor = GRANULARITY_TENSOR;
    return granularity_equal(&scheme->granularity, &tensor) ? tensor : GRANULARITY_CHANNEL;
}

struct comparison *comparison_copy(const struct comparison *comparison)
{
    struct comparison *copy = comparison_of_entries(comparison->count);
    copy->elements = comparison->elements;
    copy->looked_at = comparison->looked_at;
    copy->power = comparison->power;
    copy->known = comparison->known;
    copy->exact = comparison->exact;
    memcpy(copy->bound_noise, comparison->bound_noise, sizeof copy->bound_noise);
    memcpy(copy->entry, comparison->entry, copy->count * sizeof *copy->entry);
    return copy;
}

void comparison_add(struct comparison *sum, const struct comparison *other)
{
    assert(sum->count == other->count);
    sum->elements += other->elements;
    sum->looked_at += other->looked_at;
    sum->power += other->power;
    for (int bound = 0; bound < COMPARISON_BOUNDS; bound++)
        sum->bound_noise[bound] += other->bound_noise[bound];
    for (size_t i = 0; i < sum->count; i++) {
        struct comparison_entry *entry = &sum->entry[i];
        const struct comparison_entry *more = &other->entry[i];
        assert(entry->contender == more->contender && entry->scheme.bits == more->scheme.bits);
        if (more->state < entry->state)
            entry->state = more->state;
        entry->stored_bits += more->stored_bits;
        distortion_merge(&entry->distortion, &more->distortion);
        entry->theory_count += more->theory_count;
        entry->theory_sum += more->theory_sum;
        entry->theory_squares += more->theory_squares;
        entry->theory_noise += more->theory_noise;
    }
    count_entries(sum);
}

struct comparison_figures comparison_figures(const struct comparison *comparison, size_t index)
{
    const struct comparison_entry *entry = &comparison->entry[index];
    struct comparison_figures figures = {
        .bits_per_weight = entry->stored_bits / comparison->elements,
        .mse = NAN,
        .sqnr_db = NAN,
        .error_mean = NAN,
        .error_std = NAN,
        .theory_sqnr_db = NAN,
        .theory_error_mean = NAN,
        .theory_error_std = NAN,
    };
    if (entry->state < COMPARISON_SAMPLED)
        return figures;
    figures.mse = distortion_mse(&entry->distortion);
    figures.sqnr_db = distortion_sqnr_db(&entry->distortion);
    figures.error_mean = moments_mean(&entry->distortion.error);
    figures.error_std = moments_std(&entry->distortion.error);
    if (entry->theory_count > 0) {
        const double mean = entry->theory_sum / entry->theory_count;
        const double mse = entry->theory_squares / entry->theory_count;
        figures.theory_error_mean = mean;
        figures.theory_error_std = sqrt(fmax(mse - mean * mean, 0));
        figures.theory_sqnr_db = decibels(entry->distortion.power / entry->theory_noise);
    }
    return figures;
}

double comparison_bound_db(const struct comparison *comparison, enum comparison_bound bound,
                           double bits)
{
    return decibels(comparison->power / comparison->bound_noise[bound]) +
           COMPARISON_DB_PER_BIT * bits;
}

double comparison_bound_mse(const struct comparison *comparison, enum comparison_bound bound,
                            double bits)
{
    const double n = comparison->looked_at;
    return n > 0 ? comparison->bound_noise[bound] / n * exp2(-2 * bits) : (double)NAN;
}

size_t comparison_best(const struct comparison *comparison, int bits)
{
    size_t best = SIZE_MAX;
    double most = -INFINITY;
    for (size_t i = 0; i < comparison->count; i++) {
        if (comparison->entry[i].scheme.bits != bits)
            continue;
        const struct comparison_figures figures = comparison_figures(comparison, i);
        const double worth = figures.sqnr_db - COMPARISON_DB_PER_BIT * figures.bits_per_weight;
        if (worth > most) {
            most = worth;
            best = i;
        }
    }
    return best;
}
