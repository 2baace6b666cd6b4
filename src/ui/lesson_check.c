/* SPDX-License-Identifier: MIT */
#include "ui/lesson_check.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"

/* A near B within K sampling. */
#define WORDS_MOST 6

static bool parse_relation(const char *word, enum lesson_relation *relation)
{
    static const char *const words[] = {
        [LESSON_EQUAL] = "=", [LESSON_NEAR] = "near", [LESSON_BELOW] = "<", [LESSON_ABOVE] = ">"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i]) == 0) {
            *relation = (enum lesson_relation)i;
            return true;
        }
    return false;
}

static bool find_noise(struct lesson_check *check, struct error *error)
{
    const struct lesson_key *key = check->left.key;
    if (!key || !key->noise)
        return error_set(error, ERROR_FILE, "no standard error is known of what stands left");
    check->noise = check->left;
    check->noise.key = lesson_key_find(key->noise, strlen(key->noise));
    check->noise.factor = fabs(check->left.factor);
    assert(check->noise.key);
    return true;
}

/* What follows A, relation and B. */
static bool parse_tolerance(struct lesson_check *check, char *const word[], size_t words,
                            struct error *error)
{
    bool near = check->relation == LESSON_NEAR;
    if (words == (near ? 3 : 2) && strcmp(word[0], "within") == 0 &&
        lesson_number(word[1], strlen(word[1]), &check->within) && check->within > 0 &&
        (!near || strcmp(word[2], "sampling") == 0))
        return !near || find_noise(check, error);
    return error_set(error, ERROR_FILE,
                     near ? "\"within K sampling\" is wanted at the end"
                          : "\"within TOLERANCE\" is wanted at the end");
}

static bool parse_words(struct lesson_check *check, char *const word[], size_t words,
                        struct error *error)
{
    if (words < 3 || !parse_relation(word[1], &check->relation))
        return error_set(error, ERROR_FILE,
                         "a check is \"A = B within TOLERANCE\", \"A near B within K sampling\", "
                         "\"A < B\" or \"A > B\"");
    if (!lesson_value_parse(word[0], strlen(word[0]), false, &check->left, error) ||
        !lesson_value_parse(word[2], strlen(word[2]), false, &check->right, error))
        return false;
    if (check->relation == LESSON_EQUAL || check->relation == LESSON_NEAR)
        return parse_tolerance(check, word + 3, words - 3, error);
    return words == 3 || error_set(error, ERROR_FILE, "nothing may follow \"A < B\"");
}

bool lesson_check_parse(struct lesson_check *check, const char *text, unsigned line,
                        struct arena *arena, struct error *error)
{
    *check = (struct lesson_check){.line = line};
    check->text = arena_string(arena, text, strlen(text));

    /* One word too many is enough to see that there are. */
    char *copy = mem_string(text, strlen(text)), *word[WORDS_MOST + 1], *save;
    size_t words = 0;
    for (char *at = strtok_r(copy, " ", &save); at && words <= WORDS_MOST;
         at = strtok_r(NULL, " ", &save))
        word[words++] = at;
    bool ok = parse_words(check, word, words, error);
    mem_free(copy);
    return ok;
}

/* A figure that is NaN makes every relation false. */
static bool compare(const struct lesson_check *check, double left, double right, double noise)
{
    switch (check->relation) {
    case LESSON_BELOW:
        return left < right;
    case LESSON_ABOVE:
        return left > right;
    case LESSON_EQUAL:
        return fabs(left - right) <= check->within;
    case LESSON_NEAR:
        break;
    }
    return fabs(left - right) <= check->within * noise;
}

bool lesson_check_holds(const struct lesson_check *check, lesson_lookup *lookup, void *user,
                        struct error *error)
{
    double left, right, noise = 0;
    bool near = check->relation == LESSON_NEAR;
    if (!lesson_value_get(&check->left, lookup, user, &left) ||
        !lesson_value_get(&check->right, lookup, user, &right) ||
        (near && !lesson_value_get(&check->noise, lookup, user, &noise)))
        return error_set(error, ERROR_NONE, "line %u: check %s: a figure is not known", check->line,
                         check->text);
    if (compare(check, left, right, noise))
        return true;
    error_set(error, ERROR_NONE, "line %u: check %s: %.8g against %.8g, %.3g apart", check->line,
              check->text, left, right, fabs(left - right));
    if (near)
        error_set(error, ERROR_NONE,
                  "line %u: check %s: %.8g against %.8g, %.3g standard errors apart", check->line,
                  check->text, left, right, fabs(left - right) / noise);
    return false;
}
