/* SPDX-License-Identifier: MIT
 *
 * Checkpoints of a training that was under way: what is no weight in them.
 */
#ifndef MODEL_TRAINING_H
#define MODEL_TRAINING_H

#include "model/model.h"

/* Removes the tensors of optimizers from a model that has just been read, with a note of how many:
 * those with a component "optimizer" or the like in their names.  Does nothing if
 * the options say so, or if nothing else would be left. */
void training_leave_out(struct model *model);

#endif
