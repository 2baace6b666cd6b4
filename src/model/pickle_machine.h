/* SPDX-License-Identifier: MIT
 *
 * The stack machine that runs a pickle, for the files that hold its opcodes; its users see
 * model/pickle.h only.  What can fail returns false after setting the error.
 */
#ifndef MODEL_PICKLE_MACHINE_H
#define MODEL_PICKLE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/pickle.h"
#include "model/pickle_memo.h"

struct pickle_machine;

/* What one byte of a pickle means. */
struct pickle_opcode {
    const char *name; /* as in Python's pickletools; NULL for a byte that is no opcode */
    bool (*run)(struct pickle_machine *machine);
    enum pickle_kind kind; /* of what it makes or fills, where run() serves several opcodes */
    unsigned size;         /* bytes of its number, or how many values it takes */
};

struct pickle_machine {
    const struct pickle_place *place;
    bool (*allowed)(const char *global);
    struct arena *arena;
    struct error *error;

    const unsigned char *bytes;
    size_t length;
    size_t at;                          /* next byte to read */
    const struct pickle_opcode *opcode; /* that is running */
    size_t opcode_at;

    struct pickle_value **stack;
    size_t count, capacity;
    size_t *marks; /* of each MARK that is open, the count of the stack below it */
    size_t mark_count, mark_capacity;
    struct pickle_memo memo;
    size_t pushes;               /* of values and marks, so far */
    struct pickle_value *result; /* set by STOP */
};

/* Sets ERROR_FILE, "FILE: PART: TEXT (byte N)", N being where the running opcode lies. */
bool pickle_fail(struct pickle_machine *machine, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next count bytes. */
bool pickle_take(struct pickle_machine *machine, uint64_t count, const unsigned char **bytes);

/* The next size bytes, at most 8, as a little-endian number. */
bool pickle_take_number(struct pickle_machine *machine, unsigned size, uint64_t *number);

/* The bytes before the next newline, and moves behind that. */
bool pickle_take_line(struct pickle_machine *machine, const char **line, size_t *length);

/* The bytes behind their number, which is as long as the opcode says. */
bool pickle_take_counted(struct pickle_machine *machine, const unsigned char **bytes,
                         uint64_t *length);

/* "the line of OPCODE is not WHAT" */
bool pickle_fail_line(struct pickle_machine *machine, const char *what);

/* A value of this kind, zero otherwise, that is on no stack yet. */
struct pickle_value *pickle_new(struct pickle_machine *machine, enum pickle_kind kind);

/* Adds copies of the pointers to the items of value. */
void pickle_add_items(struct pickle_machine *machine, struct pickle_value *value,
                      struct pickle_value *const *items, size_t count);

bool pickle_push(struct pickle_machine *machine, struct pickle_value *value);

/* Push a new value of a kind that has text, which is copied, or items. */
bool pickle_push_text(struct pickle_machine *machine, enum pickle_kind kind, const char *text,
                      size_t length);
bool pickle_push_items(struct pickle_machine *machine, enum pickle_kind kind,
                       struct pickle_value *const *items, size_t count);

bool pickle_push_mark(struct pickle_machine *machine);

/* Takes count values from the top, none of them from below the last mark.  *items, lowest first,
 * is good until the next push. */
bool pickle_pop(struct pickle_machine *machine, size_t count, struct pickle_value ***items);

/* Takes the values above the last mark, and the mark. */
bool pickle_pop_mark(struct pickle_machine *machine, struct pickle_value ***items, size_t *count);

/* The topmost value, which stays. */
bool pickle_top(struct pickle_machine *machine, struct pickle_value **value);

/* What opcodes do.  pickle_flow.c: the stack itself and the memo. */
bool pickle_run_proto(struct pickle_machine *machine);
bool pickle_run_frame(struct pickle_machine *machine);
bool pickle_run_stop(struct pickle_machine *machine);
bool pickle_run_mark(struct pickle_machine *machine);
bool pickle_run_pop(struct pickle_machine *machine);
bool pickle_run_pop_mark(struct pickle_machine *machine);
bool pickle_run_dup(struct pickle_machine *machine);
bool pickle_run_put(struct pickle_machine *machine); /* number of size bytes; 0: a line */
bool pickle_run_get(struct pickle_machine *machine); /* likewise */
bool pickle_run_memoize(struct pickle_machine *machine);
bool pickle_run_extension(struct pickle_machine *machine);
bool pickle_run_buffer(struct pickle_machine *machine);

/* pickle_number.c. */
bool pickle_run_none(struct pickle_machine *machine);
bool pickle_run_boolean(struct pickle_machine *machine);  /* of value size */
bool pickle_run_int(struct pickle_machine *machine);      /* a line */
bool pickle_run_long(struct pickle_machine *machine);     /* a line */
bool pickle_run_unsigned(struct pickle_machine *machine); /* of size bytes */
bool pickle_run_signed(struct pickle_machine *machine);   /* of size bytes */
bool pickle_run_long_n(struct pickle_machine *machine);   /* behind its length, of size bytes */
bool pickle_run_float(struct pickle_machine *machine);    /* a line */
bool pickle_run_binfloat(struct pickle_machine *machine);

/* pickle_text.c. */
bool pickle_run_text(struct pickle_machine *machine);    /* behind its length, of size bytes */
bool pickle_run_string(struct pickle_machine *machine);  /* a line */
bool pickle_run_unicode(struct pickle_machine *machine); /* a line */

/* pickle_object.c: containers, globals and calls. */
bool pickle_run_empty(struct pickle_machine *machine);
bool pickle_run_tuple(struct pickle_machine *machine);  /* of size values */
bool pickle_run_gather(struct pickle_machine *machine); /* values above the mark */
bool pickle_run_fill(struct pickle_machine *machine);   /* by size values; 0: above the mark */
bool pickle_run_global(struct pickle_machine *machine);
bool pickle_run_stack_global(struct pickle_machine *machine);
bool pickle_run_call(struct pickle_machine *machine); /* of size values: REDUCE, NEWOBJ(_EX) */
bool pickle_run_inst(struct pickle_machine *machine);
bool pickle_run_obj(struct pickle_machine *machine);
bool pickle_run_build(struct pickle_machine *machine);
bool pickle_run_persid(struct pickle_machine *machine);
bool pickle_run_binpersid(struct pickle_machine *machine);

/* The value of a line of decimal digits that is to be a number of the memo: pickle_number.c. */
bool pickle_take_decimal(struct pickle_machine *machine, uint64_t *number);

#endif
