/* SPDX-License-Identifier: MIT
 *
 * A JSON document as a stream of events, for one function instead of yajl's nine.
 */
#ifndef MODEL_JSON_EVENTS_H
#define MODEL_JSON_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include <yajl/yajl_parse.h>

enum json_event {
    JSON_NONE,
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_NUMBER,
    JSON_STRING,
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_KEY,
    JSON_OBJECT_END,
    JSON_ARRAY_END,
};

struct json_listener {
    /* bytes: what a key or a string says; of a number its digits, so that nothing is rounded; "true",
     * "false", "null"; NULL for containers.  False ends the parsing. */
    bool (*take)(void *context, enum json_event event, const char *bytes, size_t length);
    void *context;
};

/* yajl's parser, for the caller to feed and to yajl_free; the listener is lent as long. */
yajl_handle json_parser_new(const struct json_listener *listener);

#endif
