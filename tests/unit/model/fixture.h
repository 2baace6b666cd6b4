/* SPDX-License-Identifier: MIT
 *
 * What the tests of model/ share: a temporary folder, and files written into it.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stddef.h>

#include "base/error.h"
#include "model/model.h"

/* Setup and teardown of a group: makes and removes the folder. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* cmocka takes SIGBUS for itself at the beginning of each test: a test in which a guard must
 * catch one calls this first. */
void fixture_restore_guard(void);

/* The path of a name in the folder; good until eight more are asked for. */
const char *fixture_path(const char *name);

/* Writes a file of these bytes; returns its path. */
const char *fixture_write(const char *name, const void *bytes, size_t length);
const char *fixture_write_text(const char *name, const char *text);

/* Writes a safetensors file: the length of the header, the header, and n bytes 0, 1, 2, ... */
const char *fixture_write_safetensors(const char *name, const char *header, size_t n);

/* model_open of one path. */
struct model *fixture_open(const char *path, struct error *error);

/* Asserts that path cannot be opened: ERROR_FILE with a message that has `part` in it. */
void fixture_refused(const char *path, const char *part);

#endif
