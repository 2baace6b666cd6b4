/* SPDX-License-Identifier: MIT
 *
 * Names changed by rules of the user's: REGEX=REPLACEMENT, for files whose names for the same
 * things differ in ways that nobody has foreseen.
 */
#ifndef MODEL_NAME_MAP_H
#define MODEL_NAME_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* All zero is the empty map. */
struct name_map {
    struct name_rule *rules;
    size_t count, capacity;
};

/* Adds a rule: an extended regular expression (POSIX), '=', and what takes the place of its first
 * match, in which \0 is the match, \1 to \9 are its groups and \\ is a backslash.  The first '='
 * ends the expression.  False with ERROR_USAGE. */
bool name_map_add(struct name_map *map, const char *rule, struct error *error);

/* Appends the name as the rules make it, one after the other. */
void name_map_apply(const struct name_map *map, const char *name, struct text *out);

void name_map_done(struct name_map *map);

#endif
