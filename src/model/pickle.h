/* SPDX-License-Identifier: MIT
 *
 * Python pickles as data.  The opcodes of protocols 0 to 5 are interpreted into a tree of values;
 * nothing is ever imported or called.  What would be a call (REDUCE, NEWOBJ, BUILD, INST, OBJ) or a
 * reference outside (PERSID) becomes a value that says so, and the reader of a format decides what
 * it means.
 */
#ifndef MODEL_PICKLE_H
#define MODEL_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/arena.h"

enum pickle_kind {
    PICKLE_NONE,
    PICKLE_BOOLEAN,  /* integer is 0 or 1 */
    PICKLE_INTEGER,  /* fits int64_t */
    PICKLE_BIG,      /* one that does not: text is its shortest two's complement, little-endian */
    PICKLE_REAL,     /* real */
    PICKLE_BYTES,    /* bytes, bytearray, or a Python 2 str */
    PICKLE_TEXT,     /* UTF-8 as in the file, not checked: may hold surrogates */
    PICKLE_LIST,     /* items */
    PICKLE_TUPLE,    /* items */
    PICKLE_SET,      /* items; frozenset too */
    PICKLE_DICT,     /* items: key, value, key, value, ... in the order of setting */
    PICKLE_GLOBAL,   /* text is "module.name" */
    PICKLE_CALL,     /* items[0] is what would be called (any value), items[1] a TUPLE of its
                        arguments; items[2], of NEWOBJ_EX only, those by keyword */
    PICKLE_REFERENCE /* of PERSID or BINPERSID: items[0] is the persistent id */
};

/* A value.  Values are shared where the pickle shares them, so the tree is a graph: it may hold
 * cycles and share so much that walking it naively never ends.  Who walks it bounds depth and
 * steps, and uses `seen`.  Only the member of the union that its kind has may be read. */
struct pickle_value {
    enum pickle_kind kind;
    bool seen;   /* for who walks: false at first */
    bool filled; /* private: state holds what SETITEMS, APPENDS or ADDITEMS gave */
    uint64_t at; /* byte of the file at which the opcode lies that made it, for messages */
    union {
        int64_t integer;
        double real;
        const char *text;            /* bytes of TEXT, BYTES, BIG, GLOBAL; a NUL behind them */
        struct pickle_value **items; /* NULL if length is 0 */
    };
    size_t length; /* of text in bytes, or of items; a CALL has 2, or with keywords 3 */
    /* Of a CALL, each NULL if there is none.  state is what was filled into it, a DICT, LIST or
     * SET, as an OrderedDict has it; what BUILD set if nothing was.  attributes is what BUILD set
     * besides. */
    struct pickle_value *state;
    struct pickle_value *attributes;
};

/* Where a pickle lies, for messages: "FILE: PART: what is wrong (byte N)". */
struct pickle_place {
    const char *file; /* printable */
    const char *part; /* "data.pkl: ", or "" */
    uint64_t base;    /* of bytes[0], from the file's start */
    const char *advice; /* what to do about a global that is not allowed; NULL: none is given */
};

/* Reads one pickle from the start of bytes[0..length-1]; values and their text live in the arena
 * (texts are copied), so bytes may go afterwards.  *used, if not NULL, is the pickle's length.
 * Whether a global may occur is asked of allowed("module.name"); one that may not is an error that
 * names it and says that it was not run.  NULL with ERROR_FILE: unknown opcode, truncated, stack
 * underflow, unset memo, a buffer or registered extension outside the file, more than
 * PICKLE_VALUES_MOST values (each counted as often as the pickle repeats it).  Memory is bounded by
 * a small multiple of length, below 100; time by a multiple of it too. */
struct pickle_value *pickle_read(const struct pickle_place *place, const unsigned char *bytes,
                                 size_t length, bool (*allowed)(const char *global),
                                 struct arena *arena, size_t *used, struct error *error);

#define PICKLE_VALUES_MOST 20000000u

/* True for a GLOBAL of this "module.name", or a CALL of it. */
bool pickle_is_global(const struct pickle_value *value, const char *global);
bool pickle_is_call(const struct pickle_value *value, const char *global);

/* The value under a text key of a DICT (or of a CALL's dict state, as an OrderedDict has it); NULL
 * if there is none.  A BYTES key counts as text, because the strings of Python 2 are BYTES.  The
 * last one wins, as in Python. */
const struct pickle_value *pickle_lookup(const struct pickle_value *dict, const char *key);

#endif
