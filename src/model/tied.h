/* SPDX-License-Identifier: MIT
 *
 * Output matrices that are not in the file because they are the token embeddings.
 */
#ifndef MODEL_TIED_H
#define MODEL_TIED_H

#include "model/model.h"

/* Adds an entry of metadata, source "roundoff" and key "output matrix", if the model is a language
 * model that has token embeddings and the norm before the output, but no output matrix: it is tied
 * to the embeddings, unless config.json says that they are not.  Comes after config_read. */
void tied_note(struct model *model);

#endif
