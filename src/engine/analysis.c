/* SPDX-License-Identifier: MIT */
#include "engine/analysis.h"

/* Whether the clip thresholds depend on the family that the whole tensor is nearer to. */
static bool clips_by_family(const struct scheme *scheme)
{
    return scheme->clip.rule == CLIP_ACIQ && scheme_searches(scheme);
}

/* One run of the stages: over all rows, or over a sample of them. */
struct chain {
    const struct analysis *analysis;
    const struct request *request;
    struct stage stage;
    bool sampled;
};

/* Where a report keeps a kind of result, and whether it is a sample's. */
struct slot {
    const struct part **part;
    bool *sampled;
};

static struct slot slot_of(struct report *report, enum result_kind kind)
{
    switch (kind) {
    case RESULT_SYNTHETIC:
        break;
    case RESULT_PROFILE:
        return (struct slot){(const struct part **)&report->profile, &report->sampled};
    case RESULT_FAMILY:
        return (struct slot){(const struct part **)&report->family, &report->family_sampled};
    case RESULT_ERRORS:
        return (struct slot){(const struct part **)&report->errors, &report->sampled};
    case RESULT_SPECTRUM:
        return (struct slot){(const struct part **)&report->spectrum, &report->spectrum_sampled};
    case RESULT_SPREAD:
        return (struct slot){(const struct part **)&report->spread, &report->spread_sampled};
    case RESULT_NORMALITY:
        return (struct slot){(const struct part **)&report->normality, &report->normality_sampled};
    }
    return (struct slot){NULL, NULL}; /* a sample has a place of its own */
}

static const struct family *obtain_clip_family(const struct chain *chain,
                                               const struct report *so_far, struct error *error);

static const struct part *compute_errors(const struct chain *chain, const struct believer *believer,
                                         const struct report *so_far, struct error *error)
{
    const struct scheme *scheme = &chain->request->scheme;
    if (!clips_by_family(scheme))
        return (const struct part *)errors_compute(&chain->stage, scheme, believer, NULL, error);
    const struct family *family = obtain_clip_family(chain, so_far, error);
    if (!family)
        return NULL;
    const struct errors *errors = errors_compute(&chain->stage, scheme, believer, family, error);
    part_unref(&family->part);
    return (const struct part *)errors;
}

/* Errors and spectrum, which need theory's source for every row. */
static const struct part *compute_with_belief(const struct chain *chain, enum result_kind kind,
                                              const struct report *so_far, struct error *error)
{
    const struct request *request = chain->request;
    struct believer believer;
    struct source law = request->law;
    law.mean = request->shift;
    law.std = 1;
    if (!believer_init(&believer, &chain->stage, so_far->profile, request->belief, so_far->family,
                       &law, error))
        return NULL;
    const struct part *part;
    if (kind == RESULT_ERRORS)
        part = compute_errors(chain, &believer, so_far, error);
    else
        part =
            (const struct part *)spectrum_compute(&chain->stage, so_far->errors, &believer, error);
    believer_done(&believer);
    return part;
}

static const struct part *compute(const struct chain *chain, enum result_kind kind,
                                  const struct report *so_far, struct error *error)
{
    switch (kind) {
    case RESULT_SYNTHETIC:
        break;
    case RESULT_PROFILE:
        return (const struct part *)profile_compute(&chain->stage, error);
    case RESULT_FAMILY:
        return (const struct part *)family_compute(&chain->stage, so_far->profile, error);
    case RESULT_ERRORS:
    case RESULT_SPECTRUM:
        return compute_with_belief(chain, kind, so_far, error);
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
    if (part && !content_whole(chain->stage.rows->tensor->content, error)) {
        part_unref(part);
        return NULL;
    }
    if (part && cache)
        cache_put(cache, kind, chain->request, chain->sampled, part);
    return part;
}

/* Puts a result of the chain into the report, in the place of an earlier one. */
static void put(const struct chain *chain, struct report *report, enum result_kind kind,
                const struct part *part)
{
    struct slot slot = slot_of(report, kind);
    part_unref(*slot.part);
    *slot.part = part;
    *slot.sampled = chain->sampled;
}

/* Obtains a result unless the report has it already, as good as this chain gives it. */
static bool advance(const struct chain *chain, struct report *report, enum result_kind kind,
                    struct error *error)
{
    struct slot slot = slot_of(report, kind);
    if (*slot.part && *slot.sampled <= chain->sampled)
        return true;
    const struct part *part = obtain(chain, kind, report, error);
    if (part)
        put(chain, report, kind, part);
    return part != NULL;
}

static void release(struct report *content)
{
    part_unref((const struct part *)content->synthetic);
    for (enum result_kind kind = RESULT_PROFILE; kind <= RESULT_NORMALITY; kind++)
        part_unref(*slot_of(content, kind).part);
}

/* Of the whole tensor, even where the request is of one channel: its grid is then the same as among
 * the others.  The caller unrefs it. */
static const struct family *obtain_clip_family(const struct chain *chain,
                                               const struct report *so_far, struct error *error)
{
    if (chain->request->channel == REQUEST_ALL_CHANNELS) {
        part_ref(&so_far->family->part);
        return so_far->family;
    }
    struct request request = *chain->request;
    struct rows rows;
    request.channel = REQUEST_ALL_CHANNELS;
    if (!rows_init(&rows, request.tensor, request.view, request.channel, request.transform, error))
        return NULL;
    rows.shift = request.shift;
    struct chain whole = *chain;
    whole.request = &request;
    whole.stage.rows = &rows;
    whole.sampled = chain->sampled && rows_sample(&rows);
    struct report content = {.rows = rows};
    const struct family *family = NULL;
    if (advance(&whole, &content, RESULT_PROFILE, error) &&
        advance(&whole, &content, RESULT_FAMILY, error)) {
        family = content.family;
        part_ref(&family->part);
    }
    release(&content);
    return family;
}

static void publish(const struct analysis *analysis, const struct report *content)
{
    if (!analysis->publish)
        return;
    const struct report *report = report_new(content);
    analysis->publish(analysis->user, report);
    part_unref(&report->part);
}

/* The figures that a picture is made of: rows, profile and errors change together, so that it
 * never mixes those of a sample with exact ones. */
static bool run_first(const struct chain *chain, struct report *content, struct error *error)
{
    const struct request *request = chain->request;
    struct report next = {.rows = *chain->stage.rows};
    bool by_family = request->belief == BELIEF_FAMILY || clips_by_family(&request->scheme);
    bool ok = advance(chain, &next, RESULT_PROFILE, error) &&
              (!by_family || advance(chain, &next, RESULT_FAMILY, error)) &&
              advance(chain, &next, RESULT_ERRORS, error);
    for (enum result_kind kind = RESULT_PROFILE; ok && kind <= RESULT_ERRORS; kind++) {
        const struct part *part = *slot_of(&next, kind).part;
        part_ref(part);
        if (part)
            put(chain, content, kind, part);
    }
    if (ok)
        content->rows = next.rows;
    release(&next);
    return ok;
}

/* The other stages in their order, each shown when it is ready; a sample is shown once. */
static bool run_rest(const struct chain *chain, struct report *content, struct error *error)
{
    static const enum result_kind order[] = {RESULT_SPECTRUM, RESULT_SPREAD, RESULT_FAMILY,
                                             RESULT_NORMALITY};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (order[i] == RESULT_SPECTRUM && !chain->request->spectrum)
            continue;
        struct slot slot = slot_of(content, order[i]);
        bool ready = *slot.part && *slot.sampled <= chain->sampled;
        if (!ready && !chain->sampled)
            publish(chain->analysis, content);
        if (!advance(chain, content, order[i], error))
            return false;
    }
    publish(chain->analysis, content);
    return true;
}

/* What the cache already has of the dearer stages need not wait for its turn. */
static void use_cached(const struct chain *chain, struct report *content)
{
    struct cache *cache = chain->analysis->cache;
    for (enum result_kind kind = RESULT_FAMILY; cache && kind <= RESULT_NORMALITY; kind++) {
        bool wanted =
            kind != RESULT_ERRORS && (kind != RESULT_SPECTRUM || chain->request->spectrum);
        const struct part *part =
            wanted ? cache_get(cache, kind, chain->request, chain->sampled) : NULL;
        if (part)
            put(chain, content, kind, part);
    }
}

/* The sample that stands in the tensor's place, from the cache or drawn. */
static const struct synthetic *obtain_sample(const struct analysis *analysis,
                                             const struct request *request, struct error *error)
{
    struct cache *cache = analysis->cache;
    const struct part *part = cache ? cache_get(cache, RESULT_SYNTHETIC, request, false) : NULL;
    if (part)
        return (const struct synthetic *)part;
    const struct synthetic *synthetic =
        synthetic_draw(&request->law, request->draws, request->seed, analysis->watch, error);
    if (synthetic && cache)
        cache_put(cache, RESULT_SYNTHETIC, request, false, &synthetic->part);
    return synthetic;
}

/* Both chains over the rows of content's tensor. */
static bool run_chains(const struct analysis *analysis, const struct request *request,
                       struct report *content, struct error *error)
{
    struct rows rows;
    const struct tensor *tensor =
        content->synthetic ? &content->synthetic->model->tensors[0] : request->tensor;
    if (!rows_init(&rows, tensor, request->view, request->channel, request->transform, error))
        return false;
    rows.shift = request->shift;
    struct rows sample = rows;
    if (analysis->publish && rows_sample(&sample)) {
        struct chain first = {analysis, request, {analysis->pool, &sample, analysis->watch}, true};
        if (!run_first(&first, content, error) || !run_rest(&first, content, error))
            return false;
    }
    struct chain chain = {analysis, request, {analysis->pool, &rows, analysis->watch}, false};
    if (!run_first(&chain, content, error))
        return false;
    use_cached(&chain, content);
    return run_rest(&chain, content, error);
}

const struct report *analysis_run(const struct analysis *analysis, const struct request *request,
                                  struct error *error)
{
    struct report content = {.request = *request};
    if (request->draws > 0)
        content.synthetic = obtain_sample(analysis, request, error);
    const struct report *report = NULL;
    if ((request->draws == 0 || content.synthetic) &&
        run_chains(analysis, request, &content, error))
        report = report_new(&content);
    release(&content);
    return report;
}
