/* SPDX-License-Identifier: MIT */
#include "app/suggest.h"

#include <string.h>

/* Longer words are not mistyped ones of ours. */
#define LENGTH_MOST 32

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, by rows of the usual table. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LENGTH_MOST + 1], n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = least(replaced, 1 + least(row[j], diagonal));
        }
    }
    return row[n];
}

const char *suggest_closest(const char *word, const char *(*name)(size_t index), size_t n)
{
    if (strlen(word) > LENGTH_MOST)
        return NULL;
    const char *best = NULL;
    /* One slip in three letters at most, or any short word would be like any other. */
    size_t most = (strlen(word) + 2) / 3;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(word, name(i));
        if (d <= most && name(i)[0] != '\0') {
            best = name(i);
            most = d;
        }
    }
    return best;
}
