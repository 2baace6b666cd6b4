/* SPDX-License-Identifier: MIT
 *
 * Scales of quantized matrices that lie in tensors of their own.
 */
#ifndef MODEL_SCALES_H
#define MODEL_SCALES_H

#include "model/model.h"

/* Sets tensor->scale of each matrix NAME of 8-bit or 4-bit numbers beside which there is a tensor
 * NAME_scale_inv or else NAME_scale of floats that fits it.  By either name, value = stored *
 * scale: the first is the inverse of what the weights were multiplied by when they were stored.
 * What fits a matrix of R x C is
 *
 *   a scalar, or [1]                one scale for all
 *   [R]                             one per row
 *   [ceil(R / 128), ceil(C / 128)]  one per block of 128 x 128
 *   [ceil(R / r), ceil(C / c)]      one per block of r x c, each of which is 128 or divides its
 *                                   dimension; powers of two are taken first
 *
 * A companion of another shape is left alone. */
void scales_attach(struct model *model);

#endif
