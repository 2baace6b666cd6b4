/* SPDX-License-Identifier: MIT
 *
 * Two runs side by side, read back from the lines of JSON.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_tree.h>

#include "base/mem.h"
#include "bench_report.h"

/* A line of the file. */
struct kept {
    char name[BENCH_NAME], date[32], version[64];
    long long threads;
    double median, cpu, share; /* share: of the limit; 0: not known */
};

struct kept_list {
    struct kept *line;
    size_t count, room;
};

static const char *string_of(yajl_val object, const char *name)
{
    yajl_val value = yajl_tree_get(object, (const char *[]){name, NULL}, yajl_t_string);
    return value ? YAJL_GET_STRING(value) : "";
}

static double number_of(yajl_val object, const char *name)
{
    yajl_val value = yajl_tree_get(object, (const char *[]){name, NULL}, yajl_t_number);
    return value ? YAJL_GET_DOUBLE(value) : 0;
}

/* Adds a line; false if it is none of ours. */
static bool keep(struct kept_list *list, const char *line)
{
    char why[128];
    yajl_val object = yajl_tree_parse(line, why, sizeof why);
    struct kept kept = {.threads = (long long)number_of(object, "threads"),
                        .median = number_of(object, "median_s"),
                        .cpu = number_of(object, "cpu_s"),
                        .share = number_of(object, "share_of_limit")};
    snprintf(kept.name, sizeof kept.name, "%s", string_of(object, "name"));
    snprintf(kept.date, sizeof kept.date, "%s", string_of(object, "date"));
    snprintf(kept.version, sizeof kept.version, "%s", string_of(object, "version"));
    yajl_tree_free(object);
    if (!kept.name[0] || !kept.date[0] || !(kept.median > 0))
        return false;
    list->line = mem_grow(list->line, &list->room, list->count + 1, sizeof *list->line);
    list->line[list->count++] = kept;
    return true;
}

static bool read_all(const char *path, struct kept_list *list, struct error *error)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(error, ERROR_FILE, "%.900s: %s", path, strerror(errno));
    char *line = NULL;
    size_t size = 0, number = 0;
    bool ok = true;
    while (ok && getline(&line, &size, file) > 0) {
        number++;
        ok = keep(list, line) ||
             error_set(error, ERROR_FILE, "%.900s: line %zu is no result", path, number);
    }
    free(line);
    fclose(file);
    return ok;
}

/* The last line of the run before the last one; NULL if there is one run only. */
static const struct kept *line_before(const struct kept_list *list)
{
    for (size_t i = list->count; i-- > 0;)
        if (strcmp(list->line[i].date, list->line[list->count - 1].date) != 0)
            return &list->line[i];
    return NULL;
}

/* What the run of a date says of the same benchmark; NULL if nothing. */
static const struct kept *find(const struct kept_list *list, const char *date,
                               const struct kept *like)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct kept *line = &list->line[i];
        if (strcmp(line->date, date) == 0 && strcmp(line->name, like->name) == 0 &&
            line->threads == like->threads)
            return line;
    }
    return NULL;
}

/* A ratio, or a blank place if one of the figures is not known. */
static void print_ratio(double above, double below)
{
    if (above > 0 && below > 0)
        printf(" %10.2f", above / below);
    else
        printf(" %10s", "");
}

static void print_pair(const struct kept *before, const struct kept *now)
{
    struct text was = {0}, is = {0};
    bench_add_seconds(&was, before->median);
    bench_add_seconds(&is, now->median);
    printf("%-30s %7lld %10s %10s", now->name, now->threads, was.data, is.data);
    print_ratio(before->median, now->median);
    print_ratio(before->cpu, now->cpu);
    print_ratio(now->share, before->share);
    printf("\n");
    text_done(&is);
    text_done(&was);
}

bool bench_compare(const char *path, struct error *error)
{
    struct kept_list list = {0};
    bool ok = read_all(path, &list, error);
    const struct kept *before = ok ? line_before(&list) : NULL;
    if (ok && !before)
        ok = error_set(error, ERROR_USAGE, "%.900s: there are no two runs to compare", path);
    if (ok) {
        const struct kept *last = &list.line[list.count - 1];
        printf("%s, %s  ->  %s, %s\nAbove 1 is faster than before.\n\n", before->version,
               before->date, last->version, last->date);
        printf("%-30s %7s %10s %10s %10s %10s %10s\n", "benchmark", "threads", "before", "now",
               "by time", "by CPU", "by limit");
        for (size_t i = 0; i < list.count; i++) {
            const struct kept *now = &list.line[i];
            const struct kept *then = find(&list, before->date, now);
            if (strcmp(now->date, last->date) == 0 && then)
                print_pair(then, now);
        }
    }
    mem_free(list.line);
    return ok;
}
