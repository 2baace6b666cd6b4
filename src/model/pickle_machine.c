/* SPDX-License-Identifier: MIT */
#include "model/pickle_machine.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

bool pickle_fail(struct pickle_machine *machine, const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    const struct pickle_place *place = machine->place;
    return error_set(machine->error, ERROR_FILE, "%s: %s%s (byte %" PRIu64 ")", place->file,
                     place->part, reason, place->base + machine->opcode_at);
}

bool pickle_take(struct pickle_machine *machine, uint64_t count, const unsigned char **bytes)
{
    if (count > machine->length - machine->at)
        return pickle_fail(machine,
                           "%s needs %" PRIu64 " bytes, but the pickle is cut short after %zu",
                           machine->opcode->name, count, machine->length - machine->at);
    *bytes = machine->bytes + machine->at;
    machine->at += (size_t)count;
    return true;
}

bool pickle_take_number(struct pickle_machine *machine, unsigned size, uint64_t *number)
{
    const unsigned char *bytes = NULL;
    if (!pickle_take(machine, size, &bytes))
        return false;
    *number = 0;
    for (unsigned i = 0; i < size; i++)
        *number |= (uint64_t)bytes[i] << 8 * i;
    return true;
}

bool pickle_take_line(struct pickle_machine *machine, const char **line, size_t *length)
{
    const unsigned char *start = machine->bytes + machine->at;
    const unsigned char *end = memchr(start, '\n', machine->length - machine->at);
    if (!end)
        return pickle_fail(machine, "the pickle is cut short inside the line of %s",
                           machine->opcode->name);
    *line = (const char *)start;
    *length = (size_t)(end - start);
    machine->at += *length + 1;
    return true;
}

bool pickle_take_counted(struct pickle_machine *machine, const unsigned char **bytes,
                         uint64_t *length)
{
    return pickle_take_number(machine, machine->opcode->size, length) &&
           pickle_take(machine, *length, bytes);
}

bool pickle_fail_line(struct pickle_machine *machine, const char *what)
{
    return pickle_fail(machine, "the line of %s is not %s", machine->opcode->name, what);
}

struct pickle_value *pickle_new(struct pickle_machine *machine, enum pickle_kind kind)
{
    struct pickle_value *value = arena_take(machine->arena, sizeof *value);
    *value = (struct pickle_value){.kind = kind, .at = machine->place->base + machine->opcode_at};
    return value;
}

/* Places that an array of so many items has: the next power of two, so that nothing needs to
 * remember it. */
static size_t room_of(size_t count)
{
    size_t room = 1;
    while (room < count)
        room *= 2;
    return count > 0 ? room : 0;
}

/* What an array outgrows stays in the arena: less in all than the last array takes. */
void pickle_add_items(struct pickle_machine *machine, struct pickle_value *value,
                      struct pickle_value *const *items, size_t count)
{
    if (count == 0)
        return;
    size_t room = room_of(value->length + count);
    if (room > room_of(value->length)) {
        struct pickle_value **moved = arena_take(machine->arena, room * sizeof *moved);
        if (value->length > 0)
            memcpy(moved, value->items, value->length * sizeof *moved);
        value->items = moved;
    }
    memcpy(value->items + value->length, items, count * sizeof *items);
    value->length += count;
}

/* Refuses what would take more memory or time than any model is worth. */
static bool count_push(struct pickle_machine *machine)
{
    return machine->pushes++ < PICKLE_VALUES_MOST ||
           pickle_fail(machine, "there are more than %u values", PICKLE_VALUES_MOST);
}

bool pickle_push(struct pickle_machine *machine, struct pickle_value *value)
{
    if (!count_push(machine))
        return false;
    machine->stack = mem_grow(machine->stack, &machine->capacity, machine->count + 1,
                              sizeof(struct pickle_value *));
    machine->stack[machine->count++] = value;
    return true;
}

bool pickle_push_text(struct pickle_machine *machine, enum pickle_kind kind, const char *text,
                      size_t length)
{
    struct pickle_value *value = pickle_new(machine, kind);
    value->text = arena_string(machine->arena, text, length);
    value->length = length;
    return pickle_push(machine, value);
}

bool pickle_push_items(struct pickle_machine *machine, enum pickle_kind kind,
                       struct pickle_value *const *items, size_t count)
{
    struct pickle_value *value = pickle_new(machine, kind);
    pickle_add_items(machine, value, items, count);
    return pickle_push(machine, value);
}

bool pickle_push_mark(struct pickle_machine *machine)
{
    if (!count_push(machine))
        return false;
    machine->marks = mem_grow(machine->marks, &machine->mark_capacity, machine->mark_count + 1,
                              sizeof *machine->marks);
    machine->marks[machine->mark_count++] = machine->count;
    return true;
}

/* Values that may be taken: those above the last mark. */
static size_t count_free(const struct pickle_machine *machine)
{
    return machine->count - (machine->mark_count ? machine->marks[machine->mark_count - 1] : 0);
}

bool pickle_pop(struct pickle_machine *machine, size_t count, struct pickle_value ***items)
{
    assert(count > 0);
    if (count_free(machine) < count)
        return pickle_fail(machine, "%s finds too few values on the stack", machine->opcode->name);
    machine->count -= count;
    *items = machine->stack + machine->count;
    return true;
}

bool pickle_pop_mark(struct pickle_machine *machine, struct pickle_value ***items, size_t *count)
{
    if (machine->mark_count == 0)
        return pickle_fail(machine, "%s without a MARK before it", machine->opcode->name);
    *count = count_free(machine);
    machine->count -= *count;
    machine->mark_count--;
    *items = *count > 0 ? machine->stack + machine->count : NULL;
    return true;
}

bool pickle_top(struct pickle_machine *machine, struct pickle_value **value)
{
    struct pickle_value **items = NULL;
    if (!pickle_pop(machine, 1, &items))
        return false;
    machine->count++;
    *value = *items;
    return true;
}
