/* SPDX-License-Identifier: MIT
 *
 * Names from files, made fit for people.
 */
#ifndef MODEL_LABEL_H
#define MODEL_LABEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "model/arena.h"

/* True if bytes are UTF-8, of whatever characters. */
bool label_valid(const char *name, size_t length);

/* The printable form of a name that lies in the arena with a NUL behind it: the name itself where
 * possible, else an escaped copy; `""` for the empty name. */
const char *label_of(struct arena *arena, const char *name, size_t length);

/* A name for a message. */
struct quote {
    char text[256];
};

/* The name escaped, cut to a length that leaves room in a message, in quotes; returns out->text. */
const char *label_quote(struct quote *out, const char *name, size_t length);

/* Appends the last component of a path, escaped: "b" of "a/b/". */
void label_last(struct text *out, const char *path);

#endif
