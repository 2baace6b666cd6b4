/* SPDX-License-Identifier: MIT
 *
 * Opcodes that make containers and fill them, and those that would import and call.
 */
#include <string.h>

#include "base/text.h"
#include "model/label.h"
#include "model/pickle_machine.h"

#define GLOBAL_MOST 4096 /* bytes of a name, which a pickle may repeat in a few */

bool pickle_run_empty(struct pickle_machine *machine)
{
    return pickle_push(machine, pickle_new(machine, machine->opcode->kind));
}

bool pickle_run_tuple(struct pickle_machine *machine)
{
    struct pickle_value **items;
    size_t count = machine->opcode->size;
    return pickle_pop(machine, count, &items) &&
           pickle_push_items(machine, PICKLE_TUPLE, items, count);
}

/* Pairs must be whole. */
static bool check_pairs(struct pickle_machine *machine, enum pickle_kind kind, size_t count)
{
    return kind != PICKLE_DICT || count % 2 == 0 ||
           pickle_fail(machine, "%s finds a key without a value", machine->opcode->name);
}

bool pickle_run_gather(struct pickle_machine *machine)
{
    struct pickle_value **items;
    size_t count;
    enum pickle_kind kind = machine->opcode->kind;
    return pickle_pop_mark(machine, &items, &count) && check_pairs(machine, kind, count) &&
           pickle_push_items(machine, kind, items, count);
}

/* Where items of a kind go that fill target: into itself, or into the state of a CALL. */
static struct pickle_value *store_of(struct pickle_machine *machine, struct pickle_value *target,
                                     enum pickle_kind kind)
{
    if (target->kind == kind)
        return target;
    if (target->kind == PICKLE_CALL && !target->filled) {
        target->attributes = target->state;
        target->state = pickle_new(machine, kind);
        target->filled = true;
    }
    if (target->kind == PICKLE_CALL && target->state->kind == kind)
        return target->state;
    pickle_fail(machine, "%s fills what cannot hold its items", machine->opcode->name);
    return NULL;
}

bool pickle_run_fill(struct pickle_machine *machine)
{
    struct pickle_value **items, *target;
    size_t count = machine->opcode->size;
    enum pickle_kind kind = machine->opcode->kind;
    if (count > 0 ? !pickle_pop(machine, count, &items) : !pickle_pop_mark(machine, &items, &count))
        return false;
    if (!pickle_top(machine, &target) || !check_pairs(machine, kind, count))
        return false;
    struct pickle_value *store = store_of(machine, target, kind);
    if (store)
        pickle_add_items(machine, store, items, count);
    return store != NULL;
}

/* Makes the GLOBAL of a module and a name, if it may occur; NULL else. */
static struct pickle_value *new_global(struct pickle_machine *machine, const char *module,
                                       size_t module_length, const char *name, size_t name_length)
{
    struct text joined = {0};
    text_add(&joined, module, module_length);
    text_puts(&joined, ".");
    text_add(&joined, name, name_length);
    struct quote quote;
    struct pickle_value *value = NULL;
    /* A NUL would hide from comparisons what is behind it. */
    if (strlen(joined.data) == joined.length && joined.length <= GLOBAL_MOST &&
        machine->allowed(joined.data)) {
        value = pickle_new(machine, PICKLE_GLOBAL);
        value->text = arena_string(machine->arena, joined.data, joined.length);
        value->length = joined.length;
    } else {
        const char *advice = machine->place->advice;
        pickle_fail(machine,
                    "%s names %s, which is not among what holds tensors; it was not run%s%s",
                    machine->opcode->name, label_quote(&quote, joined.data, joined.length),
                    advice ? "; " : "", advice ? advice : "");
    }
    text_done(&joined);
    return value;
}

/* The GLOBAL of two lines; NULL on failure. */
static struct pickle_value *take_global(struct pickle_machine *machine)
{
    const char *module, *name;
    size_t module_length, name_length;
    if (!pickle_take_line(machine, &module, &module_length) ||
        !pickle_take_line(machine, &name, &name_length))
        return NULL;
    return new_global(machine, module, module_length, name, name_length);
}

bool pickle_run_global(struct pickle_machine *machine)
{
    struct pickle_value *value = take_global(machine);
    return value && pickle_push(machine, value);
}

bool pickle_run_stack_global(struct pickle_machine *machine)
{
    struct pickle_value **names;
    if (!pickle_pop(machine, 2, &names))
        return false;
    const struct pickle_value *module = names[0], *name = names[1];
    if (module->kind != PICKLE_TEXT || name->kind != PICKLE_TEXT)
        return pickle_fail(machine, "%s finds a name that is not text", machine->opcode->name);
    struct pickle_value *value =
        new_global(machine, module->text, module->length, name->text, name->length);
    return value && pickle_push(machine, value);
}

bool pickle_run_call(struct pickle_machine *machine)
{
    struct pickle_value **parts;
    size_t count = machine->opcode->size;
    if (!pickle_pop(machine, count, &parts))
        return false;
    if (parts[1]->kind != PICKLE_TUPLE)
        return pickle_fail(machine, "%s finds arguments that are not a tuple",
                           machine->opcode->name);
    return pickle_push_items(machine, PICKLE_CALL, parts, count);
}

/* Pushes a call of what with arguments that are not a tuple yet. */
static bool push_call(struct pickle_machine *machine, struct pickle_value *what,
                      struct pickle_value *const *arguments, size_t count)
{
    struct pickle_value *parts[] = {what, pickle_new(machine, PICKLE_TUPLE)};
    pickle_add_items(machine, parts[1], arguments, count);
    return pickle_push_items(machine, PICKLE_CALL, parts, 2);
}

bool pickle_run_inst(struct pickle_machine *machine)
{
    struct pickle_value **arguments, *what;
    size_t count;
    if (!pickle_pop_mark(machine, &arguments, &count))
        return false;
    what = take_global(machine);
    return what && push_call(machine, what, arguments, count);
}

bool pickle_run_obj(struct pickle_machine *machine)
{
    struct pickle_value **items;
    size_t count;
    if (!pickle_pop_mark(machine, &items, &count))
        return false;
    if (count == 0)
        return pickle_fail(machine, "%s finds nothing to call", machine->opcode->name);
    return push_call(machine, items[0], items + 1, count - 1);
}

bool pickle_run_build(struct pickle_machine *machine)
{
    struct pickle_value **state, *target;
    if (!pickle_pop(machine, 1, &state) || !pickle_top(machine, &target))
        return false;
    if (target->kind != PICKLE_CALL)
        return pickle_fail(machine, "%s sets the state of what is no object",
                           machine->opcode->name);
    *(target->filled ? &target->attributes : &target->state) = *state;
    return true;
}

bool pickle_run_persid(struct pickle_machine *machine)
{
    const char *line;
    size_t length;
    return pickle_take_line(machine, &line, &length) &&
           pickle_push_text(machine, PICKLE_TEXT, line, length) && pickle_run_binpersid(machine);
}

bool pickle_run_binpersid(struct pickle_machine *machine)
{
    struct pickle_value **id;
    return pickle_pop(machine, 1, &id) && pickle_push_items(machine, PICKLE_REFERENCE, id, 1);
}
