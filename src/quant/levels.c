/* SPDX-License-Identifier: MIT */
#include "quant/levels.h"

#include <string.h>

#include "base/utf8.h"
#include "quant/lloyd_max.h"

/* Of a uniform grid: codes of 16 bits are the longest that anybody stores. */
#define UNIFORM_BITS_LEAST 1
#define UNIFORM_BITS_MOST  16

#define CODEBOOK(type)                                        \
    {                                                         \
        .kind = LEVELS_CODEBOOK, .codebook = &codebook_##type \
    }
#define BLOCKS(type)                                          \
    {                                                         \
        .kind = LEVELS_BLOCKS, .format = &block_format_##type \
    }

const struct levels levels_choices[] = {
    {.kind = LEVELS_UNIFORM},
    CODEBOOK(lloyd_max),
    {.kind = LEVELS_EMPIRICAL},
    CODEBOOK(apot),
    CODEBOOK(nf),
    CODEBOOK(fp4_e2m1),
    CODEBOOK(fp6_e2m3),
    CODEBOOK(fp6_e3m2),
    CODEBOOK(fp8_e4m3),
    CODEBOOK(fp8_e5m2),
    BLOCKS(mxfp4),
    BLOCKS(mxfp6),
    BLOCKS(mxfp8),
    BLOCKS(mxint8),
    BLOCKS(nvfp4),
    BLOCKS(q4_0),
    BLOCKS(q4_1),
    BLOCKS(q5_0),
    BLOCKS(q5_1),
    BLOCKS(q8_0),
};

const size_t levels_choice_count = sizeof levels_choices / sizeof *levels_choices;

/* As behind a codebook's colon; the tensor's family goes without saying. */
static const char *const family_names[] = {
    [LEVELS_FAMILY_UNIT] = "unit",
    [LEVELS_FAMILY_GAUSSIAN] = "gaussian",
    [LEVELS_FAMILY_LAPLACE] = "laplace",
};

static const char *const family_titles[] = {
    [LEVELS_FAMILY_UNIT] = "each unit's family",
    [LEVELS_FAMILY_GAUSSIAN] = "Gaussian",
    [LEVELS_FAMILY_LAPLACE] = "Laplace",
};

static bool follows_density(const struct levels *levels)
{
    return levels->kind == LEVELS_CODEBOOK && levels->codebook->scale == CODEBOOK_BY_SPREAD;
}

/* NF is called by its width: "NF4". */
static bool named_by_bits(const struct levels *levels)
{
    return levels->kind == LEVELS_CODEBOOK && levels->codebook == &codebook_nf;
}

/* The name without its parameters. */
static const char *plain_name(const struct levels *levels)
{
    switch (levels->kind) {
    case LEVELS_CODEBOOK:
        return levels->codebook->name;
    case LEVELS_EMPIRICAL:
        return "lloyd-max:empirical";
    case LEVELS_BLOCKS:
        return levels->format->name;
    case LEVELS_UNIFORM:
        break;
    }
    return "uniform";
}

static bool refuse(const char *text, struct error *error)
{
    struct text shown = {0}, allowed = {0};
    utf8_escape(&shown, text, strlen(text));
    for (size_t i = 0; i < levels_choice_count; i++)
        text_printf(&allowed, "%s%s",
                    i == 0                        ? ""
                    : i + 1 < levels_choice_count ? ", "
                                                  : " and ",
                    plain_name(&levels_choices[i]));
    error_set(error, ERROR_USAGE, "no levels are called \"%s\"; there are %s",
              shown.data ? shown.data : "", allowed.data);
    text_done(&shown);
    text_done(&allowed);
    return false;
}

/* Whether a codebook's type goes by the first `length` bytes. */
static bool names_codebook(const char *text, size_t length)
{
    for (size_t i = 0; i < codebook_type_count; i++)
        if (strlen(codebook_types[i]->name) == length &&
            memcmp(codebook_types[i]->name, text, length) == 0)
            return true;
    return strcmp(text, "nf4") == 0;
}

/* The family that the text names; LEVELS_FAMILY_TENSOR if it names none. */
static enum levels_family family_of(const char *text)
{
    for (size_t i = LEVELS_FAMILY_UNIT; i < sizeof family_names / sizeof *family_names; i++)
        if (strcmp(family_names[i], text) == 0)
            return (enum levels_family)i;
    return LEVELS_FAMILY_TENSOR;
}

/* Of what may stand behind the colon of a codebook that follows a density, only bits are left. */
static bool refuse_family(const struct codebook_type *type, struct error *error)
{
    return error_set(error, ERROR_USAGE,
                     "%s takes %d to %d bits, or one of unit, gaussian, laplace and empirical, "
                     "behind its colon",
                     type->name, type->bits_least, type->bits_most);
}

/* A codebook's name of so many bytes, and perhaps its family or its bits behind a colon. */
static bool parse_codebook(const char *text, size_t length, struct levels *levels, int *bits,
                           struct error *error)
{
    struct levels parsed = {.kind = LEVELS_CODEBOOK};
    int width = *bits;
    char name[32] = ""; /* longer than any type's */
    const char *behind = text[length] == ':' ? text + length + 1 : NULL;
    memcpy(name, text, length);
    parsed.codebook = codebook_find(name, &width, error);
    if (behind && parsed.codebook) {
        parsed.family = family_of(behind);
        if (parsed.family != LEVELS_FAMILY_TENSOR && !follows_density(&parsed))
            return error_set(error, ERROR_USAGE, "the levels of %s follow no density", name);
        if (parsed.family == LEVELS_FAMILY_TENSOR && follows_density(&parsed) &&
            strspn(behind, "0123456789") == 0)
            return refuse_family(parsed.codebook, error);
        if (parsed.family == LEVELS_FAMILY_TENSOR)
            parsed.codebook = codebook_find(text, &width, error);
    }
    if (!parsed.codebook)
        return false;
    *levels = parsed;
    *bits = width;
    return true;
}

bool levels_parse(const char *text, struct levels *levels, int *bits, struct error *error)
{
    const size_t length = strcspn(text, ":");
    const struct block_format *format = block_format_find(text);
    struct levels parsed = {.kind = LEVELS_UNIFORM};
    if (strcmp(text, "lloyd-max:empirical") == 0) {
        parsed.kind = LEVELS_EMPIRICAL;
    } else if (format) {
        parsed = (struct levels){.kind = LEVELS_BLOCKS, .format = format};
        *bits = (int)format->element_bits;
    } else if (names_codebook(text, length)) {
        return parse_codebook(text, length, levels, bits, error);
    } else if (strcmp(text, "uniform") != 0) {
        return refuse(text, error);
    }
    *levels = parsed;
    return true;
}

void levels_print(struct text *out, const struct levels *levels, int bits)
{
    text_puts(out, plain_name(levels));
    if (named_by_bits(levels))
        text_printf(out, ":%d", bits);
    if (follows_density(levels) && levels->family != LEVELS_FAMILY_TENSOR)
        text_printf(out, ":%s", family_names[levels->family]);
}

void levels_title(struct text *out, const struct levels *levels, int bits)
{
    switch (levels->kind) {
    case LEVELS_UNIFORM:
        text_puts(out, "uniform");
        break;
    case LEVELS_CODEBOOK:
        text_puts(out, levels->codebook->title);
        if (named_by_bits(levels))
            text_printf(out, "%d", bits);
        if (follows_density(levels) && levels->family != LEVELS_FAMILY_TENSOR)
            text_printf(out, " (%s)", family_titles[levels->family]);
        break;
    case LEVELS_EMPIRICAL:
        text_puts(out, "Lloyd-Max (empirical)");
        break;
    case LEVELS_BLOCKS:
        text_puts(out, levels->format->title);
        break;
    }
}

bool levels_title_has_bits(const struct levels *levels)
{
    int least, most;
    levels_bits(levels, &least, &most);
    return least == most || named_by_bits(levels);
}

bool levels_equal(const struct levels *a, const struct levels *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == LEVELS_BLOCKS)
        return a->format == b->format;
    if (a->kind != LEVELS_CODEBOOK)
        return true;
    return a->codebook == b->codebook && (!follows_density(a) || a->family == b->family);
}

void levels_bits(const struct levels *levels, int *least, int *most)
{
    *least = UNIFORM_BITS_LEAST;
    *most = UNIFORM_BITS_MOST;
    if (levels->kind == LEVELS_CODEBOOK) {
        *least = levels->codebook->bits_least;
        *most = levels->codebook->bits_most;
    } else if (levels->kind == LEVELS_EMPIRICAL) {
        *least = 1;
        *most = LLOYD_MAX_BITS_MOST;
    } else if (levels->kind == LEVELS_BLOCKS) {
        *least = *most = (int)levels->format->element_bits;
    }
}

bool levels_take_clip(const struct levels *levels)
{
    return levels->kind == LEVELS_UNIFORM ||
           (levels->kind == LEVELS_CODEBOOK && levels->codebook->scale == CODEBOOK_BY_CLIP);
}
