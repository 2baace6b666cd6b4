/* SPDX-License-Identifier: MIT
 *
 * The walk over the values of a checkpoint.  A value's path of keys and indices becomes the name
 * of a tensor.  Values are shared and may hold themselves: one that lies around itself is not
 * entered again; any other is, so that tied modules are listed under all their names, as long as
 * that stays little.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/torch.h"

#define REPEATS_MOST (1u << 19) /* steps */

/* Calls that make containers: what they hold belongs to the path of the container. */
static bool is_container(const char *callee)
{
    static const char *const containers[] = {
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.Counter",
        "collections.deque",
        "builtins.dict",
        "builtins.list",
        "builtins.tuple",
        "builtins.set",
        "builtins.frozenset",
        "__builtin__.dict",
        "__builtin__.list",
        "__builtin__.tuple",
        "__builtin__.set",
        "__builtin__.frozenset",
        "torch.Size",
        "argparse.Namespace",
        "torch.jit._pickle.build_intlist",
        "torch.jit._pickle.build_doublelist",
        "torch.jit._pickle.build_boollist",
        "torch.jit._pickle.build_tensorlist",
        "torch.jit._pickle.restore_type_tag",
    };
    for (size_t i = 0; i < sizeof containers / sizeof containers[0]; i++)
        if (strcmp(containers[i], callee) == 0)
            return true;
    return false;
}

const char *torch_callee(const struct pickle_value *call)
{
    const struct pickle_value *callee = call->items[0];
    /* The first versions name classes by persistent ids: ("module", class, ...) or (class, ...). */
    if (callee->kind == PICKLE_REFERENCE && callee->items[0]->kind == PICKLE_TUPLE) {
        const struct pickle_value *id = callee->items[0];
        for (size_t i = 0; i < id->length && i < 2; i++)
            if (id->items[i]->kind == PICKLE_GLOBAL)
                return id->items[i]->text;
    }
    return callee->kind == PICKLE_GLOBAL ? callee->text : "";
}

bool torch_walk_child(struct torch *torch, const char *name, size_t length,
                      struct pickle_value *value)
{
    size_t before = torch->path.length;
    /* A byte more than a tensor may have tells enough: a key may be long, and be there often. */
    size_t room = before < TORCH_NAME_MOST ? TORCH_NAME_MOST - before : 0;
    torch->repeats += torch->repeating;
    if (before > 0)
        text_puts(&torch->path, ".");
    text_add(&torch->path, name, length < room + 1 ? length : room + 1);
    bool good = torch_walk_value(torch, value);
    torch->path.length = before;
    torch->path.data[before] = '\0';
    return good;
}

static bool walk_index(struct torch *torch, size_t index, struct pickle_value *value)
{
    char digits[24];
    return torch_walk_child(torch, digits, (size_t)snprintf(digits, sizeof digits, "%zu", index),
                            value);
}

static bool walk_items(struct torch *torch, const struct pickle_value *list)
{
    bool good = true;
    for (size_t i = 0; good && i < list->length; i++)
        good = walk_index(torch, i, list->items[i]);
    return good;
}

/* The value of a key.  Keys that are no texts or numbers are called by their place. */
static bool walk_pair(struct torch *torch, const struct pickle_value *key, size_t place,
                      struct pickle_value *value)
{
    char digits[24];
    if (key->kind == PICKLE_TEXT || key->kind == PICKLE_BYTES)
        return torch_walk_child(torch, key->text, key->length, value);
    if (key->kind == PICKLE_INTEGER)
        return torch_walk_child(torch, digits,
                                (size_t)snprintf(digits, sizeof digits, "%" PRId64, key->integer),
                                value);
    return walk_index(torch, place, value);
}

static bool walk_dict(struct torch *torch, const struct pickle_value *dict)
{
    bool good = true;
    for (size_t i = 0; good && i < dict->length; i += 2)
        good = walk_pair(torch, dict->items[i], i / 2, dict->items[i + 1]);
    return good;
}

static bool is_pair(const struct pickle_value *value)
{
    return (value->kind == PICKLE_LIST || value->kind == PICKLE_TUPLE) && value->length == 2;
}

/* An OrderedDict of Python 2 is made from a list of pairs. */
static bool walk_pairs(struct torch *torch, const struct pickle_value *list)
{
    bool good = true;
    for (size_t i = 0; good && i < list->length; i++) {
        const struct pickle_value *pair = list->items[i];
        good = is_pair(pair) ? walk_pair(torch, pair->items[0], i, pair->items[1])
                             : walk_index(torch, i, list->items[i]);
    }
    return good;
}

/* Where a module keeps its tensors and inner modules, which are called by their own names alone. */
static bool is_part_of_module(const struct pickle_value *key)
{
    return (key->kind == PICKLE_TEXT || key->kind == PICKLE_BYTES) &&
           (strcmp(key->text, "_parameters") == 0 || strcmp(key->text, "_buffers") == 0 ||
            strcmp(key->text, "_modules") == 0);
}

/* What module.state_dict() leaves at its dictionary: a version number for every module, which is
 * told in one line. */
static bool is_versions(const struct pickle_value *key)
{
    return (key->kind == PICKLE_TEXT || key->kind == PICKLE_BYTES) &&
           strcmp(key->text, "_metadata") == 0;
}

static bool add_versions(struct torch *torch, const struct pickle_value *key,
                         const struct pickle_value *versions)
{
    const struct pickle_value *dict = versions->kind == PICKLE_CALL ? versions->state : versions;
    size_t count = dict && dict->kind == PICKLE_DICT ? dict->length / 2 : 0;
    char text[48];
    snprintf(text, sizeof text, "versions of %zu modules", count);
    struct pickle_value line = {.kind = PICKLE_TEXT, .text = text, .length = strlen(text)};
    return torch_walk_child(torch, key->text, key->length, &line);
}

static bool walk_attributes(struct torch *torch, const struct pickle_value *dict)
{
    bool good = true;
    for (size_t i = 0; good && i < dict->length; i += 2)
        good = is_part_of_module(dict->items[i]) ? torch_walk_value(torch, dict->items[i + 1])
               : is_versions(dict->items[i])
                   ? add_versions(torch, dict->items[i], dict->items[i + 1])
                   : walk_pair(torch, dict->items[i], i / 2, dict->items[i + 1]);
    return good;
}

/* The state of an object: its attributes, or those by dictionary and those by slots; or the items
 * of a container. */
static bool walk_state(struct torch *torch, struct pickle_value *state, bool items)
{
    if (!state)
        return true;
    if (state->kind == PICKLE_DICT)
        return items ? walk_dict(torch, state) : walk_attributes(torch, state);
    bool slots = state->kind == PICKLE_TUPLE && state->length == 2;
    for (size_t i = 0; slots && i < 2; i++)
        slots = state->items[i]->kind == PICKLE_DICT || state->items[i]->kind == PICKLE_NONE;
    if (!slots)
        return torch_walk_value(torch, state);
    return (state->items[0]->kind == PICKLE_NONE || walk_attributes(torch, state->items[0])) &&
           (state->items[1]->kind == PICKLE_NONE || walk_attributes(torch, state->items[1]));
}

static bool walk_arguments(struct torch *torch, const struct pickle_value *call, bool container)
{
    const struct pickle_value *arguments = call->items[1];
    bool pairs = strcmp(torch_callee(call), "collections.OrderedDict") == 0, good = true;
    for (size_t i = 0; good && i < arguments->length; i++) {
        struct pickle_value *argument = arguments->items[i];
        if (torch_is_plain(argument))
            continue;
        good = !container                               ? walk_index(torch, i, argument)
               : pairs && argument->kind == PICKLE_LIST ? walk_pairs(torch, argument)
                                                        : torch_walk_value(torch, argument);
    }
    return good && (call->length < 3 || torch_walk_value(torch, call->items[2]));
}

/* A sparse tensor is listed as the tensors that it is made of: _rebuild_sparse_tensor(layout,
 * (indices, values, size, ...)), or with two tensors of indices for the compressed layouts. */
static bool walk_sparse(struct torch *torch, const struct pickle_value *data)
{
    static const char *const coordinates[] = {"indices", "values"};
    static const char *const compressed[] = {"compressed_indices", "plain_indices", "values"};
    bool three = data->length == 4 && data->items[2]->kind == PICKLE_CALL &&
                 strcmp(torch_callee(data->items[2]), "torch.Size") != 0;
    const char *const *names = three ? compressed : coordinates;
    bool good = true;
    for (size_t i = 0; good && i < data->length; i++)
        good = i < (three ? 3 : 2)
                   ? torch_walk_child(torch, names[i], strlen(names[i]), data->items[i])
                   : walk_index(torch, i, data->items[i]);
    return good;
}

static bool walk_object(struct torch *torch, struct pickle_value *call)
{
    const char *callee = torch_callee(call);
    const struct pickle_value *arguments = call->items[1];
    bool container = is_container(callee);
    if (!container)
        torch_add_object(torch, call);
    if (strcmp(callee, "torch._utils._rebuild_sparse_tensor") == 0 && arguments->length == 2 &&
        arguments->items[1]->kind == PICKLE_TUPLE)
        return walk_sparse(torch, arguments->items[1]);
    return walk_arguments(torch, call, container) && walk_state(torch, call->state, container) &&
           walk_state(torch, call->attributes, false);
}

static bool walk_reference(struct torch *torch, const struct pickle_value *reference)
{
    const struct pickle_value *id = reference->items[0];
    if (torch->refer)
        return torch->refer(torch, id, reference->at);
    size_t index;
    if (id->kind == PICKLE_TUPLE && id->length > 1 && id->items[0]->kind == PICKLE_TEXT &&
        strcmp(id->items[0]->text, "module") == 0 && torch_is_plain(id->items[1])) {
        torch_add_plain(torch, id->items[1]); /* a class, as in torch_callee */
        return true;
    }
    return torch_take_storage(torch, id, reference->at, &index) &&
           torch_rebuild_storage(torch, index, reference->at);
}

static bool walk_content(struct torch *torch, struct pickle_value *value)
{
    switch (value->kind) {
    case PICKLE_LIST:
    case PICKLE_TUPLE:
    case PICKLE_SET:
        return walk_items(torch, value);
    case PICKLE_DICT:
        return walk_dict(torch, value);
    default:
        return walk_object(torch, value);
    }
}

static bool is_open(const struct torch *torch, const struct pickle_value *value)
{
    for (unsigned i = 0; i < torch->depth; i++)
        if (torch->open[i] == value)
            return true;
    return false;
}

/* True if a value seen before may be walked again.  What is asked of all its items costs as many
 * steps, even if nothing is walked. */
static bool may_repeat(struct torch *torch, const struct pickle_value *value)
{
    if (is_open(torch, value))
        return false;
    torch->repeats += 1 + value->length;
    if (value->kind == PICKLE_CALL)
        torch->repeats += value->items[1]->length;
    if (torch->repeats <= REPEATS_MOST)
        return true;
    torch->unrepeated++;
    return false;
}

/* Walks a value that is no row and may be walked. */
static bool walk_container(struct torch *torch, struct pickle_value *value)
{
    if (torch->depth == TORCH_DEPTH_MOST)
        return torch_fail(torch, value->at, "its values are nested more than %d deep",
                          TORCH_DEPTH_MOST);
    bool known = false, good = true;
    torch->open[torch->depth++] = value;
    if (value->kind == PICKLE_CALL)
        good = torch_rebuild(torch, value, &known);
    if (good && !known)
        good = walk_content(torch, value);
    torch->depth--;
    return good;
}

bool torch_walk_value(struct torch *torch, struct pickle_value *value)
{
    if (torch_is_plain(value)) {
        torch_add_plain(torch, value);
        return true;
    }
    if (value->kind == PICKLE_REFERENCE)
        return walk_reference(torch, value);
    if (value->seen && !may_repeat(torch, value))
        return true;
    bool before = torch->repeating, good = true;
    torch->repeating |= value->seen;
    value->seen = true;
    if (torch_is_row(value))
        torch_add_row(torch, value);
    else
        good = walk_container(torch, value);
    torch->repeating = before;
    return good;
}

bool torch_walk(struct torch *torch, const char *name, struct pickle_value *root)
{
    text_clear(&torch->path);
    text_puts(&torch->path, name);
    bool good = torch_walk_value(torch, root);
    if (good && torch->unrepeated > 0) {
        char count[24];
        snprintf(count, sizeof count, "%zu", torch->unrepeated);
        torch_add_text(torch, "shared values that are not listed again", "count", count);
    }
    torch->unrepeated = 0;
    return good;
}
