/* SPDX-License-Identifier: MIT
 *
 * Comparison of the program's output with reference numbers: what its parts share.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdbool.h>
#include <stddef.h>

#include <yajl/yajl_tree.h>

/* The standard output of a program run with these arguments (NULL at the end), NUL behind it, the
 * caller's to free.  Ends the test if the program fails. */
char *golden_run(const char *const arguments[]);

/* A whole file, likewise. */
char *golden_file(const char *path);

/* Parses a document; ends the test if it is not JSON. */
yajl_val golden_parse(const char *text, const char *what);

/* A member of an object; NULL if there is none. */
yajl_val golden_member(yajl_val object, const char *key);

/* A number; NaN for null, for what is not there and for what is no number. */
double golden_number(yajl_val value);

/* Largest deviation of one field, in units of what is allowed. */
struct golden_field {
    const char *name;
    size_t compared, failed;
    double deviation, ratio;
    char where[160]; /* of the largest ratio */
};

/* Compares two numbers: equal if both are NaN or the difference is at most `allowed`. */
void golden_compare(struct golden_field *field, double ours, double theirs, double allowed,
                    const char *where);

/* Prints a line for each field; true if none has failed. */
bool golden_report(const struct golden_field fields[], size_t n);

/* The tests: their arguments are those behind the mode's name. */
bool golden_weights(const char *reference, const char *program, const char *model);
bool golden_theory(const char *reference, const char *program);
bool golden_schemes(const char *reference, const char *model);
bool golden_settings(const char *reference, const char *model);
bool golden_survey(const char *reference, const char *model);

#endif
