/* SPDX-License-Identifier: MIT */
#include "model/name_map.h"

#include <regex.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"

#define GROUPS 10

/* Longer names are left alone: matching can take time that grows quickly with the length, and
 * names come from files. */
#define NAME_MOST 4096

struct name_rule {
    regex_t expression;
    char *replacement;
};

/* Checks that every backslash has a meaning for an expression of so many groups. */
static bool check_replacement(const char *rule, const char *replacement, size_t groups,
                              struct error *error)
{
    struct quote quote;
    for (const char *at = replacement; (at = strchr(at, '\\')) != NULL; at += 2) {
        bool group = at[1] >= '0' && at[1] <= '9';
        if (group && (size_t)(at[1] - '0') > groups)
            return error_set(error, ERROR_USAGE, "rule %s: \\%c, but there are %zu groups",
                             label_quote(&quote, rule, strlen(rule)), at[1], groups);
        if (!group && at[1] != '\\')
            return error_set(error, ERROR_USAGE,
                             "rule %s: a backslash takes a digit or another behind it",
                             label_quote(&quote, rule, strlen(rule)));
    }
    return true;
}

static bool compile(regex_t *expression, const char *rule, size_t length, struct error *error)
{
    char *text = mem_string(rule, length), reason[200];
    int status = regcomp(expression, text, REG_EXTENDED);
    mem_free(text);
    if (status == 0)
        return true;
    struct quote quote;
    regerror(status, expression, reason, sizeof reason);
    return error_set(error, ERROR_USAGE, "rule %s: %s", label_quote(&quote, rule, strlen(rule)),
                     reason);
}

bool name_map_add(struct name_map *map, const char *rule, struct error *error)
{
    struct name_rule new;
    const char *equals = strchr(rule, '=');
    struct quote quote;
    if (!equals || equals == rule)
        return error_set(error, ERROR_USAGE, "a rule is REGEX=REPLACEMENT, not %s",
                         label_quote(&quote, rule, strlen(rule)));
    if (!compile(&new.expression, rule, (size_t)(equals - rule), error))
        return false;
    if (!check_replacement(rule, equals + 1, new.expression.re_nsub, error)) {
        regfree(&new.expression);
        return false;
    }
    new.replacement = mem_string(equals + 1, strlen(equals + 1));
    map->rules = mem_grow(map->rules, &map->capacity, map->count + 1, sizeof *map->rules);
    map->rules[map->count++] = new;
    return true;
}

static void add_replacement(struct text *out, const char *replacement, const char *name,
                            const regmatch_t groups[GROUPS])
{
    for (const char *at = replacement; *at; at++) {
        if (*at != '\\') {
            text_add(out, at, 1);
        } else if (*++at == '\\') {
            text_puts(out, "\\");
        } else {
            const regmatch_t *group = &groups[*at - '0'];
            if (group->rm_so >= 0)
                text_add(out, name + group->rm_so, (size_t)(group->rm_eo - group->rm_so));
        }
    }
}

/* Changes the name by a rule; true if it fits. */
static bool apply(const struct name_rule *rule, const struct text *name, struct text *out)
{
    regmatch_t groups[GROUPS];
    if (name->length > NAME_MOST || regexec(&rule->expression, name->data, GROUPS, groups, 0) != 0)
        return false;
    text_clear(out);
    text_add(out, name->data, (size_t)groups[0].rm_so);
    add_replacement(out, rule->replacement, name->data, groups);
    text_puts(out, name->data + groups[0].rm_eo);
    return true;
}

void name_map_apply(const struct name_map *map, const char *name, struct text *out)
{
    struct text now = {0}, next = {0};
    text_puts(&now, name);
    for (size_t i = 0; i < map->count; i++)
        if (apply(&map->rules[i], &now, &next)) {
            struct text old = now;
            now = next;
            next = old;
        }
    text_add(out, now.data, now.length);
    text_done(&now);
    text_done(&next);
}

void name_map_done(struct name_map *map)
{
    for (size_t i = 0; i < map->count; i++) {
        regfree(&map->rules[i].expression);
        mem_free(map->rules[i].replacement);
    }
    mem_free(map->rules);
    *map = (struct name_map){0};
}
