/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "pickle_fixture.h"

static void test_containers(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("]."), "[]"},
        {BYTES(")."), "()"},
        {BYTES("}."), "{}"},
        {BYTES("\x8f."), "{}"},
        {BYTES("(l."), "[]"},
        {BYTES("(K\1K\2K\3K\4t."), "(1, 2, 3, 4)"},
        {BYTES("(K\1Nd."), "{1: None}"},
        {BYTES("(K\1N\x91."), "{1, None}"},
        {BYTES("K\1\x85."), "(1)"},
        {BYTES("K\1K\2\x86."), "(1, 2)"},
        {BYTES("K\0K\1K\2K\3\x87\x86."), "(0, (1, 2, 3))"},
        {BYTES("]K\1aNa(K\2K\3K\4e(e."), "[1, None, 2, 3, 4]"},
        {BYTES("(K\1lK\2aK\3a."), "[1, 2, 3]"},
        {BYTES("}K\1K\2s(K\1K\3NNu."), "{1: 2, 1: 3, None: None}"},
        {BYTES("\x8f(K\1K\2\x90(K\3\x90."), "{1, 2, 3}"},
        {BYTES("}(U\1a](K\1}(K\2)ueu."), "{b'a': [1, {2: ()}]}"},
    };
    pickle_fixture_check_values(samples, PICKLE_COUNT(samples));
}

static void test_calls_are_values(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("ca.b\nc\n."), "a.b.c"},
        {BYTES("\x8c\1m\x8c\3n.o\x93."), "m.n.o"},
        {BYTES("cm\nf\nK\1\x85R."), "m.f(1)"},
        {BYTES("cm\nf\n)\x81}b."), "m.f()~{}"},
        {BYTES("cm\nf\nK\1\x85}K\1K\2s\x92."), "m.f(1){1: 2}"},
        {BYTES("(K\1K\2im\nf\nNb."), "m.f(1, 2)~None"},
        {BYTES("(cm\nf\no."), "m.f()"},
        {BYTES("(cm\nf\nK\1K\2o."), "m.f(1, 2)"},
        {BYTES("cm\nf\n)R)RN\x85R."), "m.f()()(None)"},
        {BYTES("Pstorage 7\n."), "@'storage 7'"},
        {BYTES("U\7storageK\7\x86Q."), "@(b'storage', 7)"},
        /* An OrderedDict with attributes keeps both, whichever comes first. */
        {BYTES("cm\nf\n)R(K\1K\2uK\3K\4s}U\1mNsb."), "m.f()~{1: 2, 3: 4}^{b'm': None}"},
        {BYTES("cm\nf\n)RK\7b(K\1K\2uK\3K\4s."), "m.f()~{1: 2, 3: 4}^7"},
        {BYTES("cm\nf\n)RK\1aK\2a."), "m.f()~[1, 2]"},
        {BYTES("cm\nf\n)R(K\1\x90."), "m.f()~{1}"},
        {BYTES("cm\nf\n)RNbK\1b."), "m.f()~1"},
    };
    pickle_fixture_check_values(samples, PICKLE_COUNT(samples));
}

static void test_stack_and_memo(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("K\1K\2"
               "0."),
         "1"},
        {BYTES("K\1("
               "0."),
         "1"}, /* POP takes a mark, too */
        {BYTES("K\1(K\2K\3"
               "1."),
         "1"},
        {BYTES("(K\1(K\2tl."), "[1, (2)]"},
        {BYTES("K\1"
               "2\x86."),
         "(1, 1)"},
        {BYTES("K\5p7\n0g7\n."), "5"},
        {BYTES("K\5q\xff"
               "0h\xff."),
         "5"},
        {BYTES("K\5r\xff\xff\xff\xff"
               "0j\xff\xff\xff\xff."),
         "5"},
        {BYTES("K\5p4294967295\n0j\xff\xff\xff\xff."), "5"},
        {BYTES("K\5q\0K\6q\0h\0\x87."), "(5, 6, 6)"},
        {BYTES("K\1\x94K\2\x94h\0h\1\x87."), "(2, 1, 2)"},
        {BYTES("\x95\xff\xff\xff\xff\xff\xff\xff\xffN."), "None"},
    };
    pickle_fixture_check_values(samples, PICKLE_COUNT(samples));
}

static void test_sharing_and_cycles(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct pickle_value *list = pickle_fixture_accepted(&arena, BYTES("]q\0h\0a]q\1h\1\x86"
                                                                      "ah\0a."));
    assert_int_equal(list->kind, PICKLE_LIST);
    assert_int_equal(list->length, 3);
    assert_ptr_equal(list->items[0], list);
    assert_ptr_equal(list->items[2], list);
    const struct pickle_value *pair = list->items[1];
    assert_int_equal(pair->length, 2);
    assert_ptr_equal(pair->items[0], pair->items[1]);
    assert_int_equal(list->at, 1000);
    assert_int_equal(pair->at, 1000 + 11);
    arena_done(&arena);
}

static void test_damage_is_refused(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES(""), "the pickle is cut short: it ends without STOP (byte 1000)"},
        {BYTES("\x80\2N"), "the pickle is cut short: it ends without STOP (byte 1003)"},
        {BYTES("N\xf7."), "0xF7 is not an opcode of Python's pickles (byte 1001)"},
        {BYTES("\x80\x63."), "protocol 99 is not among 0 to 5 (byte 1000)"},
        {BYTES("."), "STOP finds too few values on the stack (byte 1000)"},
        {BYTES("N(."), "STOP finds too few values"},
        {BYTES("N0"
               "0."),
         "POP finds too few values on the stack (byte 1002)"},
        {BYTES("1."), "POP_MARK without a MARK before it"},
        {BYTES("Nt."), "TUPLE without a MARK before it"},
        {BYTES("N(\x85."), "TUPLE1 finds too few values"},
        {BYTES("N(2."), "DUP finds too few values"},
        {BYTES("N(q\0."), "BINPUT finds too few values"},
        {BYTES("(Ne."), "APPENDS finds too few values"},
        {BYTES("NR."), "REDUCE finds too few values"},
        {BYTES("h\5."), "memo 5 is used but was never set (byte 1000)"},
        {BYTES("Np4294967296\n."), "memo 4294967296 is beyond 32 bits"},
        {BYTES("Np99999999999999999999\n."), "the line of PUT is not a number of 32 bits"},
        {BYTES("Np\n."), "the line of PUT is not a number of 32 bits"},
        {BYTES("g-1\n."), "the line of GET is not a number of 32 bits"},
        {BYTES("}(NNNu."), "SETITEMS finds a key without a value"},
        {BYTES("(Nd."), "DICT finds a key without a value"},
        {BYTES("K\1Na."), "APPEND fills what cannot hold its items"},
        {BYTES("]NNs."), "SETITEM fills what cannot hold its items"},
        {BYTES("](N\x90."), "ADDITEMS fills what cannot hold its items"},
        {BYTES("cm\nf\n)RNaNNs."), "SETITEM fills what cannot hold its items"},
        {BYTES("]Nb."), "BUILD sets the state of what is no object"},
        {BYTES("cm\nf\n]R."), "REDUCE finds arguments that are not a tuple"},
        {BYTES("(o."), "OBJ finds nothing to call"},
        {BYTES("K\1U\1n\x93."), "STACK_GLOBAL finds a name that is not text"},
        {BYTES("\x82\1."), "EXT1 names something by a number"},
        {BYTES("\x83\1\1."), "EXT2 names something by a number"},
        {BYTES("\x84\1\1\1\1."), "EXT4 names something by a number"},
        {BYTES("\x97."), "NEXT_BUFFER means a buffer that is not in the file"},
        {BYTES("N\x98."), "READONLY_BUFFER means a buffer that is not in the file"},
    };
    pickle_fixture_check_refusals(samples, PICKLE_COUNT(samples));
}

static void test_globals_are_asked_for(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("cos\nsystem\nU\2ls\x85R."),
         "model.pt: data.pkl: GLOBAL names \"os.system\", which is not among what holds tensors; "
         "it was not run (byte 1000)"},
        {BYTES("\x80\4\x8c\2os\x8c\6system\x93."), "STACK_GLOBAL names \"os.system\", which"},
        {BYTES("(ios\nsystem\n."), "INST names \"os.system\", which"},
        {BYTES("cok\0\nname\n."), "GLOBAL names \"ok\\u{0}.name\", which"},
        {BYTES("co\x1b[2Js\nsystem\0\n."), "GLOBAL names \"o\\u{1B}[2Js.system\\u{0}\", which"},
    };
    pickle_fixture_check_refusals(samples, PICKLE_COUNT(samples));
}

/* Two references and an opcode would copy the longest of names. */
static void test_globals_have_no_long_names(void **state)
{
    (void)state;
    struct text pickle = {0};
    text_puts(&pickle, "cok\n");
    for (int i = 0; i < 5000; i++)
        text_puts(&pickle, "k");
    text_puts(&pickle, "\n.");
    const struct pickle_sample sample = {pickle.data, pickle.length, "GLOBAL names \"ok.kkk"};
    pickle_fixture_check_refusals(&sample, 1);
    text_done(&pickle);
}

static void test_every_cut_is_refused(void **state)
{
    (void)state;
    static const char whole[] = "\x80\2cm\nf\n)R(X\1\0\0\0wcm\nf\n((S'storage'\nI4\nL5L\nF1."
                                "5\ntQK\0K\2\x85\x89G\0\0\0\0\0\0\0\0tR"
                                "Vu\nU\1uuPid\n\x8a\1\1\x87.";
    struct arena arena = {0};
    struct error error;
    pickle_fixture_accepted(&arena, whole, sizeof whole - 1);
    for (size_t cut = 0; cut < sizeof whole - 1; cut++)
        assert_null(pickle_fixture_read(&arena, whole, cut, NULL, &error));
    arena_done(&arena);
}

/* Whatever comes behind STOP belongs to somebody else. */
static void test_pickles_follow_each_other(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct error error;
    size_t used;
    assert_non_null(pickle_fixture_read(&arena, BYTES("\x80\2K\1.\x80\2K\2."), &used, &error));
    assert_int_equal(used, 5);
    arena_done(&arena);
}

static void test_lookups(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct pickle_value *dict = pickle_fixture_accepted(
        &arena, BYTES("}(K\1K\2X\1\0\0\0aK\3X\1\0\0\0aK\4U\1bK\5X\2\0\0\0a\0K\6u."));
    assert_int_equal(pickle_lookup(dict, "a")->integer, 4);
    assert_int_equal(pickle_lookup(dict, "b")->integer, 5);
    assert_null(pickle_lookup(dict, "c"));
    assert_null(pickle_lookup(dict->items[0], "a"));

    const struct pickle_value *call =
        pickle_fixture_accepted(&arena, BYTES("ccollections\nOrderedDict\n)RU\1aK\1s}U\1bK\2sb."));
    assert_int_equal(pickle_lookup(call, "a")->integer, 1);
    assert_null(pickle_lookup(call, "b"));
    assert_int_equal(pickle_lookup(call->attributes, "b")->integer, 2);
    assert_true(pickle_is_call(call, "collections.OrderedDict"));
    assert_false(pickle_is_call(call, "collections.Ordered"));
    assert_false(pickle_is_global(call, "collections.OrderedDict"));
    assert_true(pickle_is_global(call->items[0], "collections.OrderedDict"));
    assert_false(pickle_is_call(call->items[0], "collections.OrderedDict"));
    assert_false(pickle_is_call(call->state, "collections.OrderedDict"));
    assert_null(pickle_lookup(pickle_fixture_accepted(&arena, BYTES("cm\nf\n)R.")), "a"));
    arena_done(&arena);
}

/* A pickle of `count` times the same bytes between a beginning and an end. */
static char *repeat(const char *begin, const char *bytes, size_t count, const char *end,
                    size_t *length)
{
    size_t head = strlen(begin), unit = strlen(bytes), tail = strlen(end);
    *length = head + count * unit + tail;
    char *whole = mem_alloc(*length, 1);
    memcpy(whole, begin, head);
    for (size_t i = 0; i < count; i++)
        memcpy(whole + head + i * unit, bytes, unit);
    memcpy(whole + head + count * unit, end, tail);
    return whole;
}

/* Deep or much shared, which a recursive reader or one that walks the tree would not survive. */
static void test_bombs(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *bytes, *end;
    } bombs[] = {
        {"", "]", "."},     {"N", "2", "."},          {"", "(", "N."},   {"N", "\x94", "."},
        {"N", "\x85", "."}, {"N", "2\x86", "."},      {"N", ")R", "."},  {"", "](", "N."},
        {"]", "2a", "."},   {"cm\nf\n", ")R}b", "."}, {"}", "NNs", "."}, {"]", "(NNe", "."},
    };
    for (size_t i = 0; i < PICKLE_COUNT(bombs); i++) {
        struct arena arena = {0};
        size_t length;
        char *bytes = repeat(bombs[i].begin, bombs[i].bytes, 400000, bombs[i].end, &length);
        pickle_fixture_accepted(&arena, bytes, length);
        arena_done(&arena);
        mem_free(bytes);
    }
    assert_true(sizeof(struct pickle_value) <= 48); /* for each byte of EMPTY_LIST */
}

/* The first value, sixteen in each round, fifteen at the end, and one too many. */
static void test_too_many_values_are_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    size_t length;
    char *bytes = repeat("Nq\1",
                         "(h\1"
                         "22222222222222"
                         "1",
                         PICKLE_VALUES_MOST / 16 - 1,
                         "222222222222222"
                         "2.",
                         &length);
    pickle_fixture_refused(bytes, length, "there are more than 20000000 values (byte ");
    bytes[length - 2] = '.';
    pickle_fixture_accepted(&arena, bytes, length - 1);
    arena_done(&arena);
    mem_free(bytes);
}

/* The five pickles at the beginning of a legacy file of PyTorch. */
static void test_legacy_file(void **state)
{
    (void)state;
    static char bytes[1 << 18];
    const char *models = getenv("ROUNDOFF_MODELS");
    char path[1024];
    snprintf(path, sizeof path, "%s/formats/resnet20/resnet20_legacy.pt", models ? models : "");
    FILE *file = fopen(path, "rb");
    if (!file)
        skip();
    size_t length = fread(bytes, 1, sizeof bytes, file), at = 0;
    fclose(file);
    struct arena arena = {0};
    struct error error = {0};
    const struct pickle_value *values[5];
    for (int i = 0; i < 5; i++) {
        size_t used;
        values[i] = pickle_fixture_read(&arena, bytes + at, length - at, &used, &error);
        assert_non_null(values[i]);
        at += used;
    }
    assert_int_equal(values[0]->length, 10);
    assert_memory_equal(values[0]->text, "l\xfc\x9c\x46\xf9 j\xa8P\x19", 10);
    assert_int_equal(values[1]->integer, 1001);
    assert_int_equal(pickle_lookup(values[2], "little_endian")->integer, 1);
    const struct pickle_value *weight = pickle_lookup(values[3], "conv1.weight");
    assert_true(pickle_is_call(weight, "torch._utils._rebuild_tensor_v2"));
    assert_int_equal(weight->items[1]->items[0]->kind, PICKLE_REFERENCE);
    assert_int_equal(values[4]->kind, PICKLE_LIST);
    assert_true(values[4]->length > 0);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_containers),
        cmocka_unit_test(test_calls_are_values),
        cmocka_unit_test(test_stack_and_memo),
        cmocka_unit_test(test_sharing_and_cycles),
        cmocka_unit_test(test_damage_is_refused),
        cmocka_unit_test(test_globals_are_asked_for),
        cmocka_unit_test(test_globals_have_no_long_names),
        cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_pickles_follow_each_other),
        cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_too_many_values_are_refused),
        cmocka_unit_test(test_legacy_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
