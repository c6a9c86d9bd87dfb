/* schema_note.c - problems and marked values of a file, collected while it is read */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "study/schema.h"

enum { PROBLEM_TEXT_MAX = 900, NOTES_MAX = 5000, REASON_MAX = 1000 };

sei_where sei_schema_where(const sei_schema *s, size_t line)
{
    if (line >= SEI_OVERLAY_LINE)
        return (sei_where){s->overlay_file, line - SEI_OVERLAY_LINE, 0};
    return (sei_where){s->file, line, 0};
}

static void keep(sei_schema *s, sei_status status, const sei_where *where, const char *text)
{
    if (status == SEI_E_NOMEM)
        s->fatal = SEI_E_NOMEM;
    if (s->fatal != SEI_OK || s->n_problems >= SEI_PROBLEMS_MAX)
        return;
    sei_problem *p = &s->problems[s->n_problems];
    p->status      = status;
    p->where       = *where;
    p->text        = sei_arena_strdup(s->arena, text);
    if (where->file && strcmp(where->file, s->file) == 0)
        p->where.file = s->file;
    else if (where->file)
        p->where.file = sei_arena_strdup(s->arena, where->file);
    if (!p->text || (where->file && !p->where.file))
        s->fatal = SEI_E_NOMEM;
    else
        s->n_problems++;
}

void sei_schema_problem(sei_schema *s, sei_status status, size_t line, const char *fmt, ...)
{
    const sei_where where = sei_schema_where(s, line);
    char            text[PROBLEM_TEXT_MAX];
    va_list         args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    keep(s, status, &where, text);
}

/* The message behind "file:line:column: ". */
static const char *without_place(const char *text, const sei_where *where)
{
    char      head[600];
    const int n =
        !where->file   ? 0
        : !where->line ? snprintf(head, sizeof head, "%s: ", where->file)
        : !where->column
            ? snprintf(head, sizeof head, "%s:%zu: ", where->file, where->line)
            : snprintf(head, sizeof head, "%s:%zu:%zu: ", where->file, where->line, where->column);

    if (n <= 0 || (size_t)n >= sizeof head || strncmp(text, head, (size_t)n) != 0)
        return text;
    return text + n;
}

const char *sei_schema_error_text(const sei_schema *s)
{
    const sei_where where = sei_ctx_error_where(s->ctx);

    return without_place(sei_ctx_error(s->ctx), &where);
}

void sei_schema_take_error(sei_schema *s, sei_status status)
{
    const sei_where where = sei_ctx_error_where(s->ctx);

    keep(s, status, &where, sei_schema_error_text(s));
}

/* Stable, by line; problems of other files (CSV) stay behind those of the site file. */
static void sort(sei_schema *s)
{
    for (size_t i = 1; i < s->n_problems; i++) {
        const sei_problem p = s->problems[i];
        size_t            k = i;
        while (k > 0 && p.where.file == s->file &&
               (s->problems[k - 1].where.file != s->file ||
                s->problems[k - 1].where.line > p.where.line)) {
            s->problems[k] = s->problems[k - 1];
            k--;
        }
        s->problems[k] = p;
    }
}

sei_status sei_schema_finish(sei_schema *s, sei_problem_fn on_problem, void *user)
{
    if (s->fatal != SEI_OK)
        return s->fatal;
    sort(s);
    for (size_t i = s->n_problems; i-- > 0;) /* backwards: the first stays in the context */
        (void)sei_fail(s->ctx, s->problems[i].status, &s->problems[i].where, "%s",
                       s->problems[i].text);
    for (size_t i = 0; on_problem && i < s->n_problems; i++) {
        const sei_problem *p = &s->problems[i];
        char               line[PROBLEM_TEXT_MAX + 600];
        const char        *file = p->where.file ? p->where.file : s->file;
        if (p->where.line && p->where.column)
            snprintf(line, sizeof line, "%s:%zu:%zu: %s", file, p->where.line, p->where.column,
                     p->text);
        else if (p->where.line)
            snprintf(line, sizeof line, "%s:%zu: %s", file, p->where.line, p->text);
        else
            snprintf(line, sizeof line, "%s: %s", file, p->text);
        on_problem(user, p->status, &p->where, line);
    }
    return s->n_problems ? s->problems[0].status : SEI_OK;
}

/* ---- notes ------------------------------------------------------------------------------------ */

static bool grow_notes(sei_schema *s)
{
    if (s->n_notes < s->notes_size)
        return true;
    const size_t   size  = s->notes_size ? 2 * s->notes_size : 32;
    sei_site_note *grown = sei_arena_alloc(s->arena, size, sizeof *grown);
    if (!grown) {
        s->fatal = SEI_E_NOMEM;
        return false;
    }
    if (s->n_notes)
        memcpy(grown, s->notes, s->n_notes * sizeof *grown);
    s->notes      = grown;
    s->notes_size = size;
    return true;
}

static const char *value_text(sei_schema *s, const sei_yaml *node)
{
    char   text[SEI_VALUE_TEXT_MAX];
    size_t used = 0;

    if (node->kind == SEI_YAML_SCALAR)
        return node->text;
    if (node->kind == SEI_YAML_MAP)
        return "";
    for (const sei_yaml *item = node->first; item; item = item->next) {
        if (item->kind != SEI_YAML_SCALAR || used + item->len + 8 > sizeof text)
            break;
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", item->text);
    }
    text[used]       = '\0';
    const char *copy = sei_arena_strdup(s->arena, text);
    if (!copy)
        s->fatal = SEI_E_NOMEM;
    return copy ? copy : "";
}

static void add_note(sei_schema *s, const char *path, const sei_yaml *value, const sei_yaml *why,
                     const sei_key_row *row, const char *unit)
{
    if (s->n_notes >= NOTES_MAX) {
        sei_schema_problem(s, SEI_E_TOO_LARGE, why->line, "more than %d marked values",
                           (int)NOTES_MAX);
        return;
    }
    if (!grow_notes(s))
        return;
    sei_site_note *note = &s->notes[s->n_notes];
    const char    *reason;
    if (!sei_schema_text(s, sei_schema_key_path(s, path, why->key), why, &reason))
        return;
    *note = (sei_site_note){
        .path    = sei_arena_strdup(s->arena, path),
        .value   = value_text(s, value),
        .unit    = unit ? unit : "",
        .what    = row && row->help ? row->help : "",
        .what_ja = row && row->help_ja ? row->help_ja : "",
        .kind    = strcmp(why->key, "assumed") == 0 ? SEI_NOTE_ASSUMED : SEI_NOTE_SOURCE,
        .reason  = reason,
        .where   = sei_schema_where(s, value->line),
    };
    if (!note->path)
        s->fatal = SEI_E_NOMEM;
    else
        s->n_notes++;
}

static bool check_wrapper(sei_schema *s, const char *path, const sei_yaml *node)
{
    static const char *const known[] = {"value", "assumed", "source"};

    for (const sei_yaml *child = node->first; child; child = child->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            is_known = is_known || strcmp(child->key, known[i]) == 0;
        if (is_known)
            continue;
        const char *near = sei_nearest(child->key, known, sizeof known / sizeof known[0]);
        if (near)
            sei_schema_problem(s, SEI_E_KEY, child->key_line,
                               "unknown key \"%s\"; did you mean \"%s\"?", child->key, near);
        else
            sei_schema_problem(s, SEI_E_KEY, child->key_line,
                               "unknown key \"%s\" in %s; beside value stands assumed or source",
                               child->key, path);
        return false;
    }
    return true;
}

const sei_yaml *sei_schema_unwrap(sei_schema *s, const char *path, const sei_yaml *node,
                                  const sei_key_row *row, const char *unit)
{
    if (node->kind != SEI_YAML_MAP)
        return node;
    const sei_yaml *value   = sei_yaml_get(node, "value");
    const sei_yaml *assumed = sei_yaml_get(node, "assumed");
    const sei_yaml *source  = sei_yaml_get(node, "source");

    if (!value && !assumed && !source)
        return node;
    if (!check_wrapper(s, path, node))
        return NULL;
    if (!value || sei_yaml_is_empty(value)) {
        sei_schema_problem(s, SEI_E_MISSING, node->line, "%s lacks \"value\"", path);
        return NULL;
    }
    if (!assumed == !source) {
        sei_schema_problem(s, assumed ? SEI_E_DUPLICATE : SEI_E_MISSING, node->line,
                           "%s: beside value stands either assumed (the reason) or source", path);
        return NULL;
    }
    const sei_yaml *why = assumed ? assumed : source;
    if (sei_yaml_is_empty(why) || (why->kind == SEI_YAML_SCALAR && why->len == 0)) {
        sei_schema_problem(s, SEI_E_MISSING, why->key_line,
                           "%s.%s is empty: say why, or from where", path, why->key);
        return NULL;
    }
    add_note(s, path, value, why, row, unit);
    return value;
}
