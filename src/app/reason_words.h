/* SPDX-License-Identifier: MIT
 *
 * Reasons (engine/reasons.h) as sentences.
 */
#ifndef APP_REASON_WORDS_H
#define APP_REASON_WORDS_H

#include <stdbool.h>

#include "base/text.h"
#include "engine/reasons.h"

/* Appends a sentence without its full stop.  vector: the tensor has no rows and columns. */
void reason_words(struct text *out, const struct reason *reason, bool vector);

/* What to look at because of it, as a command; arguments are the model's path and the tensor's
 * name, quoted for a shell.  False, appending nothing, if there is nothing of use. */
bool reason_command(struct text *out, const struct reason *reason, const char *model,
                    const char *tensor);

#endif
