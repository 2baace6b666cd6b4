/* SPDX-License-Identifier: MIT */
#include "linear/transform.h"

#include <string.h>

#include "linear/hadamard.h"

static size_t none_block(uint64_t d)
{
    (void)d;
    return 1;
}

static void none_apply(double x[], size_t n, size_t block)
{
    (void)x, (void)n, (void)block;
}

static const struct {
    const char *name;
    size_t (*block)(uint64_t d);
    void (*apply)(double x[], size_t n, size_t block);
} transforms[TRANSFORM_COUNT] = {
    [TRANSFORM_NONE] = {"none", none_block, none_apply},
    [TRANSFORM_HADAMARD] = {"hadamard", hadamard_block, hadamard_apply},
};

const char *transform_name(enum transform transform)
{
    return transforms[transform].name;
}

bool transform_parse(const char *text, enum transform *transform, struct error *error)
{
    for (int i = 0; i < TRANSFORM_COUNT; i++)
        if (strcmp(text, transforms[i].name) == 0) {
            *transform = (enum transform)i;
            return true;
        }
    return error_set(error, ERROR_USAGE, "transform is none or hadamard, not \"%.60s\"", text);
}

size_t transform_block(enum transform transform, uint64_t d)
{
    return transforms[transform].block(d);
}

void transform_print(struct text *out, enum transform transform, uint64_t d)
{
    text_puts(out, transforms[transform].name);
    if (transform != TRANSFORM_NONE)
        text_printf(out, ":%zu", transform_block(transform, d));
}

void transform_apply(enum transform transform, double x[], size_t n, size_t block)
{
    transforms[transform].apply(x, n, block);
}
