/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "engine/synthetic_layer.h"

#define TOKENS_DEFAULT 256 /* few enough to be drawn and rounded while one waits */

static bool take_count(const char **at, size_t *count)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    *count = strtoul(*at, &end, 10);
    *at = end;
    return true;
}

/* A plain decimal: neither "inf" nor hexadecimal. */
static bool take_number(const char **at, double *number)
{
    char digits[32] = "", *end;
    const size_t length = strspn(*at, "0123456789.-");
    if (length == 0 || length >= sizeof digits)
        return false;
    memcpy(digits, *at, length);
    *number = strtod(digits, &end);
    *at += length;
    return *end == '\0';
}

static bool take_word(const char **at, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool take_shape(const char **at, struct synthetic_layer *layer)
{
    return take_count(at, &layer->rows) && take_word(at, "x") && take_count(at, &layer->columns) &&
           (!take_word(at, ":") || take_count(at, &layer->tokens));
}

/* One of what stands behind a plus, each at most once. */
static bool take_fault(const char **at, struct synthetic_layer *layer)
{
    if (layer->slope == 0 && take_word(at, "slope:"))
        return take_number(at, &layer->slope);
    if (layer->mixed == 0 && take_word(at, "mix:"))
        return take_count(at, &layer->mixed) && layer->mixed > 0;
    return layer->outliers == 0 && take_word(at, "outliers:") && take_count(at, &layer->outliers) &&
           take_word(at, ":") && take_number(at, &layer->strength);
}

bool synthetic_layer_parse(const char *text, struct synthetic_layer *layer, struct error *error)
{
    struct synthetic_layer parsed = {.tokens = TOKENS_DEFAULT};
    if (strcmp(text, "none") == 0) {
        *layer = (struct synthetic_layer){.rows = 0};
        return true;
    }
    const char *at = text;
    bool good = take_shape(&at, &parsed);
    while (good && take_word(&at, "+"))
        good = take_fault(&at, &parsed);
    if (!good || *at)
        return error_set(error, ERROR_USAGE, "\"%.60s\" is no layer: " SYNTHETIC_LAYER_USAGE, text);
    if (!synthetic_layer_check(&parsed, error))
        return false;
    *layer = parsed;
    return true;
}

void synthetic_layer_print(const struct synthetic_layer *layer, struct text *out)
{
    if (!synthetic_layer_is(layer)) {
        text_puts(out, "none");
        return;
    }
    text_printf(out, "%zux%zu:%zu", layer->rows, layer->columns, layer->tokens);
    if (layer->slope != 0)
        text_printf(out, "+slope:%.10g", layer->slope);
    if (layer->mixed > 0)
        text_printf(out, "+mix:%zu", layer->mixed);
    if (layer->outliers > 0)
        text_printf(out, "+outliers:%zu:%.10g", layer->outliers, layer->strength);
}
