/* SPDX-License-Identifier: MIT
 *
 * How a struct of plain data is told in JSON: one table drives writing and reading, so that what is
 * written comes back bit for bit.
 */
#ifndef ENGINE_LAYOUT_H
#define ENGINE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <yajl/yajl_gen.h>

/* Containers in one another, of any table. */
#define LAYOUT_DEPTH 8

enum layout_kind {
    LAYOUT_NUMBER,  /* double; null if it is not finite, which comes back as NaN */
    LAYOUT_COUNT,   /* uint64_t */
    LAYOUT_COUNT32, /* uint32_t */
    LAYOUT_TRUTH,   /* bool */
    LAYOUT_TEXT,    /* char[most], printable and with a NUL; null if empty */
    LAYOUT_FLAG,    /* the bit `flag` of an unsigned, as a truth */
    LAYOUT_OBJECT,
    LAYOUT_LIST, /* of most elements, stride bytes apart */
};

struct layout {
    const char *name; /* NULL ends a table of members */
    enum layout_kind kind;
    size_t offset; /* from the start of the struct or list element around it */
    /* Of an object its members; of a list one row, at offset 0, for its elements. */
    const struct layout *members;
    size_t most, stride;
    /* Of a list: where the number of its elements is, a uint32_t of the struct around it.  None:
     * all are there, and zeros at the end need not be. */
    bool counted;
    size_t counter;
    unsigned flag; /* of a flag: its bit */
    unsigned part; /* written only if the struct has all these parts */
};

/* Writes the struct's members into an open object. */
void layout_write(yajl_gen json, const struct layout members[], const void *base, unsigned parts);

/* Zeroes `size` bytes and makes every number NaN, but for elements of a counted list, of which
 * there are none. */
void layout_clear(const struct layout members[], void *base, size_t size);

/* A struct that is being read, event by event. */
struct layout_reader {
    struct {
        const struct layout *table; /* members, or the one row of a list's elements */
        const struct layout *list;  /* the list itself, NULL for an object */
        char *base, *around;        /* of the elements; of the struct around a list */
        size_t index;               /* of the next element */
    } level[LAYOUT_DEPTH];
    unsigned depth;            /* levels open */
    const struct layout *next; /* whose value comes next; NULL: one of no interest */
    unsigned skipped;          /* containers open in a value of no interest */
    const char *wrong;         /* static text: why an event was refused */
};

/* Begins behind the { of the struct's object; the struct was cleared. */
void layout_begin(struct layout_reader *reader, const struct layout members[], void *base);

enum layout_event {
    LAYOUT_ON_NULL,
    LAYOUT_ON_FALSE,
    LAYOUT_ON_TRUE,
    LAYOUT_ON_NUMBER, /* bytes: its digits */
    LAYOUT_ON_STRING,
    LAYOUT_ON_KEY,
    LAYOUT_ON_OBJECT,
    LAYOUT_ON_LIST,
    LAYOUT_ON_END, /* of either */
};

/* Keys that are not in the table are passed over, with their values; false if a value is not what
 * its row wants.  The struct is complete when depth has become 0. */
bool layout_take(struct layout_reader *reader, enum layout_event event, const char *bytes,
                 size_t length);

#endif
