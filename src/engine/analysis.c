/* SPDX-License-Identifier: MIT */
#include "engine/analysis.h"

/* Whether the request is of one channel that has its quantizers in common with others. */
static bool shares_quantizers(const struct request *request)
{
    return request->channel != REQUEST_ALL_CHANNELS &&
           scheme_granularity(&request->scheme).rows != 1;
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
    case RESULT_QUANTIZERS:
        return (struct slot){(const struct part **)&report->quantizers, &report->sampled};
    case RESULT_ERRORS:
        return (struct slot){(const struct part **)&report->errors, &report->sampled};
    case RESULT_SPECTRUM:
        return (struct slot){(const struct part **)&report->spectrum, &report->spectrum_sampled};
    case RESULT_CURVE:
        return (struct slot){(const struct part **)&report->curve, &report->curve_sampled};
    case RESULT_SPREAD:
        return (struct slot){(const struct part **)&report->spread, &report->spread_sampled};
    case RESULT_NORMALITY:
        return (struct slot){(const struct part **)&report->normality, &report->normality_sampled};
    case RESULT_OUTLIERS:
        return (struct slot){(const struct part **)&report->outliers, &report->never_sampled};
    case RESULT_OUTLIER_MAP:
        return (struct slot){(const struct part **)&report->outlier_map, &report->never_sampled};
    case RESULT_OUTLIER_COSTS:
        return (struct slot){(const struct part **)&report->outlier_costs, &report->never_sampled};
    case RESULT_AUDIT:
        return (struct slot){(const struct part **)&report->audit, &report->never_sampled};
    }
    return (struct slot){NULL, NULL}; /* a sample has a place of its own */
}

static const struct part *compute_quantizers(const struct chain *chain, const struct report *so_far,
                                             struct error *error);

/* Errors, spectrum and curve, which need theory's source for every row. */
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
        part = (const struct part *)errors_compute(&chain->stage, so_far->quantizers, &believer,
                                                   !request->figures_only, error);
    else if (kind == RESULT_CURVE)
        part = (const struct part *)curve_compute(&chain->stage, &request->scheme, &believer, error);
    else
        part =
            (const struct part *)spectrum_compute(&chain->stage, so_far->errors, &believer, error);
    believer_done(&believer);
    return part;
}

static const struct part *compute_costs(const struct chain *chain, const struct report *so_far,
                                        struct error *error)
{
    const struct distortion *total = &so_far->errors->total;
    const struct outlier_rounding rounding = {
        .scheme = &chain->request->scheme,
        .laplace = so_far->family && so_far->family->laplace,
        .noise = total->error.count > 0 ? distortion_mse(total) * (double)total->error.count : 0,
    };
    return (const struct part *)outlier_costs_compute(&chain->stage, so_far->profile,
                                                      so_far->outliers, &rounding, error);
}

/* What is only looked for where it is asked for, in every element. */
static const struct part *compute_hunt(const struct chain *chain, enum result_kind kind,
                                       const struct report *so_far, struct error *error)
{
    const struct request *request = chain->request;
    if (kind == RESULT_OUTLIERS)
        return (const struct part *)outliers_compute(&chain->stage, so_far->profile,
                                                     &request->limits, error);
    if (kind == RESULT_OUTLIER_MAP)
        return (const struct part *)outlier_map_compute(&chain->stage, so_far->profile,
                                                        request->limits.limit[OUTLIER_SIGMA],
                                                        &request->region, error);
    if (kind == RESULT_OUTLIER_COSTS)
        return compute_costs(chain, so_far, error);
    return (const struct part *)audit_compute(&chain->stage, error);
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
    case RESULT_QUANTIZERS:
        return compute_quantizers(chain, so_far, error);
    case RESULT_ERRORS:
    case RESULT_SPECTRUM:
    case RESULT_CURVE:
        return compute_with_belief(chain, kind, so_far, error);
    case RESULT_SPREAD:
        return (const struct part *)spread_compute(&chain->stage, so_far->profile, error);
    case RESULT_NORMALITY:
        return (const struct part *)normality_compute(&chain->stage, error);
    case RESULT_OUTLIERS:
    case RESULT_OUTLIER_MAP:
    case RESULT_OUTLIER_COSTS:
    case RESULT_AUDIT:
        return compute_hunt(chain, kind, so_far, error);
    }
    return NULL;
}

/* A result of the chain, from the cache or computed; NULL with *error.  What was computed from a
 * file that has been cut meanwhile is not trusted. */
static const struct part *obtain(const struct chain *chain, enum result_kind kind,
                                 const struct report *so_far, struct error *error)
{
    struct cache *cache = chain->analysis->cache;
    if (kind == RESULT_QUANTIZERS && shares_quantizers(chain->request))
        cache = NULL; /* they are there already, as the whole tensor's */
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
    for (enum result_kind kind = RESULT_PROFILE; kind <= RESULT_AUDIT; kind++)
        part_unref(*slot_of(content, kind).part);
}

/* What the quantizers of one channel need to know of the whole tensor, so that they are the same as
 * among the others: its profile and family; or they are the tensor's. */
static const struct part *compute_shared(const struct chain *whole, const struct chain *chain,
                                         const struct report *so_far, struct error *error)
{
    const struct scheme *scheme = &chain->request->scheme;
    struct report content = {.rows = *whole->stage.rows};
    const struct part *part = NULL;
    bool ok = advance(whole, &content, RESULT_PROFILE, error) &&
              (!quantizers_want_family(scheme) || advance(whole, &content, RESULT_FAMILY, error));
    if (ok && shares_quantizers(chain->request)) {
        ok = advance(whole, &content, RESULT_QUANTIZERS, error);
        part = (const struct part *)content.quantizers;
        part_ref(part);
    } else if (ok) {
        part = (const struct part *)quantizers_compute(&chain->stage, scheme, so_far->profile,
                                                       content.profile, content.family, error);
    }
    release(&content);
    return part;
}

static const struct part *compute_quantizers(const struct chain *chain, const struct report *so_far,
                                             struct error *error)
{
    const struct scheme *scheme = &chain->request->scheme;
    if (chain->request->channel == REQUEST_ALL_CHANNELS || !quantizers_want_tensor(scheme))
        return (const struct part *)quantizers_compute(&chain->stage, scheme, so_far->profile,
                                                       so_far->profile, so_far->family, error);
    struct request request = *chain->request;
    struct rows rows;
    request.channel = REQUEST_ALL_CHANNELS;
    if (!rows_init(&rows, chain->stage.rows->tensor, request.view, request.channel,
                   request.transform, error))
        return NULL;
    rows.shift = request.shift;
    struct chain whole = *chain;
    whole.request = &request;
    whole.stage.rows = &rows;
    whole.sampled = chain->sampled && rows_sample(&rows);
    return compute_shared(&whole, chain, so_far, error);
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
    bool by_family = request->belief == BELIEF_FAMILY || quantizers_want_family(&request->scheme);
    bool ok = advance(chain, &next, RESULT_PROFILE, error) &&
              (!by_family || advance(chain, &next, RESULT_FAMILY, error)) &&
              advance(chain, &next, RESULT_QUANTIZERS, error) &&
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

/* Whether this chain has to come by a kind of result: some have to be asked for, and outliers are
 * not what a sample would show. */
static bool wanted(const struct chain *chain, enum result_kind kind)
{
    if (kind == RESULT_SPECTRUM)
        return chain->request->spectrum;
    if (kind == RESULT_CURVE)
        return chain->request->curve && !curve_refusal(&chain->request->scheme);
    return kind < RESULT_OUTLIERS || (chain->request->outliers && !chain->sampled);
}

/* The other stages in their order, each shown when it is ready; a sample is shown once. */
static bool run_rest(const struct chain *chain, struct report *content, struct error *error)
{
    static const enum result_kind order[] = {
        RESULT_SPECTRUM, RESULT_CURVE,         RESULT_OUTLIERS, RESULT_OUTLIER_MAP,
        RESULT_AUDIT,    RESULT_OUTLIER_COSTS, RESULT_SPREAD,   RESULT_FAMILY,
        RESULT_NORMALITY};
    const size_t stages = chain->request->figures_only ? 0 : sizeof order / sizeof *order;
    for (size_t i = 0; i < stages; i++) {
        if (!wanted(chain, order[i]))
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
    for (enum result_kind kind = RESULT_FAMILY; cache && kind <= RESULT_AUDIT; kind++) {
        bool shown = kind != RESULT_QUANTIZERS && kind != RESULT_ERRORS && wanted(chain, kind);
        const struct part *part =
            shown ? cache_get(cache, kind, chain->request, chain->sampled) : NULL;
        if (part)
            put(chain, content, kind, part);
    }
}

/* Outliers that are known already do not vanish while a sample is shown. */
static void use_cached_hunt(const struct chain *chain, struct report *content)
{
    struct cache *cache = chain->analysis->cache;
    for (enum result_kind kind = RESULT_OUTLIERS; cache && kind <= RESULT_AUDIT; kind++) {
        const struct part *part =
            wanted(chain, kind) ? cache_get(cache, kind, chain->request, false) : NULL;
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
    struct chain chain = {analysis, request, {analysis->pool, &rows, analysis->watch}, false};
    use_cached_hunt(&chain, content);
    struct rows sample = rows;
    /* A sample of one channel would not know which columns of the tensor's units it is of. */
    if (analysis->publish && !shares_quantizers(request) && rows_sample(&sample)) {
        struct chain first = {analysis, request, {analysis->pool, &sample, analysis->watch}, true};
        if (!run_first(&first, content, error) || !run_rest(&first, content, error))
            return false;
    }
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
