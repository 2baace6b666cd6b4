/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static void test_sizes_are_checked(void **state)
{
    (void)state;
    uint64_t result;
    assert_true(mem_multiply(1u << 31, 1ull << 32, &result));
    assert_int_equal(result, 1ull << 63);
    assert_false(mem_multiply(1ull << 32, 1ull << 32, &result));
    assert_true(mem_sum(UINT64_MAX - 1, 1, &result));
    assert_int_equal(result, UINT64_MAX);
    assert_false(mem_sum(UINT64_MAX, 1, &result));
}

static void test_try_refuses_what_cannot_be(void **state)
{
    (void)state;
    volatile size_t half = SIZE_MAX / 2; /* volatile: the compiler would warn of the size */
    assert_null(mem_try(half, 3));
    char *memory = mem_try(0, 8);
    assert_non_null(memory);
    mem_free(memory);
    memory = mem_try(3, 1);
    assert_memory_equal(memory, "\0\0\0", 3);
    mem_free(memory);
}

static void test_grow_keeps_the_content(void **state)
{
    (void)state;
    size_t capacity = 0;
    int *numbers = NULL;
    for (size_t i = 0; i < 1000; i++) {
        numbers = mem_grow(numbers, &capacity, i + 1, sizeof *numbers);
        assert_true(capacity > i);
        numbers[i] = (int)i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    const int *before = numbers;
    assert_ptr_equal(mem_grow(numbers, &capacity, 10, sizeof *numbers), before);
    mem_free(numbers);
}

static void test_string_is_terminated(void **state)
{
    (void)state;
    char *copy = mem_string("abcdef", 3);
    assert_string_equal(copy, "abc");
    mem_free(copy);
    copy = mem_string("", 0);
    assert_string_equal(copy, "");
    mem_free(copy);
}

static void say_hook(void)
{
    if (write(STDERR_FILENO, "hook ", 5) != 5)
        _exit(1);
}

/* Runs action in a child: its exit status, and what it wrote to standard error in out. */
static int run_child(void (*action)(void), char *out, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        mem_on_panic(say_hook);
        action();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t got; length < size - 1; length += (size_t)got)
        if ((got = read(ends[0], out + length, size - 1 - length)) <= 0)
            break;
    out[length] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void ask_for_too_much(void)
{
    volatile size_t half = SIZE_MAX / 2;
    mem_free(mem_alloc(half, 3));
}

static void test_panic_restores_then_speaks(void **state)
{
    (void)state;
    char said[200];
    assert_int_equal(run_child(ask_for_too_much, said, sizeof said), 3);
    assert_string_equal(said, "hook roundoff: out of memory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_are_checked),
        cmocka_unit_test(test_try_refuses_what_cannot_be),
        cmocka_unit_test(test_grow_keeps_the_content),
        cmocka_unit_test(test_string_is_terminated),
        cmocka_unit_test(test_panic_restores_then_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
