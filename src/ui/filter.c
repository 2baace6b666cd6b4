/* SPDX-License-Identifier: MIT */
#include "ui/filter.h"

#include <string.h>

#include "base/expression.h"
#include "base/mem.h"
#include "ui/tree.h"

struct filter {
    struct expression *condition; /* NULL: the text is a part of the name */
    char text[];
};

static int find_column(const char *name, size_t length, bool *string)
{
    enum column column;
    struct error error;
    if (!column_parse(name, length, &column, &error))
        return -1;
    *string = column == COLUMN_NAME;
    return (int)column;
}

struct filter *filter_parse(const char *text, struct error *error)
{
    static const struct expression_names names = {find_column};
    struct expression *condition = NULL;
    if (strpbrk(text, "<>=!~") && !(condition = expression_parse(text, &names, error)))
        return NULL;
    struct filter *filter = mem_alloc(sizeof *filter + strlen(text) + 1, 1);
    filter->condition = condition;
    strcpy(filter->text, text);
    return filter;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    expression_free(filter->condition);
    mem_free(filter);
}

const char *filter_text(const struct filter *filter)
{
    return filter->text;
}

/* A tensor that is asked about. */
struct asked {
    const char *label;
    const double *value;
};

static double number_of(void *user, int figure)
{
    const struct asked *asked = user;
    return asked->value[figure];
}

static const char *string_of(void *user, int figure)
{
    const struct asked *asked = user;
    (void)figure; /* the name is the only one */
    return asked->label;
}

bool filter_passes(const struct filter *filter, const char *label, const double value[COLUMN_COUNT])
{
    struct asked asked = {label, value};
    const struct expression_figures figures = {&asked, number_of, string_of};
    return filter->condition ? expression_holds(filter->condition, &figures)
                             : tree_matches(label, filter->text);
}
