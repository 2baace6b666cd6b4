/* SPDX-License-Identifier: MIT */
#include "engine/profile.h"

#include "base/mem.h"

struct job {
    const struct rows *rows;
    struct moments *part;
};

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, workspace->values, workspace->scratch, error))
            return false;
        moments_add(&job->part[i], workspace->values, rows_part_length(job->rows, i));
    }
    return true;
}

static void profile_free(struct part *part)
{
    struct profile *profile = (struct profile *)part;
    mem_free(profile->channel);
    mem_free(profile);
}

static const struct profile *profile_of(const struct rows *rows, const struct moments part[])
{
    struct profile *profile = mem_zero(1, sizeof *profile);
    part_init(&profile->part, rows->channels * sizeof *profile->channel, profile_free);
    profile->channels = rows->channels;
    profile->channel = mem_zero(rows->channels, sizeof *profile->channel);
    for (size_t i = 0; i < rows_parts(rows); i++)
        moments_merge(&profile->channel[rows_part_channel(rows, i)], &part[i]);
    for (size_t i = 0; i < profile->channels; i++)
        moments_merge(&profile->total, &profile->channel[i]);
    return profile;
}

const struct profile *profile_compute(const struct stage *stage, struct error *error)
{
    struct job job = {stage->rows, mem_zero(rows_parts(stage->rows), sizeof *job.part)};
    const struct profile *profile = NULL;
    watch_begin(stage->watch, "moments", stage->rows->batches);
    if (pool_run(stage->pool, stage->rows->batches, work, &job, stage->watch, error))
        profile = profile_of(stage->rows, job.part);
    mem_free(job.part);
    return profile;
}
