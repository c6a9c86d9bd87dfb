/* test_balance.c - loads of each unit against arithmetic */
#include "base/file.h"
#include "study/result_parts.h"
#include "t.h"

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

int main(void)
{
    Suite *suite = suite_create("balance");
    TCase *tc    = tcase_create("balance");

    tcase_add_test(tc, loads_are_flow_times_concentration);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
