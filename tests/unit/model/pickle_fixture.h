/* SPDX-License-Identifier: MIT
 *
 * What the tests of pickles share: reading bytes that are written in the test, and values written
 * as text.
 */
#ifndef TESTS_PICKLE_FIXTURE_H
#define TESTS_PICKLE_FIXTURE_H

#include <stddef.h>

#include "model/pickle.h"

#define PICKLE_COUNT(array) (sizeof(array) / sizeof *(array))

/* A literal, which may hold NULs, and its length. */
#define BYTES(literal) (literal), sizeof(literal) - 1

/* Reads data.pkl of model.pt, which lies at byte 1000; every global but os.system is allowed.
 * used may be NULL. */
struct pickle_value *pickle_fixture_read(struct arena *arena, const char *bytes, size_t length,
                                         size_t *used, struct error *error);

/* Asserts that these bytes are one whole pickle, and returns its value. */
struct pickle_value *pickle_fixture_accepted(struct arena *arena, const char *bytes, size_t length);

/* Asserts that these bytes are refused with a message that has part in it. */
void pickle_fixture_refused(const char *bytes, size_t length, const char *part);

/* A pickle and what is expected of it: its value, or a part of the message. */
struct pickle_sample {
    const char *bytes;
    size_t length;
    const char *expected;
};

/* Values are compared as text: [a list], (a tuple), {a set}, {a key: a value}, called(arguments)
 * with ~state and ^attributes, @reference, hexadecimal digits for an integer beyond 64 bits. */
void pickle_fixture_check_values(const struct pickle_sample samples[], size_t count);

void pickle_fixture_check_refusals(const struct pickle_sample samples[], size_t count);

#endif
