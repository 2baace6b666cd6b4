/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/action.h"
#include "ui/keys.h"
#include "ui/prompt.h"

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(key_of_name("j"), 'j');
    assert_int_equal(key_of_name("/"), '/');
    assert_int_equal(key_of_name("F"), 'F');
    assert_int_equal(key_of_name("σ"), 0x3c3);
    assert_int_equal(key_of_name("Space"), ' ');
    assert_int_equal(key_of_name("Enter"), KEY_ENTER_CODE);
    assert_int_equal(key_of_name("Esc"), KEY_ESCAPE);
    assert_int_equal(key_of_name("BS"), KEY_RUBOUT);
    assert_int_equal(key_of_name("PgDn"), KEY_PAGE_DOWN);
    assert_int_equal(key_of_name("C-l"), 12);
    assert_int_equal(key_of_name("C-U"), KEY_CONTROL('u'));
    assert_int_equal(key_of_name("F1"), KEY_FUNCTION + 1);
    assert_int_equal(key_of_name("F12"), KEY_FUNCTION + 12);
}

static void test_what_is_no_key(void **state)
{
    (void)state;
    const char *const names[] = { "", "jj", "up", "F0", "F13", "C-", "C-xy", "\xff", "\xc3" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(key_of_name(names[i]), KEY_NONE);
}

static void assert_key_name(int key, int ascii, const char *expected)
{
    struct text text = { 0 };
    key_name_add(&text, key, ascii);
    assert_string_equal(text.data, expected);
    text_done(&text);
}

static void test_names_for_people(void **state)
{
    (void)state;
    assert_key_name('j', 0, "j");
    assert_key_name(0x3c3, 0, "σ");
    assert_key_name(KEY_CURSOR_UP, 0, "↑");
    assert_key_name(KEY_CURSOR_UP, 1, "Up");
    assert_key_name(KEY_CONTROL('f'), 0, "^F");
    assert_key_name(0, 0, "^@");
    assert_key_name(KEY_TAB_CODE, 0, "Tab");
    assert_key_name(KEY_FUNCTION + 10, 0, "F10");
}

/* Names written in ASCII are those that are read. */
static void test_names_come_back(void **state)
{
    (void)state;
    for (int key = ' '; key < KEY_FUNCTION + 12; key++) {
        if ((key >= 0x7f && key <= KEY_SPECIAL) || key == KEY_FUNCTION)
            continue;
        struct text text = { 0 };
        key_name_add(&text, key, 1);
        assert_int_equal(key_of_name(text.data), key);
        text_done(&text);
    }
}

static void test_no_key_has_two_meanings(void **state)
{
    (void)state;
    for (size_t i = 0; i < action_count; i++)
        for (size_t a = 0; a < ACTION_KEYS && actions[i].key[a]; a++)
            for (size_t j = 0; j < action_count; j++)
                for (size_t b = 0; b < ACTION_KEYS && actions[j].key[b]; b++)
                    if (i != j || a != b)
                        assert_int_not_equal(actions[i].key[a], actions[j].key[b]);
}

static void test_every_action_and_command_is_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < action_count; i++) {
        assert_non_null(actions[i].run);
        assert_true(strlen(actions[i].help) > 3);
        assert_int_not_equal(actions[i].key[0], 0);
    }
    for (size_t i = 0; i < prompt_command_count; i++) {
        assert_non_null(prompt_commands[i].run);
        assert_true(strlen(prompt_commands[i].help) > 3);
        assert_true(strcspn(prompt_commands[i].name, " ") == strlen(prompt_commands[i].name));
    }
    for (size_t i = 0; i < view_count; i++)
        assert_ptr_equal(view_find(views[i]->name), views[i]);
    assert_null(view_find("nothing"));
}

static void test_rows_of_lists(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        long row;
    } moves[] = {
        { "Up", 49 },    { "k", 49 },   { "Down", 51 }, { "j", 51 },  { "PgUp", 41 },
        { "C-b", 41 },   { "PgDn", 59 }, { "C-f", 59 }, { "C-u", 46 }, { "C-d", 54 },
        { "Home", 0 },   { "g", 0 },    { "End", 99 },  { "G", 99 },  { "x", 50 },
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        assert_int_equal(keys_row(key_of_name(moves[i].key), 50, 100, 10), moves[i].row);
    assert_int_equal(keys_row(KEY_PAGE_DOWN, 50, 100, 0), 51); /* always somewhere */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_lists),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_what_is_no_key),
        cmocka_unit_test(test_names_for_people),
        cmocka_unit_test(test_names_come_back),
        cmocka_unit_test(test_no_key_has_two_meanings),
        cmocka_unit_test(test_every_action_and_command_is_explained),
    };
    return cmocka_run_group_tests_name("ui/keys, ui/action", tests, NULL, NULL);
}
