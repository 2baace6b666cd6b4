/* SPDX-License-Identifier: MIT */
#include "ui/lesson.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* What the lines of a paragraph become. */
enum passage { NOWHERE, TEXT, ASK, LOOK };

struct parser {
    struct lesson *lesson;
    struct lesson_step *step; /* the last one; NULL before the first */
    size_t step_capacity;
    enum passage passage; /* that `words` will become; NOWHERE: no paragraph is open */
    struct text words;
    unsigned line;
};

/* ---- Paragraphs */

/* Where the open paragraph's text is to be kept; NULL with *error if there is no room. */
static const char **passage_place(struct parser *parser, struct error *error)
{
    struct lesson_step *step = parser->step;
    if (parser->passage == ASK)
        return &step->ask;
    if (parser->passage == LOOK)
        return &step->look;
    if (step->paragraphs < LESSON_PARAGRAPHS_MOST)
        return &step->paragraph[step->paragraphs++];
    error_set(error, ERROR_FILE, "a step has at most %d paragraphs", LESSON_PARAGRAPHS_MOST);
    return NULL;
}

static bool end_paragraph(struct parser *parser, struct error *error)
{
    if (parser->passage == NOWHERE)
        return true;
    const char **place = passage_place(parser, error);
    if (!place)
        return false;
    *place = arena_string(&parser->lesson->arena, parser->words.data, parser->words.length);
    text_clear(&parser->words);
    parser->passage = NOWHERE;
    return true;
}

static bool add_words(struct parser *parser, const char *words, struct error *error)
{
    if (!parser->step)
        return error_set(error, ERROR_FILE, "before the first step stand title and summary only");
    if (!lesson_words_check(words, error))
        return false;
    if (parser->passage == NOWHERE)
        parser->passage = TEXT;
    if (parser->words.length > 0)
        text_puts(&parser->words, " ");
    text_puts(&parser->words, words);
    return true;
}

/* ---- Lines */

/* What stands behind the word that a line begins with, or NULL if it begins otherwise. */
static const char *behind(const char *line, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(line, word, length) != 0)
        return NULL;
    return line + length + strspn(line + length, " ");
}

static bool keep_line(struct parser *parser, const char **place, const char *what, const char *text,
                      size_t columns, struct error *error)
{
    size_t width = utf8_width(text, strlen(text));
    if (*place)
        return error_set(error, ERROR_FILE, "a second %s", what);
    if (width < 1 || width > columns)
        return error_set(error, ERROR_FILE, "a %s has 1 to %zu columns, not %zu", what, columns,
                         width);
    *place = arena_string(&parser->lesson->arena, text, strlen(text));
    return true;
}

static bool step_complete(const struct parser *parser, struct error *error)
{
    return !parser->step || parser->step->paragraphs > 0 ||
           error_set(error, ERROR_FILE, "the step before has no text");
}

static bool begin_step(struct parser *parser, const char *heading, struct error *error)
{
    struct lesson *lesson = parser->lesson;
    if (!step_complete(parser, error))
        return false;
    if (lesson->steps == LESSON_STEPS_MOST)
        return error_set(error, ERROR_FILE, "a lesson has at most %d steps", LESSON_STEPS_MOST);
    lesson->step =
        mem_grow(lesson->step, &parser->step_capacity, lesson->steps + 1, sizeof *lesson->step);
    struct lesson_step *step = parser->step = &lesson->step[lesson->steps];
    *step = (struct lesson_step){.settings = lesson->steps > 0 ? step[-1].settings
                                                               : lesson_settings_default()};
    lesson->steps++;
    return keep_line(parser, &step->heading, "heading", heading, LESSON_TITLE_MOST, error);
}

static bool add_check(struct parser *parser, const char *text, struct error *error)
{
    struct lesson_step *step = parser->step;
    if (step->checks == LESSON_CHECKS_MOST)
        return error_set(error, ERROR_FILE, "a step has at most %d checks", LESSON_CHECKS_MOST);
    return lesson_check_parse(&step->check[step->checks++], text, parser->line,
                              &parser->lesson->arena, error);
}

static bool begin_passage(struct parser *parser, enum passage passage, const char *text,
                          struct error *error)
{
    if (passage == ASK ? parser->step->ask : parser->step->look)
        return error_set(error, ERROR_FILE, "one question and one hint a step are enough");
    parser->passage = passage;
    return add_words(parser, text, error);
}

/* A line that only a step has; *found tells whether it was one. */
static bool step_line(struct parser *parser, const char *line, bool *found, struct error *error)
{
    const char *rest;
    *found = true;
    if ((rest = behind(line, "set ")) != NULL)
        return lesson_settings_parse(&parser->step->settings, rest, error);
    if ((rest = behind(line, "check ")) != NULL)
        return add_check(parser, rest, error);
    if ((rest = behind(line, "ask:")) != NULL)
        return begin_passage(parser, ASK, rest, error);
    if ((rest = behind(line, "look:")) != NULL)
        return begin_passage(parser, LOOK, rest, error);
    *found = false;
    return true;
}

static bool header_line(struct parser *parser, const char *line, bool *found, struct error *error)
{
    struct lesson *lesson = parser->lesson;
    const char *rest;
    *found = true;
    if ((rest = behind(line, "title:")) != NULL)
        return keep_line(parser, &lesson->title, "title", rest, LESSON_TITLE_MOST, error);
    if ((rest = behind(line, "summary:")) != NULL)
        return keep_line(parser, &lesson->summary, "summary", rest, LESSON_SUMMARY_MOST, error);
    *found = false;
    return true;
}

/* True if a line of text can only go on with the open paragraph, or begin one. */
static bool is_plain(const char *line)
{
    static const char *const words[] = {
        "===", "set ", "check ", "ask:", "look:", "title:", "summary:"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (behind(line, words[i]))
            return false;
    return *line != '\0';
}

static bool parse_line(struct parser *parser, const char *line, struct error *error)
{
    bool found = false;
    if (*line == '#')
        return true;
    if (is_plain(line))
        return add_words(parser, line, error);
    if (!end_paragraph(parser, error))
        return false;
    if (*line == '\0')
        return true;
    const char *heading = behind(line, "===");
    if (heading)
        return begin_step(parser, heading, error);
    bool ok = parser->step ? step_line(parser, line, &found, error)
                           : header_line(parser, line, &found, error);
    return ok && (found || error_set(error, ERROR_FILE, "this line stands in the wrong place"));
}

/* ---- The whole */

/* The line without blanks and a carriage return at its end. */
static bool take_line(struct parser *parser, const char *bytes, size_t length, struct error *error)
{
    if (length > 0 && bytes[length - 1] == '\r')
        length--;
    if (length > LESSON_LINE_MOST)
        return error_set(error, ERROR_FILE, "a line has at most %d bytes", LESSON_LINE_MOST);
    if (!utf8_printable(bytes, length))
        return error_set(error, ERROR_FILE, "something that is no printable UTF-8 (a tab?)");
    while (length > 0 && bytes[length - 1] == ' ')
        length--;
    char line[LESSON_LINE_MOST + 1];
    memcpy(line, bytes, length);
    line[length] = '\0';
    return parse_line(parser, line, error);
}

static bool take_lines(struct parser *parser, const char *bytes, size_t length, struct error *error)
{
    if (length > LESSON_BYTES_MOST)
        return error_set(error, ERROR_FILE, "a lesson has at most %d bytes", LESSON_BYTES_MOST);
    for (const char *end = bytes + length; bytes < end;) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t size = (size_t)((stop ? stop : end) - bytes);
        parser->line++;
        if (!take_line(parser, bytes, size, error))
            return false;
        bytes += size + (stop != NULL);
    }
    if (!end_paragraph(parser, error) || !step_complete(parser, error))
        return false;
    const struct lesson *lesson = parser->lesson;
    return (lesson->title && lesson->summary && lesson->steps > 0) ||
           error_set(error, ERROR_FILE, "a lesson has a title, a summary and a step");
}

/* The last component of the path without the suffix, printable. */
static const char *name_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t length = strlen(base), suffix = strlen(LESSON_SUFFIX);
    if (length > suffix && strcmp(base + length - suffix, LESSON_SUFFIX) == 0)
        length -= suffix;
    struct text name = {0};
    utf8_escape(&name, base, length);
    const char *kept = arena_string(arena, name.data ? name.data : "", name.length);
    text_done(&name);
    return kept;
}

static void explain(struct error *error, const char *path, unsigned line, const struct error *why)
{
    struct text shown = {0};
    utf8_escape(&shown, path, strlen(path));
    error_set(error, ERROR_FILE, "%s:%u: %s", shown.data ? shown.data : "", line, why->text);
    text_done(&shown);
}

struct lesson *lesson_parse(const char *path, const char *bytes, size_t length, struct error *error)
{
    struct lesson *lesson = mem_zero(1, sizeof *lesson);
    struct parser parser = {.lesson = lesson};
    struct error why = {ERROR_NONE, ""};
    lesson->name = name_of(&lesson->arena, path);
    bool ok = take_lines(&parser, bytes, length, &why);
    text_done(&parser.words);
    if (ok)
        return lesson;
    explain(error, path, parser.line > 0 ? parser.line : 1, &why);
    lesson_free(lesson);
    return NULL;
}

void lesson_free(struct lesson *lesson)
{
    if (!lesson)
        return;
    arena_done(&lesson->arena);
    mem_free(lesson->step);
    mem_free(lesson);
}
