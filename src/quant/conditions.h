/* SPDX-License-Identifier: MIT
 *
 * By how much a source and a step miss the conditions under which the error is noise: the two
 * quantizing theorems, Sripad and Snyder's condition, and the PQN model (MATH §3.2, §3.7).
 */
#ifndef QUANT_CONDITIONS_H
#define QUANT_CONDITIONS_H

#include "quant/theory.h"

#define CONDITIONS_REASON 160

/* All 0 would be: the theorem holds strictly.  For an empirical source these are of its empirical
 * characteristic function, which never falls below the noise of its sample. */
struct conditions {
    double qt1;           /* largest |Phi(u)| over |u| >= pi/q: else the density is recoverable */
    double qt2;           /* over |u| >= 2 pi/q: else all moments are */
    double sripad_snyder; /* largest |Phi(2 pi l/q)|, l = 1, 2, ...: 0 if e is exactly uniform */
    double deviation;     /* theory_pqn_deviation: largest |q f_e - 1| */
    enum pqn_verdict verdict;
    /* Below this step the deviation is less than 2 %, for good. */
    double holds_below_step;
    char reason[CONDITIONS_REASON]; /* of the verdict, in words */
};

struct conditions conditions_of(const struct source *source, double step);

#endif
