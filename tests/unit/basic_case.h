/* basic_case.h - tables of BASIC programs with what PHREEQC made of them */
#ifndef SEI_TESTS_BASIC_CASE_H
#define SEI_TESTS_BASIC_CASE_H

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "basic/basic.h"
#include "t.h"

enum { CASE_FIELDS = 8 };

/* One file of tests/refs/basic: rows of unescaped fields, without comments and the head. */
typedef struct {
    char *text;
    char *(*rows)[CASE_FIELDS];
    size_t n;
} case_table;

/* \n \t \\ in place. */
static inline void case_unescape(char *text)
{
    char *to = text;

    for (const char *c = text; *c; c++) {
        const char next = c[0] == '\\' ? c[1] : '\0';
        *to++           = (char)(next == 'n' ? '\n' : next == 't' ? '\t' : *c);
        c += next == 'n' || next == 't' || next == '\\';
    }
    *to = '\0';
}

/* Fields that are not there are "", the end of the line. */
static inline void case_split(char *line, char *fields[CASE_FIELDS])
{
    char *const end = line + strlen(line);

    for (size_t i = 0; i < CASE_FIELDS; i++) {
        char *tab = strchr(line, '\t');
        fields[i] = line;
        line      = tab ? tab + 1 : end;
        if (tab)
            *tab = '\0';
    }
    for (size_t i = 0; i < CASE_FIELDS; i++)
        if (fields[i] != end)
            case_unescape(fields[i]);
}

static inline case_table case_read(sei_ctx *ctx, const char *name)
{
    case_table t = {0};
    size_t     len;
    char       path[512];
    bool       head = true;

    snprintf(path, sizeof path, "%s/refs/basic/%s", SEI_TEST_DIR, name);
    T_OK(ctx, sei_file_read(ctx, path, 1 << 20, &t.text, &len));
    t.rows = sei_alloc(ctx, 1000, sizeof *t.rows);
    for (char *line = t.text; line && *line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (*line != '#' && !head)
            case_split(line, t.rows[t.n++]);
        head = head && *line == '#';
        line = next;
    }
    ck_assert_uint_gt(t.n, 0);
    return t;
}

static inline void case_done(sei_ctx *ctx, case_table *t)
{
    sei_release(ctx, t->rows);
    sei_release(ctx, t->text);
}

/* Equal, both not a number, or within a few units of the last digit. */
static inline bool case_close(double value, double expected)
{
    return value == expected || (isnan(value) && isnan(expected)) ||
           fabs(value - expected) <= 4e-15 * fabs(expected);
}

#endif
