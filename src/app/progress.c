/* SPDX-License-Identifier: MIT */
#include "app/progress.h"

#include <stdio.h>
#include <unistd.h>

/* Seconds without a sign of life that nobody minds. */
#define PATIENCE 0.5

void progress_init(struct progress *progress)
{
    *progress = (struct progress){.terminal = isatty(STDERR_FILENO)};
    clock_gettime(CLOCK_MONOTONIC, &progress->start);
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) * 1e-9;
}

void progress_show(struct progress *progress, size_t done, size_t total, const char *things)
{
    if (!progress->terminal || seconds_since(&progress->start) < PATIENCE)
        return;
    progress->columns = fprintf(stderr, "\rroundoff: %zu of %zu %s", done, total, things) - 1;
    fflush(stderr);
}

void progress_clear(struct progress *progress)
{
    /* With blanks rather than an escape sequence, which a dumb terminal would show. */
    if (progress->columns > 0)
        fprintf(stderr, "\r%*s\r", progress->columns, "");
    progress->columns = 0;
}
