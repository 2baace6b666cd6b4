/* SPDX-License-Identifier: MIT */
#include "model/tar.h"

#include <inttypes.h>
#include <string.h>

/* Fields of a header, each a text that ends with a NUL or fills its place. */
#define NAME_SIZE    100u
#define SIZE_AT      124u
#define SIZE_SIZE    12u
#define SUM_AT       148u
#define SUM_SIZE     8u
#define TYPE_AT      156u
#define MAGIC_AT     257u
#define MEMBERS_MOST 4096u /* PyTorch's have four */

bool tar_recognise(const unsigned char header[TAR_BLOCK])
{
    return memcmp(header + MAGIC_AT, "ustar", 5) == 0;
}

/* A number in octal digits, after spaces and before a space or NUL; or, with the highest bit set,
 * in binary, the highest byte first, as GNU writes sizes from 8 GiB on. */
static bool take_number(const unsigned char *field, unsigned size, uint64_t *number)
{
    unsigned i = 0;
    *number = 0;
    if (field[0] == 0x80) {
        for (i = 1; i < size; i++) {
            if (*number >> 56)
                return false;
            *number = *number << 8 | field[i];
        }
        return true;
    }
    while (i < size && field[i] == ' ')
        i++;
    unsigned first = i;
    for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
        *number = *number << 3 | (unsigned)(field[i] - '0');
    return i > first && (i == size || field[i] == ' ' || field[i] == '\0');
}

/* The sum of a header's bytes, its own field counted as spaces. */
static bool has_sum(const unsigned char *header)
{
    uint64_t written, sum = 0;
    for (unsigned i = 0; i < TAR_BLOCK; i++)
        sum += i - SUM_AT < SUM_SIZE ? ' ' : header[i];
    return take_number(header + SUM_AT, SUM_SIZE, &written) && written == sum;
}

static bool is_end(const unsigned char *header)
{
    for (unsigned i = 0; i < TAR_BLOCK; i++)
        if (header[i])
            return false;
    return true;
}

static bool is_member(const unsigned char *header, const char *name)
{
    const char *own = (const char *)header;
    size_t length = strlen(name);
    if (memcmp(own, "./", 2) == 0)
        own += 2;
    return (header[TYPE_AT] == '0' || header[TYPE_AT] == '\0') && length < NAME_SIZE - 2 &&
           memcmp(own, name, length + 1) == 0;
}

static bool fail(const struct content *file, uint64_t at, const char *fault, struct error *error)
{
    return error_set(error, ERROR_FILE, "%s: %s (byte %" PRIu64 ")", file->label, fault, at);
}

bool tar_find(const struct content *file, const char *name, struct tar_range *range,
              struct error *error)
{
    unsigned char header[TAR_BLOCK];
    uint64_t at = 0, size;
    bool found = false;
    for (unsigned i = 0; i < MEMBERS_MOST && file->size - at >= TAR_BLOCK; i++) {
        if (!content_read(file, at, TAR_BLOCK, header, error))
            return false;
        if (is_end(header))
            break;
        if (!has_sum(header) || !take_number(header + SIZE_AT, SIZE_SIZE, &size))
            return fail(file, at, "its tar archive has a damaged header", error);
        at += TAR_BLOCK;
        if (size > file->size - at)
            return fail(file, at, "is cut short inside a member of its tar archive", error);
        if (is_member(header, name)) {
            *range = (struct tar_range){at, at + size};
            found = true;
        }
        uint64_t padding = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
        at += size + (padding < file->size - at - size ? padding : file->size - at - size);
    }
    return found || error_set(error, ERROR_FILE,
                              "%s: is a tar archive without \"%s\", so it is none of PyTorch 0.1 "
                              "(byte %" PRIu64 ")",
                              file->label, name, at);
}
