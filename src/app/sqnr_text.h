/* SPDX-License-Identifier: MIT
 *
 * What `sqnr` prints for people: a line a layer, or a table a layer of several transforms, at most
 * 80 columns wide.
 */
#ifndef APP_SQNR_TEXT_H
#define APP_SQNR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "app/sqnr_candidates.h"
#include "app/sqnr_record.h"
#include "base/text.h"
#include "linear/transform_spec.h"
#include "quant/scheme.h"

/* What a layer gains by CAT's transform over the rotation alone, in dB. */
struct sqnr_difference {
    double gain, alignment, concentration; /* the last NaN where it is not known */
};

/* Labels are lent for as long as the page. */
struct sqnr_page {
    struct text *out;
    bool utf8, header;
    bool compare;         /* several candidates for each layer, the first of which is none, ... */
    size_t hadamard, cat; /* ... and where these two are, whose difference is told */
    size_t name_columns;  /* of the longest name */

    /* What the lines so far come to. */
    size_t layers, isotropic, weights_alone; /* all, and those of which a footnote tells */
    double error;                            /* the largest transform_error */
    size_t candidates;
    size_t gains[SQNR_CANDIDATES_MOST]; /* layers with a gain, */
    double gain[SQNR_CANDIDATES_MOST];  /* and the sum of those, in dB */
    const char *label[SQNR_CANDIDATES_MOST];
    struct sqnr_difference *difference;
    size_t differences, room;
};

/* What was asked for; inputs: the label of the activation file, NULL for none. */
struct sqnr_asked {
    const struct scheme *scheme;
    const struct input_grid *grid;
    const struct transform_spec *transform; /* NULL for a comparison */
    const char *inputs;
};

void sqnr_page_head(struct sqnr_page *page, const struct sqnr_asked *asked);

/* The records of one layer, by candidate. */
void sqnr_page_layer(struct sqnr_page *page, const struct sqnr_record records[], size_t n);

/* What is to be said of all layers. */
void sqnr_page_end(struct sqnr_page *page);
void sqnr_page_done(struct sqnr_page *page);

#endif
