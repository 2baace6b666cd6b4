/* SPDX-License-Identifier: MIT
 *
 * Tensors by what a person types.
 */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "model/label.h"
#include "model/model.h"

/* Matches that a message lists, and the longest label for which spelling is compared. */
#define LISTED  4
#define SPELLED 256

/* Length without a ".weight" at the end, which nobody likes to type. */
static size_t stem_length(const char *label)
{
    size_t length = strlen(label);
    return length > 7 && memcmp(label + length - 7, ".weight", 7) == 0 ? length - 7 : length;
}

/* True if query is the label's end, from a '.' or its beginning, the label being cut to length. */
static bool ends_at(const char *label, size_t length, const char *query, size_t query_length)
{
    size_t before = length - query_length;
    return length >= query_length && memcmp(label + before, query, query_length) == 0 &&
           (before == 0 || label[before - 1] == '.');
}

static bool matches(const char *label, const char *query)
{
    size_t length = strlen(query);
    return length > 0 && (ends_at(label, strlen(label), query, length) ||
                          ends_at(label, stem_length(label), query, length));
}

static size_t minimum(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions and replacements of bytes that make b of a; at most SPELLED bytes each. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[SPELLED + 1]; /* distances of the beginnings of b from the beginning of a so far */
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 0; i < a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b_length; j++) {
            size_t replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = minimum(replaced, minimum(diagonal, row[j]) + 1);
        }
    }
    return row[b_length];
}

static size_t dots(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '.';
    return count;
}

/* How far query is from the label's end of as many components: a part of the label is nearer than
 * any misspelling. */
static size_t distance(const char *label, const char *query)
{
    size_t query_length = stem_length(query), length = stem_length(label);
    if (memmem(label, length, query, query_length))
        return 0;
    size_t begin = length;
    for (size_t wanted = dots(query, query_length) + 1; begin > 0; begin--)
        if (label[begin - 1] == '.' && --wanted == 0)
            break;
    if (length - begin > SPELLED || query_length > SPELLED)
        return SIZE_MAX;
    return edit_distance(query, query_length, label + begin, length - begin);
}

/* The label that query may be a misspelling of; NULL if none is close. */
static const char *closest(const struct model *model, const char *query)
{
    const char *best = NULL;
    size_t least = stem_length(query) / 3 + 1; /* one letter in three wrong is another word */
    for (size_t i = 0; query[0] && i < model->count; i++) {
        size_t found = distance(model->tensors[i].label, query);
        if (found < least || (found == 0 && !best)) {
            best = model->tensors[i].label;
            least = found;
        }
    }
    return best;
}

static void fail_none(const struct model *model, const char *query, struct error *error)
{
    struct quote typed, name;
    label_quote(&typed, query, strlen(query));
    const char *hint = closest(model, query);
    if (hint)
        error_set(error, ERROR_USAGE, "no tensor %s; did you mean %s?", typed.text,
                  label_quote(&name, hint, strlen(hint)));
    else
        error_set(error, ERROR_USAGE, "no tensor %s", typed.text);
}

static void fail_many(const struct model *model, const char *query, size_t count,
                      struct error *error)
{
    struct quote typed, name;
    struct text list = {0};
    size_t listed = 0;
    for (size_t i = 0; listed < LISTED && i < model->count; i++) {
        const char *label = model->tensors[i].label;
        if (!matches(label, query))
            continue;
        text_puts(&list, listed++ ? ", " : "");
        text_puts(&list, label_quote(&name, label, strlen(label)));
    }
    error_set(error, ERROR_USAGE, "%s matches %zu tensors: %s%s",
              label_quote(&typed, query, strlen(query)), count, list.data,
              count > LISTED ? ", …" : "");
    text_done(&list);
}

const struct tensor *model_find(const struct model *model, const char *label, struct error *error)
{
    const struct tensor *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        if (strcmp(tensor->label, label) == 0)
            return tensor;
        if (matches(tensor->label, label)) {
            found = tensor;
            count++;
        }
    }
    if (count == 1)
        return found;
    if (count == 0)
        fail_none(model, label, error);
    else
        fail_many(model, label, count, error);
    return NULL;
}
