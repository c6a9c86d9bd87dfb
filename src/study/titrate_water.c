/* titrate_water.c - the water to titrate: a row of a table, or the influent of a site */
#include "study/titrate_water.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/constants.h"
#include "base/number.h"
#include "base/text.h"
#include "chem/analysis.h"
#include "study/run.h"

#define LN10 2.302585092994045684

/* Dissolved CO2 that is assumed when the analysis has no carbon: as in simulate, mean of about 2024 (NOAA GML). */
static const double air_co2_atm = 4.2e-4;

/* ---- filling ------------------------------------------------------------------------------------ */

static void begin(sei_titrate_water *w)
{
    memset(w, 0, sizeof *w);
    w->analysis = sei_analysis_default();
    w->fe_kg_m3 = w->fe2_kg_m3 = w->fe3_kg_m3 = NAN;
    w->analysis.analytes                      = w->analytes;
}

static bool has_component(const sei_titrate_water *w, const char *component)
{
    for (size_t i = 0; i < w->analysis.n; i++)
        if (strcmp(w->component[i], component) == 0)
            return true;
    return false;
}

static sei_status add(sei_ctx *ctx, const sei_where *where, const char *component, double value,
                      const sei_unit *unit, sei_titrate_water *w)
{
    if (!(value > 0.0))
        return SEI_OK;
    if (has_component(w, component))
        return sei_fail(ctx, SEI_E_DUPLICATE, where, "%s is given twice", component);
    if (w->analysis.n == SEI_ANALYTES_MAX || strlen(component) >= SEI_TITRATE_COMPONENT)
        return sei_fail(ctx, SEI_E_TOO_LARGE, where, "more than %d components in one water",
                        (int)SEI_ANALYTES_MAX);
    const size_t i = w->analysis.n++;
    snprintf(w->component[i], SEI_TITRATE_COMPONENT, "%s", component);
    w->analytes[i] = (sei_analyte){w->component[i], value, unit};
    if (component[0] == 'C' && (component[1] == '\0' || component[1] == '('))
        w->has_carbon = true;
    if (strcmp(component, "Alkalinity") == 0)
        w->has_carbon = true;
    return SEI_OK;
}

/* As moles: mass units of databases differ (S as SO4, Si as SiO2 or Si). */
static sei_status add_molar(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                            const char *component, const sei_quantity *q, double kg_m3,
                            sei_titrate_water *w)
{
    double mol_m3;

    if (!sei_db_has_component(db, component)) {
        sei_warn(ctx, where, "database %s has no %s: it is left out", sei_db_name(db), component);
        return SEI_OK;
    }
    if (!sei_quantity_to_molar(q, kg_m3, &mol_m3))
        return SEI_OK;
    return add(ctx, where, component, mol_m3, sei_unit_find("mmol_l"), w);
}

/* Quantities that are no components. False: not one of these. */
static bool take_condition(sei_titrate_water *w, const char *key, double si)
{
    if (strcmp(key, "ph") == 0) {
        w->analysis.ph = si;
        w->has_ph      = true;
    } else if (strcmp(key, "temp") == 0) {
        w->analysis.temp_c = si - SEI_ZERO_CELSIUS;
    } else if (strcmp(key, "flow") == 0) {
        w->flow_m3_s = si;
        w->has_flow  = true;
    } else if (strcmp(key, "fe") == 0) {
        w->fe_kg_m3 = si;
    } else if (strcmp(key, "fe2") == 0) {
        w->fe2_kg_m3 = si;
    } else if (strcmp(key, "fe3") == 0) {
        w->fe3_kg_m3 = si;
    } else if (strcmp(key, "eh") == 0) {
        w->analysis.pe = si; /* V until the temperature is known, see finish */
    } else {
        return false;
    }
    return true;
}

static sei_status take_quantity(sei_ctx *ctx, const sei_db *db, const sei_where *where,
                                const sei_quantity *q, double si, sei_titrate_water *w)
{
    if (take_condition(w, q->key, si))
        return SEI_OK;
    if (strcmp(q->key, "tic") == 0)
        return add_molar(ctx, db, where, "C(4)", q, si, w);
    if (strcmp(q->key, "alkalinity") == 0 && si > 0.0)
        return add_molar(ctx, db, where, "Alkalinity", q, si, w);
    const char *component = sei_run_component_of(q->key);
    return component ? add_molar(ctx, db, where, component, q, si, w) : SEI_OK;
}

/* ---- finishing ---------------------------------------------------------------------------------- */

static sei_status take_iron(sei_ctx *ctx, const sei_db *db, double share, sei_titrate_water *w)
{
    const sei_quantity *fe2 = sei_quantity_find("fe2"), *fe3 = sei_quantity_find("fe3");

    if (!isnan(w->fe_kg_m3) && isnan(w->fe2_kg_m3) && isnan(w->fe3_kg_m3)) {
        if (isnan(share))
            sei_warn(
                ctx, NULL,
                "total iron is taken as Fe(II); give fe2_mg_l, fe3_mg_l or a share (--fe2-share)");
        w->fe2_kg_m3 = w->fe_kg_m3 * (isnan(share) ? 1.0 : share);
    }
    if (!isnan(w->fe_kg_m3) && isnan(w->fe3_kg_m3))
        w->fe3_kg_m3 = fmax(0.0, w->fe_kg_m3 - w->fe2_kg_m3);
    if (!isnan(w->fe_kg_m3) && isnan(w->fe2_kg_m3))
        w->fe2_kg_m3 = fmax(0.0, w->fe_kg_m3 - w->fe3_kg_m3);
    sei_status st = SEI_OK;
    if (!isnan(w->fe2_kg_m3))
        st = add_molar(ctx, db, NULL, "Fe(2)", fe2, w->fe2_kg_m3, w);
    if (st == SEI_OK && !isnan(w->fe3_kg_m3))
        st = add_molar(ctx, db, NULL, "Fe(3)", fe3, w->fe3_kg_m3, w);
    return st;
}

/* Without a redox potential, an element given whole is its usual valence in mine water, as in simulate; the default
 * pe would make some of the copper Cu(I). */
static void choose_valences(const sei_db *db, sei_titrate_water *w)
{
    static const struct {
        const char *whole, *valence;
    } usual[] = {{"As", "As(5)"}, {"C", "C(4)"}, {"Cu", "Cu(2)"}, {"Mn", "Mn(2)"}, {"S", "S(6)"}};

    for (size_t i = 0; i < w->analysis.n; i++)
        for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
            if (strcmp(w->component[i], usual[k].whole) == 0 &&
                sei_db_has_component(db, usual[k].valence) && !has_component(w, usual[k].valence))
                snprintf(w->component[i], SEI_TITRATE_COMPONENT, "%s", usual[k].valence);
}

/* The same for iron given whole as a component: its share of Fe(II). */
static sei_status split_iron(sei_ctx *ctx, const sei_db *db, double share, sei_titrate_water *w)
{
    for (size_t i = 0; i < w->analysis.n; i++) {
        sei_analyte *a = &w->analytes[i];
        if (strcmp(w->component[i], "Fe") != 0 || !sei_db_has_component(db, "Fe(2)") ||
            !sei_db_has_component(db, "Fe(3)"))
            continue;
        if (isnan(share))
            sei_warn(ctx, NULL,
                     "total iron is taken as Fe(II); give Fe(2) and Fe(3), a pe or a share "
                     "(--fe2-share)");
        const double fe2 = isnan(share) ? 1.0 : share, whole = a->value;
        snprintf(w->component[i], SEI_TITRATE_COMPONENT, "%s", fe2 > 0.0 ? "Fe(2)" : "Fe(3)");
        if (!(fe2 > 0.0 && fe2 < 1.0))
            return SEI_OK;
        a->value = fe2 * whole;
        return add(ctx, NULL, "Fe(3)", (1.0 - fe2) * whole, a->unit, w);
    }
    return SEI_OK;
}

/* Total carbon at which CO2(g) has the air's partial pressure: ln p is nearly straight in ln C. */
static sei_status carbon_from_air(sei_ctx *ctx, const sei_db *db, sei_titrate_water *w)
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
    sei_status st = add(ctx, NULL, component, mol, sei_unit_find("mol_kgw"), w);
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

static sei_status set_balance(sei_ctx *ctx, const sei_db *db, const char *balance,
                              sei_titrate_water *w)
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

static sei_status finish(sei_ctx *ctx, const sei_db *db, bool has_eh, double share,
                         const char *balance, sei_titrate_water *w)
{
    if (!w->has_ph)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "the water \"%s\" has no pH", w->name);
    if (has_eh)
        w->analysis.pe *=
            SEI_FARADAY / (SEI_GAS_CONSTANT * (w->analysis.temp_c + SEI_ZERO_CELSIUS) * LN10);
    sei_status st = take_iron(ctx, db, share, w);
    if (!has_eh && !w->has_pe) {
        if (st == SEI_OK)
            st = split_iron(ctx, db, share, w);
        choose_valences(db, w);
    }
    if (st == SEI_OK && balance)
        st = set_balance(ctx, db, balance, w);
    if (st == SEI_OK && !w->has_carbon)
        st = carbon_from_air(ctx, db, w);
    return st;
}

/* ---- a row of a table --------------------------------------------------------------------------- */

typedef enum { PASS, NAME, TIME, TEMP, PH, PE, DENSITY, CHARGE, COMPONENT, QUANTITY } column_kind;

typedef struct {
    column_kind         kind;
    char                component[SEI_TITRATE_COMPONENT];
    const sei_unit     *unit; /* of a component; NULL: mg/L */
    sei_quantity_column measured;
} column;

static column_kind plain_kind(const char *header)
{
    static const struct {
        const char *header;
        column_kind kind;
    } known[] = {
        {"name", NAME},    {"point", NAME}, {"temp", TEMP},       {"temp_c", TEMP},
        {"pH", PH},        {"pe", PE},      {"density", DENSITY}, {"density_kg_l", DENSITY},
        {"charge", CHARGE}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sei_equal_nocase(header, known[i].header))
            return known[i].kind;
    return PASS;
}

/* "Fe(2)", "Zn_ug_l": as seiryu speciate reads them. */
static bool is_component(const sei_db *db, const char *header, column *c)
{
    size_t stem = strlen(header);

    if (!sei_db_has_component(db, header))
        c->unit = sei_name_unit(header, &stem);
    if (stem >= sizeof c->component)
        return false;
    snprintf(c->component, sizeof c->component, "%.*s", (int)stem, header);
    return sei_db_has_component(db, c->component);
}

static sei_status read_column(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t at,
                              const sei_headers *headers, column *c)
{
    const char     *header = sei_table_header(t, at);
    const sei_where where  = sei_table_where(t, SEI_TABLE_HEADER);
    sei_column      meaning;

    *c = (column){.kind = plain_kind(header)};
    if (c->kind != PASS)
        return SEI_OK;
    if (is_component(db, header, c)) {
        c->kind = COMPONENT;
        return sei_analyte_check_unit(ctx, &where, c->component, c->unit);
    }
    const sei_status st = sei_headers_resolve(ctx, headers, &where, header, &meaning);
    if (st == SEI_E_NOMEM)
        return st;
    if (st != SEI_OK) {
        sei_warn(ctx, &where,
                 "column \"%s\" is passed over: neither a component of %s nor a known quantity",
                 header, sei_db_name(db));
        return SEI_OK;
    }
    if (meaning.kind == SEI_COLUMN_VALUE) {
        c->kind     = QUANTITY;
        c->measured = meaning.measured;
    } else if (meaning.kind == SEI_COLUMN_TIME) {
        c->kind = TIME;
    } else if (meaning.kind == SEI_COLUMN_TEXT && strcmp(meaning.text_key, "point") == 0) {
        c->kind = NAME;
    }
    return SEI_OK;
}

static bool is_below(const char *cell)
{
    return cell[0] == '<' || strncmp(cell, "＜", strlen("＜")) == 0;
}

static sei_status read_component(sei_ctx *ctx, const sei_table *t, size_t row, size_t at,
                                 const column *c, sei_titrate_water *w)
{
    const sei_where where = sei_table_where(t, row);
    const char     *cell  = sei_table_cell(t, row, at);
    double          value = 0.0;

    if (is_below(cell)) {
        sei_warn(ctx, &where, "%s %s is below the limit of quantification: left out", c->component,
                 cell);
        return SEI_OK;
    }
    const sei_status st = sei_table_number(ctx, t, row, at, &value);
    if (st != SEI_OK)
        return st;
    if (value < 0.0)
        return sei_table_fail(ctx, t, SEI_E_RANGE, row, at, "a concentration is not below 0");
    return add(ctx, &where, c->component, value, c->unit, w);
}

/* A quantity that another column gives as well (total and dissolved zinc): the dissolved one counts. */
static bool is_outdone(const column columns[], size_t n, size_t at)
{
    for (size_t i = 0; i < n; i++)
        if (i != at && columns[i].kind == QUANTITY &&
            columns[i].measured.quantity == columns[at].measured.quantity &&
            columns[i].measured.fraction == SEI_FRACTION_DISSOLVED)
            return true;
    return columns[at].measured.fraction == SEI_FRACTION_SUSPENDED;
}

static sei_status read_quantity(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t row,
                                size_t at, const column *c, bool *ret_has_eh, sei_titrate_water *w)
{
    const sei_where where = sei_table_where(t, row);
    sei_value       v;

    const sei_status st = sei_table_value(ctx, t, row, at, &c->measured, &v);
    if (st != SEI_OK || v.qc == SEI_QC_MISSING || v.qc == SEI_QC_BAD)
        return st;
    if (v.qc == SEI_QC_BELOW_LOQ) {
        sei_warn(ctx, &where, "%s %s is below the limit of quantification: left out",
                 c->measured.quantity->symbol, sei_table_cell(t, row, at));
        return SEI_OK;
    }
    if (strcmp(c->measured.quantity->key, "eh") == 0)
        *ret_has_eh = true;
    return take_quantity(ctx, db, &where, c->measured.quantity, v.value_si, w);
}

static sei_status read_cell(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t row,
                            size_t at, const column *c, bool *ret_has_eh, sei_titrate_water *w)
{
    const char *cell = sei_table_cell(t, row, at);

    if (cell[0] == '\0')
        return SEI_OK;
    switch (c->kind) {
    case TEMP: return sei_table_number(ctx, t, row, at, &w->analysis.temp_c);
    case PH: w->has_ph = true; return sei_table_number(ctx, t, row, at, &w->analysis.ph);
    case PE: w->has_pe = true; return sei_table_number(ctx, t, row, at, &w->analysis.pe);
    case DENSITY: return sei_table_number(ctx, t, row, at, &w->analysis.density_kg_l);
    case TIME:
        w->has_time = sei_parse_time(cell, strlen(cell), SEI_JST_OFFSET_US, &w->time_us);
        return SEI_OK;
    case CHARGE:
        snprintf(w->balance, sizeof w->balance, "%.*s", (int)sizeof w->balance - 1, cell);
        return SEI_OK;
    case COMPONENT: return read_component(ctx, t, row, at, c, w);
    case QUANTITY: return read_quantity(ctx, db, t, row, at, c, ret_has_eh, w);
    default: return SEI_OK;
    }
}

static size_t name_column(const column columns[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].kind == NAME)
            return i;
    return SIZE_MAX;
}

static sei_status find_row(sei_ctx *ctx, const sei_table *t, size_t name_at, const char *wanted,
                           size_t *ret_row)
{
    const size_t n      = sei_table_n_rows(t);
    int64_t      number = 0;

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

static sei_status read_row(sei_ctx *ctx, const sei_db *db, const sei_table *t, size_t row,
                           const column columns[], const sei_titrate_reading *reading,
                           sei_titrate_water *w)
{
    const size_t n       = sei_table_n_columns(t);
    const size_t name_at = name_column(columns, n);
    bool         has_eh  = false;
    sei_status   st      = SEI_OK;

    begin(w);
    if (name_at != SIZE_MAX)
        snprintf(w->name, sizeof w->name, "%.*s", (int)sizeof w->name - 1,
                 sei_table_cell(t, row, name_at));
    else
        snprintf(w->name, sizeof w->name, "%zu", row + 1);
    memcpy(w->name_ja, w->name, sizeof w->name);
    for (size_t at = 0; at < n && st == SEI_OK; at++)
        if (columns[at].kind != QUANTITY ||
            columns[at].measured.fraction == SEI_FRACTION_DISSOLVED || !is_outdone(columns, n, at))
            st = read_cell(ctx, db, t, row, at, &columns[at], &has_eh, w);
    if (st != SEI_OK)
        return st;
    char own[sizeof w->balance];
    memcpy(own, w->balance, sizeof own);
    return finish(ctx, db, has_eh, reading->fe2_share, reading->balance ? reading->balance : own,
                  w);
}

sei_status sei_titrate_water_row(sei_ctx *ctx, const sei_db *db, const sei_table *t,
                                 const char *wanted, const sei_titrate_reading *reading,
                                 sei_titrate_water *ret_water)
{
    const size_t n       = sei_table_n_columns(t);
    column      *columns = sei_alloc(ctx, n, sizeof *columns);
    sei_status   st      = columns ? SEI_OK : SEI_E_NOMEM;
    size_t       row     = 0;

    for (size_t at = 0; at < n && st == SEI_OK; at++)
        st = read_column(ctx, db, t, at, reading->headers, &columns[at]);
    if (st == SEI_OK)
        st = find_row(ctx, t, name_column(columns, n), wanted, &row);
    if (st == SEI_OK)
        st = read_row(ctx, db, t, row, columns, reading, ret_water);
    sei_release(ctx, columns);
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
                                  sei_titrate_water *w)
{
    const sei_influent *influent = &site->influent;
    bool                has_eh   = false;
    sei_status          st       = SEI_OK;

    begin(w);
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
        has_eh = has_eh || strcmp(row->column.quantity->key, "eh") == 0;
        st     = take_quantity(ctx, db, &row->where, row->column.quantity,
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
    return finish(ctx, db, has_eh, share, balance, w);
}
