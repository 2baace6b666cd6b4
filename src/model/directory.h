/* SPDX-License-Identifier: MIT
 *
 * Directories as models.
 */
#ifndef MODEL_DIRECTORY_H
#define MODEL_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* The model files that a directory stands for: its only index, else all files, in natural order,
 * of one format, by their content.  Not recursive; hidden files, second moments and importance
 * matrices are left out. */
struct directory {
    char **paths;
    size_t count, capacity;
    int kind;           /* of all of them; private */
    struct text others; /* printable names of model files that are left out, and commas between */
};

/* Lists a directory into *directory, which must be all zero; false with ERROR_FILE if it cannot be
 * read, has no model files, or more than one index.  directory_done either way. */
bool directory_list(struct directory *directory, const char *path, struct error *error);
void directory_done(struct directory *directory);

/* True if path is a directory, or a link to one. */
bool directory_is(const char *path);

#endif
