/*
 * react.h - equilibrium of a closed system: water, minerals, gas, exchangers, surfaces
 *
 * What is conserved is counted in the basis species of a network: the master species of every element,
 * H+, the electron and H2O. In this basis the totals of H, e- and H2O are small differences instead of
 * the 111 mol of H and 55.5 mol of O of a kilogram of water, so that redox state and proton balance
 * keep their digits. Reactions, mixing and minerals only add multiples of basis vectors.
 *
 * Unknowns: ln activities of the masters, of e- and of the free sorption sites, surface potentials, the
 * mass of water, the ionic strength, and the transfers of the minerals that are present. Balances with
 * terms of both signs are solved as ln(gains / losses).
 */
#ifndef SEI_REACT_REACT_H
#define SEI_REACT_REACT_H

#include <stdint.h>

#include "chem/equil.h"
#include "react/sorb.h"

enum {
    SEI_REACT_SITES_MAX     = 16,
    SEI_REACT_PHASES_MAX    = 48,
    SEI_REACT_MIXTURES_MAX  = 8,
    SEI_REACT_MIXTURE_PARTS = 16
};

/* A vector over the basis: elements (with the proton condition as the last component of the network),
 * sites, electron, water; mol. */
typedef struct {
    double comp[SEI_COMPONENTS_MAX];
    double site[SEI_REACT_SITES_MAX];
    double electron, water;
} sei_amounts;

typedef struct sei_react sei_react; /* compiled system; read-only */

typedef struct {
    const sei_db      *db;
    const sei_sorb    *sorb; /* NULL: no sorption */
    size_t             n_elements;
    const char *const *elements; /* "Fe", "C", "Fe_di"; without H and O */
    size_t             n_sites;
    const char *const *sites; /* "X", "Hfo_w" */
} sei_react_spec;

SEI_CHECKED sei_status  sei_react_create(sei_ctx *ctx, const sei_react_spec *spec,
                                         sei_react **ret_react);
void                    sei_react_free(sei_react *react);
const sei_net          *sei_react_net(const sei_react *react);
size_t                  sei_react_n_sites(const sei_react *react);
size_t                  sei_react_n_sorbed(const sei_react *react);
const sei_sorb_species *sei_react_sorbed(const sei_react *react, size_t i);
size_t          sei_react_site(const sei_react *react, const char *name); /* SIZE_MAX: none */
const sei_sorb *sei_react_sorb(const sei_react *react);
size_t          sei_react_site_def(const sei_react *react,
                                   size_t           site); /* its place in sei_react_sorb()->sites */

/* Adds mol of something to amounts; false when it holds an element that the system lacks. A formula may carry
 * a charge; sites may be named in it ("CaX2"). */
bool sei_react_add_formula(const sei_react *react, const char *formula, double mol,
                           sei_amounts *amounts);
bool sei_react_add_species(const sei_react *react, size_t db_species, double mol,
                           sei_amounts *amounts);
void sei_react_add_amounts(const sei_react *react, const sei_amounts *from, double factor,
                           sei_amounts *amounts);
/* What a phase of the network is made of. */
void sei_react_add_phase(const sei_react *react, size_t phase, double mol, sei_amounts *amounts);
/* Mass of a mole of water beside these amounts: another one where they hold isotopes of water. */
double sei_react_water_kg_mol(const sei_react *react, const sei_amounts *amounts);
void   sei_react_add_water_kg(double kg, sei_amounts *amounts);
/* Atoms of an element in amounts, mol ("H" and "O" included). */
double sei_react_element(const sei_react *react, const sei_amounts *amounts, const char *element);

/* A mineral, or a gas at fixed partial pressure, that the water may take from or give to. */
typedef struct {
    size_t      phase; /* in the network */
    double      target_si;
    double      mol; /* available; INFINITY allowed */
    bool        dissolve_only, precipitate_only;
    bool        has_formula; /* what is added instead of the phase to reach its target */
    sei_amounts formula;
} sei_mineral;

typedef enum {
    SEI_MIXTURE_GAS_PRESSURE,
    SEI_MIXTURE_GAS_VOLUME,
    SEI_MIXTURE_SOLID
} sei_mixture_kind;

/* Gas phase (parts are phases such as CO2(g)) or solid solution. */
typedef struct {
    sei_mixture_kind kind;
    double           pressure_atm, volume_l; /* of a gas; that volume by Z when it is real */
    double
        ln_phi[SEI_REACT_MIXTURE_PARTS]; /* of a gas: fugacity coefficients, 0 when it is ideal */
    double a0, a1; /* Guggenheim's parameters of a solid of two parts, without unit; 0: ideal */
    size_t n;
    size_t phase[SEI_REACT_MIXTURE_PARTS];
    double mol[SEI_REACT_MIXTURE_PARTS]; /* in: held at the start, out: at the end */
    int    branch; /* inside: -1, 1: one side of a gap that ends at edge; 0 otherwise */
    double edge;
} sei_mixture;

/* Mole fractions of the first part in the two solids that a mixture with Guggenheim's parameters parts into; false: it is
 * stable throughout. */
bool sei_react_miscibility_gap(double a0, double a1, double *ret_low, double *ret_high);

/* Sites of one name in use. area_m2 > 0 with the double layer of the surface they belong to. */
typedef struct {
    size_t site; /* in the system */
    double mol;
    size_t
        surface; /* number of the surface whose potential they feel; sites of one surface share it */
} sei_site_amount;

typedef struct {
    double area_m2;
    bool   no_edl;
    /* Water of its diffuse layer, beside that of the system, when what it holds is counted; 0: only its charge is. All of it is
     * at one potential, or at one that falls from that of the surface (integral). */
    double layer_kg;
    bool   layer_is_integral;
    bool
        only_counter_ions; /* with one potential: nothing of the charge of the surface is in the layer */
    /* A surface whose charge stands in three planes is three of these, one after the other: the planes 0 to 2 of PLANES. Sites
     * name the first one. capacitance: between a plane and the one after it; above 0 without planes: the charge is so many times
     * the potential (constant capacitance). */
    bool    has_planes;
    uint8_t plane;
    double  capacitance_f_m2;
} sei_surface;

enum { SEI_REACT_PLANES = 3 };

/* Water that a layer counts for, by charge of a species (from -MAX to MAX; kg), with its slopes by the surface's potential where
 * that falls; charge of the surface, eq. */
enum { SEI_REACT_LAYER_CHARGE_MAX = 10, SEI_REACT_LAYER_CLASSES = 21 };
typedef struct {
    double charge, kg[SEI_REACT_LAYER_CLASSES];
    double by_potential[SEI_REACT_LAYER_CLASSES];
} sei_react_layer;

/* The layer of a surface at a potential (F psi / RT) beside a water; moles of a species in it. */
void   sei_react_layer_at(const sei_equil *water, const sei_surface *surface, double potential,
                          sei_react_layer *ret_layer);
double sei_react_layer_mol(const sei_react_layer *layer, double molal, double charge);
/* How much more of a species of the network than others of its charge a layer holds (-erm_ddl; of one potential). */
double sei_react_layer_erm(const sei_net *net, const sei_surface *surface, size_t species);

/*
 * What a solution leaves for the next one of the same water with other totals: the factorised slopes, the balances in force and
 * their sums. Its first step then costs no evaluation, and mostly no slopes. For water with minerals alone.
 */
typedef struct sei_react_anchor sei_react_anchor;

typedef struct {
    double       temp_k;
    double       pressure_atm; /* of the constants; 0: 1 atm */
    double       volume_mu;    /* ionic strength of the volumes that pressure acts by */
    sei_amounts  total;        /* everything but minerals and mixtures: water, reaction, sorbed */
    size_t       n_minerals;
    sei_mineral *minerals;
    size_t       n_mixtures;
    sei_mixture *mixtures;
    /* of the state, of the water that has flowed in; where the next one is kept. NULL: none */
    const sei_react_anchor *anchor, *inflow_anchor;
    sei_react_anchor       *ret_anchor;
    double
         enough; /* ln units that an equation may be off by where the start is near; 0: rounding */
    bool own_exchange_gammas; /* with specific interactions: not those of the ions that exchange */
    size_t          n_sites;
    sei_site_amount sites[SEI_REACT_SITES_MAX];
    size_t          n_surfaces;
    sei_surface     surfaces[SEI_REACT_SITES_MAX];
    bool water_is_fixed; /* the water's activities are held: sites alone find their state */
    /* With it, when the valences of the water were given apart, so that no redox state gives them: ln activity of every
     * species of the network [n_species], -INFINITY where there is none. NULL: by the state's x and ln_ae. */
    const double *fixed_ln_activity;
} sei_react_system;

/* A water that a solution may start from instead of the one in a state, and the minerals where it comes from. */
typedef struct {
    double   x[SEI_COMPONENTS_MAX], ln_ae, ln_aw, mu;
    size_t   n_minerals;
    uint16_t mineral_phase[SEI_REACT_PHASES_MAX];
    bool     mineral_active[SEI_REACT_PHASES_MAX];
} sei_react_start;

/* Start and solution. */
typedef struct {
    double      x[SEI_COMPONENTS_MAX]; /* ln activities of the masters */
    double      ln_ae, ln_aw, mu, water_kg;
    double      x_site[SEI_REACT_SITES_MAX];
    double      potential[SEI_REACT_SITES_MAX];    /* F psi / RT by surface */
    double      mineral_mol[SEI_REACT_PHASES_MAX]; /* left of each mineral */
    double      mineral_si[SEI_REACT_PHASES_MAX];
    double     *species_molal; /* [net->n_species], owned by the workspace */
    double     *sorbed_mol;    /* [n_sorbed], owned by the workspace */
    sei_amounts water;         /* what is dissolved, with the water itself */
    sei_amounts sorbed;        /* what the sites hold */
    sei_amounts layer;         /* what diffuse layers hold, with their water */
    int         iterations;
    /* Set by a solution: a next system with the same minerals and mixtures starts from it. Clear it for a
     * start that is only a guess. */
    bool is_warm;
    bool mineral_active[SEI_REACT_PHASES_MAX];
    /* Of a solution: the minerals that it was found with */
    size_t   n_minerals;
    uint16_t mineral_phase[SEI_REACT_PHASES_MAX];
    /* Beside a warm state: water that has flowed in. Whichever of the two is nearer to the balances is the start; a solution
     * clears it. */
    bool            has_inflow;
    sei_react_start inflow;
} sei_react_state;

typedef struct sei_react_work sei_react_work;
SEI_CHECKED sei_status        sei_react_work_create(sei_ctx *ctx, const sei_react *react,
                                                    sei_react_work **ret_work);
void                          sei_react_work_free(sei_react_work *work);
/* Nothing of the systems before is left that the next one could start from but its own state: its answer then is the same to
 * the last bit whatever was solved before. */
void sei_react_forget(sei_react_work *work);
/* n anchors in a row; _drop: the state is another one. */
SEI_CHECKED sei_status sei_react_anchors_create(sei_ctx *ctx, const sei_react *react, size_t n,
                                                sei_react_anchor **ret_anchors);
void                   sei_react_anchors_free(sei_ctx *ctx, sei_react_anchor *anchors);
sei_react_anchor      *sei_react_anchor_at(sei_react_anchor *anchors, size_t i); /* NULL of NULL */
void                   sei_react_anchor_drop(sei_react_anchor *anchor);

/* Systems with minerals that come without a start of their own start from the last one like them. _hold: what was solved last
 * stays it for all that follow, through sei_react_forget too, until _release. */
void sei_react_hold(sei_react_work *work);
void sei_react_release(sei_react_work *work);
/* The aqueous side of the last solution: molalities, activities, saturation indices. */
const sei_equil *sei_react_equil(const sei_react_work *work);
/* What mineral i of the system has given to the water in the last solution, mol, by its own digits: what is left of it tells no more
 * of that than a last digit of the whole. At most all that there was. */
double sei_react_given(const sei_react_work *work, const sei_react_system *system, size_t i);

/*
 * Finds the equilibrium. state holds a start (x, ln_ae, mu, water_kg of a water of similar kind; zeros
 * for x_site and potential will do) and on success the solution; mixtures get their new mol.
 *
 * Returns  SEI_OK
 *          SEI_E_NOT_CONVERGED  ctx names the balance that was left over
 */
SEI_CHECKED sei_status sei_react_solve(sei_ctx *ctx, sei_react_work *work, sei_react_system *system,
                                       sei_react_state *state);

/*
 * Is the state, a solution at the temperature of the system, one of the system too: the same water, and minerals that neither dissolve in
 * it nor form? It then becomes what sei_react_solve would make of it, without an evaluation; nothing is left in the workspace. For
 * water and minerals alone that may go either way.
 */
bool sei_react_rests(const sei_react *react, const sei_react_system *system,
                     sei_react_state *state);

/* Brings the workspace to where it was when state was found, without solving anything, for those who look at it; system: what
 * state came from or what it has become, without sites or mixtures. */
void sei_react_show(sei_react_work *work, const sei_react_system *system, sei_react_state *state);

/*
 * The last solution with factor times change added to the system, to first order (minerals and mixtures stay
 * there or away): workspace and state hold it until sei_react_move_back. For derivatives of what depends on the
 * equilibrium. False when the slopes are singular; then nothing has moved.
 */
bool sei_react_move(sei_react_work *work, const sei_react_system *system, const sei_amounts *change,
                    double factor, sei_react_state *ret_state);
void sei_react_move_back(sei_react_work *work, const sei_react_system *system);

#endif
