/* builder.c - zones, cells and bed solids of one unit; its links and overrides */
#include "plant/builder.h"

#include <math.h>
#include <string.h>

#include "plant/assembly.h"
#include "plant/laws.h"
#include "plant/unit_type.h"

/* Heat capacity of 1 kg of water near 15 degC, J/K. */
static const double water_j_kg_k = 4186.0;

/* Room for one more item in a grown array. */
static sei_status reserve(sei_ctx *ctx, void **array, size_t item, size_t n, size_t *size)
{
    if (n < *size)
        return SEI_OK;
    const size_t bigger = *size ? 2 * *size : 16;
    void        *p      = sei_resize(ctx, *array, bigger, item);

    if (!p)
        return SEI_E_NOMEM;
    *array = p;
    *size  = bigger;
    return SEI_OK;
}

static sei_status add_link(sei_ctx *ctx, sei_plant *plant, int from, size_t to, double fraction)
{
    void      *links = plant->links;
    sei_status st = reserve(ctx, &links, sizeof *plant->links, plant->n_links, &plant->links_size);

    plant->links = links;
    if (st == SEI_OK)
        plant->links[plant->n_links++] = (sei_link){.from = from, .to = to, .fraction = fraction};
    return st;
}

/* Index of the capacity of law number `law` among all laws' parameters; false: it has none. */
static bool find_media_param(const sei_model *model, size_t law, size_t *ret_index)
{
    const sei_rate_law *row = sei_model_law(model, law);

    if (!row->media_param)
        return false;
    *ret_index = sei_model_param_offset(model, law) +
                 sei_param_index(row->params, row->n_params, row->media_param);
    return true;
}

/* What the plant says, or the laws' defaults. */
static void plant_params(const sei_plant *plant, double ret_params[])
{
    const sei_model *model = plant->spec.model;

    if (plant->spec.law_params)
        memcpy(ret_params, plant->spec.law_params, sei_model_n_params(model) * sizeof *ret_params);
    else
        for (size_t law = 0; law < sei_model_n_laws(model); law++)
            sei_rate_defaults(sei_model_law(model, law),
                              ret_params + sei_model_param_offset(model, law));
}

sei_status sei_builder_zone(sei_ctx *ctx, sei_plant_builder *builder, const char *name,
                            size_t *ret_zone)
{
    sei_plant       *plant = builder->plant;
    const sei_model *model = plant->spec.model;
    double *params = sei_arena_alloc(&plant->arena, sei_model_n_params(model) + 1, sizeof *params);
    char   *copy   = sei_arena_strdup(&plant->arena, name);
    void   *zones  = plant->zones;
    size_t  i;

    if (!params || !copy)
        return SEI_E_NOMEM;
    const sei_status st =
        reserve(ctx, &zones, sizeof *plant->zones, plant->n_zones, &plant->zones_size);
    plant->zones = zones;
    if (st != SEI_OK)
        return st;

    plant_params(plant, params);
    for (size_t law = 0; law < sei_model_n_laws(model); law++)
        if (find_media_param(model, law, &i))
            params[i] = 0.0;
    *ret_zone                      = plant->n_zones;
    plant->zones[plant->n_zones++] = (sei_zone){.name = copy, .law_params = params};
    return SEI_OK;
}

static sei_status set_param(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, size_t law,
                            const char *param, double value)
{
    const sei_model    *model = builder->plant->spec.model;
    const sei_rate_law *row   = sei_model_law(model, law);
    const size_t        i     = sei_param_index(row->params, row->n_params, param);

    if (i == row->n_params)
        return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(builder->spec),
                        "unit \"%s\": the rate law %s has no parameter %s", builder->spec->name,
                        row->key, param);
    builder->plant->zones[zone].law_params[sei_model_param_offset(model, law) + i] = value;
    return SEI_OK;
}

sei_status sei_builder_set(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, const char *law,
                           const char *param, double value)
{
    const sei_model *model = builder->plant->spec.model;
    const size_t     i     = sei_model_find_law(model, law);

    if (i < sei_model_n_laws(model))
        return set_param(ctx, builder, zone, i, param, value);
    if (value == 0.0)
        return SEI_OK;
    return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(builder->spec),
                    "unit \"%s\" needs the rate law %s, which the model does not have",
                    builder->spec->name, law);
}

sei_status sei_builder_set_if(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                              const char *law, const char *param, double value)
{
    return sei_builder_has_law(builder, law)
               ? sei_builder_set(ctx, builder, zone, law, param, value)
               : SEI_OK;
}

sei_status sei_builder_enable(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                              const char *law)
{
    const sei_plant *plant = builder->plant;
    const sei_model *model = plant->spec.model;
    const size_t     l     = sei_model_find_law(model, law);
    size_t           i;

    (void)ctx;
    if (l == sei_model_n_laws(model) || !find_media_param(model, l, &i))
        return SEI_OK;
    const sei_param *row = &sei_model_law(model, l)->params[i - sei_model_param_offset(model, l)];
    plant->zones[zone].law_params[i] =
        plant->spec.law_params ? plant->spec.law_params[i] : sei_param_to_si(row, row->def);
    return SEI_OK;
}

sei_status sei_builder_capacity(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                const char *law, double value)
{
    const sei_rate_law *row = sei_rate_find(law);

    return sei_builder_set(ctx, builder, zone, law, row && row->media_param ? row->media_param : "",
                           value);
}

static bool is_size(double value)
{
    return isfinite(value) && value >= 0.0;
}

static sei_status check_cell(sei_ctx *ctx, const sei_plant_builder *builder,
                             const sei_builder_cell *cell)
{
    const char *name = builder->spec->name;

    if (builder->plant->n_cells >= SEI_PLANT_CELLS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, sei_unit_where(builder->spec),
                        "unit \"%s\": the plant has more than %d cells; use fewer cells a unit",
                        name, SEI_PLANT_CELLS_MAX);
    if (!isfinite(cell->water_m3) || !(cell->water_m3 > 0.0) || !is_size(cell->bed_m3) ||
        !is_size(cell->length_m) || !is_size(cell->capture_1_s) || !is_size(cell->ua_air_w_k) ||
        !is_size(cell->ua_ground_w_k) || !is_size(cell->media_j_k) || !is_size(cell->filter) ||
        !is_size(cell->flow_grain_m))
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(builder->spec),
                        "unit \"%s\": a cell with %g m3 of water in %g m3 of bed cannot be; check "
                        "volume, depth, porosity and cells",
                        name, cell->water_m3, cell->bed_m3);
    return SEI_OK;
}

static sei_status grow_cells(sei_ctx *ctx, sei_plant *plant)
{
    const size_t n_solids = sei_model_n_solids(plant->spec.model);
    const size_t bigger   = plant->cells_size ? 2 * plant->cells_size : 16;

    if (plant->n_cells < plant->cells_size)
        return SEI_OK;
    sei_cell *cells = sei_resize(ctx, plant->cells, bigger, sizeof *cells);
    if (!cells)
        return SEI_E_NOMEM;
    plant->cells           = cells;
    sei_plant_cell *places = sei_resize(ctx, plant->places, bigger, sizeof *places);
    if (!places)
        return SEI_E_NOMEM;
    plant->places = places;
    double *mol   = sei_resize(ctx, plant->solid_mol, bigger * (n_solids + 1), sizeof *mol);
    if (!mol)
        return SEI_E_NOMEM;
    plant->solid_mol  = mol;
    plant->cells_size = bigger;
    return SEI_OK;
}

static void place_cell(sei_plant *plant, size_t c, const sei_builder_cell *cell, size_t u)
{
    sei_plant_unit *unit  = &plant->units[u];
    sei_plant_cell *place = &plant->places[c];

    unit->size.bed_m3 += cell->bed_m3;
    unit->size.pore_m3 += cell->bed_m3 > 0.0 ? cell->water_m3 : 0.0;
    unit->size.length_m += cell->length_m;
    *place = (sei_plant_cell){.unit         = u,
                              .layer        = cell->layer,
                              .bed_m3       = cell->bed_m3,
                              .pore_m3      = cell->water_m3,
                              .distance_m   = unit->size.length_m,
                              .bed_to_m3    = unit->size.bed_m3,
                              .pore_to_m3   = unit->size.pore_m3,
                              .flow_grain_m = cell->flow_grain_m,
                              .length_m     = cell->length_m};
}

sei_status sei_builder_cell_add(sei_ctx *ctx, sei_plant_builder *builder,
                                const sei_builder_cell *cell, size_t *ret_cell)
{
    sei_plant      *plant    = builder->plant;
    sei_plant_unit *unit     = &plant->units[builder->unit];
    const size_t    c        = plant->n_cells;
    const size_t    n_solids = sei_model_n_solids(plant->spec.model);
    sei_status      st       = check_cell(ctx, builder, cell);

    if (st == SEI_OK)
        st = grow_cells(ctx, plant);
    if (st == SEI_OK && unit->n_cells > 0)
        st = add_link(ctx, plant, (int)unit->outlet_cell, c, 1.0);
    if (st != SEI_OK)
        return st;

    plant->cells[c] = (sei_cell){
        .zone          = cell->zone,
        .water_kg      = cell->water_m3 * SEI_WATER_KG_M3,
        .capture_1_s   = cell->capture_1_s,
        .filter        = cell->filter,
        .ua_air_w_k    = cell->ua_air_w_k,
        .ua_ground_w_k = cell->ua_ground_w_k,
        .top           = cell->top,
        .heat_j_k      = cell->water_m3 * SEI_WATER_KG_M3 * water_j_kg_k + cell->media_j_k,
    };
    memset(plant->solid_mol + c * n_solids, 0, n_solids * sizeof *plant->solid_mol);
    place_cell(plant, c, cell, builder->unit);
    if (unit->n_cells == 0)
        unit->first_cell = c;
    unit->n_cells++;
    unit->outlet_cell = c;
    plant->n_cells++;
    if (ret_cell)
        *ret_cell = c;
    return SEI_OK;
}

static sei_status find_solid(sei_ctx *ctx, const sei_plant_builder *builder, const char *solid,
                             size_t *ret_solid)
{
    const sei_model *model = builder->plant->spec.model;
    const size_t     i     = sei_model_find_solid(model, solid);

    if (i == sei_model_n_solids(model))
        return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(builder->spec),
                        "unit \"%s\" holds the solid %s, which the model does not have",
                        builder->spec->name, solid);
    *ret_solid = i;
    return SEI_OK;
}

sei_status sei_builder_solid(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                             const char *solid, double mol)
{
    sei_plant *plant = builder->plant;
    size_t     i     = 0;

    if (mol == 0.0)
        return SEI_OK;
    if (!is_size(mol))
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(builder->spec),
                        "unit \"%s\": %g mol of %s in a cell", builder->spec->name, mol, solid);
    const sei_status st = find_solid(ctx, builder, solid, &i);
    if (st == SEI_OK)
        plant->solid_mol[cell * sei_model_n_solids(plant->spec.model) + i] += mol;
    return st;
}

sei_status sei_builder_medium(sei_ctx *ctx, sei_plant_builder *builder, const char *solid,
                              double mol_kg)
{
    sei_plant   *plant = builder->plant;
    const size_t n     = sei_model_n_solids(plant->spec.model);
    const size_t i     = sei_model_find_solid(plant->spec.model, solid);

    (void)ctx;
    if (i < n)
        plant->medium_mol_kg[builder->unit * n + i] = mol_kg;
    return SEI_OK;
}

void sei_builder_store(sei_plant_builder *builder, size_t cell, double draw_m3_s, double empty_m3,
                       double full_m3, double start_m3)
{
    sei_plant *plant = builder->plant;

    plant->stores[plant->n_stores++]      = (sei_store){.cell      = cell,
                                                        .draw_kg_s = draw_m3_s * SEI_WATER_KG_M3,
                                                        .empty_kg  = empty_m3 * SEI_WATER_KG_M3,
                                                        .full_kg   = full_m3 * SEI_WATER_KG_M3,
                                                        .start_kg  = start_m3 * SEI_WATER_KG_M3};
    plant->units[builder->unit].has_level = true;
}

void sei_builder_head(sei_plant_builder *builder, const double flow[])
{
    sei_plant_unit *unit = &builder->plant->units[builder->unit];

    unit->head_max_m       = flow[0];
    unit->deposit_kg_m3    = flow[1];
    unit->al_deposit_kg_m3 = flow[2] > 0.0 ? flow[2] : flow[1];
    unit->deposit_shear_pa = flow[3];
}

void sei_builder_footprint(sei_plant_builder *builder, double area_m2)
{
    builder->plant->units[builder->unit].size.area_m2 = area_m2;
}

void sei_builder_claim_all(sei_plant_builder *builder)
{
    builder->claim_all = true;
}

double sei_builder_flow_m3_s(const sei_plant_builder *builder)
{
    return builder->plant->units[builder->unit].flow_m3_s;
}

const sei_db *sei_builder_db(const sei_plant_builder *builder)
{
    return builder->plant->spec.db;
}

bool sei_builder_has_law(const sei_plant_builder *builder, const char *law)
{
    const sei_model *model = builder->plant->spec.model;

    return sei_model_find_law(model, law) < sei_model_n_laws(model);
}

/* A change of a law holds for the laws that follow it. */
static void lead(const sei_plant_builder *builder, const sei_rate_override *change)
{
    const sei_model *model = builder->plant->spec.model;

    for (size_t l = 0; l < sei_model_n_laws(model); l++) {
        const sei_rate_law *law = sei_model_law(model, l);
        const size_t        i   = sei_rate_follower_param(law, change->law, change->param);
        for (size_t z = builder->first_zone; i < law->n_params && z < builder->plant->n_zones; z++)
            builder->plant->zones[z].law_params[sei_model_param_offset(model, l) + i] =
                change->value;
    }
}

static sei_status apply_overrides(sei_ctx *ctx, sei_plant_builder *builder)
{
    const sei_unit_spec *spec  = builder->spec;
    const sei_model     *model = builder->plant->spec.model;

    for (size_t i = 0; i < spec->n_overrides; i++)
        lead(builder, &spec->overrides[i]);
    for (size_t i = 0; i < spec->n_overrides; i++) {
        const sei_rate_override *change = &spec->overrides[i];
        const size_t             law    = sei_model_find_law(model, change->law->key);

        if (law == sei_model_n_laws(model))
            return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(spec),
                            "unit \"%s\" changes %s.%s, but the model does not have this law",
                            spec->name, change->law->key, change->law->params[change->param].key);
        for (size_t z = builder->first_zone; z < builder->plant->n_zones; z++)
            builder->plant->zones[z]
                .law_params[sei_model_param_offset(model, law) + change->param] = change->value;
    }
    return SEI_OK;
}

/* The unit's first cell is the next one to be added. */
static sei_status link_feeds(sei_ctx *ctx, sei_plant *plant, size_t u)
{
    sei_status st = SEI_OK;

    for (size_t k = 0; st == SEI_OK && k < plant->n_feeds[u]; k++) {
        const sei_plant_feed *feed = &plant->feeds[u][k];
        const int             from =
            feed->source >= 0 ? (int)plant->units[feed->source].outlet_cell : feed->source;
        st = add_link(ctx, plant, from, plant->n_cells, feed->fraction);
    }
    return st;
}

/* The unit's water and what was led around it meet in a chamber, which becomes its outlet. */
static sei_status add_overflow(sei_ctx *ctx, sei_plant_builder *builder)
{
    sei_plant       *plant   = builder->plant;
    sei_plant_unit  *unit    = &plant->units[builder->unit];
    sei_builder_cell chamber = {.layer = SEI_NO_LAYER, .water_m3 = 60.0 * unit->flow_m3_s};
    size_t           cell    = 0;

    sei_status st = sei_builder_zone(ctx, builder, builder->spec->name, &chamber.zone);
    if (st == SEI_OK)
        st = sei_builder_cell_add(ctx, builder, &chamber, &cell);
    if (st != SEI_OK)
        return st;
    unit->has_overflow                     = true;
    plant->overflows[plant->n_overflows++] = (sei_overflow){.of = unit->first_cell, .to = cell};
    return SEI_OK;
}

/* Aluminium that precipitates at once does so in the water: flocs that a bed catches within its capture length, not a crust where they
 * form. That tells nothing of what leaves, but much of where a bed clogs. */
static sei_status float_aluminium(sei_ctx *ctx, sei_plant_builder *builder)
{
    static const char *const laws[] = {SEI_LAW_AL_HYDROXIDE, SEI_LAW_BASALUMINITE};
    sei_status               st     = SEI_OK;

    if (!sei_plant_closes(builder->plant, builder->unit))
        return SEI_OK;
    for (size_t z = builder->first_zone; z < builder->plant->n_zones; z++)
        for (size_t i = 0; i < SEI_COUNT(laws) && st == SEI_OK; i++)
            st = sei_builder_set_if(ctx, builder, z, laws[i], SEI_KEY_SUSPENDED, 1.0);
    return st;
}

sei_status sei_plant_build_unit(sei_ctx *ctx, sei_plant *plant, size_t u)
{
    const sei_unit_spec *spec    = &plant->spec.units[u];
    sei_plant_builder    builder = {
           .plant = plant, .unit = u, .spec = spec, .first_zone = plant->n_zones};
    sei_status st = link_feeds(ctx, plant, u);

    if (st == SEI_OK)
        st = spec->type->build(ctx, spec, &builder);
    if (st == SEI_OK)
        st = float_aluminium(ctx, &builder);
    if (st == SEI_OK)
        st = apply_overrides(ctx, &builder);
    if (st != SEI_OK)
        return st;
    if (plant->units[u].n_cells == 0)
        return sei_fail(ctx, SEI_E_INTERNAL, sei_unit_where(spec),
                        "unit \"%s\": the type %s made no cells", spec->name, spec->type->key);
    if (sei_plant_needs_overflow(spec) || plant->units[u].head_max_m > 0.0)
        st = add_overflow(ctx, &builder);
    if (st != SEI_OK)
        return st;
    if (builder.claim_all && plant->units[u].claimed < 1.0 - 1e-9)
        return sei_fail(ctx, SEI_E_ARG, sei_unit_where(spec),
                        "unit \"%s\": the share %g of its water goes nowhere; let other units take "
                        "it, or set all_claimed to 0",
                        spec->name, 1.0 - plant->units[u].claimed);
    return SEI_OK;
}
