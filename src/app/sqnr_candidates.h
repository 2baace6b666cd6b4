/* SPDX-License-Identifier: MIT
 *
 * What `sqnr` computes a layer's figures for: the transform that was asked for, or several side by
 * side.
 */
#ifndef APP_SQNR_CANDIDATES_H
#define APP_SQNR_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "app/options.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/layer.h"

#define SQNR_CANDIDATES_MOST 8

/* Where two of several are, whose difference is told; the first is none. */
enum { SQNR_NONE, SQNR_HADAMARD = 2, SQNR_CAT = 5 };

struct sqnr_candidate {
    struct layer_request request;
    struct text name, label; /* of its transform; of that and its bits, for people */
};

struct sqnr_candidates {
    struct sqnr_candidate candidate[SQNR_CANDIDATES_MOST];
    size_t count;
};

/* Fills what was all zero; sqnr_candidates_done in any case. */
bool sqnr_candidates_choose(struct sqnr_candidates *candidates, const struct options *options,
                            struct error *error);
void sqnr_candidates_done(struct sqnr_candidates *candidates);

#endif
