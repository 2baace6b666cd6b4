/* SPDX-License-Identifier: MIT */
#include "bench_report.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* The first processor's name as Linux tells it; "unknown" elsewhere. */
static void find_machine(char *out, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(out, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value)
            continue;
        value += 1 + strspn(value + 1, " ");
        snprintf(out, size, "%.*s", (int)strcspn(value, "\n"), value);
        break;
    }
    if (file)
        fclose(file);
}

struct bench_origin bench_origin(const struct bench_settings *settings, const char *version)
{
    struct bench_origin origin = {
        .version = version, .processors = settings->threads, .quick = settings->quick};
    const time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(origin.date, sizeof origin.date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    find_machine(origin.machine, sizeof origin.machine);
    return origin;
}

/* ---- a table ---- */

void bench_add_seconds(struct text *out, double seconds)
{
    char number[TEXT_NUMBER];
    if (seconds < 1e-3)
        text_printf(out, "%s us", text_number(number, seconds * 1e6, 3));
    else if (seconds < 1)
        text_printf(out, "%s ms", text_number(number, seconds * 1e3, 3));
    else
        text_printf(out, "%s s", text_number(number, seconds, 3));
}

void bench_heading(FILE *file, const struct bench_origin *origin)
{
    fprintf(file, "roundoff %s, %s, %s, %u processor%s%s\n\n", origin->version, origin->date,
            origin->machine, origin->processors, origin->processors == 1 ? "" : "s",
            origin->quick ? ", small inputs: no measurement" : "");
    fprintf(file, "%-30s %4s %4s %8s %8s %8s %8s %6s %8s %8s %9s %6s\n", "benchmark", "thr.",
            "runs", "median", "least", "most", "CPU", "GB/s", "of limit", "by CPU", "memory",
            "bytes");
}

/* A share in percent, right-aligned; blank if one of the figures is not known. */
static void print_share(FILE *file, double part, double whole)
{
    if (part > 0 && whole > 0)
        fprintf(file, " %6.1f %%", 100 * part / whole);
    else
        fprintf(file, " %8s", "");
}

void bench_row(FILE *file, const struct bench_result *result)
{
    struct text text = {0};
    const double seconds[] = {result->median, result->least, result->most, result->cpu};
    char rate[16] = "", memory[TEXT_NUMBER] = "", written[16] = "";
    if (result->bytes > 0)
        snprintf(rate, sizeof rate, "%.2f", 1e-9 * (double)result->bytes / result->median);
    if (result->written >= 0)
        snprintf(written, sizeof written, "%.0f", result->written);
    fprintf(file, "%-30s %4u %4zu", result->name, result->threads, result->runs);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        text_clear(&text);
        if (seconds[i] > 0)
            bench_add_seconds(&text, seconds[i]);
        fprintf(file, " %8s", text.length > 0 ? text.data : "");
    }
    fprintf(file, " %6s", rate);
    print_share(file, result->limit, result->median);
    print_share(file, result->limit_cpu, result->cpu);
    fprintf(file, " %9s %6s\n", text_bytes(memory, result->memory), written);
    fflush(file);
    text_done(&text);
}

bool bench_sane(const struct bench_result *result)
{
    return isfinite(result->most) && result->least > 0 && result->least <= result->median &&
           result->median <= result->most && result->limit >= 0;
}

/* ---- lines of JSON ---- */

/* A name of ours or of a processor: printable, so only two characters need care. */
static void add_string(struct text *out, const char *name, const char *value)
{
    text_printf(out, "\"%s\":\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            text_puts(out, "\\");
        if ((unsigned char)*value >= ' ')
            text_add(out, value, 1);
    }
    text_puts(out, "\",");
}

void bench_json(struct text *out, const struct bench_origin *origin,
                const struct bench_result *result)
{
    text_puts(out, "{");
    add_string(out, "version", origin->version);
    add_string(out, "date", origin->date);
    add_string(out, "machine", origin->machine);
    add_string(out, "name", result->name);
    text_printf(out, "\"processors\":%u,\"quick\":%s,\"threads\":%u,\"runs\":%zu",
                origin->processors, origin->quick ? "true" : "false", result->threads,
                result->runs);
    text_printf(out, ",\"median_s\":%.9g,\"min_s\":%.9g,\"max_s\":%.9g", result->median,
                result->least, result->most);
    if (result->cpu > 0)
        text_printf(out, ",\"cpu_s\":%.9g", result->cpu);
    if (result->bytes > 0)
        text_printf(out, ",\"bytes\":%llu,\"gb_per_s\":%.6g", (unsigned long long)result->bytes,
                    1e-9 * (double)result->bytes / result->median);
    if (result->limit > 0)
        text_printf(out, ",\"limit_s\":%.9g,\"limit_cpu_s\":%.9g,\"share_of_limit\":%.6g",
                    result->limit, result->limit_cpu, result->limit / result->median);
    if (result->written >= 0)
        text_printf(out, ",\"written_bytes\":%.9g", result->written);
    text_printf(out, ",\"anonymous_bytes\":%llu}\n", (unsigned long long)result->memory);
}
