/* SPDX-License-Identifier: MIT
 *
 * How theory agrees with what was measured, over the channels of a report (MATH §4).
 */
#ifndef ENGINE_AGREEMENT_H
#define ENGINE_AGREEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/record.h"
#include "engine/report.h"

/* q/σ beyond which the error of Gaussian weights is not as good as uniform. */
#define AGREEMENT_WIDE 2.0

/* What is compared of the error. */
enum agreement_moment { AGREEMENT_STD, AGREEMENT_MEAN, AGREEMENT_MOMENTS };

/* A channel as a dot: theory's moment of e (x) and the measured one (y); NaN without a theory. */
struct agreement_dot {
    double x, y;
};
struct agreement_dot agreement_dot(const struct report *report, size_t channel,
                                   enum agreement_moment moment);

/* q/σ of a channel; NaN if it is not defined. */
double agreement_ratio(const struct report *report, size_t channel);

/* Whether a channel is known to be normal: tested, and not rejected. */
bool agreement_is_normal(const struct report *report, size_t channel);

struct agreement {
    struct regression fit[AGREEMENT_MOMENTS];
    uint64_t channels; /* that have a q/σ */
    uint64_t wide;     /* of them, with q/σ beyond AGREEMENT_WIDE */
};

/* Of all channels, or of the normal ones; those need the report's normality, without which they
 * are none. */
struct agreement agreement_of(const struct report *report, enum record_channels of);

#endif
