/* SPDX-License-Identifier: MIT
 *
 * What a step of a lesson tells the lab: the sample, the quantizer, what theory believes, and the
 * view (ui/lesson.h tells the format).
 */
#ifndef UI_LESSON_SETTINGS_H
#define UI_LESSON_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/report.h"
#include "linear/transform_spec.h"

/* Of q/σ, and of µ/q on both sides of 0. */
#define LESSON_RATIO_LEAST 0.001
#define LESSON_RATIO_MOST  1000.0
#define LESSON_PHASE_MOST  10.0

struct lesson_settings {
    struct source source; /* type and shape; mean 0, std 1: the phase moves the sample */
    uint64_t n;
    unsigned long seed;
    double ratio, phase;
    struct synthetic_layer layer; /* in the place of n draws; all zero: none */
    struct input_grid inputs;     /* of the layer's inputs */
    struct transform_spec transform;
    struct scheme scheme; /* under CLIP_STEP the parameter is the ratio */
    enum belief belief;
    const char *view; /* of a view, static */
    bool log;
};

/* 100 000 Gaussian draws of seed 1, ratio 1, phase 0, no layer, 4 bits, clip step, belief law, view error. */
struct lesson_settings lesson_settings_default(void);

/* Changes what "KEY VALUE; KEY VALUE" says.  ERROR_FILE without a place. */
bool lesson_settings_parse(struct lesson_settings *settings, const char *text, struct error *error);

#endif
