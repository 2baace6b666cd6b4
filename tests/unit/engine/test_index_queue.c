/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/index_queue.h"

static void test_each_once_in_order(void **state)
{
    (void)state;
    struct index_queue queue;
    size_t index;
    index_queue_init(&queue, 3);
    assert_false(index_queue_take(&queue, &index));
    for (int round = 0; round < 4; round++) {
        static const size_t added[] = {2, 0, 2, 1, 0};
        for (size_t i = 0; i < sizeof added / sizeof *added; i++)
            index_queue_add(&queue, added[i]);
        assert_int_equal(queue.count, 3);
        assert_true(index_queue_take(&queue, &index));
        assert_int_equal(index, 2);
        index_queue_add(&queue, 2); /* again, behind the others */
        static const size_t taken[] = {0, 1, 2};
        for (size_t i = 0; i < 3; i++) {
            assert_true(index_queue_take(&queue, &index));
            assert_int_equal(index, taken[i]);
        }
        assert_false(index_queue_take(&queue, &index));
    }
    index_queue_done(&queue);
}

static void test_without_room(void **state)
{
    (void)state;
    struct index_queue queue;
    size_t index;
    index_queue_init(&queue, 0);
    assert_false(index_queue_take(&queue, &index));
    index_queue_done(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once_in_order),
        cmocka_unit_test(test_without_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
