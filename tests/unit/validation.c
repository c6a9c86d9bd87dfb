/* validation.c - numbers that the pages of docs/validation quote, computed afresh */
#include "unit/validation.h"

#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "t.h"
#include "unit/validation_fit.h"

enum { PATH_BYTES = 1024, SITE_BYTES_MAX = 1 << 20 };

static const double day_s = 86400.0, start_up_d = 30.0, year_d = 365.25;

/* ---- what is asked ---- */

/* Words between the backticks that a cell consists of; 0 when it does not. */
static int words_of(const char *cell, char word[4][V_WORD_MAX])
{
    char   format[80];
    char   rest[2];
    size_t n = strcspn(cell + strspn(cell, " "), "|");

    if (n < 2 || cell[strspn(cell, " ")] != '`')
        return 0;
    snprintf(format, sizeof format, " `%%%d[^` |] %%%d[^` |] %%%d[^` |] %%%d[^` |]%%1[`]",
             V_WORD_MAX - 1, V_WORD_MAX - 1, V_WORD_MAX - 1, V_WORD_MAX - 1);
    const int found = sscanf(cell, format, word[0], word[1], word[2], word[3], rest);
    return found > 4 ? 4 : found;
}

static void set_measure(v_measure *m, const char *run, const char *at, const char *quantity,
                        const char *statistic)
{
    snprintf(m->run, sizeof m->run, "%s", run);
    snprintf(m->place, sizeof m->place, "%s", at);
    snprintf(m->quantity, sizeof m->quantity, "%s", quantity);
    snprintf(m->statistic, sizeof m->statistic, "%s", statistic);
}

static bool is_run_head(const char *cell)
{
    return strncmp(cell + strspn(cell, " "), "run ", 4) == 0;
}

void v_read_line(v_table *table, const char *line, v_quote_fn on_quote, void *user)
{
    char        word[4][V_WORD_MAX], run[V_WORD_MAX] = "";
    v_measure   m       = {.run = ""};
    bool        pending = false; /* the next cell holds the number of m */
    const char *cell    = line + 1;

    if (line[0] != '|') {
        *table = (v_table){.has_run = false};
        return;
    }
    for (size_t i = 0; i < V_COLUMNS_MAX && strchr(cell, '|'); i++, cell = strchr(cell, '|') + 1) {
        const int n = words_of(cell, word);
        if (pending)
            on_quote(user, &m, cell + strspn(cell, " "));
        pending = n == 4;
        if (n == 4)
            set_measure(&m, word[0], word[1], word[2], word[3]);
        else if (n == 3) {
            set_measure(&table->head[i], "", word[0], word[1], word[2]);
            table->is_measured[i] = true;
        } else if (is_run_head(cell)) {
            table->run_column = i;
            table->has_run    = true;
        } else if (n == 1 && table->has_run && i == table->run_column)
            snprintf(run, sizeof run, "%s", word[0]);
        else if (run[0] && table->is_measured[i]) {
            v_measure under = table->head[i];
            snprintf(under.run, sizeof under.run, "%s", run);
            on_quote(user, &under, cell + strspn(cell, " "));
        }
    }
}

/* "pilot[a=1,b=2]" to "pilot" and "a=1,b=2". */
static void split_run(const char *run, char name[V_WORD_MAX], char edits[V_WORD_MAX])
{
    snprintf(name, V_WORD_MAX, "%.*s", (int)strcspn(run, "[@"), run);
    edits[0] = '\0';
    if (run[strlen(name)] == '[')
        snprintf(edits, V_WORD_MAX, "%.*s", (int)strcspn(run + strlen(name) + 1, "]"),
                 run + strlen(name) + 1);
}

static bool site_path(const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/examples/%s/site.yaml", SEI_PROJECT_DIR, name);
    if (access(path, R_OK) == 0)
        return true;
    snprintf(path, PATH_BYTES, "%s/docs/validation/cases/%s.yaml", SEI_PROJECT_DIR, name);
    return false;
}

bool v_is_example(const v_measure *measure)
{
    char name[V_WORD_MAX], edits[V_WORD_MAX], path[PATH_BYTES];

    split_run(measure->run, name, edits);
    return site_path(name, path) && !edits[0] && !strchr(measure->run, '@');
}

/* ---- changes to a site file ---- */

static bool is_word(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Where the number of "key: 1" or "key: {value: 1" begins; NULL when the key is not at `at`. */
static const char *number_of(const char *text, const char *at, const char *key)
{
    const size_t n = strlen(key);

    if ((at > text && is_word(at[-1])) || strncmp(at, key, n) != 0 || at[n] != ':')
        return NULL;
    at += n + 1;
    at += strspn(at, " ");
    if (strncmp(at, "{value:", 7) == 0)
        at += 7 + strspn(at + 7, " ");
    return *at && strchr("-0123456789.", *at) ? at : NULL;
}

static void change(sei_buf *text, const char *key, const char *value)
{
    sei_buf     out;
    const char *copied = text->text;
    size_t      n      = 0;

    sei_buf_init(&out, text->ctx, SITE_BYTES_MAX);
    for (const char *at = text->text; *at; at++) {
        const char *number = number_of(text->text, at, key);
        if (!number)
            continue;
        sei_buf_put(&out, copied, (size_t)(number - copied));
        sei_buf_puts(&out, value);
        copied = number + strspn(number, "-+0123456789.eE");
        n++;
    }
    sei_buf_puts(&out, copied);
    ck_assert_msg(n > 0, "no number \"%s\" to change", key);
    sei_buf_done(text);
    *text = out;
}

static void apply(sei_buf *text, char *edits)
{
    char *save = NULL;

    for (char *e = strtok_r(edits, ",", &save); e; e = strtok_r(NULL, ",", &save)) {
        char *equals = strchr(e, '=');
        ck_assert_msg(equals != NULL, "change \"%s\" needs key=value", e);
        *equals = '\0';
        change(text, e, equals + 1);
    }
}

/* ---- runs ---- */

void v_open(v_run *run, const char *name_and_edits)
{
    char    name[V_WORD_MAX], edits[V_WORD_MAX], path[PATH_BYTES], folder[PATH_BYTES];
    char   *file = NULL;
    size_t  len  = 0;
    sei_buf text;

    snprintf(run->name, sizeof run->name, "%s", name_and_edits);
    split_run(name_and_edits, name, edits);
    site_path(name, path);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    run->ctx = sei_ctx_create(NULL);
    sei_buf_init(&text, run->ctx, SITE_BYTES_MAX);
    T_OK(run->ctx, sei_file_read(run->ctx, path, SITE_BYTES_MAX, &file, &len));
    sei_buf_put(&text, file, len);
    sei_release(run->ctx, file);
    apply(&text, edits);
    T_OK(run->ctx,
         sei_site_parse(run->ctx, path, folder, text.text, text.len, NULL, NULL, &run->site));
    sei_buf_done(&text);
}

static void turn(v_run *run, v_set_fn set, void *user)
{
    sei_knobs *knobs  = NULL;
    double   **places = NULL;

    T_OK(run->ctx, sei_knobs_create(run->ctx, run->site, &knobs));
    T_OK(run->ctx, sei_knobs_bind(knobs, run->site, &places));
    set(user, knobs, places);
    sei_knobs_free(knobs);
}

void v_look(const char *name_and_edits, v_set_fn look, void *user)
{
    v_run run = {.name = ""};

    v_open(&run, name_and_edits);
    turn(&run, look, user);
    v_run_done(&run);
}

bool v_compute(v_run *run, const char *name_and_edits, v_set_fn set, void *user)
{
    *run = (v_run){.name = ""};
    v_open(run, name_and_edits);
    if (set)
        turn(run, set, user);
    return sei_study_run(run->ctx, run->site, NULL, &run->result) == SEI_OK;
}

void v_run_done(v_run *run)
{
    sei_result_free(run->result);
    sei_site_free(run->site);
    sei_ctx_free(run->ctx);
}

const v_data *v_book_data(v_book *book)
{
    if (!book->data)
        book->data = v_data_read();
    return book->data;
}

/* A run of a page: with "@GROUP" at its end, as the group was calibrated. */
static void compute(v_book *book, v_run *run, const char *name)
{
    const char    *group = strrchr(name, '@');
    const v_group *g     = group ? v_data_find(v_book_data(book), group + 1) : NULL;

    ck_assert_msg(v_compute(run, name, g ? v_fit_set_stored : NULL, (void *)(uintptr_t)g), "%s: %s",
                  name, sei_ctx_error(run->ctx));
}

const v_run *v_get(v_book *book, const char *run)
{
    for (size_t i = 0; i < book->n; i++)
        if (strcmp(book->runs[i].name, run) == 0)
            return &book->runs[i];
    ck_assert_uint_lt(book->n, V_RUNS_MAX);
    compute(book, &book->runs[book->n], run);
    return &book->runs[book->n++];
}

void v_done(v_book *book)
{
    for (size_t i = 0; i < book->n; i++)
        v_run_done(&book->runs[i]);
    v_data_free(book->data);
    book->n    = 0;
    book->data = NULL;
}

/* ---- one number of one time ---- */

typedef struct {
    const sei_result *r;
    size_t watch, feed, unit; /* watches of outlet and inlet; unit SIZE_MAX for raw, discharge */
} place;

static place find_place(const v_run *run, const char *name)
{
    place p = {.r = run->result, .watch = sei_result_watch(run->result, name), .feed = SIZE_MAX};

    ck_assert_msg(p.watch != SIZE_MAX, "%s has no place \"%s\"", run->name, name);
    p.unit = run->result->watches[p.watch].unit;
    if (p.unit == SIZE_MAX)
        return p;
    const sei_unit_spec *u = &run->site->units[p.unit];
    ck_assert_msg(u->n_feeds <= 1, "%s: unit \"%s\" has several inlets", run->name, name);
    const char *from = u->n_feeds == 1 ? u->feeds[0].from
                       : p.unit > 0    ? run->site->units[p.unit - 1].name
                                       : "raw";
    p.feed           = sei_result_watch(run->result, from);
    return p;
}

static size_t find_column(const place *p, const char *quantity)
{
    char         key[V_WORD_MAX];
    const char  *end    = strstr(quantity, "_dissolved");
    sei_fraction wanted = end ? SEI_FRACTION_DISSOLVED : SEI_FRACTION_TOTAL;

    snprintf(key, sizeof key, "%.*s", end ? (int)(end - quantity) : (int)strlen(quantity),
             quantity);
    const size_t c = sei_result_column(p->r, key, wanted);
    ck_assert_msg(c != SIZE_MAX, "no quantity \"%s\"", quantity);
    return c;
}

/* In the unit that results are shown in. */
static double shown(const place *p, size_t time, size_t column)
{
    const sei_quantity_column *c = &p->r->columns[column];
    double                     x = sei_result_value(p->r, time, p->watch, column);

    if (c->unit)
        ck_assert(sei_quantity_from_si(c->quantity, c->unit, x, &x));
    return x;
}

/* Inlet minus outlet of the unit, mol/s (eq/s for alkalinity). */
static double kept_mol_s(const place *p, size_t time, const char *quantity)
{
    const size_t        c = find_column(p, quantity), q = find_column(p, "flow");
    const sei_quantity *s = p->r->columns[c].quantity;
    double              mol_m3;

    ck_assert_msg(p->feed != SIZE_MAX, "%s has no inlet", p->r->watches[p->watch].key);
    ck_assert(sei_quantity_to_molar(
        s, sei_result_value(p->r, time, p->feed, c) - sei_result_value(p->r, time, p->watch, c),
        &mol_m3));
    return mol_m3 * sei_result_value(p->r, time, p->watch, q);
}

/*
 * Alkalinity as PHREEQC counts it falls by 1 eq when a mole of Fe(II) becomes dissolved Fe(III) (which
 * counts as two acids, for one H+ taken up), and by what the solid releases when it precipitates. The
 * acid made for each mole that became solid is therefore the alkalinity lost, without the former.
 */
static double acid_per_iron(const place *p, size_t time)
{
    const double fe3_gained =
        kept_mol_s(p, time, "fe2_dissolved") - kept_mol_s(p, time, "fe_dissolved");

    return (kept_mol_s(p, time, "alkalinity") - fe3_gained) / kept_mol_s(p, time, "fe_dissolved");
}

static double solid_kg(const place *p, size_t time, const char *name)
{
    const sei_result *r = p->r;

    ck_assert_msg(p->unit != SIZE_MAX, "solid:%s needs a unit", name);
    for (size_t s = 0; s < r->n_solids; s++)
        if (strcmp(r->solid_name[s], name) == 0)
            return r->solid_mol[(time * r->n_units + p->unit) * r->n_solids + s] *
                   r->solid_kg_mol[s];
    ck_abort_msg("no solid \"%s\"", name);
    return (double)NAN;
}

/* Outlet minus inlet, in the unit that results are shown in. */
static double rise(const place *p, size_t time, const char *quantity)
{
    const size_t c  = find_column(p, quantity);
    const place  in = {.r = p->r, .watch = p->feed};

    return shown(p, time, c) - shown(&in, time, c);
}

/* Inlet minus outlet over the inlet, %. */
static double kept_percent(const place *p, size_t time, const char *quantity)
{
    const size_t c  = find_column(p, quantity);
    const double in = sei_result_value(p->r, time, p->feed, c);

    return 100.0 * (in - sei_result_value(p->r, time, p->watch, c)) / in;
}

static double molar_mass(const place *p, const char *quantity)
{
    return sei_quantity_molar_mass(p->r->columns[find_column(p, quantity)].quantity);
}

static double at(const place *p, const v_measure *m, size_t time)
{
    const double unit_year = year_d * day_s;

    if (strncmp(m->quantity, "solid:", 6) == 0)
        return solid_kg(p, time, m->quantity + 6);
    if (strcmp(m->quantity, "acid") == 0)
        return acid_per_iron(p, time);
    if (strcmp(m->statistic, "removed") == 0)
        return kept_mol_s(p, time, m->quantity) * day_s / p->r->units[p->unit].bed_m3;
    if (strcmp(m->statistic, "kg_y") == 0)
        return kept_mol_s(p, time, m->quantity) * unit_year * molar_mass(p, m->quantity);
    if (strcmp(m->statistic, "areal") == 0)
        return 1e3 * kept_mol_s(p, time, m->quantity) * day_s * molar_mass(p, m->quantity) /
               p->r->units[p->unit].area_m2;
    if (strcmp(m->statistic, "percent") == 0)
        return kept_percent(p, time, m->quantity);
    if (strcmp(m->statistic, "rise") == 0)
        return rise(p, time, m->quantity);
    return shown(p, time, find_column(p, m->quantity));
}

/* ---- statistics ---- */

static int month_of(const v_run *run, size_t time)
{
    const time_t local =
        (time_t)((run->result->time_us[time] + run->site->utc_offset_us) / 1000000);
    struct tm tm;

    gmtime_r(&local, &tm);
    return tm.tm_mon + 1;
}

static bool is_counted(const v_run *run, const char *word, int year, size_t time)
{
    const double day = (double)(run->result->time_us[time] - run->result->time_us[0]) / 1e6 / day_s;
    const int    m   = month_of(run, time);

    if (day < start_up_d || (year > 0 && (int)(day / year_d) + 1 != year))
        return false;
    if (strcmp(word, "winter") == 0)
        return m == 12 || m <= 2;
    return strcmp(word, "summer") != 0 || (m >= 6 && m <= 8);
}

/* Reagent and sludge of a unit are known for the whole run only; false when the quantity is none of them. */
static bool supply(const place *p, const char *quantity, double *ret)
{
    const sei_result *r     = p->r;
    bool              found = false;

    for (size_t i = 0; i < r->n_doses; i++)
        if (r->doses[i].unit == p->unit && strcmp(quantity, "dose") == 0) {
            *ret  = 1e3 * r->doses[i].mean_kg_m3;
            found = true;
        }
    for (size_t i = 0; i < r->n_sludges; i++) {
        const sei_result_sludge *s = &r->sludges[i];
        if (s->unit != p->unit || s->to != SIZE_MAX || strncmp(quantity, "sludge", 6) != 0)
            continue;
        *ret =
            strcmp(quantity, "sludge_pct") == 0 ? 100.0 * s->solids_fraction : s->mean_kg_s * day_s;
        found = true;
    }
    return found;
}

/* Days from the start until water overflows, deposits growing as they did in the run, which must end before. */
static double clogged_d(const v_run *run, const place *p)
{
    const sei_result            *r = p->r;
    const sei_result_hydraulics *h = &r->units[p->unit].hydraulics;
    const double run_d = (double)(r->time_us[r->n_times - 1] - r->time_us[0]) / 1e6 / day_s;

    ck_assert_msg(h->clogs_in_s > day_s, "%s has clogged: give it a shorter run", run->name);
    ck_assert_msg(isfinite(h->clogs_in_s), "%s never clogs", run->name);
    return run_d + h->clogs_in_s / day_s;
}

double v_value(v_book *book, const v_measure *measure)
{
    return v_value_of(v_get(book, measure->run), measure);
}

double v_value_of(const v_run *run, const v_measure *measure)
{
    const place p     = find_place(run, measure->place);
    double      whole = 0.0;
    v_measure   m     = *measure;
    char       *colon = strchr(m.statistic, ':');
    const int   year  = colon ? atoi(colon + 1) : 0;
    double      sum = 0.0, low = HUGE_VAL, high = -HUGE_VAL, last = 0.0;
    size_t      n = 0;

    if (supply(&p, measure->quantity, &whole))
        return whole;
    if (strcmp(measure->quantity, "clogged_d") == 0)
        return clogged_d(run, &p);
    if (colon)
        *colon = '\0';
    for (size_t t = 0; t < run->result->n_times; t++) {
        if (!is_counted(run, m.statistic, year, t))
            continue;
        last = at(&p, &m, t);
        sum += last;
        low  = fmin(low, last);
        high = fmax(high, last);
        n++;
    }
    ck_assert_msg(n > 0, "no time counts for %s %s", m.run, m.statistic);
    if (strcmp(m.statistic, "min") == 0)
        return low;
    if (strcmp(m.statistic, "max") == 0)
        return high;
    return strcmp(m.statistic, "end") == 0 ? last : sum / (double)n;
}

/* 2 %; pH 0.02; 0.1 degC; below 0.05 mg/L 0.001 mg/L, for traces follow the tolerance of the steps. */
double v_tolerance(const v_measure *measure, double value)
{
    if (strcmp(measure->quantity, "ph") == 0)
        return 0.02;
    if (strcmp(measure->quantity, "temp") == 0)
        return 0.1;
    return fmax(0.02 * fabs(value), 0.001);
}
