/* SPDX-License-Identifier: MIT
 *
 * A pseudo-terminal with the explorer on it.
 */
#ifndef TESTS_BENCH_TERMINAL_H
#define TESTS_BENCH_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "bench.h"

#define TERMINAL_COLUMNS 120
#define TERMINAL_ROWS    40

struct terminal {
    int end; /* ours */
    pid_t process;
    double started; /* bench_now */
};

/* What came until it was quiet: seconds after it was asked for to the first byte and to the last,
 * and how many bytes; all zero if nothing came. */
struct answer {
    double first, settled;
    size_t bytes;
};

/* Starts the program on a model; false with ERROR_SYSTEM.  terminal_close when done. */
bool terminal_open(struct terminal *terminal, const char *program, const char *model,
                   struct error *error);

/* The answer to what was asked at a time; starting: that is the start. */
struct answer terminal_hear(const struct terminal *terminal, double asked, bool starting);

/* Seconds from a time to the next bytes; negative if none come. */
double terminal_first(const struct terminal *terminal, double asked);

/* Throws away what has come, presses a key and returns when; negative if it cannot. */
double terminal_press(const struct terminal *terminal, char key);

/* Quits, and tells how long that took; false with *error if the program did not end as it should,
 * in which case it is ended. */
bool terminal_close(struct terminal *terminal, double *seconds, struct error *error);

#endif
