/* SPDX-License-Identifier: MIT */
#include "app/sqnr_candidates.h"

/* What `--transform all` compares: how much of an alignment's gain a scaling of columns gets, and
 * how much comes by mixing them in ever wider blocks. */
static const char *const compared[] = {
    [SQNR_NONE] = "none", "scale:0.5", [SQNR_HADAMARD] = "hadamard", "align:1", "align:32",
    [SQNR_CAT] = "cat",   "cat:256",
};
#define COMPARED (sizeof compared / sizeof compared[0])

_Static_assert(COMPARED + 1 == SQNR_CANDIDATES_MOST, "these, and more bits");

static void done(struct sqnr_candidate *candidate)
{
    text_done(&candidate->label);
    text_done(&candidate->name);
}

static struct sqnr_candidate *add(struct sqnr_candidates *candidates, const struct options *options,
                                  const struct transform_spec *transform)
{
    struct sqnr_candidate *candidate = &candidates->candidate[candidates->count++];
    candidate->request = (struct layer_request){
        .transform = *transform, .scheme = options->scheme, .inputs = options->layers.inputs};
    transform_spec_print(transform, &candidate->name);
    text_puts(&candidate->label, candidate->name.data);
    return candidate;
}

/* One bit more instead of a transform, as far as there are such levels. */
static void add_more_bits(struct sqnr_candidates *candidates, const struct options *options)
{
    struct sqnr_candidate *more = add(candidates, options, &(struct transform_spec){.count = 0});
    if (!layer_request_add_bits(&more->request, 1)) {
        done(&candidates->candidate[--candidates->count]);
        return;
    }
    text_puts(&more->label, ", ");
    layer_request_print_bits(&more->request, &more->label);
}

bool sqnr_candidates_choose(struct sqnr_candidates *candidates, const struct options *options,
                            struct error *error)
{
    if (!options->layers.all_transforms) {
        add(candidates, options, &options->transform);
        return true;
    }
    for (size_t i = 0; i < COMPARED; i++) {
        struct transform_spec transform;
        if (!transform_spec_parse(compared[i], &transform, error))
            return false;
        add(candidates, options, &transform);
    }
    add_more_bits(candidates, options);
    return true;
}

void sqnr_candidates_done(struct sqnr_candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        done(&candidates->candidate[i]);
}
