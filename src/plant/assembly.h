/* assembly.h - the inside of a plant while it is put together; for plant.c, flow.c, builder.c */
#ifndef SEI_PLANT_ASSEMBLY_H
#define SEI_PLANT_ASSEMBLY_H

#include "base/arena.h"
#include "plant/plant.h"

/* A resolved feed: source is a unit's index, or SEI_FROM_INFLOW - b. */
typedef struct {
    int    source;
    double fraction;
} sei_plant_feed;

struct sei_plant {
    sei_ctx         *ctx;
    sei_arena        arena; /* names, law parameters, everything of known size */
    sei_plant_spec   spec;
    const char     **inflow_names;
    sei_plant_unit  *units;
    size_t          *n_feeds; /* of each unit */
    sei_plant_feed **feeds;
    size_t          *order;          /* units, downstream */
    double          *inflow_claimed; /* share of each inflow that units take */
    double          *medium_mol_kg;  /* [n_units * n_solids], 0: not held */
    bool            *holds_al;       /* [n_solids] */

    sei_zone       *zones; /* grown; below too */
    sei_cell       *cells;
    sei_plant_cell *places;
    double         *solid_mol;
    sei_link       *links;
    sei_overflow   *overflows; /* room for one a unit */
    size_t          n_overflows;
    sei_store      *stores; /* room for one a unit */
    size_t          n_stores;
    size_t          n_zones, zones_size, n_cells, cells_size, n_links, links_size;
    /* supply.c; room for one of each kind a unit and two pumps */
    sei_dose         *doses;
    sei_plant_dose   *dose_places;
    sei_sludge_pump  *pumps;
    sei_plant_pump   *pump_places;
    size_t            n_doses, n_pumps;
    sei_plant_outlet *outlets;
    size_t            n_outlets;
    sei_train_spec    train;
};

struct sei_plant_builder {
    sei_plant           *plant;
    size_t               unit;
    const sei_unit_spec *spec;
    size_t               first_zone;
    bool                 claim_all;
};

/* Can part of the water be led around the unit? Then its outlet is a chamber where both meet. */
bool sei_plant_needs_overflow(const sei_unit_spec *spec);

/* Where of a unit for messages; NULL when it came from no file. */
const sei_where *sei_unit_where(const sei_unit_spec *spec);

/* Names, parameters and layers of every unit against their rows (check.c). */
SEI_CHECKED sei_status sei_plant_check_units(sei_ctx *ctx, const sei_plant *plant);

/* Feeds, order, claimed shares and design flows (flow.c). */
SEI_CHECKED sei_status sei_plant_route(sei_ctx *ctx, sei_plant *plant);
SEI_CHECKED sei_status sei_plant_find_outlets(sei_ctx *ctx, sei_plant *plant);

/* Room for doses and pumps (supply.c). */
SEI_CHECKED sei_status sei_plant_allocate_supply(sei_plant *plant);

/* Cells of one unit, its inlet links and its overrides (builder.c). */
SEI_CHECKED sei_status sei_plant_build_unit(sei_ctx *ctx, sei_plant *plant, size_t unit);

#endif
