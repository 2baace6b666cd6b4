/* SPDX-License-Identifier: MIT */
#include "linear/transform_spec.h"

#include <string.h>

#include "linear/moment.h"
#include "linear/transform_type.h"

/* Nothing is added: "none" is what a spec without parts means. */
static bool parse_none(struct transform_spec *spec, const char *argument, struct error *error)
{
    (void)spec;
    return !argument || transform_say_usage("none", argument, error);
}

/* CAT's own transform, H M (MATH §9). */
static bool parse_cat(struct transform_spec *spec, const char *argument, struct error *error)
{
    if (argument && strchr(argument, '^'))
        return transform_say_usage("cat or cat:K", argument, error);
    return transform_align.parse(spec, argument, error) &&
           transform_hadamard.parse(spec, NULL, error);
}

static bool parse_signs(struct transform_spec *spec, const char *argument, struct error *error)
{
    struct transform_part *last = spec->count > 0 ? &spec->part[spec->count - 1] : NULL;
    if (!last || last->type != &transform_hadamard || last->signs)
        return error_set(error, ERROR_USAGE, "signs goes with hadamard, as in hadamard+signs:7");
    if (!transform_parse_seed(argument, &last->seed))
        return transform_say_usage("signs or signs:SEED", argument, error);
    last->signs = true;
    return true;
}

static const struct transform_type none = {.name = "none", .parse = parse_none};
static const struct transform_type cat = {.name = "cat", .parse = parse_cat};
static const struct transform_type signs = {.name = "signs", .parse = parse_signs};

static const struct transform_type *const types[] = {
    &none,  &transform_scale,  &transform_align,  &transform_hadamard,
    &signs, &transform_random, &transform_matrix, &cat,
};

/* The type that text names before a colon, a plus or its end; NULL if there is none. */
static const struct transform_type *type_named(const char *text)
{
    const size_t length = strcspn(text, ":+");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i]->name) == length && strncmp(types[i]->name, text, length) == 0)
            return types[i];
    return NULL;
}

/* Up to the next plus; in the name of a file, to the next plus before a transform's name. */
static size_t part_length(const char *text, const struct transform_type *type)
{
    size_t length = strcspn(text, "+");
    while (type->needs_matrix && text[length] == '+' && !type_named(text + length + 1))
        length += 1 + strcspn(text + length + 1, "+");
    return length;
}

/* Reads one part and moves *text behind it. */
static bool parse_part(const char **text, struct transform_spec *spec, struct error *error)
{
    const struct transform_type *type = type_named(*text);
    if (!type)
        return error_set(error, ERROR_USAGE,
                         "transform \"%.60s\" is unknown; there are " TRANSFORM_USAGE, *text);
    char buffer[TRANSFORM_FILE + 16];
    const size_t length = part_length(*text, type);
    if (length >= sizeof buffer)
        return error_set(error, ERROR_USAGE, "transform \"%.60s...\" is too long", *text);
    memcpy(buffer, *text, length);
    buffer[length] = '\0';
    *text += length;
    const char *colon = strchr(buffer, ':');
    return type->parse(spec, colon ? colon + 1 : NULL, error);
}

bool transform_spec_parse(const char *text, struct transform_spec *spec, struct error *error)
{
    struct transform_spec parsed = {.count = 0};
    for (;; text++) {
        if (!parse_part(&text, &parsed, error))
            return false;
        if (*text == '\0')
            break;
    }
    *spec = parsed;
    return true;
}

void transform_spec_print(const struct transform_spec *spec, struct text *out)
{
    if (spec->count == 0)
        text_puts(out, "none");
    for (size_t i = 0; i < spec->count; i++) {
        if (i > 0)
            text_puts(out, "+");
        spec->part[i].type->print(spec, &spec->part[i], out);
    }
}

struct transform_needs transform_spec_needs(const struct transform_spec *spec, size_t columns)
{
    struct transform_needs needs = {.moment_block = 0};
    size_t mixed = 1; /* width of the parts before this one */
    for (size_t i = 0; i < spec->count; i++) {
        const struct transform_type *type = spec->part[i].type;
        const size_t width = type->width(&spec->part[i], columns);
        mixed = moment_common_block(columns, mixed, width);
        if (type->needs_moments)
            needs.moment_block = mixed; /* the widest so far: it only ever grows */
        needs.maxima |= type->needs_maxima;
        needs.matrix |= type->needs_matrix;
    }
    return needs;
}

bool transform_spec_fits_layer(const struct transform_spec *spec)
{
    bool fits = false;
    for (size_t i = 0; i < spec->count; i++)
        fits |= spec->part[i].type->needs_moments || spec->part[i].type->needs_maxima;
    return fits;
}

static bool part_equal(const struct transform_part *a, const struct transform_part *b)
{
    return a->type == b->type && a->size == b->size && a->strength == b->strength &&
           a->signs == b->signs && a->seed == b->seed;
}

bool transform_spec_equal(const struct transform_spec *a, const struct transform_spec *b)
{
    bool equal = a->count == b->count && strcmp(a->file, b->file) == 0;
    for (size_t i = 0; equal && i < a->count; i++)
        equal = part_equal(&a->part[i], &b->part[i]);
    return equal;
}
