/* plant.c - from a list of unit specs to the description of a train of cells */
#include "plant/plant.h"

#include <math.h>
#include <string.h>

#include "plant/assembly.h"

static sei_status check_spec(sei_ctx *ctx, const sei_plant_spec *spec)
{
    if (spec->n_units == 0)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "the plant has no unit: list at least one");
    if (spec->n_units > SEI_PLANT_UNITS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "the plant has %zu units, more than %d",
                        spec->n_units, SEI_PLANT_UNITS_MAX);
    if (spec->n_inflows == 0 || spec->n_inflows > SEI_PLANT_INFLOWS_MAX)
        return sei_fail(ctx, SEI_E_ARG, NULL, "the plant has %zu inflows; 1..%d are possible",
                        spec->n_inflows, SEI_PLANT_INFLOWS_MAX);
    if (spec->n_inflows > 1 && !spec->inflow_names)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "several inflows need names");
    for (size_t b = 0; b < spec->n_inflows; b++)
        if (!isfinite(spec->inflow_m3_s[b]) || !(spec->inflow_m3_s[b] > 0.0))
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "design flow of inflow %zu is %g m3/s: it must be above 0", b + 1,
                            spec->inflow_m3_s[b]);
    return SEI_OK;
}

static sei_status allocate(sei_plant *plant)
{
    const sei_plant_spec *spec  = &plant->spec;
    sei_arena            *arena = &plant->arena;
    const size_t          n     = spec->n_units;

    plant->inflow_names   = sei_arena_alloc(arena, spec->n_inflows, sizeof *plant->inflow_names);
    plant->units          = sei_arena_alloc(arena, n, sizeof *plant->units);
    plant->n_feeds        = sei_arena_alloc(arena, n, sizeof *plant->n_feeds);
    plant->feeds          = sei_arena_alloc(arena, n, sizeof *plant->feeds);
    plant->order          = sei_arena_alloc(arena, n, sizeof *plant->order);
    plant->inflow_claimed = sei_arena_alloc(arena, spec->n_inflows, sizeof *plant->inflow_claimed);
    plant->overflows      = sei_arena_alloc(arena, n, sizeof *plant->overflows);
    plant->stores         = sei_arena_alloc(arena, n, sizeof *plant->stores);
    plant->medium_mol_kg  = sei_arena_alloc(arena, n * (sei_model_n_solids(spec->model) + 1),
                                            sizeof *plant->medium_mol_kg);
    plant->holds_al =
        sei_arena_alloc(arena, sei_model_n_solids(spec->model) + 1, sizeof *plant->holds_al);
    if (!plant->inflow_names || !plant->units || !plant->n_feeds || !plant->feeds ||
        !plant->order || !plant->inflow_claimed || !plant->overflows || !plant->stores ||
        !plant->medium_mol_kg || !plant->holds_al)
        return SEI_E_NOMEM;
    for (size_t s = 0; s < sei_model_n_solids(spec->model); s++)
        plant->holds_al[s] = sei_model_solid_element(spec->model, s, "Al") > 0.0;
    for (size_t b = 0; b < spec->n_inflows; b++)
        plant->inflow_names[b] = spec->inflow_names ? spec->inflow_names[b] : SEI_PLANT_RAW;
    for (size_t u = 0; u < n; u++)
        plant->units[u].spec = &spec->units[u];
    return SEI_OK;
}

/* Units are the groups of cells that have books of their own. */
static sei_status keep_unit_books(sei_plant *plant)
{
    size_t *group_of = sei_arena_alloc(&plant->arena, plant->n_cells, sizeof *group_of);

    if (!group_of)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < plant->n_cells; c++)
        group_of[c] = plant->places[c].unit;
    plant->train.n_groups = plant->spec.n_units;
    plant->train.group_of = group_of;
    return SEI_OK;
}

/* Cells of beds that deposits can fill change their water. */
static sei_status add_bed_stores(sei_plant *plant)
{
    sei_store *stores =
        sei_arena_alloc(&plant->arena, plant->n_stores + plant->n_cells, sizeof *stores);

    if (!stores)
        return SEI_E_NOMEM;
    if (plant->n_stores)
        memcpy(stores, plant->stores, plant->n_stores * sizeof *stores);
    plant->stores = stores;
    for (size_t c = 0; c < plant->n_cells; c++) {
        const sei_plant_cell *place = &plant->places[c];
        if (place->bed_m3 > 0.0 && plant->units[place->unit].deposit_kg_m3 > 0.0)
            stores[plant->n_stores++] =
                (sei_store){.cell = c, .start_kg = plant->cells[c].water_kg, .is_bed = true};
    }
    return SEI_OK;
}

static sei_status build(sei_ctx *ctx, sei_plant *plant)
{
    sei_status st = allocate(plant);

    if (st == SEI_OK)
        st = sei_plant_allocate_supply(plant);
    if (st == SEI_OK)
        st = sei_plant_check_units(ctx, plant);
    if (st == SEI_OK)
        st = sei_plant_route(ctx, plant);
    for (size_t i = 0; st == SEI_OK && i < plant->spec.n_units; i++)
        st = sei_plant_build_unit(ctx, plant, plant->order[i]);
    if (st == SEI_OK)
        st = sei_plant_find_outlets(ctx, plant);
    if (st == SEI_OK && plant->spec.deposits_take_room)
        st = add_bed_stores(plant);
    plant->train = (sei_train_spec){.model       = plant->spec.model,
                                    .n_zones     = plant->n_zones,
                                    .n_cells     = plant->n_cells,
                                    .n_links     = plant->n_links,
                                    .n_inflows   = plant->spec.n_inflows,
                                    .zones       = plant->zones,
                                    .cells       = plant->cells,
                                    .links       = plant->links,
                                    .n_overflows = plant->n_overflows,
                                    .overflows   = plant->overflows,
                                    .n_stores    = plant->n_stores,
                                    .stores      = plant->stores,
                                    .n_doses     = plant->n_doses,
                                    .doses       = plant->doses,
                                    .n_pumps     = plant->n_pumps,
                                    .pumps       = plant->pumps};
    return st == SEI_OK ? keep_unit_books(plant) : st;
}

sei_status sei_plant_create(sei_ctx *ctx, const sei_plant_spec *spec, sei_plant **ret_plant)
{
    sei_plant *plant = NULL;
    sei_status st    = check_spec(ctx, spec);

    if (st != SEI_OK)
        goto done;
    plant = sei_alloc(ctx, 1, sizeof *plant);
    if (!plant) {
        st = SEI_E_NOMEM;
        goto done;
    }
    plant->ctx  = ctx;
    plant->spec = *spec;
    sei_arena_init(&plant->arena, ctx);
    st = build(ctx, plant);
    if (st != SEI_OK)
        goto done;

    *ret_plant = plant;
    plant      = NULL;
done:
    sei_plant_free(plant);
    return st;
}

void sei_plant_free(sei_plant *plant)
{
    if (!plant)
        return;
    sei_ctx *ctx = plant->ctx;

    sei_release(ctx, plant->zones);
    sei_release(ctx, plant->cells);
    sei_release(ctx, plant->places);
    sei_release(ctx, plant->solid_mol);
    sei_release(ctx, plant->links);
    sei_arena_done(&plant->arena);
    sei_release(ctx, plant);
}

const sei_train_spec *sei_plant_train_spec(const sei_plant *plant)
{
    return &plant->train;
}

const double *sei_plant_solid_mol(const sei_plant *plant)
{
    return plant->solid_mol;
}

void sei_plant_load(const sei_plant *plant, sei_train *train)
{
    const size_t n = sei_model_n_solids(plant->spec.model);

    for (size_t c = 0; c < plant->n_cells; c++)
        memcpy(sei_train_solid(train, c), plant->solid_mol + c * n, n * sizeof(double));
}

size_t sei_plant_n_units(const sei_plant *plant)
{
    return plant->spec.n_units;
}

const sei_plant_unit *sei_plant_unit_at(const sei_plant *plant, size_t unit)
{
    return unit < plant->spec.n_units ? &plant->units[unit] : NULL;
}

const sei_plant_unit *sei_plant_unit_find(const sei_plant *plant, const char *name)
{
    for (size_t u = 0; u < plant->spec.n_units; u++)
        if (strcmp(plant->spec.units[u].name, name) == 0)
            return &plant->units[u];
    return NULL;
}

size_t sei_plant_n_cells(const sei_plant *plant)
{
    return plant->n_cells;
}

const sei_plant_cell *sei_plant_cell_at(const sei_plant *plant, size_t cell)
{
    return cell < plant->n_cells ? &plant->places[cell] : NULL;
}

size_t sei_plant_n_outlets(const sei_plant *plant)
{
    return plant->n_outlets;
}

const sei_plant_outlet *sei_plant_outlet_at(const sei_plant *plant, size_t outlet)
{
    return outlet < plant->n_outlets ? &plant->outlets[outlet] : NULL;
}

double sei_unit_hrt_nominal_s(const sei_unit_size *size, double flow_m3_s)
{
    return flow_m3_s > 0.0 ? size->bed_m3 / flow_m3_s : 0.0;
}

double sei_unit_hrt_pore_s(const sei_unit_size *size, double flow_m3_s)
{
    return flow_m3_s > 0.0 ? size->pore_m3 / flow_m3_s : 0.0;
}

bool sei_plant_heeds(const sei_plant *plant, size_t law, size_t param)
{
    const sei_model    *model = plant->spec.model;
    const sei_rate_law *row   = sei_model_law(model, law);
    const double       *own   = plant->spec.law_params;
    const size_t        at    = sei_model_param_offset(model, law);
    const size_t        media =
        row->media_param ? sei_param_index(row->params, row->n_params, row->media_param) : SIZE_MAX;

    for (size_t z = 0; z < plant->n_zones; z++) {
        const double *p       = plant->zones[z].law_params + at;
        const bool    is_idle = media < row->n_params && !(p[media] > 0.0);
        const bool    is_own  = !own || !(p[param] < own[at + param] || p[param] > own[at + param]);
        if (is_own && !is_idle)
            return true;
    }
    return false;
}
