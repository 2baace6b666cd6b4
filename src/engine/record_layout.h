/* SPDX-License-Identifier: MIT
 *
 * A tensor's record as a scan file tells it.  Names of figures are those of `stats` where it has
 * them.
 */
#ifndef ENGINE_RECORD_LAYOUT_H
#define ENGINE_RECORD_LAYOUT_H

#include "engine/layout.h"
#include "engine/record.h"

/* Members of struct survey_record, whose parts are told by booleans. */
extern const struct layout record_layout[];

/* A record of which nothing is known. */
void record_clear(struct survey_record *record);

#endif
