/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torch_fixture.h"

#define MAGIC "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."

/* A file of an object, the keys of its storages, and so many storages of 4 numbers, which are cut
 * by some bytes. */
static const char *write_cut(const char *object, const char *keys, unsigned storages, size_t cut)
{
    struct text file = {0};
    text_add(&file, MAGIC, sizeof MAGIC - 1);
    torch_put_pickle(&file, "#1001");
    torch_put_pickle(&file, "}");
    torch_put_pickle(&file, object);
    torch_put_pickle(&file, keys);
    for (unsigned i = 0; i < storages; i++) {
        archive_put(&file, 8, 4);
        torch_put_floats(&file, 4, false);
    }
    const char *path = fixture_write("a.pth", file.data, file.length - cut);
    text_done(&file);
    return path;
}

static const char *write_legacy(const char *object, const char *keys, unsigned storages)
{
    return write_cut(object, keys, storages, 0);
}

static void test_files(void **state)
{
    (void)state;
    torch_expect(write_legacy("} 'w' *k:4:1:2:1 s 'v' *j:4:0:2,2:1,2 s", "( 'j' 'k' l", 2),
                 "PyTorch legacy\nw F32 (2) 1 2\nv F32 (2,2) 0 2 1 3\n");
    torch_expect(write_legacy("} 'epoch' #3 s", "]", 0), "PyTorch legacy\nepoch: int 3\n");
    /* A number as a key, as in the first files. */
    torch_expect(write_legacy("} 'w' *7:4:3:1:1 s", "( '7' l", 1), "PyTorch legacy\nw F32 (1) 3\n");
}

/* A storage that is a part of another: elements 1 to 3 of it. */
#define PART "( 'storage' @torch.FloatStorage 'k' 'cpu' #4 "
#define TENSOR_OF_PART(part) \
    "} 'w' @torch._utils._rebuild_tensor_v2 ( " PART part " t Q #1 =2 =1 FALSE } t R s"

static void test_parts_of_storages(void **state)
{
    (void)state;
    torch_expect(write_legacy(TENSOR_OF_PART("( 'p' #1 #3 t"), "( 'k' l", 1),
                 "PyTorch legacy\nw F32 (2) 2 3\n");
    torch_expect(write_legacy(TENSOR_OF_PART("N"), "( 'k' l", 1),
                 "PyTorch legacy\nw F32 (2) 1 2\n");
    fixture_refused(write_legacy(TENSOR_OF_PART("( 'p' #1 #2 t"), "( 'k' l", 1),
                    "not all in its storage of 8 bytes");
    fixture_refused(write_legacy(TENSOR_OF_PART("( 'p' #2 #3 t"), "( 'k' l", 1),
                    "does not lie within it");
}

static void test_modules(void **state)
{
    (void)state;
    torch_expect(write_legacy("( 'module' @timm.Net 'net.py' 'class' t Q ) NEWOBJ } '_parameters' } "
                              "'w' *k:4:1:1:1 s s b",
                              "( 'k' l", 1),
                 "PyTorch legacy\nw F32 (1) 1\n(all): object timm.Net\n");
}

static void test_damage(void **state)
{
    static const char object[] = "} 'w' *k:4:1:2:1 s";
    (void)state;
    fixture_refused(write_legacy(object, "]", 0), "names storage \"k\", which is not in the file");
    fixture_refused(write_legacy(object, "( 'k' 'j' l", 2), "holds storage \"j\", which no tensor");
    fixture_refused(write_legacy(object, "( 'k' 'k' l", 2), "storage \"k\" is there twice");
    fixture_refused(write_legacy(object, "}", 1), "keys of storages are not a list");
    fixture_refused(write_legacy("} 'w' *k:5:1:2:1 s", "( 'k' l", 1), "storage \"k\" has 4");
    fixture_refused(write_legacy("} 'w' $EvilStorage:k:4 s", "( 'k' l", 1), "of the unknown type");
    fixture_refused(write_cut(object, "( 'k' l", 1, 1), "the 4 elements of a storage are not all");
    fixture_refused(write_cut(object, "( 'k' l", 1, 17), "cut short before the size of a storage");
    fixture_refused(write_cut(object, "( 'k' l", 1, 30), "(byte ");
}

static void test_heads(void **state)
{
    static const char other[] = "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x18.";
    static const char protocol[] = MAGIC "\x80\2K\1.";
    /* The magic number in digits, as protocols 0 and 1 have it. */
    static const char digits[] = "L119547037146038801333356L\n.M\xe9\3.}.}.].";
    static const char framed[] = "\x80\4\x95\x0d\0\0\0\0\0\0\0\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a"
                                 "\xa8\x50\x19.M\xe9\3.}.}.].";
    (void)state;
    fixture_refused(fixture_write("a", other, sizeof other - 1), "magic number (byte 0)");
    fixture_refused(fixture_write("a", protocol, sizeof protocol - 1),
                    "its protocol is not 1001 (byte 15)");
    torch_expect(fixture_write("a", digits, sizeof digits - 1), "PyTorch legacy\n");
    torch_expect(fixture_write("a", framed, sizeof framed - 1), "PyTorch legacy\n");
    fixture_refused(fixture_write("a", "\x80\3}.", 4), "not one of PyTorch");
}

/* A pickle longer than what is read of the file at first. */
static void test_long_pickle(void **state)
{
    struct text object = {0};
    (void)state;
    text_puts(&object, "}");
    for (int i = 0; i < 500; i++)
        text_printf(&object, " 'w%d' *k:4:1:2:1 s", i);
    const char *path = write_legacy(object.data, "( 'k' l", 1);
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    assert_non_null(model);
    assert_int_equal(model->count, 500);
    assert_int_equal(model->elements, 2);
    assert_int_equal(error.code, ERROR_NONE);
    model_free(model);
    text_done(&object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),   cmocka_unit_test(test_parts_of_storages),
        cmocka_unit_test(test_modules), cmocka_unit_test(test_damage),
        cmocka_unit_test(test_heads),   cmocka_unit_test(test_long_pickle),
    };
    return cmocka_run_group_tests_name("torch_legacy", tests, fixture_setup, fixture_teardown);
}
