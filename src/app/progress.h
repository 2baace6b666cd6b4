/* SPDX-License-Identifier: MIT
 *
 * A line on standard error that says how far a long run is; only on a terminal.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
    bool terminal;
    struct timespec start;
    int columns; /* shown now */
};

void progress_init(struct progress *progress);

/* Shows it, if the run has taken long enough for somebody to wonder. */
void progress_show(struct progress *progress, size_t done, size_t total, const char *things);

/* Removes it, before anything else is printed. */
void progress_clear(struct progress *progress);

#endif
