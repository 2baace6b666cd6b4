/* SPDX-License-Identifier: MIT */
#include "engine/cache.h"

#include "base/mem.h"

#define ENTRIES 256

struct entry {
    enum result_kind kind;
    bool sampled;
    struct request request;
    const struct part *part; /* NULL: free */
    unsigned long used;      /* time of last use */
};

struct cache {
    struct entry entry[ENTRIES];
    size_t bytes, bytes_most;
    unsigned long clock;
};

struct cache *cache_new(size_t bytes_most)
{
    struct cache *cache = mem_zero(1, sizeof *cache);
    cache->bytes_most = bytes_most;
    return cache;
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < ENTRIES; i++)
        part_unref(cache->entry[i].part);
    mem_free(cache);
}

/* Whether two schemes stand beside the same comparison. */
static bool same_granularity(const struct scheme *a, const struct scheme *b)
{
    const struct granularity one = comparison_granularity(a), other = comparison_granularity(b);
    return granularity_equal(&one, &other);
}

static bool serves(const struct tensor_basis *basis, const struct request *request)
{
    const struct basis_wish wish = {&request->transform, request->view, request->layers};
    return tensor_basis_serves(basis, request->tensor, &wish);
}

/* Whether two tensors are layers of one input. */
static bool same_input(const struct request *a, const struct request *b)
{
    const struct layer_index *layers = a->layers;
    if (!layers || layers != b->layers || !a->tensor || !b->tensor)
        return false;
    const struct tensor *first = layers->model->tensors;
    return layers->leader[a->tensor - first] == layers->leader[b->tensor - first];
}

/* What line-ups do not depend on, and others do not depend on of theirs. */
static void forget_layers(struct request *known, enum result_kind kind,
                          const struct request *request)
{
    if (kind != RESULT_LINEUP && kind != RESULT_LAYER_GROUP) {
        known->lineup = request->lineup;
        if (!transform_spec_fits_layer(&request->transform))
            known->layers = request->layers;
        known->inputs = request->inputs;
        return;
    }
    known->channel = request->channel;
    if (same_input(known, request))
        known->tensor = request->tensor;
    if (kind == RESULT_LAYER_GROUP)
        known->inputs = request->inputs;
}

static bool same(const struct entry *entry, enum result_kind kind, const struct request *request,
                 bool sampled)
{
    if (!entry->part || entry->kind != kind || entry->sampled != sampled)
        return false;
    if (kind == RESULT_BASIS)
        return serves((const struct tensor_basis *)entry->part, request);
    struct request known = entry->request;
    bool hunt =
        kind == RESULT_OUTLIERS || kind == RESULT_OUTLIER_MAP || kind == RESULT_OUTLIER_COSTS;
    forget_layers(&known, kind, request);
    known.spectrum = request->spectrum;
    known.curve = request->curve;
    if (kind == RESULT_CURVE)
        known.scheme.clip = request->scheme.clip;
    if (kind != RESULT_COMPARISON)
        known.comparison = request->comparison;
    else if (same_granularity(&known.scheme, &request->scheme))
        known.scheme = request->scheme;
    known.outliers = request->outliers;
    if (!hunt)
        known.limits = request->limits;
    if (kind != RESULT_OUTLIER_MAP)
        known.region = request->region;
    if (kind != RESULT_ERRORS)
        known.figures_only = request->figures_only;
    if (kind != RESULT_ERRORS && kind != RESULT_SPECTRUM && kind != RESULT_CURVE &&
        kind != RESULT_COMPARISON) {
        known.belief = request->belief;
        if (kind != RESULT_QUANTIZERS && kind != RESULT_OUTLIER_COSTS && kind != RESULT_LINEUP)
            known.scheme = request->scheme;
    }
    if (kind == RESULT_SYNTHETIC) {
        known.channel = request->channel;
        known.transform = request->transform;
        known.layers = request->layers;
        known.shift = request->shift;
    }
    return request_equal(&known, request);
}

const struct part *cache_get(struct cache *cache, enum result_kind kind,
                             const struct request *request, bool sampled)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        struct entry *entry = &cache->entry[i];
        if (!same(entry, kind, request, sampled))
            continue;
        entry->used = ++cache->clock;
        part_ref(entry->part);
        return entry->part;
    }
    return NULL;
}

static void drop(struct cache *cache, struct entry *entry)
{
    cache->bytes -= entry->part->bytes;
    part_unref(entry->part);
    entry->part = NULL;
}

static struct entry *oldest(struct cache *cache)
{
    struct entry *found = NULL;
    for (size_t i = 0; i < ENTRIES; i++)
        if (cache->entry[i].part && (!found || cache->entry[i].used < found->used))
            found = &cache->entry[i];
    return found;
}

static struct entry *free_entry(struct cache *cache)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (!cache->entry[i].part)
            return &cache->entry[i];
    struct entry *entry = oldest(cache);
    drop(cache, entry);
    return entry;
}

void cache_put(struct cache *cache, enum result_kind kind, const struct request *request,
               bool sampled, const struct part *part)
{
    if (part->bytes > cache->bytes_most)
        return;
    while (cache->bytes + part->bytes > cache->bytes_most)
        drop(cache, oldest(cache));
    struct entry *entry = free_entry(cache);
    *entry = (struct entry){kind, sampled, *request, part, ++cache->clock};
    cache->bytes += part->bytes;
    part_ref(part);
}
