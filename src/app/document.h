/* SPDX-License-Identifier: MIT
 *
 * What the JSON documents of several commands begin with.
 */
#ifndef APP_DOCUMENT_H
#define APP_DOCUMENT_H

#include "app/emit.h"
#include "app/options.h"
#include "model/activations.h"
#include "model/model.h"

/* "roundoff" and "model". */
void document_head(struct emit *emit, const struct model *model);

/* "settings": what the quantizer was asked for, and how the tensors were looked at.  activations:
 * what the transform is made from, or NULL. */
void document_settings(struct emit *emit, const struct options *options,
                       const struct activations *activations);

/* The members of "settings", into an object that is open; and parts of them. */
void document_put_settings(struct emit *emit, const struct options *options,
                           const struct activations *activations);
void document_put_transform(struct emit *emit, const struct options *options,
                            const struct activations *activations);
void document_put_scheme(struct emit *emit, const struct scheme *scheme);
void document_put_view(struct emit *emit, const struct options *options);

/* The name of a tensor as the file has it, and its printable form. */
struct emit_string document_name(const struct tensor *tensor);

#endif
