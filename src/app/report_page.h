/* SPDX-License-Identifier: MIT
 *
 * The page that `report` prints: totals, hot spots and why, what to look at next.
 */
#ifndef APP_REPORT_PAGE_H
#define APP_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "engine/reasons.h"
#include "engine/scan.h"
#include "linear/transform_spec.h"

/* A tensor that is told of. */
struct report_spot {
    size_t tensor;
    struct reasons reasons;
    /* What other schemes of the same bits gain over symmetric grids that end at the largest weight,
     * and where the best clip is (the median over the channels); NaN if it is not known. */
    double clip_gain_db, clip_over_std, asymmetric_gain_db;
};

struct report_content {
    const struct scan *scan;
    int bits;
    const struct transform_spec *transform; /* behind which all figures are */
    struct report_spot *spots; /* worst first: of matrices, then of vectors */
    size_t matrices, vectors;  /* how many of each */
    size_t top;                /* how many of each are told of */
};

/* Appends the page: text of at most 80 columns where words allow, or Markdown. */
void report_page(struct text *out, const struct report_content *content, bool markdown);

#endif
