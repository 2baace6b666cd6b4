/* SPDX-License-Identifier: MIT
 *
 * The input is a lesson.  One that is good is read out with figures of all kinds.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/lesson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Some unknown, some undefined, some large. */
static bool look_up(void *user, const char *name, double *value)
{
    (void)user;
    static const double values[] = {0, 1, -1e300, 1e-300, 2.5};
    size_t length = strlen(name);
    *value = length % 7 == 1 ? (double)NAN : values[length % 5];
    return length % 7 != 0;
}

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void read_text(struct text *out, const char *words)
{
    text_clear(out);
    lesson_text(out, words, look_up, NULL);
    require(out->length == 0 || utf8_printable(out->data, out->length));
}

static void read_step(const struct lesson_step *step, struct text *out)
{
    require(step->paragraphs > 0 && step->heading && step->settings.view);
    for (size_t i = 0; i < step->paragraphs; i++)
        read_text(out, step->paragraph[i]);
    if (step->ask)
        read_text(out, step->ask);
    if (step->look)
        read_text(out, step->look);
    for (size_t i = 0; i < step->checks; i++) {
        struct error why = {ERROR_NONE, ""};
        bool holds = lesson_check_holds(&step->check[i], look_up, NULL, &why);
        require(holds || utf8_printable(why.text, strlen(why.text)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {ERROR_NONE, ""};
    struct text out = {0};
    struct lesson *lesson = lesson_parse("fuzz.lesson", (const char *)data, size, &error);
    if (!lesson) {
        require(error.code == ERROR_FILE && strncmp(error.text, "fuzz.lesson:", 12) == 0);
        require(utf8_printable(error.text, strlen(error.text)));
        return 0;
    }
    require(lesson->title && lesson->summary && lesson->steps > 0);
    for (size_t i = 0; i < lesson->steps; i++)
        read_step(&lesson->step[i], &out);
    text_done(&out);
    lesson_free(lesson);
    return 0;
}
