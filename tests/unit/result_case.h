/* result_case.h - results filled by hand: known numbers to hold the files of a run against */
#ifndef SEI_TESTS_RESULT_CASE_H
#define SEI_TESTS_RESULT_CASE_H

#include <ftw.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "seiryu/result.h"
#include "t.h"

enum {
    CASE_WATCHES  = 4, /* raw, bed, pond, discharge */
    CASE_UNITS    = 2,
    CASE_COLUMNS  = 6,
    CASE_SOLIDS   = 2,
    CASE_CELLS    = 3,
    CASE_TIMES    = 40,
    CASE_PROFILES = 3
};

enum { COL_FLOW, COL_PH, COL_TEMP, COL_ZN, COL_ZN_DISSOLVED, COL_CD };
enum { WATCH_RAW, WATCH_BED, WATCH_POND, WATCH_DISCHARGE };

/* A site read from text, and a result whose arrays stand here. */
typedef struct {
    sei_ctx            *ctx;
    sei_site           *site;
    sei_result          result;
    sei_watch           watches[CASE_WATCHES];
    sei_quantity_column columns[CASE_COLUMNS];
    int64_t             time_us[CASE_TIMES], profile_time_us[CASE_PROFILES];
    double              value[CASE_TIMES * CASE_WATCHES * CASE_COLUMNS];
    double              solid_mol[CASE_TIMES * CASE_UNITS * CASE_SOLIDS];
    const char         *solid_name[CASE_SOLIDS];
    double              solid_kg_mol[CASE_SOLIDS];
    sei_result_unit     units[CASE_UNITS];
    sei_result_cell     cells[CASE_CELLS];
    double              profile_value[CASE_PROFILES * CASE_CELLS * CASE_COLUMNS];
    double              profile_solid[CASE_PROFILES * CASE_CELLS * CASE_SOLIDS];
    sei_book            books[2];
    const sei_rate_law *laws[2];
    const char         *warnings[1];
    char                folder[64]; /* made for this case */
} result_case;

/* Bed and pond in series; `more` stands in the file too. Steady at the start: nothing to wash out. */
static inline void case_site(result_case *c, const char *more)
{
    static const char head[] =
        "site: {name: Case, name_ja: 試験}\n"
        "influent: {flow_l_min: 60, ph: 4, temp_c: 10, zn_mg_l: 10, cd_mg_l: 0.2, so4_mg_l: 100}\n"
        "climate: {air_temperature_c: [-5, -4, 0, 5, 10, 15, 20, 21, 16, 10, 4, -2]}\n"
        "train:\n"
        "  - {type: iron_oxidation_bed, name: bed, name_ja: 鉄槽, volume_m3: 3, depth_m: 1}\n"
        "  - {type: settling_pond, name: pond, volume_m3: 30, depth_m: 1}\n";
    char text[4000];

    snprintf(text, sizeof text, "%s%s", head, more);
    T_OK(c->ctx,
         sei_site_parse(c->ctx, "case.yaml", c->folder, text, strlen(text), NULL, NULL, &c->site));
}

static inline sei_quantity_column case_column(const char *key, sei_fraction fraction)
{
    const sei_quantity *q = sei_quantity_find(key);

    ck_assert_ptr_nonnull(q);
    return (sei_quantity_column){q, fraction, sei_quantity_unit(q)};
}

static inline double *case_value(result_case *c, size_t time, size_t watch, size_t column)
{
    return &c->value[(time * CASE_WATCHES + watch) * CASE_COLUMNS + column];
}

/* One value at all times. In the column's SI: kg/m3, K, m3/s. */
static inline void case_constant(result_case *c, size_t watch, size_t column, double si)
{
    for (size_t t = 0; t < CASE_TIMES; t++)
        *case_value(c, t, watch, column) = si;
}

static inline int64_t case_day(int year, int month, int day)
{
    const sei_civil civil = {.year = year, .month = month, .day = day};

    return sei_time_from_civil(&civil, SEI_JST_OFFSET);
}

static inline void case_fill_water(result_case *c)
{
    static const double zn[] = {10e-3, 8e-3, 1e-3, 1e-3}, cd[] = {2e-4, 2e-4, 1e-5, 1e-5};
    static const double ph[] = {4, 4, 7, 7};

    c->columns[COL_FLOW]         = case_column("flow", SEI_FRACTION_TOTAL);
    c->columns[COL_PH]           = case_column("ph", SEI_FRACTION_TOTAL);
    c->columns[COL_TEMP]         = case_column("temp", SEI_FRACTION_TOTAL);
    c->columns[COL_ZN]           = case_column("zn", SEI_FRACTION_TOTAL);
    c->columns[COL_ZN_DISSOLVED] = case_column("zn", SEI_FRACTION_DISSOLVED);
    c->columns[COL_CD]           = case_column("cd", SEI_FRACTION_TOTAL);
    for (size_t w = 0; w < CASE_WATCHES; w++) {
        case_constant(c, w, COL_FLOW, 1e-3); /* 86.4 m3/d */
        case_constant(c, w, COL_PH, ph[w]);
        case_constant(c, w, COL_TEMP, 283.15);
        case_constant(c, w, COL_ZN, zn[w]);
        case_constant(c, w, COL_ZN_DISSOLVED, zn[w] / 2);
        case_constant(c, w, COL_CD, cd[w]);
    }
}

static inline void case_fill_beds(result_case *c)
{
    c->solid_name[0]   = "Calcite";
    c->solid_name[1]   = "Schwertmannite";
    c->solid_kg_mol[0] = 0.1;
    c->solid_kg_mol[1] = 0.77;
    for (size_t t = 0; t < CASE_TIMES; t++) {
        double *bed = &c->solid_mol[t * CASE_UNITS * CASE_SOLIDS];
        bed[0]      = 1000 - 10 * (double)t; /* 100 kg of limestone, 1 kg a step less */
        bed[1]      = (double)t;
    }
    c->units[0] = (sei_result_unit){3, 1.5, 3, 1e-3, 3000, 1500, {.porosity = 1}};
    c->units[1] = (sei_result_unit){30, 30, 30, 1e-3, 30000, 30000, {.porosity = 1}};
    c->cells[0] = (sei_result_cell){0, SIZE_MAX, 0.5, 1500};
    c->cells[1] = (sei_result_cell){0, SIZE_MAX, 1.0, 3000};
    c->cells[2] = (sei_result_cell){1, SIZE_MAX, 1.0, 33000};
    for (size_t i = 0; i < CASE_PROFILES * CASE_CELLS; i++)
        memcpy(&c->profile_value[i * CASE_COLUMNS],
               case_value(c, 0, i % CASE_CELLS == 2 ? WATCH_POND : WATCH_BED, 0),
               CASE_COLUMNS * sizeof(double));
    for (size_t p = 0; p < CASE_PROFILES; p++)
        c->profile_solid[p * CASE_CELLS * CASE_SOLIDS + 1] = (double)p; /* schwertmannite grows */
}

static inline void case_link(result_case *c)
{
    static const char *const components[] = {"Zn", "S(6)"};
    sei_result              *r            = &c->result;

    c->watches[WATCH_RAW]  = (sei_watch){SEI_WATCH_RAW, "raw", "raw water", "原水", SIZE_MAX};
    c->watches[WATCH_BED]  = (sei_watch){SEI_WATCH_UNIT, "bed", "bed", "鉄槽", 0};
    c->watches[WATCH_POND] = (sei_watch){SEI_WATCH_UNIT, "pond", "pond", "pond", 1};
    c->watches[WATCH_DISCHARGE] =
        (sei_watch){SEI_WATCH_DISCHARGE, "discharge", "discharge", "放流水", SIZE_MAX};
    c->books[0]    = (sei_book){"Zn", 100, 10, 0, 90, 1e-12, 0};
    c->books[1]    = (sei_book){"S", 50, 50, 0, 0, -3e-11, 0};
    c->laws[0]     = sei_rate_find("schwertmannite");
    c->laws[1]     = sei_rate_find("gypsum");
    c->warnings[0] = "influent: a warning with <tags> & signs";
    *r             = (sei_result){.site                 = c->site,
                                  .is_complete          = true,
                                  .n_watches            = CASE_WATCHES,
                                  .n_columns            = CASE_COLUMNS,
                                  .n_times              = CASE_TIMES,
                                  .n_units              = CASE_UNITS,
                                  .n_solids             = CASE_SOLIDS,
                                  .n_cells              = CASE_CELLS,
                                  .n_profiles           = CASE_PROFILES,
                                  .watches              = c->watches,
                                  .columns              = c->columns,
                                  .time_us              = c->time_us,
                                  .value                = c->value,
                                  .solid_name           = c->solid_name,
                                  .solid_kg_mol         = c->solid_kg_mol,
                                  .solid_mol            = c->solid_mol,
                                  .units                = c->units,
                                  .cells                = c->cells,
                                  .profile_time_us      = c->profile_time_us,
                                  .profile_value        = c->profile_value,
                                  .profile_solid_mol_m3 = c->profile_solid,
                                  .n_books              = 2,
                                  .books                = c->books,
                                  .n_laws               = 2,
                                  .laws                 = c->laws,
                                  .n_components         = 2,
                                  .components           = components,
                                  .database_path        = "minewater.dat",
                                  .database_sha256      = "00ff",
                                  .n_warnings           = 1,
                                  .warnings             = c->warnings};
}

/* Forty days from a first one, one instant a day; profiles on the first, twentieth and last. */
static inline result_case *case_create(int year, int month, int day, const char *more)
{
    result_case *c = calloc(1, sizeof *c);

    c->ctx = sei_ctx_create(NULL);
    snprintf(c->folder, sizeof c->folder, "/tmp/seiryu-result-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(c->folder));
    case_site(c, more);
    for (size_t t = 0; t < CASE_TIMES; t++)
        c->time_us[t] = case_day(year, month, day) + (int64_t)t * SEI_US_PER_DAY;
    c->profile_time_us[0] = c->time_us[0];
    c->profile_time_us[1] = c->time_us[19];
    c->profile_time_us[2] = c->time_us[CASE_TIMES - 1];
    case_fill_water(c);
    case_fill_beds(c);
    case_link(c);
    return c;
}

static inline int case_remove(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
    (void)info;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static inline void case_free(result_case *c)
{
    nftw(c->folder, case_remove, 8, FTW_DEPTH | FTW_PHYS);
    sei_site_free(c->site);
    sei_ctx_free(c->ctx);
    free(c);
}

/* A file of the case's folder as text; free with sei_release. */
static inline char *case_read(result_case *c, const char *name, size_t *ret_len)
{
    char  *path = sei_path_join(c->ctx, c->folder, name), *text = NULL;
    size_t len = 0;

    T_OK(c->ctx, sei_file_read(c->ctx, path, (size_t)1 << 28, &text, &len));
    sei_release(c->ctx, path);
    if (ret_len)
        *ret_len = len;
    return text;
}

static inline int case_has(const result_case *c, const char *name)
{
    char        path[300];
    struct stat info;

    snprintf(path, sizeof path, "%s/%s", c->folder, name);
    return stat(path, &info) == 0;
}

#define CASE_RUN "run: {start: 2024-01-01, duration_d: 40, initial: steady}\n"

#endif
