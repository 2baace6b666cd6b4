/* SPDX-License-Identifier: MIT
 *
 * Stage: a group's input in the coordinates of a transform, and how it is rounded there.
 */
#ifndef ENGINE_LAYER_TURNED_H
#define ENGINE_LAYER_TURNED_H

#include "engine/layer.h"
#include "linear/basis.h"

/* Tokens on which W T⁻¹ T x is compared with W x. */
#define LAYER_PROBES 16

/* The caller's own. */
struct layer_turned {
    double *x, *f;        /* [tokens, columns] T x, and Q(T x) - T x; NULL without samples, f also
                           * where inputs are not rounded */
    struct moment moment; /* T Σx Tᵀ where there are no samples */
    struct concentration concentration; /* as struct layer_sums wants it, of the input */
    size_t probes;
    double *probe, *probe_turned; /* [probes, columns] some x, samples or draws, and their T x */
};

/* False with *error; layer_turned_done in either case. */
bool layer_turned_make(struct layer_turned *turned, struct pool *pool, struct watch *watch,
                       const struct layer_group *group, const struct basis *basis,
                       const struct input_grid *grid, struct error *error);
void layer_turned_done(struct layer_turned *turned);

#endif
