/* SPDX-License-Identifier: MIT
 *
 * A file of any format packed with gzip (RFC 1952), and again, a few times over.  It is read where
 * it is: content.h inflates what is asked for.
 */
#include "model/formats.h"

#define NESTED_MOST 4

/* A stream of gzip hardly packs again: one that shrinks to less than half its size, once it has
 * this many bytes, is made to unpack to more than anybody can wait for. */
#define BOMB_BYTES (1u << 20)

static bool is_bomb(const struct content *file)
{
    return file->outer && file->size > BOMB_BYTES && file->size / 2 > file->outer->size;
}

static bool read_gzip(struct model *model, const struct content *file, struct error *error)
{
    unsigned depth = 1;
    for (const struct content *outer = file->outer; outer; outer = outer->outer)
        depth++;
    if (depth > NESTED_MOST)
        return error_set(error, ERROR_FILE, "%s: is packed with gzip more than %d times over",
                         file->label, NESTED_MOST);
    if (is_bomb(file))
        return error_set(error, ERROR_FILE, "%s: holds a gzip stream that packs too well to be one",
                         file->label);
    struct content *inner = content_inflate(file, CONTENT_GZIP, 0, file->size, 0, NULL, error);
    return inner && formats_read(model, inner, error);
}

/* The two bytes of its mark, and the only method of packing there is, deflate. */
static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    (void)size;
    return prefix[0] == 0x1f && prefix[1] == 0x8b && prefix[2] == 8;
}

/* No suffix: what is inside has the name of the file, too. */
const struct format format_gzip = {"gzip", NULL, recognise, read_gzip};
