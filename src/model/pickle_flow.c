/* SPDX-License-Identifier: MIT
 *
 * Opcodes that move values about without making any.
 */
#include <inttypes.h>

#include "model/pickle_machine.h"

#define PROTOCOL_MAX 5

bool pickle_run_proto(struct pickle_machine *machine)
{
    uint64_t protocol;
    if (!pickle_take_number(machine, 1, &protocol))
        return false;
    return protocol <= PROTOCOL_MAX ||
           pickle_fail(machine, "protocol %" PRIu64 " is not among 0 to %d", protocol,
                       PROTOCOL_MAX);
}

/* Frames tell a reader of a stream how much to fetch; here all bytes are at hand. */
bool pickle_run_frame(struct pickle_machine *machine)
{
    uint64_t length;
    return pickle_take_number(machine, 8, &length);
}

bool pickle_run_stop(struct pickle_machine *machine)
{
    return pickle_top(machine, &machine->result);
}

bool pickle_run_mark(struct pickle_machine *machine)
{
    return pickle_push_mark(machine);
}

/* Takes the mark where that is on top, as Python does. */
bool pickle_run_pop(struct pickle_machine *machine)
{
    struct pickle_value **items;
    if (machine->mark_count > 0 && machine->marks[machine->mark_count - 1] == machine->count) {
        machine->mark_count--;
        return true;
    }
    return pickle_pop(machine, 1, &items);
}

bool pickle_run_pop_mark(struct pickle_machine *machine)
{
    struct pickle_value **items;
    size_t count;
    return pickle_pop_mark(machine, &items, &count);
}

bool pickle_run_dup(struct pickle_machine *machine)
{
    struct pickle_value *value;
    return pickle_top(machine, &value) && pickle_push(machine, value);
}

/* The number in the memo that the opcode means. */
static bool take_slot(struct pickle_machine *machine, uint32_t *slot)
{
    uint64_t number;
    unsigned size = machine->opcode->size;
    if (size > 0 ? !pickle_take_number(machine, size, &number)
                 : !pickle_take_decimal(machine, &number))
        return false;
    *slot = (uint32_t)number;
    return number <= UINT32_MAX ||
           pickle_fail(machine, "memo %" PRIu64 " is beyond 32 bits", number);
}

static bool put(struct pickle_machine *machine, uint32_t slot)
{
    struct pickle_value *value;
    if (!pickle_top(machine, &value))
        return false;
    if (machine->memo.count == PICKLE_VALUES_MOST)
        return pickle_fail(machine, "the memo holds more than %u values", PICKLE_VALUES_MOST);
    pickle_memo_put(&machine->memo, slot, value);
    return true;
}

bool pickle_run_put(struct pickle_machine *machine)
{
    uint32_t slot;
    return take_slot(machine, &slot) && put(machine, slot);
}

/* Takes the number that counts the slots in use, as Python does, which need not be a free one. */
bool pickle_run_memoize(struct pickle_machine *machine)
{
    return put(machine, (uint32_t)machine->memo.count);
}

bool pickle_run_get(struct pickle_machine *machine)
{
    uint32_t slot;
    if (!take_slot(machine, &slot))
        return false;
    struct pickle_value *value = pickle_memo_get(&machine->memo, slot);
    return value ? pickle_push(machine, value)
                 : pickle_fail(machine, "memo %" PRIu32 " is used but was never set", slot);
}

bool pickle_run_extension(struct pickle_machine *machine)
{
    return pickle_fail(machine,
                       "%s names something by a number that only the program that wrote "
                       "the pickle knows",
                       machine->opcode->name);
}

bool pickle_run_buffer(struct pickle_machine *machine)
{
    return pickle_fail(machine, "%s means a buffer that is not in the file", machine->opcode->name);
}
