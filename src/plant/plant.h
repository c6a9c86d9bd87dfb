/*
 * plant.h - the flowsheet: units, their cells, the links between them, and what leaves
 *
 * A list of unit specs becomes one sei_train_spec. Units may stand in any order in the list; they
 * are laid out downstream, so that every link goes from an earlier to a later cell.
 */
#ifndef SEI_PLANT_PLANT_H
#define SEI_PLANT_PLANT_H

#include "plant/builder.h"
#include "seiryu/plant.h"
#include "transport/train.h"

enum { SEI_PLANT_UNITS_MAX = 256, SEI_PLANT_INFLOWS_MAX = 16, SEI_PLANT_CELLS_MAX = 8192 };

#define SEI_PLANT_RAW "raw" /* name of inflow 0 unless inflow_names says otherwise */

typedef struct {
    const sei_db        *db;
    const sei_model     *model;
    size_t               n_inflows;
    const char *const   *inflow_names; /* NULL: one inflow, SEI_PLANT_RAW */
    const double        *inflow_m3_s;  /* design flows, > 0 */
    const double        *law_params;   /* SI, as many as the model's; NULL: the laws' defaults */
    bool                 deposits_take_room; /* cells of beds can lose water: sei_plant_set_room */
    size_t               n_units;
    const sei_unit_spec *units;
} sei_plant_spec;

/* Size of a unit. A mixing point has bed_m3 = 0. */
typedef struct {
    double bed_m3;  /* empty bed: media and pores */
    double pore_m3; /* water in it */
    double area_m2; /* footprint */
    double length_m;
} sei_unit_size;

typedef struct {
    const sei_unit_spec *spec; /* borrowed from the plant's spec */
    size_t               first_cell, n_cells, outlet_cell;
    bool          has_overflow; /* the outlet is a chamber that water can reach around the unit */
    sei_unit_size size;
    double        flow_m3_s;        /* design flow through it */
    double        claimed;          /* share of its outflow that other units take, 0..1 */
    double        head_max_m;       /* at which it overflows; 0: never */
    double        deposit_kg_m3;    /* dry mass in a volume of deposits; 0: they take no room */
    double        al_deposit_kg_m3; /* of those that hold aluminium */
    double        deposit_shear_pa; /* from which they do not stay; 0: always */
    bool          has_level;        /* water in it rises and falls: a tank that is drawn from */
} sei_plant_unit;

/* Where a cell lies in its unit; for profiles. A stirred cell shows the water at its end. */
typedef struct {
    size_t unit, layer;
    double bed_m3, pore_m3;
    double distance_m; /* from the unit's inlet to the cell's downstream end */
    double bed_to_m3;  /* empty-bed volume from the unit's inlet to there */
    double pore_to_m3;
    double flow_grain_m; /* grain size that resists the flow; 0: none does */
    double length_m;     /* of the cell itself */
} sei_plant_cell;

/* Water that no unit takes: it leaves the plant. */
typedef enum { SEI_OUTLET_DISCHARGE, SEI_OUTLET_BYPASS } sei_outlet_kind;
typedef struct {
    sei_outlet_kind kind; /* BYPASS: part of an inflow that enters no unit */
    const char     *name; /* of the unit or the inflow */
    int             from; /* cell, or SEI_FROM_INFLOW - b */
    double          fraction;
    double          flow_m3_s; /* at design flow */
} sei_plant_outlet;

/* A reagent that a unit gets; number i is dose i of the train. */
typedef struct {
    size_t             unit;
    const sei_reagent *reagent;
    double             purity, dissolution;
    double             set_ph; /* NAN: a fixed dose */
    double             max_kg_m3;
} sei_plant_dose;

/* A pump of sludge; number i is pump i of the train. */
typedef struct {
    size_t unit;
    size_t to; /* unit, SEI_SLUDGE_AWAY: waste */
    double solids_fraction;
} sei_plant_pump;

typedef struct sei_plant sei_plant;

/*
 * Builds the plant. spec and everything it points to are borrowed for the plant's life.
 *
 * Returns  E_RANGE      a parameter outside its row, sizes that do not agree, shares above 1
 *          E_MISSING    a parameter that must be given; geometry that is not complete
 *          E_NOT_FOUND  an unknown upstream name, a law or solid the model does not have
 *          E_DUPLICATE  a name given twice
 *          E_ARG        units that feed each other in a circle; a splitter with unclaimed water
 *          E_TOO_LARGE  more than SEI_PLANT_UNITS_MAX units or SEI_PLANT_CELLS_MAX cells
 */
SEI_CHECKED sei_status sei_plant_create(sei_ctx *ctx, const sei_plant_spec *spec,
                                        sei_plant **ret_plant);
void                   sei_plant_free(sei_plant *plant);

/* Description for sei_train_create; owned by the plant. */
const sei_train_spec *sei_plant_train_spec(const sei_plant *plant);
/* Solids in the beds at the start, [n_cells * n_solids] mol. */
const double *sei_plant_solid_mol(const sei_plant *plant);
/* Writes them into the train's cells, in place of what is there. */
void sei_plant_load(const sei_plant *plant, sei_train *train);

size_t                  sei_plant_n_units(const sei_plant *plant);
const sei_plant_unit   *sei_plant_unit_at(const sei_plant *plant, size_t unit); /* list order */
const sei_plant_unit   *sei_plant_unit_find(const sei_plant *plant, const char *name);
size_t                  sei_plant_n_cells(const sei_plant *plant);
const sei_plant_cell   *sei_plant_cell_at(const sei_plant *plant, size_t cell);
size_t                  sei_plant_n_outlets(const sei_plant *plant); /* discharges, then bypasses */
const sei_plant_outlet *sei_plant_outlet_at(const sei_plant *plant, size_t outlet);

/* Does a unit use the plant's own value of a law's parameter, with a capacity that is not 0? A number that none uses does
 * nothing (laws of a biofilm that no unit has, values that units set). */
bool                  sei_plant_heeds(const sei_plant *plant, size_t law, size_t param);
size_t                sei_plant_n_doses(const sei_plant *plant);
const sei_plant_dose *sei_plant_dose_at(const sei_plant *plant, size_t dose);
size_t                sei_plant_n_pumps(const sei_plant *plant);
const sei_plant_pump *sei_plant_pump_at(const sei_plant *plant, size_t pump);

/* Nominal (empty-bed) and pore-volume retention time at a flow, s; 0 when the unit has none. */
double sei_unit_hrt_nominal_s(const sei_unit_size *size, double flow_m3_s);
double sei_unit_hrt_pore_s(const sei_unit_size *size, double flow_m3_s);

/*
 * Adds kg of a medium to a running bed ("add bran on ..."): its solid ("bran", "husk",
 * "Calcite") is spread over the cells of one layer in proportion to their volume; with
 * SEI_NO_LAYER over the cells that held it at the start, or the whole bed when none did. ret_mol
 * may be NULL.
 *
 * Returns  E_NOT_FOUND  the unit type does not hold this medium
 *          E_RANGE      kg is negative or not finite, or there is no such layer
 */
SEI_CHECKED sei_status sei_plant_add_medium(sei_ctx *ctx, const sei_plant *plant, sei_train *train,
                                            size_t unit, size_t layer, const char *solid, double kg,
                                            double *ret_mol);

/*
 * Takes a share of what has gathered in a bed beyond its filling out of it: precipitates, sorbed
 * metals, biomass; not the media. Of one layer, or of the whole unit with SEI_NO_LAYER.
 */
SEI_CHECKED sei_status sei_plant_clean(sei_ctx *ctx, const sei_plant *plant, sei_train *train,
                                       size_t unit, size_t layer, double share);
/* Does the unit's bed hold the medium with this solid; does the unit exchange gas with the air? */
bool sei_plant_has_medium(const sei_plant *plant, size_t unit, const char *solid);
bool sei_plant_has_gas(const sei_plant *plant, size_t unit);
/* A feeder or a pump of sludge. */
bool sei_plant_has_supply(const sei_plant *plant, size_t unit);
/* Share of its most that a unit's feeder gives and of its rate that its pumps have. */
void sei_plant_scale_supply(const sei_plant *plant, sei_train *train, size_t unit, double factor);
/* What has gathered of a solid in a cell beyond its filling, mol; 0 for media. */
double sei_plant_deposit_mol(const sei_plant *plant, const sei_train *train, size_t cell,
                             size_t solid);
/* Fills the bed anew as it was at the start. */
SEI_CHECKED sei_status sei_plant_renew(sei_ctx *ctx, const sei_plant *plant, sei_train *train,
                                       size_t unit, size_t layer);
/* Gas transfer of a unit with the air: factor times what it was built with. */
void sei_plant_scale_gas(const sei_plant *plant, sei_train *train, size_t unit, double factor);

/* ---- hydraulics.c ---- */

typedef struct {
    double head_m;        /* over the bed at the flow */
    double flow_max_m3_s; /* that passes at the largest head; INFINITY: any */
    double porosity;      /* of the tightest cell */
    double deposit_m3;    /* in the whole unit */
    double pore_m3;       /* water that they leave room for in its beds */
    double
        permeability; /* of the whole over that of the clean unit, at slow flow; 1: nothing resists */
} sei_unit_hydraulics;

/* Room that the deposits of a cell take. */
double sei_plant_deposit_m3(const sei_plant *plant, const sei_train *train, size_t cell);
double sei_plant_porosity(const sei_plant *plant, size_t cell, double deposit_m3);
/* Tells a train how much water the deposits leave room for in a cell. */
void sei_plant_set_room(const sei_plant *plant, sei_train *train, size_t cell, double deposit_m3);
/* Tells it what share of what a clean cell catches the deposits still let it catch: half a step on from now, as the deposits went in the last one. */
void sei_plant_set_passage(const sei_plant *plant, sei_train *train, size_t cell,
                           double deposit_before_m3, double deposit_m3);
/* Does a unit catch less as deposits fill it? One that can overflow does, and all where deposits take room. */
bool sei_plant_closes(const sei_plant *plant, size_t unit);
/* A unit at a flow, with the deposits of every cell of the plant. */
sei_unit_hydraulics sei_plant_hydraulics(const sei_plant *plant, size_t unit,
                                         const double deposit_m3[], double flow_m3_s);
/* Seconds until the unit passes no more than the flow, when as much goes on coming to each cell as is given and what finds no room
 * there goes on to the next; INFINITY beyond a century. work_m3: as long as deposit_m3. */
double sei_plant_time_to_clog_s(const sei_plant *plant, size_t unit, const double deposit_m3[],
                                const double growth_m3_s[], double flow_m3_s, double work_m3[]);

#endif
