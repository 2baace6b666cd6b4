/* SPDX-License-Identifier: MIT
 *
 * "Did you mean": the word of a list that a mistyped one is closest to.
 */
#ifndef APP_SUGGEST_H
#define APP_SUGGEST_H

#include <stddef.h>

/* The closest of name(0) .. name(n - 1), if it is close enough to be meant; else NULL. */
const char *suggest_closest(const char *word, const char *(*name)(size_t index), size_t n);

#endif
