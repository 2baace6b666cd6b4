/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/content.h"
#include "model/tar.h"

/* An archive of one member "data" of 3 bytes, whose size is written as given in 12 bytes, and an
 * end; as content. */
static struct content *archive(const char size[12], size_t blocks)
{
    unsigned char *memory;
    struct content *content = content_of_memory("a.tar", blocks * TAR_BLOCK, &memory, NULL);
    assert_non_null(content);
    strcpy((char *)memory, "./data");
    memcpy(memory + 124, size, 12);
    memory[156] = '0';
    memcpy(memory + 257, "ustar", 5);
    unsigned sum = 8 * ' ';
    for (unsigned i = 0; i < TAR_BLOCK; i++)
        sum += memory[i];
    snprintf((char *)memory + 148, 8, "%06o", sum);
    return content;
}

static void finds(const char size[12], size_t blocks, uint64_t end)
{
    struct content *content = archive(size, blocks);
    struct tar_range range;
    struct error error = {0};
    assert_true(tar_find(content, "data", &range, &error));
    assert_int_equal(range.begin, TAR_BLOCK);
    assert_int_equal(range.end, end);
    content_free(content);
}

static void refuses(const char size[12], const char *name, const char *part)
{
    struct content *content = archive(size, 3);
    struct tar_range range;
    struct error error = {0};
    assert_false(tar_find(content, name, &range, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, part));
    content_free(content);
}

static void test_sizes(void **state)
{
    (void)state;
    finds("00000000003\0", 3, TAR_BLOCK + 3);
    finds("         3 \0", 3, TAR_BLOCK + 3);
    finds("\x80\0\0\0\0\0\0\0\0\0\0\3", 3, TAR_BLOCK + 3);
    /* Without an end, and without the padding of the last member. */
    finds("00000000003\0", 2, TAR_BLOCK + 3);
    finds("00000001000\0", 2, 2 * TAR_BLOCK);
}

static void test_damage(void **state)
{
    (void)state;
    refuses("            ", "data", "damaged header (byte 0)");
    refuses("0000000003x\0", "data", "damaged header");
    refuses("\x80\1\0\0\0\0\0\0\0\0\0\3", "data", "damaged header");
    refuses("00000002001\0", "data", "cut short inside a member");
    refuses("\x80\0\0\0\377\377\377\377\377\377\377\377", "data", "cut short");
    refuses("00000000003\0", "pickle", "without \"pickle\"");
}

static void test_recognised(void **state)
{
    (void)state;
    struct content *content = archive("00000000003\0", 3);
    unsigned char header[TAR_BLOCK];
    assert_true(content_read(content, 0, TAR_BLOCK, header, NULL));
    assert_true(tar_recognise(header));
    header[257] = 'U';
    assert_false(tar_recognise(header));
    content_free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
