/* SPDX-License-Identifier: MIT
 *
 * Conditions that people type, such as `sqnr<20 && bits==4` or `name ~ "*.mlp.*"`, over named
 * figures of something.
 *
 * From the weakest on: ||  &&  !  < <= > >= == != ~ !~  + -  * /  unary -, and parentheses.
 * Numbers as C writes them, strings in either kind of quotes; ~ matches a string against a glob.
 * A number is a condition that holds unless it is 0.  A figure that is not defined is NaN: no
 * comparison with it holds but !=, and by itself it does not hold.
 */
#ifndef BASE_EXPRESSION_H
#define BASE_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The figures that there are. */
struct expression_names {
    /* The number of the figure of this name and whether it is a string; -1 if there is none. */
    int (*find)(const char *name, size_t length, bool *string);
};

/* Where an expression gets the figures of what it is asked about. */
struct expression_figures {
    void *user;
    double (*number)(void *user, int figure);
    const char *(*string)(void *user, int figure); /* NULL if it is not known: matches nothing */
};

struct expression;

/* NULL with ERROR_USAGE, "what is wrong at column N", N counted in bytes from 1. */
struct expression *expression_parse(const char *text, const struct expression_names *names,
                                    struct error *error);
void expression_free(struct expression *expression);

/* Whether the expression has this figure in it. */
bool expression_mentions(const struct expression *expression, int figure);

bool expression_holds(const struct expression *expression,
                      const struct expression_figures *figures);

#endif
