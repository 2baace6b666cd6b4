/* SPDX-License-Identifier: MIT */
#include "app/option_codebook.h"

#include <string.h>

#include "app/option_value.h"
#include "base/text.h"

#define EMPIRICAL "lloyd-max:empirical"
#define UNIFORM   "uniform"

/* Whether it is only the part behind the colon that is wrong with a name. */
static bool is_type(const char *name)
{
    const size_t length = strcspn(name, ":");
    for (size_t i = 0; i < codebook_type_count; i++)
        if (strlen(codebook_types[i]->name) == length &&
            strncmp(codebook_types[i]->name, name, length) == 0)
            return true;
    return false;
}

static bool refuse_scheme(struct error *error)
{
    struct text names = {0};
    for (size_t i = 0; i < codebook_type_count; i++)
        text_printf(&names, "%s, ", codebook_types[i]->name);
    error_set(error, ERROR_USAGE, "%s" UNIFORM " or " EMPIRICAL " is wanted", names.data);
    text_done(&names);
    return false;
}

bool option_read_scheme(struct options *options, const char *argument, struct error *error)
{
    struct codebook_options *codebook = &options->codebook;
    struct error why = {0};
    codebook->scheme = argument;
    codebook->named_bits = 0;
    codebook->type = NULL;
    if (strcmp(argument, EMPIRICAL) == 0) {
        codebook->kind = LEVELS_EMPIRICAL;
        return true;
    }
    if (strcmp(argument, UNIFORM) == 0) {
        codebook->kind = LEVELS_UNIFORM;
        return true;
    }
    codebook->kind = LEVELS_OF_TYPE;
    codebook->type = codebook_find(argument, &codebook->named_bits, &why);
    if (!codebook->type && !is_type(argument))
        return refuse_scheme(error);
    return codebook->type || error_set(error, ERROR_USAGE, "%s", why.text);
}

bool option_read_codebook_bits(struct options *options, const char *argument, struct error *error)
{
    long bits;
    bool ok = option_whole(argument, SCHEME_BITS_LEAST, SCHEME_BITS_MOST, &bits, error);
    if (ok)
        options->codebook.bits = (int)bits;
    return ok;
}

bool option_read_codebook_clip(struct options *options, const char *argument, struct error *error)
{
    static const char prefix[] = "value:";
    const size_t length = sizeof prefix - 1;
    return (strncmp(argument, prefix, length) == 0 &&
            option_length(argument + length, &options->codebook.clip, NULL)) ||
           error_set(error, ERROR_USAGE, "value:C is wanted, C above 0");
}

bool option_read_steps(struct options *options, const char *argument, struct error *error)
{
    long steps;
    bool ok = option_whole(argument, 0, OPTIONS_STEPS_MOST, &steps, error);
    if (ok)
        options->codebook.steps = (int)steps;
    return ok;
}
