/* SPDX-License-Identifier: MIT
 *
 * The input is a pickle.  Of one that is good, every value is looked at.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static bool allow(const char *global)
{
    require(strchr(global, '.') != NULL, "a global has a module");
    return strstr(global, "system") == NULL;
}

/* Values that were reached but not looked at; each is in it once at most. */
struct walk {
    struct pickle_value **values;
    size_t count, capacity;
    size_t reached, items; /* in all */
};

static void reach(struct walk *walk, struct pickle_value *value)
{
    if (value->seen)
        return;
    value->seen = true;
    walk->reached++;
    walk->values =
        mem_grow(walk->values, &walk->capacity, walk->count + 1, sizeof(struct pickle_value *));
    walk->values[walk->count++] = value;
}

static void check_text(const struct pickle_value *value)
{
    require(value->text[value->length] == '\0', "a NUL is behind each text");
    if (value->kind == PICKLE_GLOBAL)
        require(strlen(value->text) == value->length && allow(value->text),
                "globals were asked for");
    if (value->kind == PICKLE_BIG)
        require(value->length > 8, "BIG does not fit 64 bits");
}

static void check_items(struct walk *walk, const struct pickle_value *value)
{
    for (size_t i = 0; i < value->length; i++)
        reach(walk, value->items[i]);
    walk->items += value->length;
    if (value->kind == PICKLE_DICT)
        require(value->length % 2 == 0, "keys have values");
    if (value->kind == PICKLE_REFERENCE)
        require(value->length == 1, "a reference has an id");
}

static void check_call(struct walk *walk, const struct pickle_value *value)
{
    require(value->length == 2 || value->length == 3, "a call has two or three parts");
    require(value->items[1]->kind == PICKLE_TUPLE, "arguments are a tuple");
    if (value->state)
        reach(walk, value->state);
    if (value->attributes)
        reach(walk, value->attributes);
}

static void check_value(struct walk *walk, const struct pickle_value *value, size_t size)
{
    require(value->at < size, "a value comes from the pickle");
    pickle_lookup(value, "key");
    switch (value->kind) {
    case PICKLE_NONE:
    case PICKLE_INTEGER:
    case PICKLE_REAL:
        break;
    case PICKLE_BOOLEAN:
        require(value->integer == 0 || value->integer == 1, "BOOLEAN is 0 or 1");
        break;
    case PICKLE_BIG:
    case PICKLE_BYTES:
    case PICKLE_TEXT:
    case PICKLE_GLOBAL:
        check_text(value);
        break;
    case PICKLE_CALL:
        check_call(walk, value);
        check_items(walk, value);
        break;
    case PICKLE_LIST:
    case PICKLE_TUPLE:
    case PICKLE_SET:
    case PICKLE_DICT:
    case PICKLE_REFERENCE:
        check_items(walk, value);
        break;
    }
}

static void check_all(struct pickle_value *root, size_t size)
{
    struct walk walk = {0};
    reach(&walk, root);
    while (walk.count > 0)
        check_value(&walk, walk.values[--walk.count], size);
    require(walk.reached <= 2 * size && walk.items <= 2 * size, "memory goes with the length");
    mem_free(walk.values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct pickle_place place = {"fuzz.pt", "data.pkl: ", 0, NULL};
    struct arena arena = {0};
    struct error error = {ERROR_NONE, ""};
    size_t used = 0;
    struct pickle_value *root = pickle_read(&place, data, size, allow, &arena, &used, &error);
    if (root) {
        require(used > 0 && used <= size && data[used - 1] == '.', "a pickle ends with STOP");
        check_all(root, size);
    } else {
        require(error.code == ERROR_FILE, "a bad pickle is the file's fault");
        require(strncmp(error.text, "fuzz.pt: data.pkl: ", 19) == 0, "messages say where");
        require(utf8_printable(error.text, strlen(error.text)), "messages are printable");
    }
    arena_done(&arena);
    return 0;
}
