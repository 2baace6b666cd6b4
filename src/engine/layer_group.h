/* SPDX-License-Identifier: MIT
 *
 * Stage: linear layers that get the same input, and so share one transform of it (MATH §9), as far
 * as they are known before a transform is chosen.  Every transform and every quantizer of them
 * starts from this.
 */
#ifndef ENGINE_LAYER_GROUP_H
#define ENGINE_LAYER_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/layer_inputs.h"
#include "engine/part.h"
#include "engine/pool.h"
#include "linear/moment.h"
#include "linear/transform_spec.h"
#include "model/tensor.h"

/* The largest alignment (MATH §8.6) asks for a decomposition whose time grows with the third power
 * of the columns: beyond this it would take longer than everything else together. */
#define LAYER_MAX_ALIGNMENT_COLUMNS 2048

/* Beyond this the rows and blocks of second moments that are held at a time would take more memory
 * than models do: no model comes near it, but a file of a few megabytes can. */
#define LAYER_COLUMNS_MOST (1 << 18)

struct layer_member {
    const struct tensor *tensor;
    size_t rows;
    uint64_t nonfinite;   /* weights that are not finite; they count as 0 */
    double max_alignment; /* not in dB; NaN where it is not computed or there is none */
};

/* Immutable. */
struct layer_group {
    struct part part;
    struct tensor_view view;
    size_t columns, count;
    bool bounded; /* whether the members' largest alignments are computed */
    struct layer_member *member;
    const struct layer_inputs *inputs;
    struct moment w; /* the sum of the members' WᵀW, in blocks as the transforms need it */
    double *maxima;  /* [columns] the largest |W_.j| of all members */
};

/* What a group is made of; all lent for the call, the tensors for as long as the group lives. */
struct layer_group_request {
    const struct tensor *const *tensors; /* readable, of one width */
    size_t count;
    struct tensor_view view;
    const struct activation_match *match;    /* of their input; NULL: nothing is known */
    const struct transform_spec *transforms; /* that will be asked for */
    size_t transform_count;
    bool basis_only; /* the members' largest alignments, which are dear, are not wanted */
};

/* The width of blocks of second moments that so many transforms find what they need in. */
size_t layer_group_block(const struct transform_spec transforms[], size_t n, size_t columns);

/* Whether a layer is narrow enough; else false with ERROR_USAGE. */
bool layer_group_check(const struct tensor *tensor, struct tensor_view view, struct error *error);

/* NULL with *error: ERROR_USAGE for what layer_group_check does not let pass; if a file is broken,
 * memory does not suffice or the work was cancelled. */
const struct layer_group *layer_group_compute(const struct layer_group_request *request,
                                              struct watch *watch, struct error *error);

/* Rows of a weight that are read at a time; of the width alone, so that results do not depend on
 * who works. */
size_t layer_rows_at_once(size_t columns);

/* Reads rows first .. first + n - 1 of a member, what is not finite as 0. */
bool layer_read_rows(const struct layer_group *group, size_t member, size_t first, size_t n,
                     double w[], struct error *error);

#endif
