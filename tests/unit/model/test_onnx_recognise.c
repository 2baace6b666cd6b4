/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/onnx_recognise.h"

/* What is said of a file of `size` bytes that begins with these, with zeros behind them. */
static bool is_onnx(const char *bytes, size_t length, uint64_t size)
{
    unsigned char prefix[FORMAT_PREFIX] = {0};
    memcpy(prefix, bytes, length);
    return onnx_recognise(prefix, size);
}

#define WHOLE(LITERAL)        is_onnx(LITERAL, sizeof(LITERAL) - 1, sizeof(LITERAL) - 1)
#define BEGINS(LITERAL, SIZE) is_onnx(LITERAL, sizeof(LITERAL) - 1, SIZE)

static void test_models(void **state)
{
    (void)state;
    assert_true(BEGINS("\x08\x08\x12\x07pytorch\x1a\x05"
                       "2.3.1:\xe9\xda\x4e\x0a\x45\x12",
                       1289603));
    assert_true(BEGINS("\x08\x04\x12\x07pytorch\x1a\x03"
                       "1.2:\xaf\xc7\x4d\x0a\x85\x01",
                       1270727));
    assert_true(WHOLE("\x08\x0a:\0"));
    assert_true(WHOLE("\x08\x0a"
                      "B\x02\x10\x0f"
                      "2\x04"
                      "a\nb\t"
                      "(\x01"
                      "\x22\x05"
                      "a.b.c"
                      ":\x03\x12\x01g"));
    assert_true(WHOLE("\x08\x03r\x08\x0a\x02"
                      "ab\x12\x02"
                      "cd:\x02\x2a\x00"));
}

static void test_other_files(void **state)
{
    (void)state;
    assert_false(WHOLE("hello"));
    assert_false(WHOLE("\x08"));
    assert_false(WHOLE("\x08\x08")); /* no graph */
    assert_false(WHOLE("\x08\x08\x12\x04test"));
    assert_false(WHOLE("\x08\x00:\0")); /* versions */
    assert_false(WHOLE("\x08\x20:\0"));
    assert_false(WHOLE("\x0a\x08\x08\x08:\0"));
    assert_false(BEGINS("\x08\x08:\x08\x10\x01", 10)); /* graphs do not begin so */
    assert_false(BEGINS("\x08\x08:\x08\0\0\0", 12));
    assert_false(BEGINS("\x08\x08:\x0b\x0a\x01", 14)); /* nor go beyond the file */
    assert_false(BEGINS("\x08\x08\x12\x80\x80\x80\x01"
                        "aaaa",
                        1000));
    assert_false(BEGINS("\x08\x08\0\0\0\0", 100000));
    assert_false(BEGINS("\x08\x08\x48\x01\x3a\0", 100)); /* a field that models do not have */
    assert_false(BEGINS("\x08\x08\x0b\x01\x3a\0", 100)); /* a group */
    assert_false(BEGINS("\x08\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", 1000));
    /* A SavedModel of TensorFlow, a model of Core ML, an array of HDF5. */
    assert_false(BEGINS("\x08\x01\x12\x90\x4e\x0a\x8b\x10\x12\x05serve", 20000));
    assert_false(BEGINS("\x08\x04\x12\x2c\x0a\x10\x0a\x05"
                        "image\x12\x07\x12\x05\x08\x03",
                        20000));
    assert_false(BEGINS("\x89HDF\r\n\x1a\n", 20000));
}

/* Of a prefix without a graph, all that there is must fit. */
static void test_long_texts(void **state)
{
    (void)state;
    char bytes[FORMAT_PREFIX] = "\x08\x08\x12\x04test\x32\xd0\x0f";
    memset(bytes + 11, 'a', sizeof bytes - 11);
    assert_true(is_onnx(bytes, sizeof bytes, 5000));
    assert_false(is_onnx(bytes, sizeof bytes, 600)); /* too short for the text */
    bytes[FORMAT_PREFIX - 1] = '\x01';
    assert_false(is_onnx(bytes, sizeof bytes, 5000));
    /* Cut at every byte, the second half of the prefix being the beginning of a field. */
    for (size_t cut = 1; cut < 8; cut++) {
        char cut_short[FORMAT_PREFIX] = "\x08\x08\x32";
        size_t text = sizeof cut_short - 5 - cut;
        cut_short[3] = (char)(text | 0x80);
        cut_short[4] = (char)(text >> 7);
        memset(cut_short + 5, 'a', text);
        memcpy(cut_short + 5 + text, "\x3a\x80\x80\x80\x01\x0a\x01\x01", cut);
        assert_true(is_onnx(cut_short, sizeof cut_short, 1u << 30));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_other_files),
        cmocka_unit_test(test_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
