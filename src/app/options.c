/* SPDX-License-Identifier: MIT */
#include "app/options.h"

#include <fnmatch.h>
#include <getopt.h>
#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/command.h"
#include "app/option.h"
#include "app/option_scheme.h"
#include "app/suggest.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "engine/pool.h"
#include "quant/theory.h"

/* getopt_long's return values of options without a letter begin here. */
#define VALUE_FIRST 256

/* Of commands that make a quantizer. */
#define OPTIONS_OF_SCHEME (OPTIONS_SCHEME | OPTIONS_CODEBOOK)

/* An option that was given, before it is known whether the command takes it. */
struct given {
    const struct option_row *row;
    const char *argument;
};

static void set_defaults(struct options *options)
{
    const char *charset = nl_langinfo(CODESET);
    bool utf8 = strcasecmp(charset, "UTF-8") == 0 || strcasecmp(charset, "utf8") == 0;
    *options = (struct options){
        .command = &commands[0],
        .scheme = scheme_default(),
        .channel = REQUEST_ALL_CHANNELS,
        .threads = pool_processors(),
        .view = views[0],
        .limits = outlier_limits_default(),
        .width = 80,
        .height = 24,
        .glyphs = utf8 ? GLYPHS_BRAILLE : GLYPHS_ASCII,
        .utf8 = utf8,
        .source = {.type = &source_gaussian},
        .std = NAN,
        .step = NAN,
        .levels_each_side = THEORY_INFINITE,
        .codebook = {.clip = NAN, .steps = -1},
        .scan = {.part = 1, .parts = 1},
        .schemes = {.widths = COMPARISON_USUAL_WIDTHS},
        .top = 10,
    };
}

/* Fails with: WHAT "WORD"ADVICE. */
static bool refuse(struct error *error, const char *what, const char *word, const char *advice)
{
    struct text printable = {0};
    utf8_escape(&printable, word, strlen(word));
    error_set(error, ERROR_USAGE, "%s \"%.200s\"%s", what, printable.data, advice);
    text_done(&printable);
    return false;
}

/* "; see roundoff stats --help", or with a suggestion before it. */
static const char *advice(struct text *out, const struct command *command, const char *dashes,
                          const char *suggestion)
{
    if (suggestion)
        text_printf(out, "; did you mean %s%s?", dashes, suggestion);
    else
        text_printf(out, "; see roundoff %s%s--help", command->name, *command->name ? " " : "");
    return out->data;
}

static const char *command_name(size_t index)
{
    return commands[index].name;
}

static const char *option_name(size_t index)
{
    return option_rows[index].name;
}

/* The first row of the name of row i: getopt_long is told of one option by that name. */
static size_t first_of_name(size_t i)
{
    size_t first = 0;
    while (strcmp(option_rows[first].name, option_rows[i].name) != 0)
        first++;
    return first;
}

/* The row of the same name that the command accepts, or this one if it accepts none. */
static const struct option_row *row_for(const struct option_row *row, unsigned groups)
{
    for (size_t i = 0; i < option_count; i++)
        if ((groups & option_rows[i].group) && strcmp(option_rows[i].name, row->name) == 0)
            return &option_rows[i];
    return row;
}

static const struct option_row *row_of(int value)
{
    if (value >= VALUE_FIRST)
        return &option_rows[value - VALUE_FIRST];
    for (size_t i = 0; i < option_count; i++)
        if (option_rows[i].letter && option_rows[i].letter == value)
            return &option_rows[i];
    return NULL;
}

/* What getopt_long could not make sense of.  For long options only the word it looked at tells;
 * for short ones optopt. */
static bool refuse_option(const struct options *options, int result, const char *word,
                          struct error *error)
{
    const struct option_row *row = row_of(optopt);
    struct text text = {0};
    if (row && result == ':') {
        text_printf(&text, "--%s needs an argument, %s", row->name, row->argument);
        error_set(error, ERROR_USAGE, "%s", text.data);
    } else if (row) {
        error_set(error, ERROR_USAGE, "--%s takes no argument", row->name);
    } else if (optopt > 0 && optopt < VALUE_FIRST) {
        const char letter[] = {'-', (char)optopt, '\0'};
        refuse(error, "unknown option", letter, advice(&text, options->command, "", NULL));
    } else {
        const char *name = word + strspn(word, "-");
        refuse(error, "unknown option", word,
               advice(&text, options->command, "--",
                      suggest_closest(name, option_name, option_count)));
    }
    text_done(&text);
    return false;
}

static void fill_tables(struct option longs[OPTIONS_MOST + 1], char letters[2 * OPTIONS_MOST + 2])
{
    *letters++ = ':';
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_rows[i];
        longs[i] = (struct option){row->name, row->argument ? required_argument : no_argument, NULL,
                                   row->letter ? row->letter : VALUE_FIRST + (int)first_of_name(i)};
        if (row->letter)
            *letters++ = row->letter;
        if (row->letter && row->argument)
            *letters++ = ':';
    }
    longs[option_count] = (struct option){0};
    *letters = '\0';
}

/* Splits the command line into the options given and the operands; *given is the caller's to
 * mem_free. */
static bool split(struct options *options, int argc, char *argv[], struct given **given,
                  size_t *count, struct error *error)
{
    struct option longs[OPTIONS_MOST + 1];
    char letters[2 * OPTIONS_MOST + 2];
    fill_tables(longs, letters);
    *given = mem_alloc((size_t)argc, sizeof **given);
    size_t room = (size_t)argc;
    *count = 0;
    opterr = 0;
    int result, bad = 0;
    const char *word = NULL;
    while (!bad && (result = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct option_row *row = result == '?' || result == ':' ? NULL : row_of(result);
        if (!row) {
            bad = result;
            word = argv[optind - 1];
            break;
        }
        /* Letters can stand together, so there can be more options than words. */
        *given = mem_grow(*given, &room, *count + 1, sizeof **given);
        (*given)[(*count)++] = (struct given){row, optarg};
    }
    for (int i = optind; i < argc; i++)
        options->operands[options->operand_count++] = argv[i];
    const struct command *command =
        options->operand_count ? command_find(options->operands[0]) : NULL;
    if (command) {
        options->command = command;
        options->operand_count--;
        memmove(options->operands, options->operands + 1,
                options->operand_count * sizeof *options->operands);
    }
    return bad ? refuse_option(options, bad, word, error) : true;
}

static bool apply(struct options *options, const struct given *given, struct error *error)
{
    const struct command *command = options->command;
    unsigned groups = command->groups | OPTIONS_ALWAYS;
    const struct option_row *row = row_for(given->row, groups);
    struct error inner = {0};
    if (!(groups & row->group))
        return error_set(error, ERROR_USAGE, "--%s means nothing to %s; see roundoff %s%s--help",
                         row->name, *command->name ? command->name : "the explorer", command->name,
                         *command->name ? " " : "");
    if (row->read(options, given->argument, &inner))
        return true;
    struct text what = {0}, why = {0};
    text_printf(&what, "--%s", row->name);
    text_printf(&why, ": %s", inner.text);
    refuse(error, what.data, given->argument, why.data);
    text_done(&what);
    text_done(&why);
    return false;
}

/* A bare word that names no file was meant for a command. */
static bool is_mistyped_command(const struct options *options)
{
    const char *word = options->operand_count ? options->operands[0] : "";
    return !*options->command->name && *word && !strpbrk(word, "./") && access(word, F_OK) != 0;
}

static bool check_operands(const struct options *options, struct error *error)
{
    const struct command *command = options->command;
    struct text text = {0};
    bool ok = false;
    if (is_mistyped_command(options)) {
        const char *word = options->operands[0];
        const char *close = suggest_closest(word, command_name, command_count);
        refuse(error, "unknown command", word, advice(&text, command, "", close));
    } else if (options->scan_file && options->operand_count > 0) {
        refuse(error, "--file takes the place of", options->operands[0],
               advice(&text, command, "", NULL));
    } else if (options->scan_file && options->transform.count > 0) {
        error_set(error, ERROR_USAGE, "a scan has the transform that it was made with");
    } else if (!options->scan_file && options->operand_count < command->operands_least) {
        error_set(error, ERROR_USAGE, "%s needs %s%s", command->name, command->operands,
                  advice(&text, command, "", NULL));
    } else if (options->operand_count > command->operands_most) {
        refuse(error, "unexpected operand", options->operands[command->operands_most],
               advice(&text, command, "", NULL));
    } else {
        ok = true;
    }
    text_done(&text);
    return ok;
}

bool options_read(struct options *options, int argc, char *argv[], struct error *error)
{
    set_defaults(options);
    options->operands = mem_zero((size_t)argc, sizeof *options->operands);
    struct given *given;
    size_t count;
    bool ok = split(options, argc, argv, &given, &count, error);
    /* Help comes before any complaint about the rest. */
    for (size_t i = 0; i < count && ok; i++)
        if (given[i].row->group == OPTIONS_ALWAYS)
            ok = given[i].row->read(options, NULL, error);
    if (!options->help && !options->version) {
        for (size_t i = 0; i < count && ok; i++)
            ok = apply(options, &given[i], error);
        if (options->command->groups & OPTIONS_OF_SCHEME)
            ok = ok && option_settle_scheme(options, error);
        ok = ok && check_operands(options, error);
    }
    mem_free(given);
    return ok;
}

void options_done(struct options *options)
{
    mem_free(options->operands);
    mem_free(options->globs);
    name_map_done(&options->layers.rules.entries);
    layer_grouping_done(&options->layers.rules.groups);
    expression_free(options->fail_if.expression);
}

bool options_match(const struct options *options, const char *label)
{
    for (size_t i = 0; i < options->glob_count; i++)
        if (fnmatch(options->globs[i], label, 0) == 0)
            return true;
    return options->glob_count == 0;
}

/* Column of the explanations. */
#define HELP_COLUMN 28

void options_describe(struct text *out, unsigned groups)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (!(groups & row->group) || !row->help)
            continue;
        char left[64];
        snprintf(left, sizeof left, "  %c%c%s --%s%s%s", row->letter ? '-' : ' ',
                 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
                 row->argument ? " " : "", row->argument ? row->argument : "");
        text_printf(out, "%-*s", HELP_COLUMN, left);
        const char *line = row->help;
        for (const char *end; (end = strchr(line, '\n')); line = end + 1)
            text_printf(out, "%.*s\n%*s", (int)(end - line), line, HELP_COLUMN, "");
        text_printf(out, "%s\n", line);
    }
}
