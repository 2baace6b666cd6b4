/* SPDX-License-Identifier: MIT
 *
 * The input is a condition, up to its first NUL.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/expression.h"
#include "base/mem.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "x..." are numbers and "s..." strings. */
static int find(const char *name, size_t length, bool *string)
{
    *string = *name == 's';
    return *name == 'x' || *name == 's' ? (int)(length % 5) : -1;
}

static double number(void *user, int figure)
{
    (void)user;
    return figure == 0 ? (double)__builtin_nanf("") : figure - 2.5;
}

static const char *string(void *user, int figure)
{
    (void)user;
    return figure == 0 ? NULL : "model.layers.0";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct expression_names names = {find};
    static const struct expression_figures figures = {NULL, number, string};
    struct error error = {ERROR_NONE, ""};
    char *text = mem_string((const char *)data, size);
    struct expression *expression = expression_parse(text, &names, &error);
    if (expression)
        expression_holds(expression, &figures);
    else if (error.code != ERROR_USAGE || !utf8_printable(error.text, strlen(error.text)))
        __builtin_trap();
    expression_free(expression);
    mem_free(text);
    return 0;
}
