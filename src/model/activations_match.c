/* SPDX-License-Identifier: MIT
 *
 * Names are compared in one form, a key: GGUF's where the form of a name is known, else the name
 * itself without ".weight".  Entries are found in a list that is sorted by their keys.
 */
#include "model/activations_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/layer_name.h"

/* An entry under its key. */
struct keyed {
    char *key;
    const struct activation *entry;
};

struct index {
    struct keyed *keyed;
    size_t count;
};

/* A layer whose entries are looked for. */
struct search {
    const struct index *index;
    struct activation_match *match;
    uint64_t width;
    const struct activation *entries; /* of the file ... */
    bool *claimed;                    /* ... and which of them have a layer's name */
};

static char *key_of_layer(const struct layer_name *name)
{
    struct text key = {0};
    layer_name_print(&key, name);
    return key.data;
}

static char *key_of(const char *label)
{
    struct layer_name name;
    return layer_name_parse(label, &name) ? key_of_layer(&name)
                                          : mem_string(label, layer_stem(label));
}

/* By keys; entries of one key in the order of the file. */
static int compare(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

static struct index index_make(const struct activations *activations, const struct name_map *map)
{
    struct index index = {mem_alloc(activations->count, sizeof *index.keyed), activations->count};
    for (size_t i = 0; i < index.count; i++) {
        struct text name = {0};
        const struct activation *entry = &activations->entries[i];
        name_map_apply(map, entry->weight, &name);
        index.keyed[i] = (struct keyed){key_of(name.data), entry};
        text_done(&name);
    }
    qsort(index.keyed, index.count, sizeof *index.keyed, compare);
    return index;
}

static void index_done(struct index *index)
{
    for (size_t i = 0; i < index->count; i++)
        mem_free(index->keyed[i].key);
    mem_free(index->keyed);
}

/* The first entry that has this key or a later one. */
static size_t lower_bound(const struct index *index, const char *key)
{
    size_t first = 0, end = index->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (strcmp(index->keyed[middle].key, key) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* Whether an entry has rows of its own for each of several experts, and how many. */
static uint64_t rows_of(const struct activation *entry, uint64_t width)
{
    bool vector = entry->kind == ACTIVATION_DIAGONAL || entry->kind == ACTIVATION_RANGES;
    return !vector ? 1 : entry->flat ? entry->width / width : entry->rows;
}

/* Why an entry cannot be a layer's; NULL if it can, from *row on.  expert is the layer's number
 * among those of a stack, LAYER_NONE for a layer by itself. */
static const char *fault_of(const struct activation *entry, uint64_t width, long expert,
                            uint64_t *row)
{
    if (entry->kind == ACTIVATION_UNKNOWN)
        return "its entry is not readable";
    if (entry->flat ? entry->width % width != 0 : entry->width != width)
        return "its entry is of another width";
    uint64_t rows = rows_of(entry, width);
    if (rows > 1 && expert == LAYER_NONE)
        return entry->flat ? "its entry is of another width" : "its entry is of several experts";
    *row = rows > 1 ? (uint64_t)expert : 0;
    if (*row >= rows)
        return "its entry has fewer experts";
    if (activation_seen(entry, *row))
        return NULL;
    return rows > 1 ? "its expert saw no tokens" : "its entry is of no tokens";
}

/* Takes an entry for the layer if it is better than what the layer has. */
static void offer(const struct search *search, const struct activation *entry, long expert)
{
    uint64_t row;
    struct activation_match *match = search->match;
    const char *fault = fault_of(entry, search->width, expert, &row);
    search->claimed[entry - search->entries] = true;
    if (fault) {
        match->reason = fault;
    } else if (entry->kind == ACTIVATION_RANGES) {
        if (!match->ranges) {
            match->ranges = entry;
            match->ranges_row = row;
        }
    } else if (!match->inputs || entry->kind < match->inputs->kind) {
        match->inputs = entry;
        match->inputs_row = row;
    }
}

/* Offers all entries of a key. */
static void offer_key(const struct search *search, const char *key, long expert)
{
    for (size_t i = lower_bound(search->index, key);
         i < search->index->count && strcmp(search->index->keyed[i].key, key) == 0; i++)
        offer(search, search->index->keyed[i].entry, expert);
}

static void offer_layer(const struct search *search, const struct layer_name *name)
{
    char *key = key_of_layer(name);
    offer_key(search, key, LAYER_NONE);
    mem_free(key);
    if (name->expert < 0)
        return;
    struct layer_name stack = *name;
    stack.expert = LAYER_STACK;
    key = key_of_layer(&stack);
    offer_key(search, key, name->expert);
    mem_free(key);
}

/* Looks under the names of the layers that get the same input, until one has an entry. */
static void offer_siblings(const struct search *search, const struct layer_name *name)
{
    struct activation_match *match = search->match;
    enum layer_role first;
    unsigned count = layer_role_siblings(name->role, &first);
    bool without = !match->inputs;
    for (unsigned i = 0; i < count && (!match->inputs || !match->ranges); i++) {
        struct layer_name sibling = *name;
        sibling.role = first + i;
        if (sibling.role != name->role)
            offer_layer(search, &sibling);
    }
    match->shared = without && match->inputs;
}

static void match_layer(const struct search *search, const struct tensor *tensor)
{
    struct layer_name name;
    struct activation_match *match = search->match;
    if (layer_name_parse(tensor->label, &name)) {
        offer_layer(search, &name);
        offer_siblings(search, &name);
    } else {
        char *key = key_of(tensor->label);
        offer_key(search, key, LAYER_NONE);
        mem_free(key);
    }
    if (match->inputs)
        match->reason = NULL;
    else if (!match->reason)
        match->reason = match->ranges ? "its entry has only ranges" : "no entry has its name";
}

void activations_match(struct activation_matches *matches, const struct activations *activations,
                       const struct model *model, struct tensor_view view,
                       const struct name_map *map)
{
    struct index index = index_make(activations, map);
    *matches = (struct activation_matches){
        .model = model,
        .activations = activations,
        .layers = mem_zero(model->count, sizeof *matches->layers),
        .claimed = mem_zero(activations->count, sizeof *matches->claimed),
    };
    for (size_t i = 0; i < model->count; i++) {
        const struct tensor *tensor = &model->tensors[i];
        struct activation_match *match = &matches->layers[i];
        if (!layer_is_linear(tensor))
            continue;
        const struct search search = {&index, match, tensor_channel_length(tensor, view),
                                      activations->entries, matches->claimed};
        match_layer(&search, tensor);
    }
    index_done(&index);
}

void activations_match_done(struct activation_matches *matches)
{
    mem_free(matches->layers);
    mem_free(matches->claimed);
}

void activations_match_print(const struct activation_matches *matches, const bool wanted[],
                             struct text *out)
{
    for (size_t i = 0; i < matches->model->count; i++)
        if (matches->layers[i].reason && (!wanted || wanted[i]))
            text_printf(out, "%s: no activations: %s\n", matches->model->tensors[i].label,
                        matches->layers[i].reason);
    for (size_t i = 0; !wanted && i < matches->activations->count; i++)
        if (!matches->claimed[i])
            text_printf(out, "%s: %s: is of no layer of the model\n",
                        matches->activations->model->label,
                        matches->activations->entries[i].tensor->label);
}

bool activations_match_any(const struct activation_matches *matches)
{
    for (size_t i = 0; i < matches->activations->count; i++)
        if (matches->claimed[i])
            return true;
    return false;
}
