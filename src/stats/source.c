/* SPDX-License-Identifier: MIT */
#include "stats/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const struct source_type *const source_types[] = {
    &source_gaussian, &source_laplace, &source_uniform,   &source_logistic,
    &source_student,  &source_mixture, &source_empirical,
};

const size_t source_type_count = sizeof source_types / sizeof *source_types;

/* The type whose name is the first `length` bytes. */
static const struct source_type *find(const char *name, size_t length)
{
    for (size_t i = 0; i < source_type_count; i++)
        if (strlen(source_types[i]->name) == length &&
            strncmp(source_types[i]->name, name, length) == 0)
            return source_types[i];
    return NULL;
}

const struct source_type *source_find(const char *name)
{
    return find(name, strlen(name));
}

/* Fails with the list of what there is; empirical sources have no name that says all. */
static bool refuse_name(struct error *error)
{
    struct text names = {0};
    for (size_t i = 0; i < source_type_count; i++)
        if (source_types[i] != &source_empirical)
            text_printf(&names, "%s%s", i ? ", " : "", source_types[i]->usage);
    error_set(error, ERROR_USAGE, "one of %s is wanted", names.data);
    text_done(&names);
    return false;
}

/* Reads ":A:B", exactly as many numbers as there are shapes.  strtod takes '.' because LC_NUMERIC
 * is never set. */
static bool read_shape(const struct source_type *type, const char *text, double shape[])
{
    for (size_t i = 0; i < type->shapes; i++) {
        if (*text != ':' || !strchr("0123456789.", text[1]) || !text[1])
            return false;
        char *end;
        shape[i] = strtod(text + 1, &end);
        if (end == text + 1 || !isfinite(shape[i]))
            return false;
        text = end;
    }
    return !*text && (!type->valid || type->valid(shape));
}

bool source_parse(const char *text, struct source *source, struct error *error)
{
    const size_t length = strcspn(text, ":");
    const struct source_type *type = find(text, length);
    double shape[SOURCE_SHAPES] = {0};
    if (!type)
        return refuse_name(error);
    if (type == &source_empirical)
        return error_set(error, ERROR_USAGE, "an empirical source is made from a tensor's weights");
    if (!read_shape(type, text + length, shape)) {
        if (type->shapes == 0)
            return error_set(error, ERROR_USAGE, "%s takes no numbers", type->name);
        return error_set(error, ERROR_USAGE, "%s is wanted, %s", type->usage, type->limits);
    }
    source->type = type;
    memcpy(source->shape, shape, sizeof shape);
    source->table = NULL;
    return true;
}

char *source_print(const struct source *source, char out[SOURCE_NAME])
{
    size_t length = (size_t)snprintf(out, SOURCE_NAME, "%s", source->type->name);
    for (size_t i = 0; i < source->type->shapes; i++) {
        /* The fewest digits that bring back the same number. */
        char number[32];
        for (int digits = 6; digits <= 17; digits++) {
            snprintf(number, sizeof number, "%.*g", digits, source->shape[i]);
            if (strtod(number, NULL) == source->shape[i])
                break;
        }
        length += (size_t)snprintf(out + length, SOURCE_NAME - length, ":%s", number);
    }
    return out;
}

void source_fit(struct source *source, const struct source_summary *summary)
{
    source->mean = summary->mean;
    source->std = summary->std;
    if (source->type->fit)
        source->type->fit(source, summary);
}
