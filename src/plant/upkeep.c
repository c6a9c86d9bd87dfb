/* upkeep.c - what is done to units while they run: media added, beds cleaned or renewed, power lost */
#include <math.h>
#include <string.h>

#include "plant/assembly.h"
#include "plant/laws.h"

bool sei_plant_needs_overflow(const sei_unit_spec *spec)
{
    for (size_t i = 0; i < spec->n_events; i++) {
        const sei_event_spec *e = &spec->events[i];
        if (e->kind == SEI_EVENT_BYPASS || e->kind == SEI_EVENT_THROTTLE ||
            ((e->kind == SEI_EVENT_CLEAN || e->kind == SEI_EVENT_RENEW) && e->duration_s > 0.0))
            return true;
    }
    return false;
}

/* ---- media ------------------------------------------------------------------------------------ */

/* Volume by which a cell takes part in an addition of solid i; 0 when it does not. */
static double addition_weight(const sei_plant *plant, size_t c, size_t layer, size_t i,
                              bool only_holders)
{
    const size_t n = sei_model_n_solids(plant->spec.model);

    if (layer != SEI_NO_LAYER && plant->places[c].layer != layer)
        return 0.0;
    if (only_holders && plant->solid_mol[c * n + i] == 0.0)
        return 0.0;
    return plant->places[c].bed_m3;
}

static void spread(const sei_plant *plant, sei_train *train, const sei_plant_unit *unit,
                   size_t layer, size_t i, double mol, double *ret_volume)
{
    const size_t end    = unit->first_cell + unit->n_cells;
    double       volume = 0.0;
    bool         some   = false;

    for (size_t c = unit->first_cell; c < end; c++)
        some = some || addition_weight(plant, c, layer, i, true) > 0.0;
    const bool only_holders = layer == SEI_NO_LAYER && some;
    for (size_t c = unit->first_cell; c < end; c++)
        volume += addition_weight(plant, c, layer, i, only_holders);
    for (size_t c = unit->first_cell; volume > 0.0 && c < end; c++)
        sei_train_add_solid(train, c, i,
                            mol * addition_weight(plant, c, layer, i, only_holders) / volume);
    *ret_volume = volume;
}

/* Is a pool what exchange sites of a medium hold: "Ca_compost" of "compost"? */
static bool is_in_sites_of(const char *pool, const char *medium)
{
    const char *tail = strchr(pool, '_');

    return tail && strcmp(tail + 1, medium) == 0;
}

/* Pools that come with a medium: nitrogen and phosphorus, "bran_n" and "bran_p" of "bran"; exchange sites, "Ca_compost" of "compost". */
static bool comes_with(const char *pool, const char *solid)
{
    const size_t stem = strlen(solid);

    return (strncmp(pool, solid, stem) == 0 && pool[stem] == '_') || is_in_sites_of(pool, solid);
}

static void spread_companions(const sei_plant *plant, sei_train *train, size_t u, size_t layer,
                              const char *solid, double kg)
{
    const size_t          n      = sei_model_n_solids(plant->spec.model);
    const sei_plant_unit *unit   = &plant->units[u];
    double                volume = 0.0;

    for (size_t i = 0; i < n; i++) {
        const char  *name   = sei_model_solid_name(plant->spec.model, i);
        const double mol_kg = plant->medium_mol_kg[u * n + i];
        if (mol_kg > 0.0 && comes_with(name, solid))
            spread(plant, train, unit, layer, i, kg * mol_kg, &volume);
    }
}

sei_status sei_plant_add_medium(sei_ctx *ctx, const sei_plant *plant, sei_train *train, size_t u,
                                size_t layer, const char *solid, double kg, double *ret_mol)
{
    const sei_plant_unit *unit   = sei_plant_unit_at(plant, u);
    const size_t          n      = sei_model_n_solids(plant->spec.model);
    const size_t          i      = sei_model_find_solid(plant->spec.model, solid);
    double                volume = 0.0;

    if (!unit)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "there is no unit %zu; the plant has %zu", u + 1,
                        plant->spec.n_units);
    if (!isfinite(kg) || kg < 0.0)
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(unit->spec),
                        "unit \"%s\": %g kg of %s cannot be added", unit->spec->name, kg, solid);
    const double mol_kg = i < n ? plant->medium_mol_kg[u * n + i] : 0.0;
    if (mol_kg == 0.0)
        return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(unit->spec),
                        "unit \"%s\" is no bed for %s", unit->spec->name, solid);
    spread(plant, train, unit, layer, i, kg * mol_kg, &volume);
    if (!(volume > 0.0))
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(unit->spec),
                        "unit \"%s\" has %zu layers: there is no layer %zu", unit->spec->name,
                        unit->spec->n_layers, layer + 1);
    spread_companions(plant, train, u, layer, solid, kg);
    if (ret_mol)
        *ret_mol = kg * mol_kg;
    return SEI_OK;
}

bool sei_plant_has_medium(const sei_plant *plant, size_t u, const char *solid)
{
    const size_t n = sei_model_n_solids(plant->spec.model);
    const size_t i = sei_model_find_solid(plant->spec.model, solid);

    return i < n && plant->medium_mol_kg[u * n + i] > 0.0;
}

/* ---- cleaning and renewal --------------------------------------------------------------------- */

static sei_status find_layer(sei_ctx *ctx, const sei_plant *plant, size_t u, size_t layer,
                             const sei_plant_unit **ret_unit)
{
    const sei_plant_unit *unit = sei_plant_unit_at(plant, u);

    if (!unit)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "there is no unit %zu; the plant has %zu", u + 1,
                        plant->spec.n_units);
    if (layer != SEI_NO_LAYER && layer >= unit->spec->n_layers)
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(unit->spec),
                        "unit \"%s\" has %zu layers: there is no layer %zu", unit->spec->name,
                        unit->spec->n_layers, layer + 1);
    *ret_unit = unit;
    return SEI_OK;
}

static bool is_in_layer(const sei_plant *plant, size_t cell, size_t layer)
{
    return layer == SEI_NO_LAYER || plant->places[cell].layer == layer;
}

sei_status sei_plant_clean(sei_ctx *ctx, const sei_plant *plant, sei_train *train, size_t u,
                           size_t layer, double share)
{
    const size_t          n    = sei_model_n_solids(plant->spec.model);
    const sei_plant_unit *unit = NULL;
    const sei_status      st   = find_layer(ctx, plant, u, layer, &unit);

    if (st != SEI_OK)
        return st;
    if (!(share >= 0.0 && share <= 1.0))
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(unit->spec),
                        "unit \"%s\": share %g of the deposits is outside 0..1", unit->spec->name,
                        share);
    for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++) {
        for (size_t s = 0; s < n && is_in_layer(plant, c, layer); s++) {
            const double deposit = sei_plant_deposit_mol(plant, train, c, s);
            if (deposit > 0.0)
                sei_train_add_solid(train, c, s, -share * deposit);
        }
    }
    return SEI_OK;
}

double sei_plant_deposit_mol(const sei_plant *plant, const sei_train *train, size_t cell,
                             size_t solid)
{
    const size_t n = sei_model_n_solids(plant->spec.model);
    const size_t u = plant->places[cell].unit;

    /* ions in exchange sites take no room of their own, and cleaning leaves them where they are */
    if (plant->medium_mol_kg[u * n + solid] > 0.0 ||
        is_in_sites_of(sei_model_solid_name(plant->spec.model, solid), "compost"))
        return 0.0;
    return fmax(0.0, sei_train_solid_at(train, cell, solid) - plant->solid_mol[cell * n + solid]);
}

sei_status sei_plant_renew(sei_ctx *ctx, const sei_plant *plant, sei_train *train, size_t u,
                           size_t layer)
{
    const size_t          n    = sei_model_n_solids(plant->spec.model);
    const sei_plant_unit *unit = NULL;
    const sei_status      st   = find_layer(ctx, plant, u, layer, &unit);

    if (st != SEI_OK)
        return st;
    for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++)
        for (size_t s = 0; s < n && is_in_layer(plant, c, layer); s++)
            sei_train_add_solid(train, c, s,
                                plant->solid_mol[c * n + s] - sei_train_solid_at(train, c, s));
    return SEI_OK;
}

/* ---- power ------------------------------------------------------------------------------------ */

static const char *const gas_laws[] = {SEI_LAW_O2_EXCHANGE, SEI_LAW_CO2_EXCHANGE,
                                       SEI_LAW_H2S_EXCHANGE};

enum { N_GAS_LAWS = sizeof gas_laws / sizeof gas_laws[0] };

/* Place of a gas law's transfer coefficient among all parameters; SIZE_MAX: not in the model. */
static size_t transfer_param(const sei_model *model, const char *law)
{
    const size_t l = sei_model_find_law(model, law);

    if (l == sei_model_n_laws(model))
        return SIZE_MAX;
    const sei_rate_law *row = sei_model_law(model, l);
    return sei_model_param_offset(model, l) +
           sei_param_index(row->params, row->n_params, SEI_KEY_KLA);
}

bool sei_plant_has_gas(const sei_plant *plant, size_t u)
{
    const sei_plant_unit *unit = &plant->units[u];

    for (size_t i = 0; i < N_GAS_LAWS; i++) {
        const size_t at = transfer_param(plant->spec.model, gas_laws[i]);
        for (size_t c = 0; c < unit->n_cells && at != SIZE_MAX; c++)
            if (plant->zones[plant->cells[unit->first_cell + c].zone].law_params[at] > 0.0)
                return true;
    }
    return false;
}

void sei_plant_scale_gas(const sei_plant *plant, sei_train *train, size_t u, double factor)
{
    const sei_plant_unit *unit = &plant->units[u];

    for (size_t i = 0; i < N_GAS_LAWS; i++) {
        const size_t at = transfer_param(plant->spec.model, gas_laws[i]);
        for (size_t c = 0; c < unit->n_cells && at != SIZE_MAX; c++) {
            const size_t z                      = plant->cells[unit->first_cell + c].zone;
            sei_train_zone_params(train, z)[at] = factor * plant->zones[z].law_params[at];
        }
    }
}
