/* SPDX-License-Identifier: MIT
 *
 * Results as lines that people read and as lines of JSON that are kept.
 */
#ifndef TESTS_BENCH_REPORT_H
#define TESTS_BENCH_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "bench.h"

/* What all results of a run have in common. */
struct bench_origin {
    const char *version; /* of the program, or what the user calls it */
    char date[32];       /* UTC, when the run began: tells runs apart */
    char machine[128];   /* its processor */
    unsigned processors; /* that may be used */
    bool quick;
};

struct bench_origin bench_origin(const struct bench_settings *settings, const char *version);

/* Writes the heading of the table, and a result as its row. */
void bench_heading(FILE *file, const struct bench_origin *origin);
void bench_row(FILE *file, const struct bench_result *result);

/* Appends a result as one line of JSON. */
void bench_json(struct text *out, const struct bench_origin *origin,
                const struct bench_result *result);

/* Whether the figures can be: positive times in order. */
bool bench_sane(const struct bench_result *result);

/* Appends seconds with their unit: "38.1 ms". */
void bench_add_seconds(struct text *out, double seconds);

/* Prints how the last run in a file of such lines compares to the one before; false with *error. */
bool bench_compare(const char *path, struct error *error);

#endif
