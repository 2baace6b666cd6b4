/* SPDX-License-Identifier: MIT
 *
 * Stage: what transforms would do for linear layers of one input, side by side: none, scaling by
 * maxima, Hadamard's, CAT's, the one that was asked for if it is another; and what more bits would
 * do instead of any (MATH §8, §9).
 */
#ifndef ENGINE_LAYER_LINEUP_H
#define ENGINE_LAYER_LINEUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "engine/layer.h"
#include "engine/layer_group.h"
#include "engine/part.h"
#include "engine/pool.h"
#include "linear/transform_spec.h"

#define LAYER_LINEUP_TRANSFORMS 5 /* at most */
#define LAYER_LINEUP_MORE_BITS  2 /* up to so many more */
#define LAYER_LINEUP_MOST       (LAYER_LINEUP_TRANSFORMS + LAYER_LINEUP_MORE_BITS)
#define LAYER_LINEUP_LABEL      48
#define LAYER_LINEUP_REASON     256

struct layer_lineup_entry {
    char label[LAYER_LINEUP_LABEL]; /* "cat", "5 bits", "W5 A5" */
    struct layer_request request;
    bool own;                         /* the transform that was asked for, at the bits that were */
    const struct layer *layer;        /* a part; NULL while it is not known */
    char reason[LAYER_LINEUP_REASON]; /* why it never will be; else empty */
};

/* In decibels, of independent draws as wide as what is rounded, all of their range covered: what to
 * compare with (MATH §8.2).  NaN where nothing is rounded on even steps. */
struct layer_reference {
    double weight, input; /* C(W), C(x) */
    double given;         /* what bits and concentration come to */
};

/* Immutable. */
struct layer_lineup {
    struct part part;
    char refusal[LAYER_LINEUP_REASON]; /* why there is nothing to compare; else empty, and then: */
    size_t columns, members;
    struct layer_member *member; /* the layers, in the order of the model */
    enum activation_kind inputs; /* what is known of their input; ACTIVATION_UNKNOWN: isotropic */
    size_t tokens;               /* of samples; else 0 */
    char *source;                /* what tells it, for people, or why nothing does; NULL */
    bool inputs_left; /* rounding of inputs was asked for, but there are no samples, which
                                  * alone tell what it does: they are left as they are */
    struct layer_reference gaussian, laplace;
    size_t count, known; /* entries, and those with figures or a reason */
    struct layer_lineup_entry entry[LAYER_LINEUP_MOST]; /* "none" first */
};

/* Nothing but why there is nothing. */
const struct layer_lineup *layer_lineup_refuse(const char *why);

struct layer_lineup_job {
    struct pool *pool;
    struct watch *watch;
    const struct layer_group *group; /* made for layer_lineup_transforms at least */
    const struct transform_spec *own;
    const struct scheme *scheme; /* one that layer_rounding_check lets pass */
    const struct input_grid *inputs;
    const char *source; /* what tells of the inputs, or why nothing does; NULL */
    /* Called with what is known so far, behind each entry but the last; lent for the call. */
    void (*show)(void *context, const struct layer_lineup *so_far);
    void *context;
};

/* The transforms of a line-up with this one, which struct layer_group_request wants; returns how
 * many they are. */
size_t layer_lineup_transforms(const struct transform_spec *own,
                               struct transform_spec specs[LAYER_LINEUP_TRANSFORMS]);

/* NULL with *error if a file is broken, memory does not suffice or the work was cancelled: what
 * does not fit the layers is the reason of its entry.  The same for any number of workers. */
const struct layer_lineup *layer_lineup_compute(const struct layer_lineup_job *job,
                                                struct error *error);

/* Which member the tensor is; `members` if it is none of them.  NULL, for a layer of the lab, is
 * the first. */
size_t layer_lineup_member(const struct layer_lineup *lineup, const struct tensor *tensor);

/* Of the transform that was asked for; NULL if it is none of them. */
const struct layer_lineup_entry *layer_lineup_own(const struct layer_lineup *lineup);

/* A member's figures of an entry; NULL while there are none, or if there never will be. */
const struct layer_sqnr *layer_lineup_sqnr(const struct layer_lineup_entry *entry, size_t member);

/* The entry of that label, or NULL. */
const struct layer_lineup_entry *layer_lineup_find(const struct layer_lineup *lineup,
                                                   const char *label);

#endif
