/* SPDX-License-Identifier: MIT */
#include "base/expression.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/expression_node.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* More than anybody types; they bound the recursion. */
#define NODES_MOST 512
#define DEPTH_MOST 64

struct parser {
    struct expression *expression;
    const struct expression_names *names;
    const char *text, *at;
    unsigned depth;
    struct error *error;
};

static bool fail(struct parser *parser, const char *at, const char *what)
{
    return error_set(parser->error, ERROR_USAGE, "%s at column %zu", what,
                     (size_t)(at - parser->text) + 1);
}

static bool fail_quoting(struct parser *parser, const char *at, const char *what, const char *word,
                         size_t length)
{
    struct text text = {0};
    text_printf(&text, "%s \"", what);
    utf8_escape(&text, word, length > 40 ? 40 : length);
    text_puts(&text, "\"");
    fail(parser, at, text.data);
    text_done(&text);
    return false;
}

/* Appends a node, whose place is *place. */
static bool add(struct parser *parser, struct node node, size_t *place)
{
    struct expression *expression = parser->expression;
    if (expression->count == NODES_MOST) {
        mem_free(node.string);
        return fail(parser, parser->at, "the expression is too long");
    }
    expression->nodes = mem_grow(expression->nodes, &expression->capacity, expression->count + 1,
                                 sizeof *expression->nodes);
    *place = expression->count++;
    expression->nodes[*place] = node;
    return true;
}

static bool is_string(const struct parser *parser, size_t place)
{
    enum operation operation = parser->expression->nodes[place].operation;
    return operation == STRING || operation == STRING_FIGURE;
}

static void skip_blanks(struct parser *parser)
{
    parser->at += strspn(parser->at, " \t\r\n");
}

/* Passes over a symbol, unless it is the beginning of another one. */
static bool accept(struct parser *parser, const char *symbol)
{
    skip_blanks(parser);
    size_t length = strlen(symbol);
    if (strncmp(parser->at, symbol, length) != 0)
        return false;
    if (length == 1 && strchr("<>!", *symbol) && (parser->at[1] == '=' || parser->at[1] == '~'))
        return false;
    parser->at += length;
    return true;
}

static bool parse_or(struct parser *parser, size_t *place);

static bool parse_number(struct parser *parser, size_t *place)
{
    char *end;
    double number = strtod(parser->at, &end);
    const char *start = parser->at;
    if (end == parser->at || isalpha((unsigned char)*end) || *end == '_')
        return fail(parser, start, "a number is malformed");
    parser->at = end;
    return add(parser, (struct node){.operation = NUMBER, .number = number}, place);
}

static bool parse_string(struct parser *parser, size_t *place)
{
    const char *start = parser->at + 1, *end = strchr(start, *parser->at);
    if (!end)
        return fail(parser, parser->at, "a string has no end");
    parser->at = end + 1;
    struct node node = {.operation = STRING, .string = mem_string(start, (size_t)(end - start))};
    return add(parser, node, place);
}

static bool parse_name(struct parser *parser, size_t *place)
{
    const char *start = parser->at;
    while (isalnum((unsigned char)*parser->at) || *parser->at == '_')
        parser->at++;
    size_t length = (size_t)(parser->at - start);
    bool string = false;
    int figure = parser->names->find(start, length, &string);
    if (figure < 0)
        return fail_quoting(parser, start, "there is no figure", start, length);
    struct node node = {.operation = string ? STRING_FIGURE : FIGURE, .figure = figure};
    return add(parser, node, place);
}

static bool parse_primary(struct parser *parser, size_t *place)
{
    skip_blanks(parser);
    const char first = *parser->at;
    if (accept(parser, "(")) {
        if (!parse_or(parser, place))
            return false;
        return accept(parser, ")") || fail(parser, parser->at, "a ) is wanted");
    }
    if (isdigit((unsigned char)first) || first == '.')
        return parse_number(parser, place);
    if (first == '"' || first == '\'')
        return parse_string(parser, place);
    if (isalpha((unsigned char)first) || first == '_')
        return parse_name(parser, place);
    return fail(parser, parser->at,
                first ? "a figure or a number is wanted"
                      : "a figure or a number is wanted, not the end,");
}

/* An operand that is a number or a condition. */
static bool want_number(struct parser *parser, const char *at, size_t place)
{
    return !is_string(parser, place) ||
           fail(parser, at, "a string can only be compared, by == != ~ or !~,");
}

static bool parse_unary(struct parser *parser, size_t *place)
{
    if (parser->depth == DEPTH_MOST)
        return fail(parser, parser->at, "the expression is nested too deep");
    parser->depth++;
    bool good;
    if (accept(parser, "-")) {
        const char *at = parser->at;
        size_t operand;
        good = parse_unary(parser, &operand) && want_number(parser, at, operand) &&
               add(parser, (struct node){.operation = NEGATE, .left = operand}, place);
    } else {
        good = parse_primary(parser, place);
    }
    parser->depth--;
    return good;
}

struct binary {
    const char *symbol;
    enum operation operation;
};

/* The operator of a level that comes next; NULL if none does. */
static const struct binary *accept_any(struct parser *parser, const struct binary level[])
{
    for (; level->symbol; level++)
        if (accept(parser, level->symbol))
            return level;
    return NULL;
}

typedef bool parse(struct parser *parser, size_t *place);

/* Operands of numbers or conditions between operators of one level, from the left. */
static bool parse_level(struct parser *parser, parse *operand, const struct binary level[],
                        size_t *place)
{
    const char *at = parser->at;
    if (!operand(parser, place))
        return false;
    for (const struct binary *found; (found = accept_any(parser, level)) != NULL;) {
        size_t right;
        if (!want_number(parser, at, *place))
            return false;
        at = parser->at;
        if (!operand(parser, &right) || !want_number(parser, at, right))
            return false;
        struct node node = {.operation = found->operation, .left = *place, .right = right};
        if (!add(parser, node, place))
            return false;
    }
    return true;
}

static bool parse_product(struct parser *parser, size_t *place)
{
    static const struct binary level[] = {{"*", MULTIPLY}, {"/", DIVIDE}, {NULL, NUMBER}};
    return parse_level(parser, parse_unary, level, place);
}

static bool parse_sum(struct parser *parser, size_t *place)
{
    static const struct binary level[] = {{"+", ADD}, {"-", SUBTRACT}, {NULL, NUMBER}};
    return parse_level(parser, parse_product, level, place);
}

/* What may be compared with what. */
static bool check_comparison(struct parser *parser, const char *at, const struct node *node)
{
    bool left = is_string(parser, node->left), right = is_string(parser, node->right);
    bool like = node->operation == LIKE || node->operation == UNLIKE;
    if (left != right)
        return fail(parser, at, "a string is compared with a number");
    if (left && !like && node->operation != EQUAL && node->operation != UNEQUAL)
        return fail(parser, at, "strings have no order: == != ~ or !~ is wanted");
    if (like && !left)
        return fail(parser, at, "~ is for strings");
    return true;
}

static bool parse_comparison(struct parser *parser, size_t *place)
{
    static const struct binary level[] = {
        {"<=", LESS_OR_EQUAL}, {"<", LESS},   {">=", GREATER_OR_EQUAL},
        {">", GREATER},        {"==", EQUAL}, {"!=", UNEQUAL},
        {"!~", UNLIKE},        {"~", LIKE},   {NULL, NUMBER},
    };
    if (!parse_sum(parser, place))
        return false;
    const char *at = parser->at;
    const struct binary *found = accept_any(parser, level);
    if (!found)
        return true;
    struct node node = {.operation = found->operation, .left = *place};
    if (!parse_sum(parser, &node.right) || !check_comparison(parser, at, &node) ||
        !add(parser, node, place))
        return false;
    at = parser->at;
    return !accept_any(parser, level) || fail(parser, at, "comparisons are joined by &&, as here");
}

static bool parse_not(struct parser *parser, size_t *place)
{
    if (!accept(parser, "!"))
        return parse_comparison(parser, place);
    if (parser->depth == DEPTH_MOST)
        return fail(parser, parser->at, "the expression is nested too deep");
    parser->depth++;
    const char *at = parser->at;
    size_t operand;
    bool good = parse_not(parser, &operand) && want_number(parser, at, operand) &&
                add(parser, (struct node){.operation = NOT, .left = operand}, place);
    parser->depth--;
    return good;
}

static bool parse_and(struct parser *parser, size_t *place)
{
    static const struct binary level[] = {{"&&", AND}, {NULL, NUMBER}};
    return parse_level(parser, parse_not, level, place);
}

static bool parse_or(struct parser *parser, size_t *place)
{
    static const struct binary level[] = {{"||", OR}, {NULL, NUMBER}};
    return parse_level(parser, parse_and, level, place);
}

static bool parse_whole(struct parser *parser)
{
    size_t place;
    if (!parse_or(parser, &place) || !want_number(parser, parser->text, place))
        return false;
    skip_blanks(parser);
    return !*parser->at ||
           fail_quoting(parser, parser->at, "an operator is wanted, not", parser->at, 1);
}

struct expression *expression_parse(const char *text, const struct expression_names *names,
                                    struct error *error)
{
    struct expression *expression = mem_zero(1, sizeof *expression);
    struct parser parser = {expression, names, text, text, 0, error};
    if (parse_whole(&parser))
        return expression;
    expression_free(expression);
    return NULL;
}

void expression_free(struct expression *expression)
{
    if (!expression)
        return;
    for (size_t i = 0; i < expression->count; i++)
        mem_free(expression->nodes[i].string);
    mem_free(expression->nodes);
    mem_free(expression);
}
