/* SPDX-License-Identifier: MIT
 *
 * JSON documents of a fixed form, read strictly.  A reader states the form as a table of rules,
 * one per place in the document; everything that does not fit is refused with a message that
 * says what was expected, what was found, and at which byte of the file.
 */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/json_events.h"

/* Containers deeper than this are refused; the forms we read need three. */
#define JSON_DEPTH 64

struct json;

/* What may come at one place: a value or key that take() gets (NULL: nothing to do), after which
 * the place is `next` unless take() has set another; or the end of the container around it, for
 * which close() is called and the place is `after`. */
struct json_rule {
    const char *what; /* "the shape", for messages */
    const char *form; /* "an array of whole numbers" */
    enum json_event wanted;
    unsigned next;
    bool (*take)(struct json *json, const char *bytes, size_t length);
    enum json_event closing; /* JSON_NONE if nothing ends here */
    unsigned after;
    bool (*close)(struct json *json);
};

struct json {
    const struct json_rule *rules;
    void *context;    /* the reader's own */
    const char *file; /* printable, begins every message */
    const char *part; /* "header: ", or "" */
    uint64_t base;    /* of the text, in bytes from the file's start */
    struct error *error;
    unsigned place;     /* index into rules; begins as 0 */
    const char *tensor; /* name of the tensor being read, for messages; NULL for none */
    size_t tensor_length;

    /* Private to json.c. */
    void *parser;
    size_t length;
    bool at_end, skipping;
    unsigned depth, skip_depth;
};

/* Reads one whole document.  text must stay for the time of the call; strings given to take() are
 * valid during it only. */
bool json_read(struct json *json, const char *text, size_t length);

/* Called by a key's take(): the value of this key is of no interest. */
void json_skip(struct json *json);

/* Position of the reader, right behind what take() or close() got: bytes from the file's start. */
uint64_t json_at(const struct json *json);

/* Sets ERROR_FILE, "FILE: PART: tensor "NAME": TEXT (byte N)", and returns false.  at is N. */
bool json_fail(struct json *json, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The value of a number as the document writes it.  Whole and not negative, without fraction and
 * exponent, at most 2^64 - 1; else fails, calling it `what`. */
bool json_whole(struct json *json, const char *what, const char *digits, size_t length,
                uint64_t *value);

#endif
