/* SPDX-License-Identifier: MIT */
#include "model/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/label.h"

uint64_t json_at(const struct json *json)
{
    return json->base + (json->at_end ? json->length : yajl_get_bytes_consumed(json->parser));
}

bool json_fail(struct json *json, uint64_t at, const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);

    struct quote name;
    bool named = json->tensor != NULL;
    return error_set(json->error, ERROR_FILE, "%s: %s%s%s%s%s (byte %" PRIu64 ")", json->file,
                     json->part, named ? "tensor " : "",
                     named ? label_quote(&name, json->tensor, json->tensor_length) : "",
                     named ? ": " : "", reason, at);
}

bool json_whole(struct json *json, const char *what, const char *digits, size_t length,
                uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return json_fail(json, json_at(json), "%s is not a whole number", what);
        unsigned digit = (unsigned)(digits[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return json_fail(json, json_at(json), "%s is beyond 64 bits", what);
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

void json_skip(struct json *json)
{
    json->skipping = true;
    json->skip_depth = json->depth;
}

static const char *name_of(enum json_event event)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOLEAN] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_OBJECT] = "an object",      [JSON_ARRAY] = "an array",
    };
    return names[event];
}

static bool apply_rule(struct json *json, enum json_event event, const char *bytes, size_t length)
{
    const struct json_rule *rule = &json->rules[json->place];
    if (event == rule->closing) {
        json->place = rule->after;
        return !rule->close || rule->close(json);
    }
    /* Keys and ends come only where the grammar has them, which is where a rule wants them; so
     * what does not fit is always the beginning of a value. */
    if (event != rule->wanted)
        return json_fail(json, json_at(json), "%s is %s, not %s", rule->what, name_of(event),
                         rule->form);
    json->place = rule->next;
    return !rule->take || rule->take(json, bytes, length);
}

static bool on_event(void *context, enum json_event event, const char *bytes, size_t length)
{
    struct json *json = context;
    bool opens = event == JSON_OBJECT || event == JSON_ARRAY;
    if (opens && ++json->depth > JSON_DEPTH)
        return json_fail(json, json_at(json), "nested more than %d deep", JSON_DEPTH);
    if (event == JSON_OBJECT_END || event == JSON_ARRAY_END)
        json->depth--;
    if (!json->skipping)
        return apply_rule(json, event, bytes, length);
    json->skipping = opens || json->depth > json->skip_depth;
    return true;
}

/* The code unit of a \uXXXX escape that begins at text[at]; -1 if there is none. */
static long code_unit(const char *text, size_t length, size_t at)
{
    if (length - at < 6 || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    long unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = tolower((unsigned char)text[i]);
        if (!isxdigit(digit))
            return -1;
        unit = unit * 16 + (isdigit(digit) ? digit - '0' : digit - 'a' + 10);
    }
    return unit;
}

/* yajl makes "?" or invalid UTF-8 of half a surrogate pair, by which two names could become one;
 * so such escapes are looked for beforehand.  A backslash outside a string is yajl's to refuse. */
static bool check_surrogates(struct json *json, const char *text, size_t length)
{
    size_t at = 0;
    for (const char *slash; (slash = memchr(text + at, '\\', length - at)) != NULL;) {
        at = (size_t)(slash - text);
        long unit = code_unit(text, length, at);
        if (unit >= 0xd800 && unit < 0xe000) {
            long low = unit < 0xdc00 ? code_unit(text, length, at + 6) : -1;
            if (low < 0xdc00 || low >= 0xe000)
                return json_fail(json, json->base + at, "an escape is half a surrogate pair");
            at += 6;
        }
        at += 2;
        if (at >= length)
            break;
    }
    return true;
}

static bool fail_syntax(struct json *json)
{
    unsigned char *reason = yajl_get_error(json->parser, 0, NULL, 0);
    const char *text = (const char *)reason;
    json->tensor = NULL;
    json_fail(json, json_at(json), "not valid JSON: %.*s", (int)strcspn(text, "\n"), text);
    yajl_free_error(json->parser, reason);
    return false;
}

bool json_read(struct json *json, const char *text, size_t length)
{
    if (!check_surrogates(json, text, length))
        return false;
    const struct json_listener listener = {on_event, json};
    json->parser = json_parser_new(&listener);
    json->length = length;
    yajl_status status = yajl_parse(json->parser, (const unsigned char *)text, length);
    if (status == yajl_status_ok) {
        json->at_end = true;
        status = yajl_complete_parse(json->parser);
    }
    if (status == yajl_status_error)
        fail_syntax(json);
    yajl_free(json->parser);
    return status == yajl_status_ok;
}
