/* SPDX-License-Identifier: MIT
 *
 * What the records of a scan come to.
 */
#ifndef APP_REPORT_TOTALS_H
#define APP_REPORT_TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/scan.h"

struct report_totals {
    size_t matrices, vectors, unread; /* tensors; the last without figures */
    size_t laplace;                   /* matrices that are nearer to Laplace */
    uint64_t tested, normal;          /* channels of matrices */
    size_t nonfinite;                 /* tensors that have elements which are not finite */
    /* Of all weights of the matrices, by bits - RECORD_BITS_LEAST; NaN if not defined. */
    double sqnr_db[RECORD_WIDTHS], theory_sqnr_db[RECORD_WIDTHS];
};

struct report_totals report_totals(const struct scan *scan);

#endif
