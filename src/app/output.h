/* SPDX-License-Identifier: MIT
 *
 * Where a command's data goes: standard output, or a file that appears only when it is complete.
 */
#ifndef APP_OUTPUT_H
#define APP_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

struct output {
    FILE *file;
    char *path;      /* of the file to write; NULL for standard output */
    char *temporary; /* where it is written until it is complete; NULL: in its place */
    int failure;     /* errno of the first write that failed, or 0 */
};

/* Begins to write to path; NULL means standard output.  A path that is there and is no regular
 * file (a device, a pipe) is written directly.  False with ERROR_SYSTEM. */
bool output_open(struct output *output, const char *path, struct error *error);

void output_write(struct output *output, const char *bytes, size_t length);

/* True once a write has failed, so that more work would be for nothing: output_close tells why. */
bool output_broken(const struct output *output);

/* Ends it.  With keep the file takes its name, or the error is reported: false with ERROR_SYSTEM;
 * but a closed pipe is no error, its reader has had enough.  Without keep the file vanishes. */
bool output_close(struct output *output, bool keep, struct error *error);

/* Whether what is written to path goes to a terminal: a pipe or a file is none, and neither is one
 * that only looks on. */
bool output_is_terminal(const char *path);

/* Columns of that terminal: what COLUMNS says, else what the kernel says; 0 if neither does or if
 * there is none. */
int output_columns(const char *path);

/* Opens, writes one text, and closes. */
bool output_all(const char *path, const struct text *text, struct error *error);

/* Appends UTF-8 with each character beyond ASCII replaced by as many '?' as it has columns. */
void output_fold(struct text *out, const char *bytes, size_t length);

#endif
