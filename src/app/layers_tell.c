/* SPDX-License-Identifier: MIT */
#include "app/layers_tell.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const char *first_layer(const struct layer_index *index)
{
    for (size_t i = 0; i < index->model->count; i++)
        if (layer_index_has(index, i, NULL))
            return index->model->tensors[i].label;
    return NULL;
}

/* Lists of all names on both sides would say less. */
static void tell_strangers(const struct layer_index *index)
{
    const struct activations *file = index->matches.activations;
    const char *layer = first_layer(index);
    if (!layer)
        return;
    fprintf(
        stderr,
        "roundoff: %s tells of no layer of %s: nothing is known of their inputs\n"
        "roundoff: an entry of it is \"%s\", a layer \"%s\"; --map 'REGEX=NAME' renames entries\n",
        file->model->label, index->model->label, file->entries[0].weight, layer);
}

/* The layers that --tensor matches, by tensor; NULL: all.  The caller frees it. */
static bool *wanted_layers(const struct layer_index *index, const struct options *options)
{
    if (options->glob_count == 0)
        return NULL;
    bool *wanted = mem_alloc(index->model->count, sizeof *wanted);
    for (size_t i = 0; i < index->model->count; i++)
        wanted[i] = options_match(options, index->model->tensors[i].label);
    return wanted;
}

void layers_tell_unmatched(const struct layer_index *index, const struct options *options)
{
    struct text text = {0};
    if (!activations_match_any(&index->matches)) {
        tell_strangers(index);
        return;
    }
    bool *wanted = wanted_layers(index, options);
    activations_match_print(&index->matches, wanted, &text);
    mem_free(wanted);
    const char *line = text.length > 0 ? text.data : "";
    for (const char *end; (end = strchr(line, '\n')); line = end + 1)
        fprintf(stderr, "roundoff: %.*s\n", (int)(end - line), line);
    text_done(&text);
}
