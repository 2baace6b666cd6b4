/* SPDX-License-Identifier: MIT */
#include "engine/analysis.h"

/* One run of the stages: over all rows, or over a sample of them. */
struct chain {
    const struct analysis *analysis;
    const struct request *request;
    struct stage stage;
    bool sampled;
};

static const struct part *compute(const struct chain *chain, enum result_kind kind,
                                  const struct report *so_far, struct error *error)
{
    switch (kind) {
    case RESULT_PROFILE:
        return (const struct part *)profile_compute(&chain->stage, error);
    case RESULT_ERRORS:
        return (const struct part *)errors_compute(&chain->stage, so_far->profile,
                                                   &chain->request->scheme, error);
    case RESULT_SPREAD:
        return (const struct part *)spread_compute(&chain->stage, so_far->profile, error);
    case RESULT_NORMALITY:
        return (const struct part *)normality_compute(&chain->stage, error);
    }
    return NULL;
}

/* A result of the chain, from the cache or computed; NULL with *error.  What was computed from a
 * file that has been cut meanwhile is not trusted. */
static const struct part *obtain(const struct chain *chain, enum result_kind kind,
                                 const struct report *so_far, struct error *error)
{
    struct cache *cache = chain->analysis->cache;
    const struct part *part = cache ? cache_get(cache, kind, chain->request, chain->sampled) : NULL;
    if (part)
        return part;
    part = compute(chain, kind, so_far, error);
    if (part && !mapping_whole(chain->request->tensor->file, error)) {
        part_unref(part);
        return NULL;
    }
    if (part && cache)
        cache_put(cache, kind, chain->request, chain->sampled, part);
    return part;
}

static void publish(const struct analysis *analysis, const struct report *content)
{
    if (!analysis->publish)
        return;
    const struct report *report = report_new(content);
    analysis->publish(analysis->user, report);
    part_unref(&report->part);
}

static void release(struct report *content)
{
    part_unref((const struct part *)content->profile);
    part_unref((const struct part *)content->errors);
    part_unref((const struct part *)content->spread);
    part_unref((const struct part *)content->normality);
}

/* The first answer, of a bounded sample, with everything in it. */
static bool run_sample(const struct chain *chain, struct report *content, struct error *error)
{
    content->sampled = content->spread_sampled = content->normality_sampled = true;
    content->rows = *chain->stage.rows;
    content->profile = (const void *)obtain(chain, RESULT_PROFILE, content, error);
    if (content->profile)
        content->errors = (const void *)obtain(chain, RESULT_ERRORS, content, error);
    if (content->errors)
        content->spread = (const void *)obtain(chain, RESULT_SPREAD, content, error);
    if (content->spread)
        content->normality = (const void *)obtain(chain, RESULT_NORMALITY, content, error);
    if (!content->normality)
        return false;
    publish(chain->analysis, content);
    return true;
}

/* Puts an exact result in the place of a sampled one. */
static void replace(const struct part **slot, const struct part *part)
{
    part_unref(*slot);
    *slot = part;
}

/* What the cache already has of the dearer stages need not wait for its turn. */
static void use_cached(const struct chain *chain, struct report *content)
{
    struct cache *cache = chain->analysis->cache;
    const struct part *spread =
        cache ? cache_get(cache, RESULT_SPREAD, chain->request, false) : NULL;
    const struct part *normality =
        cache ? cache_get(cache, RESULT_NORMALITY, chain->request, false) : NULL;
    if (spread) {
        replace((const struct part **)&content->spread, spread);
        content->spread_sampled = false;
    }
    if (normality) {
        replace((const struct part **)&content->normality, normality);
        content->normality_sampled = false;
    }
}

static bool run_exact(const struct chain *chain, struct report *content, struct error *error)
{
    /* Profile and errors change together: a picture never mixes the sample's with exact ones. */
    struct report exact = {.rows = *chain->stage.rows};
    exact.profile = (const void *)obtain(chain, RESULT_PROFILE, &exact, error);
    if (!exact.profile)
        return false;
    exact.errors = (const void *)obtain(chain, RESULT_ERRORS, &exact, error);
    if (!exact.errors) {
        release(&exact);
        return false;
    }
    content->rows = exact.rows;
    content->sampled = false;
    replace((const struct part **)&content->profile, (const struct part *)exact.profile);
    replace((const struct part **)&content->errors, (const struct part *)exact.errors);
    use_cached(chain, content);
    if (!content->spread || content->spread_sampled) {
        publish(chain->analysis, content);
        const struct part *spread = obtain(chain, RESULT_SPREAD, content, error);
        if (!spread)
            return false;
        replace((const struct part **)&content->spread, spread);
        content->spread_sampled = false;
    }
    if (!content->normality || content->normality_sampled) {
        publish(chain->analysis, content);
        const struct part *normality = obtain(chain, RESULT_NORMALITY, content, error);
        if (!normality)
            return false;
        replace((const struct part **)&content->normality, normality);
        content->normality_sampled = false;
    }
    publish(chain->analysis, content);
    return true;
}

const struct report *analysis_run(const struct analysis *analysis, const struct request *request,
                                  struct error *error)
{
    struct rows rows, sample;
    if (!rows_init(&rows, request->tensor, request->channel, request->transform, error))
        return NULL;
    struct report content = {.request = *request};
    struct chain chain = {analysis, request, {analysis->pool, &rows, analysis->watch}, false};
    bool ok = true;
    sample = rows;
    if (analysis->publish && rows_sample(&sample)) {
        struct chain first = chain;
        first.stage.rows = &sample;
        first.sampled = true;
        ok = run_sample(&first, &content, error);
    }
    const struct report *report = NULL;
    if (ok && run_exact(&chain, &content, error))
        report = report_new(&content);
    release(&content);
    return report;
}
