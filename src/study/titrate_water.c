/* titrate_water.c - the water to titrate: a row of a table, or the influent of a site */
#include "study/titrate_water.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "study/run.h"

/* Dissolved CO2 that is assumed when the analysis has no carbon: as in simulate, mean of about 2024 (NOAA GML). */
static const double air_co2_atm = 4.2e-4;

/* Total carbon at which CO2(g) has the air's partial pressure: ln p is nearly straight in ln C. */
static sei_status carbon_from_air(sei_ctx *ctx, const sei_db *db, sei_water_row *w)
{
    const char    *component = sei_db_has_component(db, "C(4)") ? "C(4)" : "C";
    sei_speciator *speciator = NULL;
    double         mol = 2e-5, si = 0.0;
    sei_word       co2;

    if (!sei_db_has_component(db, component) || !sei_db_has_phase(db, "CO2(g)"))
        return SEI_OK;
    sei_warn(ctx, NULL,
             "no alkalinity and no inorganic carbon given: dissolved CO2 is taken in equilibrium "
             "with air; "
             "mine water often holds more and then needs more reagent");
    sei_status st = sei_water_row_add(ctx, NULL, component, mol, sei_unit_find("mol_kgw"), w);
    if (st == SEI_OK)
        st = sei_word_parse(ctx, db, "SI(CO2(g))", strlen("SI(CO2(g))"), &co2);
    if (st == SEI_OK)
        st = sei_speciator_create(ctx, db, &speciator);
    for (int k = 0; k < 30 && st == SEI_OK; k++) {
        st = sei_speciator_solve(speciator, &w->analysis, 0, NULL);
        if (st != SEI_OK || !sei_speciator_value(speciator, &co2, &si))
            break;
        const double off = log10(air_co2_atm) - si;
        if (fabs(off) < 1e-9)
            break;
        mol *= pow(10.0, off);
        w->analytes[w->analysis.n - 1].value = mol;
    }
    sei_speciator_free(speciator);
    return st;
}

static sei_status set_balance(sei_ctx *ctx, const sei_db *db, const char *balance, sei_water_row *w)
{
    if (strcmp(balance, "none") == 0 || balance[0] == '\0')
        return SEI_OK;
    if (sei_equal_nocase(balance, "pH")) {
        w->analysis.balance = "pH";
        return SEI_OK;
    }
    if (!sei_db_has_component(db, balance) || strlen(balance) >= sizeof w->balance)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                        "\"%s\" cannot balance the charges: write pH, none or a component "
                        "such as S(6)",
                        balance);
    snprintf(w->balance, sizeof w->balance, "%s", balance);
    w->analysis.balance = w->balance;
    return SEI_OK;
}

static sei_status finish(sei_ctx *ctx, const sei_db *db, double share, const char *balance,
                         sei_water_row *w)
{
    if (!w->has_ph)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "the water \"%s\" has no pH", w->name);
    sei_status st = sei_water_row_settle(ctx, db, NULL, share, true, w);
    if (st == SEI_OK && balance)
        st = set_balance(ctx, db, balance, w);
    if (st == SEI_OK && !w->has_carbon)
        st = carbon_from_air(ctx, db, w);
    return st;
}

/* ---- a row of a table --------------------------------------------------------------------------- */

static sei_status find_row(sei_ctx *ctx, const sei_table *t, size_t name_at, const char *wanted,
                           size_t *ret_row)
{
    const size_t n      = sei_table_n_rows(t);
    int64_t      number = 0;

    if (n == 0)
        return sei_water_rows_check(ctx, t);
    if (!wanted && n == 1) {
        *ret_row = 0;
        return SEI_OK;
    }
    if (!wanted)
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "%s has %zu waters; choose one with --row NAME or --row NUMBER",
                        sei_table_file(t), n);
    for (size_t r = 0; r < n && name_at != SIZE_MAX; r++)
        if (strcmp(sei_table_cell(t, r, name_at), wanted) == 0) {
            *ret_row = r;
            return SEI_OK;
        }
    if (sei_parse_int(wanted, strlen(wanted), &number) && number >= 1 && (uint64_t)number <= n) {
        *ret_row = (size_t)number - 1;
        return SEI_OK;
    }
    return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "%s has no water \"%s\"; it has %zu rows",
                    sei_table_file(t), wanted, n);
}

static sei_status read_row(sei_ctx *ctx, const sei_db *db, const sei_table *t, const char *wanted,
                           const sei_titrate_reading *reading, sei_arena *arena, sei_water_row *w)
{
    const size_t      n       = sei_table_n_columns(t);
    sei_water_column *columns = sei_arena_alloc(arena, n, sizeof *columns);
    size_t            row     = 0;
    char              own[sizeof w->balance];

    if (!columns)
        return SEI_E_NOMEM;
    sei_status st = sei_water_columns_read(ctx, db, t, reading->headers, arena, columns);
    if (st == SEI_OK)
        st = find_row(ctx, t, sei_water_columns_name(columns, n), wanted, &row);
    if (st == SEI_OK)
        st = sei_water_row_read(ctx, db, t, row, columns, w);
    if (st != SEI_OK)
        return st;
    if (w->name[0] == '\0') {
        snprintf(w->name, sizeof w->name, "%zu", row + 1);
        memcpy(w->name_ja, w->name, sizeof w->name);
    }
    memcpy(own, w->balance, sizeof own);
    return finish(ctx, db, reading->fe2_share, reading->balance ? reading->balance : own, w);
}

sei_status sei_titrate_water_row(sei_ctx *ctx, const sei_db *db, const sei_table *t,
                                 const char *wanted, const sei_titrate_reading *reading,
                                 sei_water_row *ret_water)
{
    sei_arena arena;

    sei_arena_init(&arena, ctx);
    const sei_status st = read_row(ctx, db, t, wanted, reading, &arena, ret_water);
    sei_arena_done(&arena);
    return st;
}

/* ---- the influent of a site --------------------------------------------------------------------- */

static bool is_outdone_row(const sei_influent *influent, const sei_influent_row *row)
{
    return row->column.fraction == SEI_FRACTION_SUSPENDED ||
           (row->column.fraction == SEI_FRACTION_TOTAL &&
            sei_influent_find(influent, row->column.quantity->key, SEI_FRACTION_DISSOLVED));
}

sei_status sei_titrate_water_site(sei_ctx *ctx, const sei_db *db, const sei_site *site,
                                  int64_t time_us, const sei_titrate_reading *reading,
                                  sei_water_row *w)
{
    const sei_influent *influent = &site->influent;
    sei_status          st       = SEI_OK;

    sei_water_row_begin(w);
    snprintf(w->name, sizeof w->name, "%.*s", (int)sizeof w->name - 1, site->name);
    snprintf(w->name_ja, sizeof w->name_ja, "%.*s", (int)sizeof w->name_ja - 1,
             site->name_ja[0] ? site->name_ja : site->name);
    w->has_time = true;
    w->time_us  = time_us;
    for (size_t i = 0; i < influent->n_rows && st == SEI_OK; i++) {
        const sei_influent_row *row    = &influent->rows[i];
        sei_series_cursor       cursor = {0};
        if (is_outdone_row(influent, row))
            continue;
        const sei_value v = sei_influent_at(row, &cursor, time_us);
        if (v.qc == SEI_QC_MISSING)
            continue;
        st = sei_water_row_take(ctx, db, &row->where, row->column.quantity,
                                sei_value_number(&v, influent->curve.loq_rule), w);
    }
    if (st != SEI_OK)
        return st;
    const double share = isnan(reading->fe2_share) && influent->has_fe2_share ? influent->fe2_share
                                                                              : reading->fe2_share;
    const char  *balance = reading->balance;
    if (!balance && influent->balance)
        balance = strcmp(influent->balance->key, "ph") == 0
                      ? "pH"
                      : sei_run_component_of(influent->balance->key);
    return finish(ctx, db, share, balance, w);
}
