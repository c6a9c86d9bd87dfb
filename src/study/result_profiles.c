/* result_profiles.c - profiles.csv: water and solids cell by cell along the train */
#include <math.h>

#include "study/result_parts.h"
#include "study/result_words.h"

static void put_header(sei_table_writer *w)
{
    static const char *const headers[] = {"time",  "unit",     "layer",    "cell",  "distance_m",
                                          "hrt_h", "quantity", "fraction", "value", "value_unit"};

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        sei_table_put_text(w, headers[i]);
    sei_table_end_row(w);
}

static const char *layer_name(const sei_unit_spec *unit, size_t layer)
{
    return layer < unit->n_layers ? unit->layers[layer].name : "";
}

/* Time and place; cells count from 1 along the whole train. */
static void put_place(sei_table_writer *w, const sei_result *r, size_t profile, size_t cell)
{
    const sei_result_cell *c    = &r->cells[cell];
    const sei_unit_spec   *unit = &r->site->units[c->unit];

    sei_table_put_time(w, r->profile_time_us[profile], r->site->utc_offset_us);
    sei_table_put_text(w, unit->name);
    sei_table_put_text(w, layer_name(unit, c->layer));
    sei_table_put_int(w, (int64_t)cell + 1);
    sei_table_put_number(w, c->distance_m, SEI_CSV_DIGITS);
    sei_table_put_number(w, sei_from_si(sei_unit_find("h"), c->hrt_nominal_s), SEI_CSV_DIGITS);
}

static void put_water(sei_table_writer *w, const sei_result *r, size_t profile, size_t cell)
{
    const double *value = r->profile_value + (profile * r->n_cells + cell) * r->n_columns;

    for (size_t i = 0; i < r->n_columns; i++) {
        const sei_quantity_column *c = &r->columns[i];
        put_place(w, r, profile, cell);
        sei_table_put_text(w, c->quantity->key);
        sei_table_put_text(w, c->quantity->fractions ? sei_fraction_key(c->fraction) : "");
        if (isfinite(value[i]))
            sei_table_put_number(w, sei_column_shown(c, value[i]), SEI_CSV_DIGITS);
        else
            sei_table_put_empty(w);
        sei_table_put_text(w, sei_column_unit(c));
        sei_table_end_row(w);
    }
}

/* Solids are per empty-bed volume; those that the cell does not hold are left out. */
static void put_solids(sei_table_writer *w, const sei_result *r, size_t profile, size_t cell)
{
    const double *solid = r->profile_solid_mol_m3 + (profile * r->n_cells + cell) * r->n_solids;

    for (size_t s = 0; s < r->n_solids; s++) {
        if (!(solid[s] > 0))
            continue;
        put_place(w, r, profile, cell);
        sei_table_put_text(w, r->solid_name[s]);
        sei_table_put_text(w, "solid");
        sei_table_put_number(w, solid[s], SEI_CSV_DIGITS);
        sei_table_put_text(w, "mol/m3");
        sei_table_end_row(w);
    }
}

sei_status sei_save_profiles(const sei_digest *d, const char *folder)
{
    const sei_result *r  = d->result;
    sei_table_writer *w  = NULL;
    const sei_status  st = sei_table_writer_create(d->ctx, NULL, &w);

    if (st != SEI_OK)
        return st;
    put_header(w);
    for (size_t p = 0; p < r->n_profiles; p++)
        for (size_t c = 0; c < r->n_cells; c++) {
            put_water(w, r, p, c);
            put_solids(w, r, p, c);
        }
    return sei_save_csv(d->ctx, w, folder, "profiles.csv");
}
