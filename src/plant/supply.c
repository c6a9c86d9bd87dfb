/* supply.c - reagents that units get and pumps that move their sludge */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "chem/net.h"
#include "chem/reagent.h"
#include "plant/additive.h"
#include "plant/assembly.h"

enum { REAGENTS_MAX = 32, PUMPS_PER_UNIT = 2 };

sei_status sei_plant_allocate_supply(sei_plant *plant)
{
    const size_t n     = plant->spec.n_units;
    sei_arena   *arena = &plant->arena;

    plant->doses       = sei_arena_alloc(arena, n, sizeof *plant->doses);
    plant->dose_places = sei_arena_alloc(arena, n, sizeof *plant->dose_places);
    plant->pumps       = sei_arena_alloc(arena, PUMPS_PER_UNIT * n, sizeof *plant->pumps);
    plant->pump_places = sei_arena_alloc(arena, PUMPS_PER_UNIT * n, sizeof *plant->pump_places);
    return plant->doses && plant->dose_places && plant->pumps && plant->pump_places ? SEI_OK
                                                                                    : SEI_E_NOMEM;
}

/* ---- reagents ---- */

static sei_status find_reagent(sei_ctx *ctx, const sei_unit_spec *spec,
                               const sei_reagent_row **ret_row)
{
    const char *keys[REAGENTS_MAX];
    size_t      n     = 0;
    const char *given = spec->reagent ? spec->reagent : "";

    *ret_row = sei_unit_additive(spec);
    if (*ret_row)
        return SEI_OK;
    for (; n < sei_reagent_count() && n < REAGENTS_MAX; n++)
        keys[n] = sei_reagent_at(n)->key;
    const char *near = given[0] ? sei_nearest(given, keys, n) : NULL;
    return sei_fail(
        ctx, given[0] ? SEI_E_NOT_FOUND : SEI_E_MISSING, sei_unit_where(spec),
        "unit \"%s\": reagent \"%s\" is not known%s%s%s; known are Ca(OH)2, CaO, CaCO3, "
        "NaOH, Na2CO3, MgO",
        spec->name, given, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* What the dissolved share of a mole brings into solution. */
static sei_status express(sei_ctx *ctx, const sei_plant *plant, const sei_unit_spec *spec,
                          const sei_reagent_row *row, double dissolution, double comp[])
{
    const sei_net *net = sei_model_net(plant->spec.model);
    double         nu[SEI_COMPONENTS_MAX], nu_e, nu_w;
    sei_logk       logk;

    for (size_t i = 0; i < SEI_REAGENT_SPECIES && row->parts[i].species; i++) {
        const size_t s = sei_db_find_species(net->db, row->parts[i].species);
        if (s == SIZE_MAX || !sei_net_express(net, s, nu, &nu_e, &nu_w, &logk))
            return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(spec),
                            "unit \"%s\" gets %s, which brings %s: the model has no such component",
                            spec->name, row->about.key, row->parts[i].species);
        for (size_t j = 0; j < net->n_comp; j++)
            comp[j] += dissolution * row->parts[i].coef * nu[j];
    }
    return SEI_OK;
}

static sei_status keep_undissolved(sei_ctx *ctx, const sei_plant *plant, const sei_unit_spec *spec,
                                   const sei_reagent_row *row, double dissolution, double solid[])
{
    const sei_model *model = plant->spec.model;

    if (!row->solid || dissolution >= 1.0)
        return SEI_OK;
    const size_t i = sei_model_find_solid(model, row->solid);
    if (i == sei_model_n_solids(model))
        return sei_fail(
            ctx, SEI_E_NOT_FOUND, sei_unit_where(spec),
            "unit \"%s\": the part of %s that does not dissolve is %s, a solid that the "
            "model does not have; add it, or set dissolution to 1",
            spec->name, row->about.key, row->solid);
    solid[i] = 1.0 - dissolution;
    return SEI_OK;
}

sei_status sei_builder_dose_add(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                const sei_builder_dose *dose)
{
    sei_plant             *plant = builder->plant;
    const sei_unit_spec   *spec  = builder->spec;
    const sei_reagent_row *row   = NULL;
    const size_t           n     = sei_model_n_components(plant->spec.model),
                 k               = sei_model_n_solids(plant->spec.model);

    sei_status st    = find_reagent(ctx, spec, &row);
    double    *comp  = sei_arena_alloc(&plant->arena, n, sizeof *comp);
    double    *solid = sei_arena_alloc(&plant->arena, k + 1, sizeof *solid);
    if (st == SEI_OK && (!comp || !solid))
        st = SEI_E_NOMEM;
    if (st != SEI_OK)
        return st;
    const double purity      = dose->purity > 0.0 ? dose->purity : row->about.purity;
    const double dissolution = dose->dissolution > 0.0 ? dose->dissolution : row->about.dissolution;
    st                       = express(ctx, plant, spec, row, dissolution, comp);
    if (st == SEI_OK)
        st = keep_undissolved(ctx, plant, spec, row, dissolution, solid);
    if (st != SEI_OK)
        return st;
    const double kg_mol = 1e-3 * sei_reagent_g_mol(&row->about);
    plant->doses[plant->n_doses] =
        (sei_dose){.cell      = cell,
                   .comp      = comp,
                   .solid     = solid,
                   .max_molal = dose->max_kg_m3 * purity / kg_mol / SEI_WATER_KG_M3,
                   .set_ph    = dose->set_ph};
    plant->dose_places[plant->n_doses++] = (sei_plant_dose){.unit        = builder->unit,
                                                            .reagent     = &row->about,
                                                            .purity      = purity,
                                                            .dissolution = dissolution,
                                                            .set_ph      = dose->set_ph,
                                                            .max_kg_m3   = dose->max_kg_m3};
    return SEI_OK;
}

/* ---- sludge ---- */

static void add_pump(sei_plant_builder *builder, size_t cell, size_t to_cell, size_t to_unit,
                     double rate_1_s, double solids_fraction)
{
    sei_plant *plant = builder->plant;

    plant->pumps[plant->n_pumps] = (sei_sludge_pump){cell, to_cell, rate_1_s};
    plant->pump_places[plant->n_pumps++] =
        (sei_plant_pump){builder->unit, to_unit, solids_fraction};
}

static sei_status find_target(sei_ctx *ctx, const sei_plant_builder *builder, size_t *ret_unit)
{
    const sei_plant     *plant = builder->plant;
    const sei_unit_spec *spec  = builder->spec;

    if (!spec->sludge_to || !spec->sludge_to[0])
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec),
                        "unit \"%s\" recycles sludge: name the unit that gets it in sludge_to, or "
                        "set recycle_ratio to 0",
                        spec->name);
    for (size_t u = 0; u < plant->spec.n_units; u++)
        if (strcmp(plant->spec.units[u].name, spec->sludge_to) == 0) {
            if (u == builder->unit || plant->units[u].n_cells == 0)
                return sei_fail(ctx, SEI_E_ARG, sei_unit_where(spec),
                                "unit \"%s\": sludge_to: \"%s\" does not lie upstream of it",
                                spec->name, spec->sludge_to);
            *ret_unit = u;
            return SEI_OK;
        }
    return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(spec),
                    "unit \"%s\": sludge_to: no unit is named \"%s\"", spec->name, spec->sludge_to);
}

sei_status sei_builder_sludge(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                              double waste_1_s, double recycle_1_s, double solids_fraction)
{
    size_t     to = 0;
    sei_status st = recycle_1_s > 0.0 ? find_target(ctx, builder, &to) : SEI_OK;

    if (st != SEI_OK)
        return st;
    add_pump(builder, cell, SEI_SLUDGE_AWAY, SEI_SLUDGE_AWAY, waste_1_s, solids_fraction);
    if (recycle_1_s > 0.0)
        add_pump(builder, cell, builder->plant->units[to].first_cell, to, recycle_1_s,
                 solids_fraction);
    return SEI_OK;
}

sei_status sei_builder_suspend(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                               double fraction)
{
    const sei_model *model = builder->plant->spec.model;
    sei_status       st    = SEI_OK;

    for (size_t l = 0; l < sei_model_n_laws(model) && st == SEI_OK; l++) {
        const sei_rate_law *law = sei_model_law(model, l);
        if (law->suspended_param)
            st = sei_builder_set(ctx, builder, zone, law->key, law->suspended_param, fraction);
    }
    return st;
}

/* ---- reading a plant ---- */

size_t sei_plant_n_doses(const sei_plant *plant)
{
    return plant->n_doses;
}

const sei_plant_dose *sei_plant_dose_at(const sei_plant *plant, size_t dose)
{
    return dose < plant->n_doses ? &plant->dose_places[dose] : NULL;
}

size_t sei_plant_n_pumps(const sei_plant *plant)
{
    return plant->n_pumps;
}

const sei_plant_pump *sei_plant_pump_at(const sei_plant *plant, size_t pump)
{
    return pump < plant->n_pumps ? &plant->pump_places[pump] : NULL;
}

bool sei_plant_has_supply(const sei_plant *plant, size_t unit)
{
    bool has = false;

    for (size_t i = 0; i < plant->n_doses; i++)
        has = has || plant->dose_places[i].unit == unit;
    for (size_t i = 0; i < plant->n_pumps; i++)
        has = has || plant->pump_places[i].unit == unit;
    return has;
}

void sei_plant_scale_supply(const sei_plant *plant, sei_train *train, size_t unit, double factor)
{
    for (size_t i = 0; i < plant->n_doses; i++)
        if (plant->dose_places[i].unit == unit)
            sei_train_set_dose_power(train, i, factor);
    for (size_t i = 0; i < plant->n_pumps; i++)
        if (plant->pump_places[i].unit == unit)
            sei_train_set_pump_power(train, i, factor);
}
