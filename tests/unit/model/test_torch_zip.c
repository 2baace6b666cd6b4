/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torch_fixture.h"

static const char *write_archive(struct archive_maker *maker, const char *name)
{
    struct text archive = archive_make(maker, "", "");
    const char *path = fixture_write(name, archive.data, archive.length);
    text_done(&archive);
    return path;
}

static void add_pickle(struct archive_maker *maker, const char *name, bool deflated,
                       const char *program)
{
    struct text pickle = {0};
    torch_put_pickle(&pickle, program);
    archive_add(maker, (struct archive_member){.name = name,
                                               .bytes = pickle.data,
                                               .length = pickle.length,
                                               .deflated = deflated});
    text_done(&pickle);
}

static void add_floats(struct archive_maker *maker, const char *name, bool deflated, bool big)
{
    struct text floats = {0};
    torch_put_floats(&floats, 16, big);
    archive_add(maker, (struct archive_member){.name = name,
                                               .bytes = floats.data,
                                               .length = floats.length,
                                               .deflated = deflated});
    text_done(&floats);
}

static void test_deflated_members(void **state)
{
    struct archive_maker maker = {0};
    (void)state;
    add_pickle(&maker, "a/data.pkl", true, "} 'w' *0:16:9:2,2:2,1 s 'v' *0:16:9:1:1 s");
    add_floats(&maker, "a/data/0", true, false);
    torch_expect(write_archive(&maker, "a.pt"),
                 "PyTorch\nw F32 (2,2) 9 10 11 12\nv F32 (1) in w 9\n");
}

static void test_byte_order(void **state)
{
    struct archive_maker maker = {0};
    (void)state;
    add_pickle(&maker, "a/data.pkl", false, "} 'w' *0:16:9:2:1 s");
    add_floats(&maker, "a/data/0", false, true);
    archive_add(&maker, (struct archive_member){.name = "a/byteorder", .bytes = "big"});
    archive_add(&maker, (struct archive_member){.name = "a/version", .bytes = "3\n"});
    torch_expect(write_archive(&maker, "a.pt"),
                 "PyTorch\nw F32 (2) 9 10\nbyteorder: string big\nversion: string 3\n");

    add_pickle(&maker, "a/data.pkl", false, "}");
    archive_add(&maker, (struct archive_member){.name = "a/byteorder", .bytes = "middle"});
    fixture_refused(write_archive(&maker, "a.pt"), "neither little nor big (byte ");
}

static void test_torchscript(void **state)
{
    struct archive_maker maker = {0};
    (void)state;
    add_pickle(&maker, "net/data.pkl", false,
               "@__torch__.Net ) NEWOBJ } 'weight' *0:16:1:2:1 s 'training' FALSE s 'sizes' "
               "@torch.jit._pickle.build_intlist ( ( #1 #2 l t R s b");
    archive_add(&maker, (struct archive_member){.name = "net/code/__torch__.py", .bytes = ""});
    add_floats(&maker, "net/data/0", false, false);
    add_pickle(&maker, "net/constants.pkl", false, "( *0:16:5:1:1 t");
    add_floats(&maker, "net/constants/0", false, false);
    torch_expect(write_archive(&maker, "a.pt"),
                 "TorchScript\nweight F32 (2) 1 2\nconstants.0 F32 (1) 5\n"
                 "(all): object __torch__.Net\ntraining: bool False\nsizes: list of 2 [1, 2]\n");
}

/* The one in the folder of the first member. */
static void test_several_pickles(void **state)
{
    struct archive_maker maker = {0};
    (void)state;
    archive_add(&maker, (struct archive_member){.name = "b/version", .bytes = "3"});
    add_pickle(&maker, "a/data.pkl", false, "} 'a' #1 s");
    add_pickle(&maker, "b/data.pkl", false, "} 'b' #1 s");
    add_pickle(&maker, "b/c/data.pkl", false, "} 'c' #1 s");
    torch_expect(write_archive(&maker, "a.pt"), "PyTorch\nversion: string 3\nb: int 1\n");

    add_pickle(&maker, "data.pkl", false, "} 'w' *0:16:1:1:1 s");
    add_floats(&maker, "data/0", false, false);
    torch_expect(write_archive(&maker, "a.pt"), "PyTorch\nw F32 (1) 1\n");
}

static void test_archives_of_others(void **state)
{
    struct archive_maker maker = {0};
    (void)state;
    archive_add(&maker, (struct archive_member){.name = "word/document.xml", .bytes = "<x>"});
    fixture_refused(write_archive(&maker, "a.docx"), "neither data.pkl");
    archive_add(&maker, (struct archive_member){.name = "net/model.json", .bytes = "{}"});
    fixture_refused(write_archive(&maker, "a.pt"), "TorchScript archive of PyTorch before 1.4");
    fixture_refused(write_archive(&maker, "a.pt"), "it is empty (byte 0)");
}

/* The first versions of sharded models are indices of such archives. */
static void test_index(void **state)
{
    struct archive_maker maker = {0};
    (void)state;
    add_pickle(&maker, "a/data.pkl", false, "} 'w' *0:16:1:1:1 s");
    add_floats(&maker, "a/data/0", false, false);
    write_archive(&maker, "pytorch_model-00001-of-00002.bin");
    add_pickle(&maker, "a/data.pkl", false, "} 'v' *0:16:2:1:1 s");
    add_floats(&maker, "a/data/0", false, false);
    write_archive(&maker, "pytorch_model-00002-of-00002.bin");
    torch_expect(fixture_write_text("pytorch_model.bin.index.json",
                                    "{\"metadata\":{\"total_size\":8},\"weight_map\":"
                                    "{\"w\":\"pytorch_model-00001-of-00002.bin\","
                                    "\"v\":\"pytorch_model-00002-of-00002.bin\"}}"),
                 "PyTorch\nw F32 (1) 1\nv F32 (1) 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deflated_members),   cmocka_unit_test(test_byte_order),
        cmocka_unit_test(test_torchscript),        cmocka_unit_test(test_several_pickles),
        cmocka_unit_test(test_archives_of_others), cmocka_unit_test(test_index),
    };
    return cmocka_run_group_tests_name("torch_zip", tests, fixture_setup, fixture_teardown);
}
