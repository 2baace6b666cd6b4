/* SPDX-License-Identifier: MIT
 *
 * Tables of expected numbers in tests/reference/: lines of columns between tabs.
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE_COLUMNS 12

/* Opens a table, past the comments and the line of titles; ends the test if it is missing. */
static inline FILE *reference_open(const char *name)
{
    const char *tests = getenv("ROUNDOFF_TESTS");
    char path[4096];
    snprintf(path, sizeof path, "%s/reference/%s", tests ? tests : "tests", name);
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s is missing (is ROUNDOFF_TESTS set?)\n", path);
        exit(1);
    }
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0 && line[0] == '#')
        continue;
    free(line);
    return file;
}

/* The next line's columns, until the next call; false at the end, where the file is closed. */
static inline bool reference_read(FILE *file, char **line, char *column[REFERENCE_COLUMNS])
{
    size_t size = 0;
    free(*line);
    *line = NULL;
    if (getline(line, &size, file) <= 0) {
        free(*line);
        fclose(file);
        return false;
    }
    (*line)[strcspn(*line, "\n")] = '\0';
    char *rest = *line;
    for (size_t i = 0; i < REFERENCE_COLUMNS; i++)
        column[i] = strsep(&rest, "\t");
    return true;
}

/* Appends the numbers between blanks in text to out, at most `most`; returns how many. */
static inline size_t reference_numbers(const char *text, double out[], size_t most)
{
    size_t n = 0;
    for (char *end; n < most; text = end) {
        double value = strtod(text, &end);
        if (end == text)
            break;
        out[n++] = value;
    }
    return n;
}

#endif
