/* test_balance.c - loads and books of each unit against arithmetic */
#include "base/file.h"
#include "site_run.h"
#include "study/result_parts.h"

/* 60 L/min with 2 mg/L are 60 x 2 x 1440 mg/d = 0.1728 kg/d; half of it goes through the tank b. */
START_TEST(loads_are_flow_times_concentration)
{
    static const char text[] =
        "site: {name: Tank}\n"
        "influent: {flow_l_min: 60, temp_c: 10, ph: 4, zn_mg_l: 2, so4_mg_l: 50}\n"
        "climate: {air_temperature_c: 10}\n"
        "run: {start: 2024-04-01, mode: steady}\n"
        "train:\n  - {type: tank, name: a, volume_m3: 3}\n"
        "  - {type: tank, name: b, volume_m3: 3, from: {a: 0.5}}\n";
    sei_ctx    *ctx      = sei_ctx_create(NULL);
    sei_site   *site     = NULL;
    sei_result *result   = NULL;
    sei_digest *digest   = NULL;
    char        folder[] = "/tmp/seiryu-balance-XXXXXX", path[64], *csv = NULL;
    size_t      len = 0;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    T_OK(ctx, sei_site_parse(ctx, "t.yaml", ".", text, strlen(text), NULL, NULL, &site));
    T_OK(ctx, sei_study_run(ctx, site, NULL, &result));
    T_OK(ctx, sei_digest_create(ctx, result, &digest));
    T_OK(ctx, sei_save_unit_balance(digest, folder));
    snprintf(path, sizeof path, "%s/unit_balance.csv", folder);
    T_OK(ctx, sei_file_read(ctx, path, 1 << 20, &csv, &len));
    T_CONTAINS(csv, "unit,quantity,fraction,in_kg_d,out_kg_d,kept_kg_d");
    T_CONTAINS(csv, "\na,zn,total,0.1728,0.1728,");
    T_CONTAINS(csv, "\nb,zn,total,0.0864,0.0864,");
    sei_release(ctx, csv);
    unlink(path);
    rmdir(folder);
    sei_digest_free(digest);
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
}
END_TEST

/* A plant in which every term of the books moves: a bed that overflows and is cleaned, a bed of bran that is topped up
 * and loses hydrogen sulfide, lime, sludge that is recycled and drawn off. */
static const char all_terms[] =
    "site: {name: books}\nclimate: {air_temperature_c: 10}\n"
    "influent: {flow_l_min: 5.2, temp_c: 12, ph: 3.5, fe_mg_l: 38, fe2_share: 0.9, zn_mg_l: 18, "
    "cu_mg_l: 8, al_mg_l: 3, do_mg_l: 5, so4_mg_l: 900, ca_mg_l: 40, tic_mg_l: 6, "
    "charge_balance: so4}\n"
    "model: {nutrients: true}\n"
    "run: {start: 2024-04-01, duration_d: 10, relative_tolerance: 0.01}\n"
    "train:\n"
    "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 2, "
    "filter_length_m: 1, events: [{what: bypass, share: 0.3, after_d: 2, duration_h: 24}, "
    "{what: clean, share: 0.5, after_d: 5, duration_h: 6}]}\n"
    "  - {type: sulfate_reducing_bed, name: srb, volume_m3: 9.36, start_population: 0.3, "
    "kla_o2_1_h: 0.02, events: [{what: add, medium: bran, mass_kg: 5, layer: bran, after_d: 4}], "
    "layers: [{name: bran, depth_m: 0.3, cells: 1, bran_fraction: 0.7}, "
    "{name: mid, depth_m: 1.2, cells: 2, husk_fraction: 0.6, limestone_fraction: 0.4}]}\n"
    "  - {type: dosing_tank, name: lime, reagent: \"Ca(OH)2\", volume_m3: 0.2, set_ph: 9}\n"
    "  - {type: thickener, name: thickener, volume_m3: 1, recycle_ratio: 10, sludge_age_d: 1, "
    "sludge_to: lime}\n";

static const sei_unit_book *book(const run *r, const char *unit, const char *element)
{
    for (size_t i = 0; i < r->result->n_unit_books; i++)
        if (strcmp(r->site->units[r->result->unit_books[i].unit].name, unit) == 0 &&
            strcmp(r->result->unit_books[i].element, element) == 0)
            return &r->result->unit_books[i];
    ck_abort_msg("no book of %s in %s", element, unit);
    return NULL;
}

/* Each term is far from nothing somewhere, so that books without it would not close. */
START_TEST(books_close_for_every_element_in_every_unit)
{
    run r = go(all_terms);

    ck_assert_uint_eq(r.result->n_unit_books, 4 * r.result->n_books);
    ck_assert_uint_ge(r.result->n_books, 9); /* Fe Zn Cu Al S Ca C N P */
    for (size_t i = 0; i < r.result->n_unit_books; i++)
        ck_assert_msg(r.result->unit_books[i].imbalance < 1e-9, "%s in %s: %g",
                      r.result->unit_books[i].element,
                      r.site->units[r.result->unit_books[i].unit].name,
                      r.result->unit_books[i].imbalance);
    const double fe = book(&r, "iron", "Fe")->in_mol;
    ck_assert_double_gt(book(&r, "iron", "Fe")->out_mol, 1e-2 * fe);
    ck_assert_double_gt(book(&r, "iron", "Fe")->removed_mol, 1e-2 * fe);
    ck_assert_double_gt(book(&r, "iron", "Fe")->bed_mol, 1e-2 * fe);
    ck_assert_double_gt(book(&r, "srb", "C")->added_mol, 1.0);
    ck_assert_double_gt(book(&r, "srb", "N")->added_mol, 1e-2);
    ck_assert_double_gt(fabs(book(&r, "iron", "C")->air_mol), 1e-3 * book(&r, "iron", "C")->in_mol);
    ck_assert_double_lt(book(&r, "srb", "S")->air_mol, 0.0); /* hydrogen sulfide */
    ck_assert_double_gt(fabs(book(&r, "srb", "S")->water_mol), 1e-3);
    ck_assert_double_gt(book(&r, "srb", "Ca")->out_mol, book(&r, "srb", "Ca")->in_mol);
    ck_assert_double_gt(book(&r, "lime", "Ca")->out_mol, book(&r, "srb", "Ca")->out_mol);
    ck_assert_double_gt(book(&r, "thickener", "Ca")->sludge_mol, 1e-3);
    end(&r);
}
END_TEST

/* 5.2 L/min of 18 mg/L for 10 days are 5.2 x 14400 x 18 mg = 1347.84 g of zinc, 20.62 mol, all of it to the first unit; the
 * units together are the plant. */
START_TEST(books_of_units_add_up_to_those_of_the_plant)
{
    run r = go(all_terms);

    T_CLOSE(book(&r, "iron", "Zn")->in_mol, 5.2 * 14400.0 * 18e-3 / 65.38, 1e-3);
    T_CLOSE(book(&r, "srb", "Zn")->in_mol, book(&r, "iron", "Zn")->out_mol, 1e-12);
    for (size_t e = 0; e < r.result->n_books; e++) {
        const sei_book *whole = &r.result->books[e];
        double          air = 0.0, change = 0.0, added = 0.0, size = fabs(whole->in_mol);
        for (size_t u = 0; u < r.result->n_units; u++) {
            const sei_unit_book *b = book(&r, r.site->units[u].name, whole->element);
            air += b->air_mol;
            change += b->water_mol + b->bed_mol;
            added += b->added_mol - b->removed_mol;
            size += fabs(b->bed_mol) + fabs(b->added_mol);
        }
        T_NEAR(air, whole->air_mol, 1e-9 * size);
        T_NEAR(change, whole->change_mol, 1e-9 * size);
        T_NEAR(added, whole->added_mol, 1e-9 * size);
    }
    end(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("balance");
    TCase *tc    = tcase_create("balance");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, loads_are_flow_times_concentration);
    tcase_add_test(tc, books_close_for_every_element_in_every_unit);
    tcase_add_test(tc, books_of_units_add_up_to_those_of_the_plant);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
