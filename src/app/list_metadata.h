/* SPDX-License-Identifier: MIT
 *
 * What `list --metadata` prints.
 */
#ifndef APP_LIST_METADATA_H
#define APP_LIST_METADATA_H

#include "app/options.h"
#include "app/output.h"
#include "model/model.h"

/* A record for each entry of the model's metadata.  As text each is one line, its value cut to the
 * terminal's width. */
void list_metadata(const struct options *options, const struct model *model, struct output *output);

#endif
