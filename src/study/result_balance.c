/* result_balance.c - what each unit gets, hands on and keeps: mean loads, and exact books of the elements */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "study/result_flow.h"
#include "study/result_parts.h"
#include "study/result_tables.h"
#include "study/result_words.h"

typedef struct {
    double in_kg_s, out_kg_s;
} unit_load;

/* Mean loads of the judged part of the run; false when one of them is not known. */
static bool load_of(const sei_digest *d, size_t source, size_t column, double *ret)
{
    const size_t watch = sei_flow_watch(d->result, source);

    if (watch == SIZE_MAX || !sei_digest_stat(d, watch, column)->has_load)
        return false;
    *ret = sei_digest_stat(d, watch, column)->load_kg_s;
    return true;
}

static bool unit_loads(const sei_digest *d, size_t unit, size_t column, unit_load *ret)
{
    const sei_site *site = d->result->site;
    double          load;

    ret->in_kg_s = 0.0;
    for (size_t k = 0; k < sei_flow_n_feeds(site, unit); k++) {
        const sei_flow_feed feed = sei_flow_feed_at(site, unit, k);
        if (!load_of(d, feed.from, column, &load))
            return false;
        ret->in_kg_s += feed.share * load;
    }
    return load_of(d, unit, column, &ret->out_kg_s);
}

typedef void (*put_fn)(void *user, const sei_digest *d, size_t unit, size_t column,
                       const unit_load *load);

static void each_unit(const sei_digest *d, bool metals_only, put_fn put, void *user)
{
    unit_load load;

    for (size_t u = 0; u < d->result->n_units; u++)
        for (size_t c = 0; c < d->result->n_columns; c++)
            if ((metals_only ? sei_digest_is_metal(d, c) : sei_digest_is_shown(d, c)) &&
                unit_loads(d, u, c, &load) && (load.in_kg_s > 0.0 || load.out_kg_s > 0.0))
                put(user, d, u, c, &load);
}

/* ---- CSV -------------------------------------------------------------------------------------- */

static void put_csv(void *user, const sei_digest *d, size_t unit, size_t column,
                    const unit_load *load)
{
    sei_table_writer          *w   = user;
    const sei_quantity_column *c   = &d->result->columns[column];
    const double               day = sei_day_s();

    sei_table_put_text(w, d->result->site->units[unit].name);
    sei_table_put_text(w, c->quantity->key);
    sei_table_put_text(w, c->quantity->fractions ? sei_fraction_key(c->fraction) : "");
    sei_table_put_number(w, day * load->in_kg_s, SEI_CSV_DIGITS);
    sei_table_put_number(w, day * load->out_kg_s, SEI_CSV_DIGITS);
    sei_table_put_number(w, day * (load->in_kg_s - load->out_kg_s), SEI_CSV_DIGITS);
    sei_table_end_row(w);
}

sei_status sei_save_unit_balance(const sei_digest *d, const char *folder)
{
    static const char *const heads[] = {"unit",    "quantity", "fraction",
                                        "in_kg_d", "out_kg_d", "kept_kg_d"};
    sei_table_writer        *w       = NULL;

    const sei_status st = sei_table_writer_create(d->ctx, NULL, &w);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        sei_table_put_text(w, heads[i]);
    sei_table_end_row(w);
    each_unit(d, false, put_csv, w);
    return sei_save_csv(d->ctx, w, folder, "unit_balance.csv");
}

/* ---- report ----------------------------------------------------------------------------------- */

static void put_row(void *user, const sei_digest *d, size_t unit, size_t column,
                    const unit_load *load)
{
    sei_rtable     *t    = user;
    const double    day  = sei_day_s();
    const double    kept = load->in_kg_s - load->out_kg_s;
    const sei_words name = sei_column_words(&d->result->columns[column]);

    sei_rtable_add_row(t);
    sei_rtable_add_text(t, sei_unit_label(&d->result->site->units[unit]));
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    sei_rtable_add_number(t, day * load->in_kg_s, SEI_SIGNIFICANT(3));
    sei_rtable_add_number(t, day * load->out_kg_s, SEI_SIGNIFICANT(3));
    sei_rtable_add_number(t, day * kept, SEI_SIGNIFICANT(3));
    sei_put_number(t, load->in_kg_s > 0.0, load->in_kg_s > 0.0 ? 100.0 * kept / load->in_kg_s : 0.0,
                   1);
}

sei_rtable *sei_table_unit_balance(const sei_digest *d)
{
    sei_rtable *t = sei_rtable_create(
        d->ctx, "unit-balance", SEI_L("処理単位ごとの収支(平均)", "Balance of each unit, means"));

    sei_rtable_add_column(t, "unit", SEI_L("処理単位", "unit"), "");
    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "in_kg_d", SEI_L("流入", "in"), "kg/d");
    sei_rtable_add_column(t, "out_kg_d", SEI_L("流出", "out"), "kg/d");
    sei_rtable_add_column(t, "kept_kg_d", SEI_L("保持", "kept"), "kg/d");
    sei_rtable_add_column(t, "kept_percent", SEI_L("保持率", "kept"), "%");
    each_unit(d, true, put_row, t);
    return t;
}

/* ---- books of the elements -------------------------------------------------------------------- */

/* Columns of the books, in the file and in the report. */
typedef struct {
    const char *key, *ja, *en;
    size_t      offset; /* in sei_unit_book */
} book_column;

#define BOOK(field, ja, en)                                         \
    {                                                               \
#field "_mol", ja, en, offsetof(sei_unit_book, field##_mol) \
    }
static const book_column columns[] = {
    BOOK(in, "流入", "in"),
    BOOK(air, "大気から(負は放散)", "from air (below 0: lost)"),
    BOOK(added, "追加", "added"),
    BOOK(out, "流出", "out"),
    BOOK(removed, "清掃・更新で搬出", "removed by cleaning"),
    BOOK(sludge, "汚泥引抜き", "sludge drawn off"),
    BOOK(water, "水中の変化", "change in water"),
    BOOK(bed, "固相の変化", "change in beds"),
};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

static double book_value(const sei_unit_book *book, size_t column)
{
    double v;

    memcpy(&v, (const char *)book + columns[column].offset, sizeof v);
    return v;
}

/* The books close to some 1e-14 of the inflow: a number of that size says nothing and is shown as 0. */
#define BOOK_NOISE 1e-12

static double told(const sei_unit_book *book, double value)
{
    return fabs(value) > BOOK_NOISE * (fabs(book->in_mol) + fabs(book->out_mol)) ? value : 0.0;
}

/* What is left over. */
static double residual(const sei_unit_book *b)
{
    return b->in_mol + b->air_mol + b->added_mol - b->out_mol - b->removed_mol - b->sludge_mol -
           b->water_mol - b->bed_mol;
}

sei_status sei_save_element_balance(const sei_digest *d, const char *folder)
{
    sei_table_writer *w  = NULL;
    const sei_status  st = sei_table_writer_create(d->ctx, NULL, &w);

    if (st != SEI_OK)
        return st;
    sei_table_put_text(w, "unit");
    sei_table_put_text(w, "element");
    for (size_t c = 0; c < N_COLUMNS; c++)
        sei_table_put_text(w, columns[c].key);
    sei_table_put_text(w, "residual_mol");
    sei_table_put_text(w, "relative_error");
    sei_table_end_row(w);
    for (size_t i = 0; i < d->result->n_unit_books; i++) {
        const sei_unit_book *b = &d->result->unit_books[i];
        sei_table_put_text(w, d->result->site->units[b->unit].name);
        sei_table_put_text(w, b->element);
        for (size_t c = 0; c < N_COLUMNS; c++)
            sei_table_put_number(w, book_value(b, c), SEI_CSV_DIGITS);
        sei_table_put_number(w, residual(b), SEI_CSV_DIGITS);
        sei_table_put_number(w, b->imbalance, SEI_CSV_DIGITS);
        sei_table_end_row(w);
    }
    return sei_save_csv(d->ctx, w, folder, "element_balance.csv");
}

sei_rtable *sei_table_element_balance(const sei_digest *d)
{
    sei_rtable *t = sei_rtable_create(
        d->ctx, "element-balance",
        SEI_L("処理単位・元素ごとの物質収支", "Mass balance of each unit and element"));

    sei_rtable_add_column(t, "unit", SEI_L("処理単位", "unit"), "");
    sei_rtable_add_column(t, "element", SEI_L("元素", "element"), "");
    for (size_t c = 0; c < N_COLUMNS; c++)
        sei_rtable_add_column(t, columns[c].key, (sei_label){columns[c].ja, columns[c].en}, "mol");
    sei_rtable_add_column(t, "residual", SEI_L("残差", "residual"), "mol");
    for (size_t i = 0; i < d->result->n_unit_books; i++) {
        const sei_unit_book *b = &d->result->unit_books[i];
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, sei_unit_label(&d->result->site->units[b->unit]));
        sei_put_plain(t, b->element);
        for (size_t c = 0; c < N_COLUMNS; c++)
            sei_put_number(t, true, told(b, book_value(b, c)), SEI_SIGNIFICANT(4));
        sei_put_number(t, true, residual(b), SEI_SIGNIFICANT(2));
    }
    return t;
}
