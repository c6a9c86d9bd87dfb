/* result_solids.c - solids.csv: what lies in the beds through time */
#include <math.h>

#include "study/result_parts.h"

static void put_header(sei_table_writer *w)
{
    static const char *const headers[] = {"time", "unit", "solid", "amount_mol", "mass_kg"};

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        sei_table_put_text(w, headers[i]);
    sei_table_end_row(w);
}

/* A unit without cells of its own (mixer, splitter) holds nothing at any time. */
static bool holds(const sei_result *r, size_t unit, size_t solid)
{
    for (size_t t = 0; t < r->n_times; t++)
        if (r->solid_mol[(t * r->n_units + unit) * r->n_solids + solid] > 0)
            return true;
    return false;
}

static void put_solid(sei_table_writer *w, const sei_result *r, size_t unit, size_t solid)
{
    for (size_t t = 0; t < r->n_times; t++) {
        const double mol = r->solid_mol[(t * r->n_units + unit) * r->n_solids + solid];
        const double kg  = mol * r->solid_kg_mol[solid];
        sei_table_put_time(w, r->time_us[t], r->site->utc_offset_us);
        sei_table_put_text(w, r->site->units[unit].name);
        sei_table_put_text(w, r->solid_name[solid]);
        sei_table_put_number(w, mol, SEI_CSV_DIGITS);
        if (r->solid_kg_mol[solid] > 0)
            sei_table_put_number(w, kg, SEI_CSV_DIGITS);
        else
            sei_table_put_empty(w);
        sei_table_end_row(w);
    }
}

sei_status sei_save_solids(const sei_digest *d, const char *folder)
{
    const sei_result *r  = d->result;
    sei_table_writer *w  = NULL;
    const sei_status  st = sei_table_writer_create(d->ctx, NULL, &w);

    if (st != SEI_OK)
        return st;
    put_header(w);
    for (size_t u = 0; u < r->n_units; u++)
        for (size_t s = 0; s < r->n_solids; s++)
            if (holds(r, u, s))
                put_solid(w, r, u, s);
    return sei_save_csv(d->ctx, w, folder, "solids.csv");
}
