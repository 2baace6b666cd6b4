/* SPDX-License-Identifier: MIT
 *
 * golden_check weights REFERENCE.json PROGRAM MODEL   the figures of stats and channels
 * golden_check theory PQN.tsv PROGRAM                 the figures of theory
 * golden_check schemes REFERENCE.json MODEL           mean square errors of levels of all sorts
 * golden_check settings REFERENCE.json MODEL          and of grids, groups and formats
 * golden_check json FILE                              that a file is one JSON document
 */
#include "golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "golden_check: %s: %s\n", what, why);
    exit(1);
}

static char *read_all(FILE *file)
{
    size_t length = 0, room = 1 << 16, got;
    char *text = malloc(room);
    while (text && (got = fread(text + length, 1, room - length - 1, file)) > 0) {
        length += got;
        if (length + 1 == room)
            text = realloc(text, room *= 2);
    }
    if (!text)
        die("memory", "there is none");
    text[length] = '\0';
    return text;
}

char *golden_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        die(path, "cannot be opened");
    char *text = read_all(file);
    fclose(file);
    return text;
}

char *golden_run(const char *const arguments[])
{
    int ends[2], status;
    if (pipe(ends) != 0)
        die("pipe", "failed");
    pid_t child = fork();
    if (child < 0)
        die("fork", "failed");
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    close(ends[1]);
    FILE *file = fdopen(ends[0], "r");
    if (!file)
        die("fdopen", "failed");
    char *text = read_all(file);
    fclose(file);
    if (waitpid(child, &status, 0) != child || status != 0)
        die(arguments[0], "failed");
    return text;
}

yajl_val golden_parse(const char *text, const char *what)
{
    char why[256] = "";
    yajl_val tree = yajl_tree_parse(text, why, sizeof why);
    if (!tree)
        die(what, *why ? why : "is not JSON");
    return tree;
}

yajl_val golden_member(yajl_val object, const char *key)
{
    const char *const path[] = { key, NULL };
    return yajl_tree_get(object, (const char **)path, yajl_t_any);
}

double golden_number(yajl_val value)
{
    return YAJL_IS_NUMBER(value) ? strtod(YAJL_GET_NUMBER(value), NULL) : (double)NAN;
}

void golden_compare(struct golden_field *field, double ours, double theirs, double allowed,
                    const char *where)
{
    field->compared++;
    if (isnan(ours) && isnan(theirs))
        return;
    double deviation = fabs(ours - theirs);
    double ratio = deviation == 0 ? 0 : deviation / allowed;
    /* A number against nothing is as far as can be. */
    if (isnan(ratio))
        ratio = INFINITY;
    field->failed += ratio > 1;
    if (ratio > field->ratio || field->where[0] == '\0') {
        field->ratio = ratio;
        field->deviation = deviation;
        snprintf(field->where, sizeof field->where, "%s", where);
    }
}

bool golden_report(const struct golden_field fields[], size_t n)
{
    bool ok = true;
    printf("%-40s %8s %7s %11s %9s  at\n", "field", "compared", "failed", "deviation",
           "/allowed");
    for (size_t i = 0; i < n; i++) {
        const struct golden_field *field = &fields[i];
        if (field->compared == 0)
            continue;
        printf("%-40s %8zu %7zu %11.3g %9.2g  %s\n", field->name, field->compared, field->failed,
               field->deviation, field->ratio, field->where);
        ok = ok && field->failed == 0;
    }
    return ok;
}

int main(int argc, char *argv[])
{
    if (argc == 5 && strcmp(argv[1], "weights") == 0)
        return !golden_weights(argv[2], argv[3], argv[4]);
    if (argc == 4 && strcmp(argv[1], "theory") == 0)
        return !golden_theory(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "schemes") == 0)
        return !golden_schemes(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "settings") == 0)
        return !golden_settings(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "survey") == 0)
        return !golden_survey(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "json") == 0) {
        char *text = golden_file(argv[2]);
        yajl_tree_free(golden_parse(text, argv[2]));
        free(text);
        return 0;
    }
    fprintf(stderr, "usage: golden_check weights|theory|schemes|settings|survey|json ...; see the source\n");
    return 1;
}
