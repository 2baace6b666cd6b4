/* SPDX-License-Identifier: MIT */
#include "model/pickle.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "model/pickle_machine.h"

/* After Lib/pickletools.py of CPython, which documents what each opcode does to the stack. */
static const struct pickle_opcode opcodes[256] = {
    // clang-format off
    /* The stack, the memo, and the frame around all. */
    [0x80] = {"PROTO",            pickle_run_proto,        PICKLE_NONE,    0},
    [0x95] = {"FRAME",            pickle_run_frame,        PICKLE_NONE,    0},
    ['.']  = {"STOP",             pickle_run_stop,         PICKLE_NONE,    0},
    ['(']  = {"MARK",             pickle_run_mark,         PICKLE_NONE,    0},
    ['0']  = {"POP",              pickle_run_pop,          PICKLE_NONE,    0},
    ['1']  = {"POP_MARK",         pickle_run_pop_mark,     PICKLE_NONE,    0},
    ['2']  = {"DUP",              pickle_run_dup,          PICKLE_NONE,    0},
    ['p']  = {"PUT",              pickle_run_put,          PICKLE_NONE,    0},
    ['q']  = {"BINPUT",           pickle_run_put,          PICKLE_NONE,    1},
    ['r']  = {"LONG_BINPUT",      pickle_run_put,          PICKLE_NONE,    4},
    [0x94] = {"MEMOIZE",          pickle_run_memoize,      PICKLE_NONE,    0},
    ['g']  = {"GET",              pickle_run_get,          PICKLE_NONE,    0},
    ['h']  = {"BINGET",           pickle_run_get,          PICKLE_NONE,    1},
    ['j']  = {"LONG_BINGET",      pickle_run_get,          PICKLE_NONE,    4},

    /* Numbers. */
    ['N']  = {"NONE",             pickle_run_none,         PICKLE_NONE,    0},
    [0x88] = {"NEWTRUE",          pickle_run_boolean,      PICKLE_BOOLEAN, 1},
    [0x89] = {"NEWFALSE",         pickle_run_boolean,      PICKLE_BOOLEAN, 0},
    ['I']  = {"INT",              pickle_run_int,          PICKLE_INTEGER, 0},
    ['L']  = {"LONG",             pickle_run_long,         PICKLE_INTEGER, 0},
    ['J']  = {"BININT",           pickle_run_signed,       PICKLE_INTEGER, 4},
    ['K']  = {"BININT1",          pickle_run_unsigned,     PICKLE_INTEGER, 1},
    ['M']  = {"BININT2",          pickle_run_unsigned,     PICKLE_INTEGER, 2},
    [0x8a] = {"LONG1",            pickle_run_long_n,       PICKLE_INTEGER, 1},
    [0x8b] = {"LONG4",            pickle_run_long_n,       PICKLE_INTEGER, 4},
    ['F']  = {"FLOAT",            pickle_run_float,        PICKLE_REAL,    0},
    ['G']  = {"BINFLOAT",         pickle_run_binfloat,     PICKLE_REAL,    8},

    /* Texts. */
    ['S']  = {"STRING",           pickle_run_string,       PICKLE_BYTES,   0},
    ['T']  = {"BINSTRING",        pickle_run_text,         PICKLE_BYTES,   4},
    ['U']  = {"SHORT_BINSTRING",  pickle_run_text,         PICKLE_BYTES,   1},
    ['V']  = {"UNICODE",          pickle_run_unicode,      PICKLE_TEXT,    0},
    [0x8c] = {"SHORT_BINUNICODE", pickle_run_text,         PICKLE_TEXT,    1},
    ['X']  = {"BINUNICODE",       pickle_run_text,         PICKLE_TEXT,    4},
    [0x8d] = {"BINUNICODE8",      pickle_run_text,         PICKLE_TEXT,    8},
    ['C']  = {"SHORT_BINBYTES",   pickle_run_text,         PICKLE_BYTES,   1},
    ['B']  = {"BINBYTES",         pickle_run_text,         PICKLE_BYTES,   4},
    [0x8e] = {"BINBYTES8",        pickle_run_text,         PICKLE_BYTES,   8},
    [0x96] = {"BYTEARRAY8",       pickle_run_text,         PICKLE_BYTES,   8},

    /* Containers. */
    [']']  = {"EMPTY_LIST",       pickle_run_empty,        PICKLE_LIST,    0},
    [')']  = {"EMPTY_TUPLE",      pickle_run_empty,        PICKLE_TUPLE,   0},
    ['}']  = {"EMPTY_DICT",       pickle_run_empty,        PICKLE_DICT,    0},
    [0x8f] = {"EMPTY_SET",        pickle_run_empty,        PICKLE_SET,     0},
    [0x85] = {"TUPLE1",           pickle_run_tuple,        PICKLE_TUPLE,   1},
    [0x86] = {"TUPLE2",           pickle_run_tuple,        PICKLE_TUPLE,   2},
    [0x87] = {"TUPLE3",           pickle_run_tuple,        PICKLE_TUPLE,   3},
    ['l']  = {"LIST",             pickle_run_gather,       PICKLE_LIST,    0},
    ['t']  = {"TUPLE",            pickle_run_gather,       PICKLE_TUPLE,   0},
    ['d']  = {"DICT",             pickle_run_gather,       PICKLE_DICT,    0},
    [0x91] = {"FROZENSET",        pickle_run_gather,       PICKLE_SET,     0},
    ['a']  = {"APPEND",           pickle_run_fill,         PICKLE_LIST,    1},
    ['e']  = {"APPENDS",          pickle_run_fill,         PICKLE_LIST,    0},
    ['s']  = {"SETITEM",          pickle_run_fill,         PICKLE_DICT,    2},
    ['u']  = {"SETITEMS",         pickle_run_fill,         PICKLE_DICT,    0},
    [0x90] = {"ADDITEMS",         pickle_run_fill,         PICKLE_SET,     0},

    /* What Python would import or call, and what is outside. */
    ['c']  = {"GLOBAL",           pickle_run_global,       PICKLE_GLOBAL,  0},
    [0x93] = {"STACK_GLOBAL",     pickle_run_stack_global, PICKLE_GLOBAL,  0},
    ['R']  = {"REDUCE",           pickle_run_call,         PICKLE_CALL,    2},
    [0x81] = {"NEWOBJ",           pickle_run_call,         PICKLE_CALL,    2},
    [0x92] = {"NEWOBJ_EX",        pickle_run_call,         PICKLE_CALL,    3},
    ['i']  = {"INST",             pickle_run_inst,         PICKLE_CALL,    0},
    ['o']  = {"OBJ",              pickle_run_obj,          PICKLE_CALL,    0},
    ['b']  = {"BUILD",            pickle_run_build,        PICKLE_CALL,    0},
    ['P']  = {"PERSID",           pickle_run_persid,       PICKLE_REFERENCE, 0},
    ['Q']  = {"BINPERSID",        pickle_run_binpersid,    PICKLE_REFERENCE, 0},
    [0x82] = {"EXT1",             pickle_run_extension,    PICKLE_NONE,    0},
    [0x83] = {"EXT2",             pickle_run_extension,    PICKLE_NONE,    0},
    [0x84] = {"EXT4",             pickle_run_extension,    PICKLE_NONE,    0},
    [0x97] = {"NEXT_BUFFER",      pickle_run_buffer,       PICKLE_NONE,    0},
    [0x98] = {"READONLY_BUFFER",  pickle_run_buffer,       PICKLE_NONE,    0},
    // clang-format on
};

static bool run_opcode(struct pickle_machine *machine)
{
    machine->opcode_at = machine->at;
    if (machine->at == machine->length)
        return pickle_fail(machine, "the pickle is cut short: it ends without STOP");
    unsigned char byte = machine->bytes[machine->at++];
    machine->opcode = &opcodes[byte];
    if (!machine->opcode->name)
        return pickle_fail(machine, "0x%02X is not an opcode of Python's pickles", byte);
    return machine->opcode->run(machine);
}

struct pickle_value *pickle_read(const struct pickle_place *place, const unsigned char *bytes,
                                 size_t length, bool (*allowed)(const char *global),
                                 struct arena *arena, size_t *used, struct error *error)
{
    struct pickle_machine machine = {.place = place,
                                     .allowed = allowed,
                                     .arena = arena,
                                     .error = error,
                                     .bytes = bytes,
                                     .length = length};
    assert(allowed);
    while (!machine.result && run_opcode(&machine))
        continue;
    if (used)
        *used = machine.at;
    mem_free(machine.stack);
    mem_free(machine.marks);
    pickle_memo_done(&machine.memo);
    return machine.result;
}

bool pickle_is_global(const struct pickle_value *value, const char *global)
{
    return value->kind == PICKLE_GLOBAL && strcmp(value->text, global) == 0;
}

bool pickle_is_call(const struct pickle_value *value, const char *global)
{
    return value->kind == PICKLE_CALL && pickle_is_global(value->items[0], global);
}

static bool is_key(const struct pickle_value *value, const char *key)
{
    return (value->kind == PICKLE_TEXT || value->kind == PICKLE_BYTES) &&
           value->length == strlen(key) && memcmp(value->text, key, value->length) == 0;
}

const struct pickle_value *pickle_lookup(const struct pickle_value *dict, const char *key)
{
    if (dict->kind == PICKLE_CALL && dict->state)
        dict = dict->state;
    if (dict->kind == PICKLE_DICT)
        for (size_t i = dict->length; i > 0; i -= 2)
            if (is_key(dict->items[i - 2], key))
                return dict->items[i - 1];
    return NULL;
}
