/* SPDX-License-Identifier: MIT */
#include "engine/profile.h"

#include <math.h>

#include "base/mem.h"

struct job {
    const struct rows *rows;
    const struct scheme *scheme; /* that rows are rounded by; NULL: none */
    struct moments *part;
    struct ladder_sums *rounded; /* by channel */
};

/* Whether a scheme's grids need no more than the moments of channels that are read whole. */
static bool rounds(const struct rows *rows, const struct scheme *scheme)
{
    const struct granularity granularity = scheme_granularity(scheme);
    return scheme->levels.kind == LEVELS_UNIFORM && scheme->bits > 1 && !scheme_searches(scheme) &&
           scheme->clip.rule != CLIP_STEP && !scheme->correct_mean && !scheme->correct_norm &&
           granularity.rows == 1 &&
           (granularity.columns == 0 || granularity.columns >= rows->columns) &&
           rows->parts_per_channel == 1 && ladder_row_possible(rows);
}

static struct ladder_sums round_row(const struct scheme *scheme, struct ladder_row *row,
                                    const struct moments *moments)
{
    const struct grid grid = grid_cover(scheme, moments, NULL);
    return ladder_row_plain(row, moments) ? ladder_row_round(row, &grid, moments)
                                          : (struct ladder_sums){.squares = NAN};
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        struct ladder_row row;
        if (!ladder_row_read(&row, job->rows, i, LADDER_ALL_MOMENTS, workspace, &job->part[i],
                             error))
            return false;
        if (job->scheme)
            job->rounded[i] = round_row(job->scheme, &row, &job->part[i]);
    }
    return true;
}

static void profile_free(struct part *part)
{
    struct profile *profile = (struct profile *)part;
    mem_free(profile->channel);
    mem_free(profile->rounded);
    mem_free(profile);
}

static struct profile *profile_of(const struct job *job)
{
    const struct rows *rows = job->rows;
    struct profile *profile = mem_zero(1, sizeof *profile);
    const size_t each = sizeof *profile->channel + (job->scheme ? sizeof *profile->rounded : 0);
    part_init(&profile->part, rows->channels * each, profile_free);
    profile->channels = rows->channels;
    profile->channel = mem_zero(rows->channels, sizeof *profile->channel);
    for (size_t i = 0; i < rows_parts(rows); i++)
        moments_merge(&profile->channel[rows_part_channel(rows, i)], &job->part[i]);
    for (size_t i = 0; i < profile->channels; i++)
        moments_merge(&profile->total, &profile->channel[i]);
    profile->rounded = job->rounded;
    if (job->scheme)
        profile->scheme = *job->scheme;
    return profile;
}

/* scheme: NULL for moments alone. */
static const struct profile *compute(const struct stage *stage, const struct scheme *scheme,
                                     struct error *error)
{
    const struct rows *rows = stage->rows;
    struct job job = {.rows = rows, .part = mem_zero(rows_parts(rows), sizeof *job.part)};
    const struct profile *profile = NULL;
    if (scheme && rounds(rows, scheme)) {
        job.scheme = scheme;
        job.rounded = mem_zero(rows->channels, sizeof *job.rounded);
    }
    watch_begin(stage->watch, "moments", rows->batches);
    if (pool_run(stage->pool, rows->batches, work, &job, stage->watch, error))
        profile = profile_of(&job);
    else
        mem_free(job.rounded);
    mem_free(job.part);
    return profile;
}

const struct profile *profile_compute(const struct stage *stage, struct error *error)
{
    return compute(stage, NULL, error);
}

const struct profile *profile_compute_rounded(const struct stage *stage,
                                              const struct scheme *scheme, struct error *error)
{
    return compute(stage, scheme, error);
}

const struct ladder_sums *profile_rounded(const struct profile *profile,
                                          const struct scheme *scheme)
{
    return profile->rounded && scheme_equal(&profile->scheme, scheme) ? profile->rounded : NULL;
}
