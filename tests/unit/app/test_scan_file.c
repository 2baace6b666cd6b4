/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/scan_file.h"
#include "engine/record_layout.h"
#include "model/outline.h"

#define TENSORS 4

static char folder[] = "/tmp/roundoff-scan-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

/* Removes the folder, which must hold nothing but the files named: no file is left behind. */
static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"scan.json", "scan.json.gz", "cut.json.gz"};
    char path[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static struct model *make_model(void)
{
    struct model *model = outline_new("m", "f");
    for (unsigned i = 0; i < TENSORS; i++) {
        const char name[] = {(char)('a' + i), '\0'};
        const struct outline_tensor tensor = {.name = name, .name_length = 1, .dtype = "F32"};
        assert_true(outline_add(model, &tensor, SCAN_REASON, NULL));
    }
    return model;
}

static void keep(struct scan *scan, size_t tensor)
{
    struct survey_record record;
    record_clear(&record);
    record.parts = RECORD_FAST;
    record.weights.mean = (double)tensor / 3;
    scan_keep(scan, tensor, &record);
}

static struct scan *read_good(const char *path)
{
    struct error error = {ERROR_NONE, ""};
    struct scan *scan = scan_file_read(path, &error);
    if (!scan)
        fail_msg("%s", error.text);
    return scan;
}

/* After each record the file has it, without having been closed. */
static void check_grows(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct model *model = make_model();
    struct scan *scan = scan_new("1", "{}", model);
    struct scan_writer writer;
    keep(scan, 0);
    assert_true(scan_writer_open(&writer, scan, path, NULL));
    for (size_t i = 1; i <= TENSORS; i++) {
        struct scan *there = read_good(path);
        assert_false(there->complete);
        assert_int_equal(there->count, i);
        assert_true(there->records[i - 1]->weights.mean == (double)(i - 1) / 3);
        scan_free(there);
        if (i == TENSORS)
            break;
        keep(scan, i);
        assert_true(scan_writer_add(&writer, scan, i));
    }
    scan_writer_end(&writer, true);
    assert_true(scan_writer_close(&writer, NULL));
    struct scan *there = read_good(path);
    assert_true(there->complete);
    scan_free(there);
    scan_free(scan);
    model_free(model);
}

static void test_plain(void **state)
{
    (void)state;
    check_grows("scan.json");
}

static void test_packed(void **state)
{
    (void)state;
    check_grows("scan.json.gz");
}

/* A packed file that was cut gives what came through; one that is damaged is refused. */
static void test_cut_and_damaged(void **state)
{
    (void)state;
    char path[64], cut[64], bytes[65536];
    snprintf(path, sizeof path, "%s/scan.json.gz", folder);
    snprintf(cut, sizeof cut, "%s/cut.json.gz", folder);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (int damaged = 0; damaged < 2; damaged++) {
        file = fopen(cut, "wb");
        if (damaged)
            memset(bytes + size / 2, 0xff, 20);
        fwrite(bytes, 1, damaged ? size : size - 30, file);
        fclose(file);
        struct error error = {ERROR_NONE, ""};
        struct scan *scan = scan_file_read(cut, &error);
        assert_true((scan == NULL) == (damaged == 1));
        assert_true(damaged ? error.code == ERROR_FILE : !scan->complete && scan->count > 0);
        scan_free(scan);
    }
}

/* The file that was there stays until the new one holds as much. */
static void test_replaced(void **state)
{
    (void)state;
    char path[64];
    struct stat before, after;
    snprintf(path, sizeof path, "%s/scan.json", folder);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(stat(path, &before), 0);
    struct model *model = make_model();
    struct scan *scan = scan_new("1", "{}", model);
    struct scan_writer writer;
    assert_true(scan_writer_open(&writer, scan, path, NULL));
    assert_int_equal(stat(path, &after), 0);
    assert_true(after.st_ino != before.st_ino && (after.st_mode & 0777) == 0640);
    assert_true(scan_writer_close(&writer, NULL));
    scan_free(scan);
    model_free(model);
}

static void test_failures(void **state)
{
    (void)state;
    char path[96];
    struct error error = {ERROR_NONE, ""};
    struct model *model = make_model();
    struct scan *scan = scan_new("1", "{}", model);
    struct scan_writer writer;
    snprintf(path, sizeof path, "%s/none/scan.json", folder);
    assert_false(scan_writer_open(&writer, scan, path, &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_non_null(strstr(error.text, "No such file or directory"));
    error.code = ERROR_NONE;
    assert_false(scan_writer_open(&writer, scan, "/dev/full", &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_null(scan_file_read(path, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_null(scan_file_read(folder, &error));
    assert_non_null(strstr(error.text, "is not a regular file"));
    scan_free(scan);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),           cmocka_unit_test(test_packed),
        cmocka_unit_test(test_cut_and_damaged), cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
