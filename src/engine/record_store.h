/* SPDX-License-Identifier: MIT
 *
 * Room for the records of a survey, which of a model of very many tensors are larger than all else
 * together: the first thousand lie in memory, the others in a temporary file, whose pages
 * the system may put out of memory.
 */
#ifndef ENGINE_RECORD_STORE_H
#define ENGINE_RECORD_STORE_H

#include <stddef.h>

#include "engine/record.h"

/* Records that lie in memory, whatever there is of temporary files. */
#define RECORD_STORE_RESIDENT 1024

struct record_store *record_store_new(void);
void record_store_free(struct record_store *store);

/* A record that stays where it is until the store is cleared or freed; its content is arbitrary. */
struct survey_record *record_store_take(struct record_store *store);

/* Takes all records back. */
void record_store_clear(struct record_store *store);

/* How many lie in a file: for tests. */
size_t record_store_filed(const struct record_store *store);

#endif
