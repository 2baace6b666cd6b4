/* SPDX-License-Identifier: MIT */
#include "engine/analysis.h"

#include "engine/chain.h"

/* The figures that a picture is made of: rows, profile and errors change together, so that it
 * never mixes those of a sample with exact ones. */
static bool run_first(const struct chain *chain, struct report *content, struct error *error)
{
    const struct request *request = chain->request;
    struct report next = {.rows = *chain->stage.rows};
    bool by_family = request->belief == BELIEF_FAMILY || quantizers_want_family(&request->scheme);
    bool ok = chain_advance(chain, &next, RESULT_PROFILE, error) &&
              (!by_family || chain_advance(chain, &next, RESULT_FAMILY, error)) &&
              chain_advance(chain, &next, RESULT_QUANTIZERS, error) &&
              chain_advance(chain, &next, RESULT_ERRORS, error);
    for (enum result_kind kind = RESULT_PROFILE; ok && kind <= RESULT_ERRORS; kind++) {
        const struct part *part = *chain_slot(&next, kind).part;
        part_ref(part);
        if (part)
            chain_put(chain, content, kind, part);
    }
    if (ok)
        content->rows = next.rows;
    chain_release(&next);
    return ok;
}

/* Whether this chain has to come by a kind of result: some have to be asked for, a comparison
 * needs the family, and outliers and layers are not what a sample would show. */
static bool wanted(const struct chain *chain, enum result_kind kind)
{
    const bool compares = chain->request->comparison != 0;
    if (kind == RESULT_COMPARISON || (kind == RESULT_FAMILY && compares))
        return compares;
    if (chain->request->figures_only)
        return false;
    if (kind == RESULT_SPECTRUM)
        return chain->request->spectrum;
    if (kind == RESULT_CURVE)
        return chain->request->curve && !curve_refusal(&chain->request->scheme);
    if (kind == RESULT_LINEUP)
        return chain->request->lineup && !chain->sampled;
    return kind < RESULT_OUTLIERS || (chain->request->outliers && !chain->sampled);
}

/* The other stages in their order, each shown when it is ready; a sample is shown once. */
static bool run_rest(const struct chain *chain, struct report *content, struct error *error)
{
    static const enum result_kind order[] = {
        RESULT_LINEUP,      RESULT_SPECTRUM,   RESULT_CURVE,         RESULT_OUTLIERS,
        RESULT_OUTLIER_MAP, RESULT_AUDIT,      RESULT_OUTLIER_COSTS, RESULT_SPREAD,
        RESULT_FAMILY,      RESULT_COMPARISON, RESULT_NORMALITY};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (!wanted(chain, order[i]))
            continue;
        struct slot slot = chain_slot(content, order[i]);
        bool ready = *slot.part && *slot.sampled <= chain->sampled;
        if (!ready && !chain->sampled)
            chain_publish(chain->analysis, content);
        if (!chain_advance(chain, content, order[i], error))
            return false;
    }
    chain_publish(chain->analysis, content);
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
            chain_put(chain, content, kind, part);
    }
}

/* What is never taken from a sample does not vanish while one is shown, if it is known already. */
static void use_cached_exact(const struct chain *chain, struct report *content)
{
    struct cache *cache = chain->analysis->cache;
    for (enum result_kind kind = RESULT_LINEUP; cache && kind <= RESULT_AUDIT; kind++) {
        const struct part *part =
            wanted(chain, kind) ? cache_get(cache, kind, chain->request, false) : NULL;
        if (part)
            chain_put(chain, content, kind, part);
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
        synthetic_layer_is(&request->layer)
            ? synthetic_draw_layer(&request->law, &request->layer, request->seed, analysis->watch,
                                   error)
            : synthetic_draw(&request->law, request->draws, request->seed, analysis->watch, error);
    if (synthetic && cache)
        cache_put(cache, RESULT_SYNTHETIC, request, false, &synthetic->part);
    return synthetic;
}

/* The basis of a tensor, from the cache or made; NULL with *error. */
static const struct tensor_basis *obtain_basis(const struct analysis *analysis,
                                               const struct tensor *tensor,
                                               const struct basis_wish *wish, struct error *error)
{
    const struct request key = {.tensor = tensor,
                                .view = wish->view,
                                .transform = *wish->transform,
                                .layers = wish->layers};
    struct cache *cache = analysis->bases;
    const struct part *part = cache ? cache_get(cache, RESULT_BASIS, &key, false) : NULL;
    if (part)
        return (const struct tensor_basis *)part;
    const struct tensor_basis *basis = tensor_basis_compute(tensor, wish, analysis->watch, error);
    if (basis && !content_whole(tensor->content, error)) {
        part_unref(&basis->part);
        return NULL;
    }
    if (basis && cache)
        cache_put(cache, RESULT_BASIS, &key, false, &basis->part);
    return basis;
}

bool analysis_transform(const struct analysis *analysis, const struct basis_wish *wish,
                        struct rows *rows, const struct tensor_basis **basis, struct error *error)
{
    *basis = NULL;
    if (!tensor_basis_wanted(rows->tensor, wish))
        return true;
    *basis = obtain_basis(analysis, rows->tensor, wish, error);
    if (*basis && rows_transform(rows, (*basis)->basis, error))
        return true;
    part_unref((const struct part *)*basis);
    *basis = NULL;
    return false;
}

/* The rows of content's tensor, and the basis that they are read in.  A sample of the lab may be
 * dropped before what is kept of its layer, so nothing is. */
static bool make_rows(const struct analysis *analysis, const struct request *request,
                      struct report *content, struct rows *rows, struct error *error)
{
    const struct synthetic *synthetic = content->synthetic;
    const struct basis_wish wish = {&request->transform, request->view,
                                    synthetic ? synthetic->layers : request->layers};
    struct analysis keeping = *analysis;
    if (synthetic)
        keeping.bases = NULL;
    if (!rows_init(rows, synthetic ? &synthetic->model->tensors[0] : request->tensor, request->view,
                   request->channel, error) ||
        !analysis_transform(&keeping, &wish, rows, &content->basis, error))
        return false;
    rows->shift = request->shift;
    return true;
}

/* Both chains over the rows of content's tensor. */
static bool run_chains(const struct analysis *analysis, const struct request *request,
                       struct report *content, struct error *error)
{
    struct rows rows;
    if (!make_rows(analysis, request, content, &rows, error))
        return false;
    struct chain chain = {analysis, request, {analysis->pool, &rows, analysis->watch}, false};
    use_cached_exact(&chain, content);
    struct rows sample = rows;
    /* A sample of one channel would not know which columns of the tensor's units it is of. */
    if (analysis->publish && !chain_shares_quantizers(request) && rows_sample(&sample)) {
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
    chain_release(&content);
    return report;
}
