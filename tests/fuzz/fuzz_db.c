/*
 * fuzz_db.c - hostile text as a thermodynamic database
 *
 * What is read is compiled for a few components and speciated once: reader, network compiler and
 * solver must survive, whatever the reactions say.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chem/equil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static void solve(sei_ctx *ctx, const sei_net *net)
{
    sei_equil *eq = NULL;
    double     total[SEI_COMPONENTS_MAX];

    for (size_t j = 0; j < net->n_comp; j++)
        total[j] = 1e-3;
    const sei_water water = {.temp_k        = 288.15,
                             .fix_ph        = true,
                             .ph            = 5.0,
                             .pe            = 8.0,
                             .total         = total,
                             .balance       = SIZE_MAX,
                             .alk_component = SIZE_MAX};
    require(sei_equil_create(ctx, net, &eq) == SEI_OK);
    if (sei_equil_solve(ctx, eq, &water, NULL) == SEI_OK)
        for (size_t i = 0; i < net->n_species; i++)
            require(isfinite(eq->m[i]) && eq->m[i] >= 0.0);
    else
        require(sei_ctx_error(ctx)[0] != '\0');
    sei_equil_free(eq);
}

static void compile(sei_ctx *ctx, const sei_db *db)
{
    const char *components[4];
    size_t      n = 0;

    for (size_t m = 0; m < db->n_masters && n < 4; m++)
        if (db->masters[m].species != db->h_plus && db->masters[m].species != db->water &&
            db->masters[m].species != db->e_minus)
            components[n++] = db->masters[m].name;
    for (int with_electron = 0; with_electron < 2; with_electron++) {
        const sei_net_spec spec = {
            .n_components = n, .components = components, .with_electron = with_electron == 1};
        sei_net *net = NULL;
        if (sei_net_create(ctx, db, &spec, &net) == SEI_OK)
            solve(ctx, net);
        sei_net_free(net);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    sei_db  *db  = NULL;

    require(ctx != NULL);
    if (sei_db_parse(ctx, "fuzz.dat", (const char *)data, size, &db) == SEI_OK) {
        (void)sei_db_has_phase(db, "Calcite");
        (void)sei_db_formula_g_mol(db, "CaSO4:2H2O");
        compile(ctx, db);
    } else {
        require(db == NULL && sei_ctx_error(ctx)[0] != '\0');
    }
    sei_db_free(db);
    sei_ctx_free(ctx);
    return 0;
}
