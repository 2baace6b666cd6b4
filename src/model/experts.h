/* SPDX-License-Identifier: MIT
 *
 * The experts of a layer, which files keep stacked in one tensor, as matrices of their own.
 */
#ifndef MODEL_EXPERTS_H
#define MODEL_EXPERTS_H

#include "model/model.h"

#define EXPERTS_MOST 4096 /* in one tensor: several times what any model has */

/* Puts in the place of each stack of experts [experts, rows, columns] one matrix per expert, a view
 * of the stack's bytes, so that errors, scales and searches are those of one expert.  Stacks are
 * known by their names:
 *
 *   GGUF          blk.0.ffn_gate_exps.weight   blk.0.ffn_gate_exps.7.weight
 *   Hugging Face  *.experts.gate_up_proj       *.experts.gate_up_proj.7
 *   Hugging Face  *.experts.down_proj.weight   *.experts.down_proj.7.weight
 *
 * Other tensors of three dimensions (convolutions) stay as they are, as does everything if a name
 * made here were that of another tensor, or if there were more than EXPERTS_MOST experts in a
 * stack or a million in the model.  The order, model->elements and model->bytes do not change. */
void experts_split(struct model *model);

#endif
