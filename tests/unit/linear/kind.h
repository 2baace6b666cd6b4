/* SPDX-License-Identifier: MIT
 *
 * One kind of transform at a time, for the tests of transform_*.c.
 */
#ifndef TESTS_KIND_H
#define TESTS_KIND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linear/basis.h"

/* The basis that text names; ends the test if there is none. */
static inline struct basis *kind_new(const char *text, const struct basis_input *input)
{
    struct transform_spec spec;
    struct error error;
    if (!transform_spec_parse(text, &spec, &error))
        fail_msg("%s: %s", text, error.text);
    struct basis *basis = basis_new(&spec, input, &error);
    if (!basis)
        fail_msg("%s: %s", text, error.text);
    return basis;
}

/* What text names cannot be made, for a reason of that kind and text. */
static inline void kind_check_refused(const char *text, const struct basis_input *input,
                                      enum error_code code, const char *reason)
{
    struct transform_spec spec;
    struct error error = {.code = ERROR_NONE};
    assert_true(transform_spec_parse(text, &spec, NULL));
    assert_null(basis_new(&spec, input, &error));
    assert_int_equal(error.code, code);
    if (!strstr(error.text, reason))
        fail_msg("%s: %s", text, error.text);
}

#endif
