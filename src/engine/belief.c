/* SPDX-License-Identifier: MIT */
#include "engine/belief.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "stats/histogram.h"

/* Bins of an empirical source: enough for its shape, few enough for its cells to be summed. */
#define EMPIRICAL_BINS 256

static const char *const names[] = {
    [BELIEF_GAUSSIAN] = "gaussian",   [BELIEF_LAPLACE] = "laplace", [BELIEF_FAMILY] = "auto",
    [BELIEF_EMPIRICAL] = "empirical", [BELIEF_LAW] = "law",
};

const char *belief_name(enum belief belief)
{
    return names[belief];
}

bool belief_parse(const char *text, enum belief *belief, struct error *error)
{
    for (int i = 0; i < BELIEF_COUNT; i++)
        if (strcmp(text, names[i]) == 0) {
            *belief = (enum belief)i;
            return true;
        }
    return error_set(error, ERROR_USAGE,
                     "theory's source is gaussian, laplace, auto or empirical, not \"%.60s\"",
                     text);
}

/* BELIEF_FAMILY comes to the nearer one. */
static enum belief settle(enum belief belief, const struct family *family)
{
    if (belief != BELIEF_FAMILY)
        return belief;
    return family->laplace ? BELIEF_LAPLACE : BELIEF_GAUSSIAN;
}

const char *belief_title(enum belief belief, const struct family *family, const struct source *law)
{
    if (belief == BELIEF_FAMILY && !family)
        return names[belief];
    switch (settle(belief, family)) {
    case BELIEF_LAPLACE:
        return source_laplace.title;
    case BELIEF_EMPIRICAL:
        return source_empirical.title;
    case BELIEF_LAW:
        return law->type->title;
    default:
        return source_gaussian.title;
    }
}

bool believer_init(struct believer *believer, const struct stage *stage,
                   const struct profile *profile, enum belief belief, const struct family *family,
                   const struct source *law, struct error *error)
{
    *believer = (struct believer){
        .rows = stage->rows, .profile = profile, .belief = settle(belief, family)};
    if (belief == BELIEF_LAW)
        believer->law = *law;
    if (believer->belief != BELIEF_LAPLACE)
        return true;
    believer->fit = mem_alloc(stage->rows->channels, sizeof *believer->fit);
    if (fits_compute(stage, profile, believer->fit, error))
        return true;
    believer_done(believer);
    return false;
}

void believer_done(struct believer *believer)
{
    mem_free(believer->fit);
    believer->fit = NULL;
}

/* The row's histogram as a source.  A row may be long: cancelling is looked for between parts. */
static bool read_table(const struct believer *believer, size_t row, struct workspace *workspace,
                       struct watch *watch, struct source_table **table, struct error *error)
{
    const struct rows *rows = believer->rows;
    const struct moments *moments = &believer->profile->channel[row];
    struct histogram *histogram = histogram_new(moments->min, moments->max, EMPIRICAL_BINS);
    bool ok = true;
    for (size_t k = 0; ok && k < rows->parts_per_channel; k++) {
        size_t part = row * rows->parts_per_channel + k;
        if (atomic_load(&watch->cancel))
            ok = error_set(error, ERROR_CANCELLED, "cancelled");
        else
            ok = rows_read(rows, part, workspace->values, workspace->scratch, error);
        if (ok)
            histogram_add(histogram, workspace->values, rows_part_length(rows, part));
    }
    if (ok)
        *table = source_table_new(histogram);
    histogram_free(histogram);
    return ok;
}

bool believer_source(const struct believer *believer, size_t row, struct workspace *workspace,
                     struct watch *watch, struct source *source, struct source_table **table,
                     struct error *error)
{
    const struct moments *moments = &believer->profile->channel[row];
    double mean = moments_mean(moments), std = moments_std(moments);
    *source = (struct source){.mean = mean, .std = std};
    *table = NULL;
    if (moments->count == 0 || !(std > 0) || !isfinite(std))
        return true;
    switch (believer->belief) {
    case BELIEF_LAPLACE: {
        const struct fit *fit = &believer->fit[row];
        const struct source_summary summary = {mean, std, fit->median, fit->deviation};
        source->type = &source_laplace;
        source_fit(source, &summary);
        break;
    }
    case BELIEF_EMPIRICAL:
        if (!read_table(believer, row, workspace, watch, table, error))
            return false;
        *source = source_empirical_make(*table);
        break;
    case BELIEF_LAW:
        *source = believer->law;
        break;
    default:
        source->type = &source_gaussian;
        break;
    }
    return true;
}
