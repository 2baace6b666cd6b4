/* SPDX-License-Identifier: MIT */
#include "engine/chain.h"

bool chain_shares_quantizers(const struct request *request)
{
    return request->channel != REQUEST_ALL_CHANNELS &&
           scheme_granularity(&request->scheme).rows != 1;
}

struct slot chain_slot(struct report *report, enum result_kind kind)
{
    switch (kind) {
    case RESULT_SYNTHETIC:
    case RESULT_BASIS:
    case RESULT_LAYER_GROUP:
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
    case RESULT_COMPARISON:
        return (struct slot){(const struct part **)&report->comparison,
                             &report->comparison_sampled};
    case RESULT_SPREAD:
        return (struct slot){(const struct part **)&report->spread, &report->spread_sampled};
    case RESULT_NORMALITY:
        return (struct slot){(const struct part **)&report->normality, &report->normality_sampled};
    case RESULT_LINEUP:
        return (struct slot){(const struct part **)&report->lineup, &report->never_sampled};
    case RESULT_OUTLIERS:
        return (struct slot){(const struct part **)&report->outliers, &report->never_sampled};
    case RESULT_OUTLIER_MAP:
        return (struct slot){(const struct part **)&report->outlier_map, &report->never_sampled};
    case RESULT_OUTLIER_COSTS:
        return (struct slot){(const struct part **)&report->outlier_costs, &report->never_sampled};
    case RESULT_AUDIT:
        return (struct slot){(const struct part **)&report->audit, &report->never_sampled};
    }
    return (struct slot){NULL, NULL}; /* these have places of their own */
}

/* A result of the chain, from the cache or computed; NULL with *error.  What was computed from a
 * file that has been cut meanwhile is not trusted. */
static const struct part *obtain(const struct chain *chain, enum result_kind kind,
                                 const struct report *so_far, struct error *error)
{
    struct cache *cache = chain->analysis->cache;
    if (kind == RESULT_QUANTIZERS && chain_shares_quantizers(chain->request))
        cache = NULL; /* they are there already, as the whole tensor's */
    const struct part *part = cache ? cache_get(cache, kind, chain->request, chain->sampled) : NULL;
    if (part)
        return part;
    part = chain_compute(chain, kind, so_far, error);
    if (part && !content_whole(chain->stage.rows->tensor->content, error)) {
        part_unref(part);
        return NULL;
    }
    if (part && cache)
        cache_put(cache, kind, chain->request, chain->sampled, part);
    return part;
}

void chain_put(const struct chain *chain, struct report *report, enum result_kind kind,
               const struct part *part)
{
    struct slot slot = chain_slot(report, kind);
    part_unref(*slot.part);
    *slot.part = part;
    *slot.sampled = chain->sampled;
}

bool chain_advance(const struct chain *chain, struct report *report, enum result_kind kind,
                   struct error *error)
{
    struct slot slot = chain_slot(report, kind);
    if (*slot.part && *slot.sampled <= chain->sampled)
        return true;
    const struct part *part = obtain(chain, kind, report, error);
    if (part)
        chain_put(chain, report, kind, part);
    return part != NULL;
}

void chain_release(struct report *content)
{
    part_unref((const struct part *)content->synthetic);
    part_unref((const struct part *)content->basis);
    for (enum result_kind kind = RESULT_PROFILE; kind <= RESULT_AUDIT; kind++)
        part_unref(*chain_slot(content, kind).part);
}

void chain_publish(const struct analysis *analysis, const struct report *content)
{
    if (!analysis->publish)
        return;
    const struct report *report = report_new(content);
    analysis->publish(analysis->user, report);
    part_unref(&report->part);
}
