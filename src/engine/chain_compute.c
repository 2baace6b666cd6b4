/* SPDX-License-Identifier: MIT */
#include "engine/chain.h"

/* What the quantizers of one channel need to know of the whole tensor, so that they are the same as
 * among the others: its profile and family; or they are the tensor's. */
static const struct part *compute_shared(const struct chain *whole, const struct chain *chain,
                                         const struct report *so_far, struct error *error)
{
    const struct scheme *scheme = &chain->request->scheme;
    struct report content = {.rows = *whole->stage.rows};
    const struct part *part = NULL;
    bool ok =
        chain_advance(whole, &content, RESULT_PROFILE, error) &&
        (!quantizers_want_family(scheme) || chain_advance(whole, &content, RESULT_FAMILY, error));
    if (ok && chain_shares_quantizers(chain->request)) {
        ok = chain_advance(whole, &content, RESULT_QUANTIZERS, error);
        part = (const struct part *)content.quantizers;
        part_ref(part);
    } else if (ok) {
        part = (const struct part *)quantizers_compute(&chain->stage, scheme, so_far->profile,
                                                       content.profile, content.family, error);
    }
    chain_release(&content);
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
    if (!rows_init(&rows, chain->stage.rows->tensor, request.view, request.channel, error) ||
        !rows_transform(&rows, chain->stage.rows->basis, error))
        return NULL;
    rows.shift = request.shift;
    struct chain whole = *chain;
    whole.request = &request;
    whole.stage.rows = &rows;
    whole.sampled = chain->sampled && rows_sample(&rows);
    return compute_shared(&whole, chain, so_far, error);
}

/* A comparison as it is filled. */
struct comparing {
    const struct chain *chain;
    const struct believer *believer;
    const struct report *so_far;
};

/* Seconds between two states of a comparison that are shown. */
#define COMPARISON_PAUSE 0.1

/* What one scheme comes to is not kept: so many results would drive out all others. */
static const struct errors *measure_scheme(void *context, const struct scheme *scheme,
                                           struct error *error)
{
    const struct comparing *comparing = context;
    struct request request = *comparing->chain->request;
    struct chain chain = *comparing->chain;
    request.scheme = *scheme;
    chain.request = &request;
    const struct part *quantizers = compute_quantizers(&chain, comparing->so_far, error);
    if (!quantizers)
        return NULL;
    const struct errors *errors = errors_compute(
        &chain.stage, (const struct quantizers *)quantizers, comparing->believer, false, error);
    part_unref(quantizers);
    return errors;
}

static void show_comparison(void *context, const struct comparison *so_far)
{
    const struct comparing *comparing = context;
    struct report content = *comparing->so_far;
    content.comparison = so_far;
    content.comparison_sampled = true;
    chain_publish(comparing->chain->analysis, &content);
}

/* So far's comparison, if there is one, is a sample's. */
static const struct part *compare(const struct chain *chain, const struct believer *believer,
                                  const struct report *so_far, struct error *error)
{
    const struct rows *rows = chain->stage.rows;
    struct comparing comparing = {chain, believer, so_far};
    const struct comparison_job job = {
        .widths = chain->request->comparison,
        .granularity = comparison_granularity(&chain->request->scheme),
        .rows = tensor_channels(rows->tensor, rows->view),
        .columns = tensor_channel_length(rows->tensor, rows->view),
        .sampled = chain->sampled,
        .profile = so_far->profile,
        .family = so_far->family,
        .before = so_far->comparison,
        .measure = measure_scheme,
        .show = show_comparison,
        .pause = COMPARISON_PAUSE,
        .context = &comparing,
    };
    return (const struct part *)comparison_compute(&job, error);
}

/* Errors, spectrum, curve and comparison, which need theory's source for every row. */
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
    else if (kind == RESULT_COMPARISON)
        part = compare(chain, &believer, so_far, error);
    else if (kind == RESULT_CURVE)
        part =
            (const struct part *)curve_compute(&chain->stage, &request->scheme, &believer, error);
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

/* For figures alone the rows are rounded in the same reading. */
static const struct part *compute_profile(const struct chain *chain, struct error *error)
{
    const struct request *request = chain->request;
    if (request->figures_only)
        return (const struct part *)profile_compute_rounded(&chain->stage, &request->scheme, error);
    return (const struct part *)profile_compute(&chain->stage, error);
}

const struct part *chain_compute(const struct chain *chain, enum result_kind kind,
                                 const struct report *so_far, struct error *error)
{
    switch (kind) {
    case RESULT_SYNTHETIC:
    case RESULT_BASIS:
    case RESULT_LAYER_GROUP:
        break;
    case RESULT_PROFILE:
        return compute_profile(chain, error);
    case RESULT_FAMILY:
        return (const struct part *)family_compute(&chain->stage, so_far->profile, error);
    case RESULT_QUANTIZERS:
        return compute_quantizers(chain, so_far, error);
    case RESULT_ERRORS:
    case RESULT_SPECTRUM:
    case RESULT_CURVE:
    case RESULT_COMPARISON:
        return compute_with_belief(chain, kind, so_far, error);
    case RESULT_SPREAD:
        return (const struct part *)spread_compute(&chain->stage, so_far->profile, error);
    case RESULT_NORMALITY:
        return (const struct part *)normality_compute(&chain->stage, error);
    case RESULT_LINEUP:
        return chain_lineup(chain, so_far, error);
    case RESULT_OUTLIERS:
    case RESULT_OUTLIER_MAP:
    case RESULT_OUTLIER_COSTS:
    case RESULT_AUDIT:
        return compute_hunt(chain, kind, so_far, error);
    }
    return NULL;
}
