/* SPDX-License-Identifier: MIT
 *
 * The transform of a group of layers, and what it makes of what is known of their input.
 */
#ifndef ENGINE_LAYER_BASIS_H
#define ENGINE_LAYER_BASIS_H

#include <stdbool.h>

#include "base/error.h"
#include "engine/layer_group.h"
#include "linear/basis.h"
#include "linear/moment.h"
#include "linear/transform_spec.h"

/* Makes the basis; of matrix:FILE it reads the file, whose one square matrix of the layers' width
 * it takes, or the one that has the name of one of them.  NULL with *error as basis_new has it, or if
 * there is no such matrix. */
struct basis *layer_basis_new(const struct layer_group *group, const struct transform_spec *spec,
                              struct error *error);

/* T Σx Tᵀ: its value is the caller's to free, NULL for isotropic input that T leaves isotropic.
 * False with ERROR_SYSTEM if memory does not suffice. */
bool layer_basis_moment(const struct basis *basis, const struct moment *x, struct moment *turned,
                        struct error *error);

#endif
