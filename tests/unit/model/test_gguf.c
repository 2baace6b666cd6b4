/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "gguf_writer.h"

static struct model *accepted(const char *path)
{
    struct error error = {0};
    struct model *model = fixture_open(path, &error);
    if (!model)
        fail_msg("%s", error.text);
    return model;
}

/* What a file of a split model says; 99 for a key that it leaves out. */
struct part {
    unsigned number, count, total;
};

enum { NONE = 99 };

static void put_part_key(struct gguf_writer *writer, const char *key, unsigned value)
{
    if (value != NONE)
        gguf_key_number(writer, key, GGUF_U16, 2, value);
}

/* Writes a file of one tensor, "t" and its number. */
static const char *write_part(const char *name, unsigned place, struct part part)
{
    struct gguf_writer writer = {0};
    char tensor[] = {'t', (char)('0' + place), '\0'};
    gguf_begin(&writer, 1, (part.number != NONE) + (part.count != NONE) + (part.total != NONE));
    put_part_key(&writer, "split.no", part.number);
    put_part_key(&writer, "split.count", part.count);
    put_part_key(&writer, "split.tensors.count", part.total);
    gguf_vector(&writer, tensor, GGML_F32, 1, 0);
    gguf_align(&writer, 32);
    gguf_put(&writer, 4, 0x40400000 + place);
    return gguf_write(&writer, name);
}

/* A model in three files in a folder, which is made if it is not there. */
static void write_three(const char *folder)
{
    mkdir(fixture_path(folder), 0700);
    for (unsigned i = 0; i < 3; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s/m-0000%u-of-00003.gguf", folder, i + 1);
        write_part(name, i, (struct part){i, 3, 3});
    }
}

static void check_three(const char *const paths[], size_t n)
{
    struct error error = {0};
    struct model *model = model_open(paths, n, NULL, &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_int_equal(model->count, 3);
    assert_int_equal(model->metadata.count, 9);
    for (unsigned i = 0; i < 3; i++) {
        char label[] = {'t', (char)('0' + i), '\0'};
        assert_string_equal(model->tensors[i].label, label);
    }
    model_free(model);
}

static void test_splits(void **state)
{
    (void)state;
    write_three("split");
    const char *const paths[] = {
        fixture_path("split/m-00002-of-00003.gguf"), fixture_path("split/m-00003-of-00003.gguf"),
        fixture_path("split/m-00001-of-00003.gguf"), fixture_path("split")};
    for (size_t i = 0; i < 4; i++)
        check_three(paths + i, 1); /* any of them, or the folder */
    check_three(paths, 3);
    const char *const ordered[] = {paths[2], paths[0], paths[1]};
    check_three(ordered, 3);
    /* A name is another one's content: it is known by the file, not by the path. */
    const char *other = fixture_path("split/other-name");
    assert_int_equal(symlink("m-00001-of-00003.gguf", other), 0);
    check_three((const char *const[]){paths[0], other}, 2);
}

static void test_files_beside_a_split_are_opened_too(void **state)
{
    (void)state;
    struct error error = {0};
    write_three("beside");
    const char *const paths[] = {fixture_path("beside/m-00002-of-00003.gguf"),
                                 write_part("other", 5, (struct part){NONE, NONE, NONE})};
    struct model *model = model_open(paths, 2, NULL, &error);
    assert_non_null(model);
    assert_int_equal(model->count, 4);
    assert_string_equal(model->tensors[3].label, "t5");
    model_free(model);
}

static void test_a_renamed_part_is_opened_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"part.gguf",
                                        "m-0001-of-00003.gguf",
                                        "m-00001-of-3.gguf",
                                        "m-00004-of-00003.gguf",
                                        "m-00000-of-00003.gguf",
                                        "m-00001-of-00003.gguf.part",
                                        "m-00001_of_00003.gguf"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct model *model = accepted(write_part(names[i], 0, (struct part){0, 3, 3}));
        assert_int_equal(model->count, 1);
        model_free(model);
    }
    model_free(accepted(write_part("m-00002-of-00003.gguf", 0, (struct part){NONE, NONE, NONE})));
    model_free(accepted(write_part("m-00002-of-00003.gguf", 0, (struct part){0, 1, 1})));
}

static void test_a_missing_part(void **state)
{
    (void)state;
    write_three("missing");
    unlink(fixture_path("missing/m-00002-of-00003.gguf"));
    fixture_refused(fixture_path("missing/m-00003-of-00003.gguf"),
                    "missing/m-00003-of-00003.gguf: is one of 3 files, of which "
                    "m-00002-of-00003.gguf is missing");
}

/* Replaces a file of a good model, and opens the model by its first one. */
static void check_part(unsigned place, struct part part, const char *message)
{
    char name[64];
    write_three("wrong");
    snprintf(name, sizeof name, "wrong/m-0000%u-of-00003.gguf", place + 1);
    write_part(name, place, part);
    fixture_refused(fixture_path("wrong/m-00001-of-00003.gguf"), message);
}

static void test_parts_that_disagree(void **state)
{
    (void)state;
    check_part(0, (struct part){1, 3, 3},
               "00001-of-00003.gguf: split.no is 1, but its name says "
               "another place (which counts from 1) (byte 44)");
    check_part(1, (struct part){2, 3, 3}, "00002-of-00003.gguf: split.no is 2, but its name");
    check_part(0, (struct part){0, 2, 3}, "00001-of-00003.gguf: split.count is 2, but its name");
    check_part(2, (struct part){2, 4, 3}, "00003-of-00003.gguf: split.count is 4, but its name");
    check_part(1, (struct part){NONE, 3, 3}, "00002-of-00003.gguf: has no split.no or no split");
    check_part(1, (struct part){1, NONE, 3}, "00002-of-00003.gguf: has no split.no or no split");
    check_part(1, (struct part){1, 3, 4},
               "00002-of-00003.gguf: split.tensors.count is 4, but "
               "another file of the model says another number");
}

static void test_a_wrong_count_of_tensors(void **state)
{
    (void)state;
    mkdir(fixture_path("count"), 0700);
    write_part("count/m-00001-of-00002.gguf", 0, (struct part){0, 2, 3});
    const char *path = write_part("count/m-00002-of-00002.gguf", 1, (struct part){1, 2, 3});
    fixture_refused(path, "split.tensors.count is 3, but its files have another number of tensors");
    write_part("count/m-00001-of-00002.gguf", 1, (struct part){0, 2, 2});
    path = write_part("count/m-00002-of-00002.gguf", 1, (struct part){1, 2, 2});
    fixture_refused(path, "tensor \"t1\" is also in ");
    fixture_write_text("count/m-00001-of-00002.gguf", "{}");
    fixture_refused(path, "m-00001-of-00002.gguf: header: is cut short");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_files_beside_a_split_are_opened_too),
        cmocka_unit_test(test_a_renamed_part_is_opened_alone),
        cmocka_unit_test(test_a_missing_part),
        cmocka_unit_test(test_parts_that_disagree),
        cmocka_unit_test(test_a_wrong_count_of_tensors),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
