/* react_impl.h - what the files of src/react share; not for others */
#ifndef SEI_REACT_IMPL_H
#define SEI_REACT_IMPL_H

#include <stddef.h>

#include "base/constants.h"
#include "num/v4.h"
#include "react/react.h"

/* A sorbed species in terms of the basis. */
typedef struct {
    const sei_sorb_species *def;
    size_t                  site; /* in the system */
    double                  comp[SEI_COMPONENTS_MAX];
    double                  nu_e, nu_w;
    size_t                  term[SEI_SORB_TERMS]; /* species of the network that form it */
    double                  count[SEI_COMPONENTS_MAX], count_e, count_w; /* in the balances */
    sei_logk                logk;
} sei_react_sorbed_row;

enum { SEI_REACT_TERM_WATER = 1 << 20, SEI_REACT_TERM_ELECTRON }; /* no species of the network */

struct sei_react {
    sei_ctx              *ctx;
    const sei_db         *db;
    const sei_sorb       *sorb;
    sei_net              *net;
    size_t                n_sites, n_sorbed;
    size_t                site_def[SEI_REACT_SITES_MAX]; /* in sorb */
    sei_react_sorbed_row *sorbed;
    /* How one mole of a component's master counts elements: for formulas */
    double master_o[SEI_COMPONENTS_MAX], master_h[SEI_COMPONENTS_MAX], master_z[SEI_COMPONENTS_MAX];
    double master_n[SEI_COMPONENTS_MAX]; /* atoms of its own element */
    /* What a species counts in protons, electrons and water by its composition, [n_species]: the same as its
     * reaction says but for species with a -mole_balance of their own (polysulfides). */
    double *count_h, *count_e, *count_w;
    double *count;         /* [n_species][n_comp] in components, by composition too */
    size_t *of_db;         /* [db->n_species] place in the network, plus 1; 0: it is in none */
    bool    has_electrons; /* something holds any: a database may know no redox at all */
};

/*
 * Balances b: components (H as the last), electron, sites. Unknowns k: the same, then surface potentials,
 * water mass (ln), ionic strength, activity of water (ln), then mixtures that are there.
 */
enum {
    SEI_REACT_BALANCES_MAX = SEI_COMPONENTS_MAX + 1 + SEI_REACT_SITES_MAX,
    SEI_REACT_UNKNOWNS_MAX =
        SEI_REACT_BALANCES_MAX + SEI_REACT_SITES_MAX + 3 + SEI_REACT_MIXTURES_MAX,
    SEI_REACT_PARTS_MAX = SEI_REACT_MIXTURES_MAX * SEI_REACT_MIXTURE_PARTS
};

/*
 * Everything that counts in the balances: aqueous species, then sorbed ones, then parts of mixtures. Of term i there
 * are mol[i]; it counts c0 in the balances of elements and sites, h0 in protons, e0 in electrons and w0 in
 * water; ln mol moves with v by the unknowns up to the sites (and by water mass, ionic strength and potential
 * where they apply). c: the same as c0, h0 and e0 in the balances in force, see sei_react_basis_set; row: c
 * balance by balance, gains of b as list 2 b, losses as list 2 b + 1. col: v of aqueous and sorbed terms, unknown by
 * unknown. slope: rows of the same terms over all unknowns but mixtures.
 */
typedef struct {
    size_t    n, n_aqueous, n_sorbed, n_max;
    uint32_t *c0_ptr, *v_ptr, *c_ptr; /* [n_max + 1] */
    uint8_t  *c0_at, *v_at, *c_at;
    double   *c0, *v, *c;
    double   *h0, *e0, *w0, *mol, *nu_w; /* nu_w: of ln mol by that of water's activity */
    uint32_t *row_ptr, *col_ptr; /* [2 SEI_REACT_BALANCES_MAX + 1], [SEI_REACT_BALANCES_MAX + 1] */
    uint16_t *row_term, *col_term;
    double   *row_c, *col_v;
    uint32_t *
        four_ptr; /* [2 SEI_REACT_BALANCES_MAX + 1] row once more, in fours of terms (sei_sum_fours) */
    uint16_t *four_at;
    double   *four_c;
    size_t    stride, n_surfaces; /* of slope; the surfaces that it is made for */
    double   *slope;
} sei_react_terms;

enum { SEI_REACT_LINES = 5, SEI_REACT_LISTINGS = 48 };
typedef struct sei_react_listing sei_react_listing; /* listing.c */

/* Ionic strength matters through the activities only: a part of its misfit counts. */
#define SEI_REACT_STRENGTH_WEIGHT 1e-3

/* Residual (ln units) at which a set of minerals can be judged before it is solved. */
#define SEI_REACT_ROUGH 0.01

/* Potentials of surfaces are looked for up to here, F psi / RT. */
#define SEI_REACT_POTENTIAL_MAX 60.0

enum { SEI_REACT_ROWS_MAX = SEI_COMPONENTS_MAX + 1 }; /* elements, protons, electrons */

/*
 * Balances in force are combinations of the plain ones, so that each tells one thing and keeps its digits:
 *   - every mineral that is there has one element (or H, or e-) as its pivot; in all other balances it does not
 *     count, so that the pivot's balance alone tells how much of it there is;
 *   - protons and electrons are counted as excess over the leading species of each element, the most abundant
 *     of those that hold no other: a water that has run out of nitrate has its N in N2, and only what is
 *     beside N2 tells its pe.
 * The activities of pivots follow from those of the others by the equilibria of the minerals.
 */
typedef struct {
    uint32_t version; /* another whenever the combinations are made anew */
    bool     is_set, has_totals, active[SEI_REACT_PHASES_MAX];
    /* what it was made for */
    size_t n_minerals, phase[SEI_REACT_PHASES_MAX], n_parts, part[SEI_REACT_PARTS_MAX];
    bool   has_formula, is_fixed[SEI_REACT_BALANCES_MAX];
    size_t listing;                      /* that was in force with it */
    size_t leader[SEI_COMPONENTS_MAX];   /* species; SIZE_MAX: none */
    size_t counting[SEI_COMPONENTS_MAX]; /* term: the same, or a sorbed one */
    size_t mineral[SEI_REACT_ROWS_MAX];  /* whose pivot a row is; SIZE_MAX: none */
    size_t pivot[SEI_REACT_PHASES_MAX];  /* row of a mineral that is there */
    double count[SEI_REACT_PHASES_MAX];  /* of the mineral in its pivot's balance */
    size_t n_parts_of[SEI_REACT_ROWS_MAX];
    double total[SEI_REACT_ROWS_MAX],
        size[SEI_REACT_ROWS_MAX]; /* wanted; sum of the numbers it is made of */
    double lead_h[SEI_COMPONENTS_MAX],
        lead_e[SEI_COMPONENTS_MAX]; /* slopes of the leader by that of the element */
    /* from here on rows, of which few are used */
    uint8_t part_of[SEI_REACT_ROWS_MAX][SEI_REACT_ROWS_MAX]; /* plain balances that row b has */
    double  combination[SEI_REACT_ROWS_MAX * SEI_REACT_ROWS_MAX]; /* row b of plain balances */
    double  follow[SEI_REACT_ROWS_MAX *
                  SEI_REACT_ROWS_MAX]; /* row p: ln activity of pivot p by the others */
} sei_react_basis_state;

enum { SEI_REACT_BASIS_HEAD = offsetof(sei_react_basis_state, part_of) };

typedef struct {
    const sei_react_system *s;
    double                  rhs_total
        [SEI_REACT_BALANCES_MAX]; /* what must be found in the balances, without transfers */
    bool    is_fixed[SEI_REACT_BALANCES_MAX];   /* unknown held: nothing of it is there */
    size_t  n_fixed;                            /* of them */
    uint8_t fixed[SEI_REACT_BALANCES_MAX];      /* which */
    double  target[SEI_REACT_PHASES_MAX];       /* ln units, in force now */
    uint8_t wanted_pivot[SEI_REACT_PHASES_MAX]; /* row + 1; 0: the scarcest element */
    bool is_plain[2][SEI_COMPONENTS_MAX]; /* protons, electrons: not beside that element's leader */
    double water, most_water;             /* most: with all that the minerals hold */
    double ln_kg_least, ln_kg_most;       /* of water that a step may lead to */
    size_t worst;
    double residual; /* largest */
    double enough;   /* a residual that an answer may have; 0: as little as there can be */
    double good;     /* a residual that is enough on the way to an answer; 0: none is */
    bool
        judges; /* the set is looked at when it is solved roughly: what is plainly wrong goes no further */
    double excess; /* largest by what is asked of its equation; 1 is good enough */
} sei_react_job;

typedef struct {
    double x[SEI_COMPONENTS_MAX], x_site[SEI_REACT_SITES_MAX], potential[SEI_REACT_SITES_MAX];
    double ln_ae, ln_aw, mu, ln_kg, transfer[SEI_REACT_PHASES_MAX],
        mixture_ln[SEI_REACT_MIXTURES_MAX];
} sei_react_snapshot;

/* The same with what is taken to be there. */
typedef struct {
    sei_react_snapshot unknowns;
    bool               active[SEI_REACT_PHASES_MAX], mixture[SEI_REACT_MIXTURES_MAX];
} sei_react_set_snapshot;

/* State of a solid solution of two parts, from their saturation ratios. */
typedef struct {
    double x[2], ln_s,
        g; /* mole fractions, saturation of the whole, d ln(x1 l1 / x2 l2) / d ln(x1 / x2) */
    double ln_part[2]; /* ln(x S) */
    bool   is_outside; /* the ratios ask for the other side of the gap */
} sei_solid;

/* A solution that a system of the same build may start from. */
typedef struct {
    bool            is_set, is_held; /* held: no later one takes its place */
    size_t          n_minerals, n_sites, n_surfaces, phase[SEI_REACT_PHASES_MAX];
    sei_site_amount sites[SEI_REACT_SITES_MAX];
    sei_amounts     total;
    sei_react_state state;
} sei_react_last;

/* Amounts of minerals and mixtures that follow from how saturated they are, on the way to which of them are there. */
typedef struct {
    double stiffness;                         /* d ln amount / d ln saturation */
    bool is_minerals[SEI_REACT_MIXTURES_MAX]; /* each part by itself; else: a mixture as a whole */
    double mol[SEI_REACT_MIXTURES_MAX]
              [SEI_REACT_MIXTURE_PARTS]; /* at saturation; of a mixture the first tells all of it */
    double target[SEI_REACT_MIXTURES_MAX][SEI_REACT_MIXTURE_PARTS]; /* of minerals, ln units */
    double most[SEI_REACT_MIXTURES_MAX]
               [SEI_REACT_MIXTURE_PARTS]; /* of minerals that only dissolve; INFINITY */
} sei_react_soft;

struct sei_react_work {
    sei_ctx              *ctx;
    const sei_react      *react;
    sei_equil            *eq;
    sei_react_terms       terms;
    sei_react_basis_state basis;
    uint32_t             *single_ptr; /* [n_comp + 1] species with one element, by element */
    uint16_t             *single;
    uint32_t *sorbed_alone_ptr; /* [n_comp + 1] sorbed species that hold one element, by element */
    uint16_t *sorbed_alone;
    double   *sorbed_change; /* of charge, by the reaction of each sorbed species */
    double   *sorbed_lnk,
        *sorbed_ln0;         /* ln K; with what one system makes constant, -INFINITY: not in use */
    uint8_t *sorbed_surface; /* whose potential they feel; UINT8_MAX: none */
    uint32_t planes;         /* surfaces that are planes, by bits */
    bool     has_negative_counts; /* some species holds less than nothing of an element */
    bool     exchanged_as_ions; /* exchange species have the activity coefficients of their ions */
    bool     sorbed_by_species; /* the water's part of sorbed_ln0 is in it */
    bool     counts_sorbed; /* balances beside sorbed leaders from far away on: another way in */
    double   sorbed_temp_k;
    double   x_site[SEI_REACT_SITES_MAX], potential[SEI_REACT_SITES_MAX], ln_kg;
    bool     has_layers; /* diffuse layers that hold something */
    sei_react_layer layers[SEI_REACT_SITES_MAX];
    double          layer_m[SEI_REACT_LAYER_CLASSES]; /* molality by charge */
    size_t          nb, nu, k_electron, k_site, k_potential, k_kg, k_mu, k_aw; /* layout */
    double  plus[SEI_REACT_BALANCES_MAX], minus[SEI_REACT_BALANCES_MAX]; /* terms of either sign */
    double *lin, *rhs;
    double *line; /* scratch: SEI_REACT_LINES numbers for each term */
    uint16_t *line_term;
    double    part_ln[SEI_REACT_PARTS_MAX];           /* ln saturation ratio of each part */
    double    mineral_transfer[SEI_REACT_PHASES_MAX]; /* mol given to the water */
    double    mixture_ln[SEI_REACT_MIXTURES_MAX];     /* ln of total mol of an active mixture */
    double    mixture_target
        [SEI_REACT_MIXTURES_MAX]; /* ln of what its parts sum up to; 0 but on the way */
    bool   is_active[SEI_REACT_PHASES_MAX], mixture_active[SEI_REACT_MIXTURES_MAX];
    double mixture_sum[SEI_REACT_MIXTURES_MAX]; /* sum of partial pressures or fractions */
    double water_terms; /* mol of H2O bound in species, with slopes left out */
    double gain[SEI_V4_PADDED(SEI_REACT_BALANCES_MAX)],
        loss[SEI_V4_PADDED(SEI_REACT_BALANCES_MAX)]; /* turn amounts into slopes; 0: held */
    double surface_scale[SEI_REACT_SITES_MAX];
    /* Solid solutions with a gap stand as two; what is solved is split_system then. */
    double solid_noise;         /* of their parts' amounts, relative: digits of ln W over g */
    const sei_react_soft *soft; /* NULL: minerals and mixtures are there or not */
    bool                  has_gap, is_outside[SEI_REACT_MIXTURES_MAX];
    sei_mixture           split[SEI_REACT_MIXTURES_MAX];
    size_t                split_twin[SEI_REACT_MIXTURES_MAX];
    sei_react_system      split_system;
    /* of the last solution, for sei_react_move */
    sei_react_job      job;
    sei_react_snapshot solution;
    bool               has_factor, is_moved;
    bool               is_thorough;      /* slopes are made anew for each step of Newton's method */
    bool               is_careful;       /* each step of Newton's method has to lead nearer */
    bool               is_exact;         /* slopes are those with specific interactions in them */
    bool               is_following;     /* the start is at hand: no other is looked for */
    double             follow_good;      /* a residual that will do then; 0: that of an answer */
    size_t             n_found_mixtures; /* of the last solution, and what each held */
    double             found_mixture[SEI_REACT_MIXTURES_MAX];
    bool               has_chord;               /* the factor is that of a solution near by */
    uint32_t           versions, chord_version; /* of balances: so far; that of the factor */
    double             chord_rate;  /* by which it brings residuals down; 1: not known */
    bool               is_totalled; /* the water's totals are those of the terms */
    bool               goes_on;     /* the next neighbour is the same water a little later */
    bool               is_unseen;   /* sums are those of an anchor: no term was evaluated */
    unsigned n_solutions; /* in a row from anchors with the balances in force, up to the start */
    size_t   chord_nu;
    /* the anchor that the solution under way has set out from, with the balances and the factor that it brought; NULL: none */
    const sei_react_anchor *taken;
    uint32_t                taken_version, taken_factors, n_factors; /* n: made so far */
    sei_react_last         *last;
    sei_react_listing      *listings; /* [SEI_REACT_LISTINGS] */
    size_t                  next_listing;
    /* for sei_react_advance; made when it is needed */
    struct sei_react_integrator *integrator;
    size_t                       swap[SEI_REACT_UNKNOWNS_MAX];
    double                       total[SEI_REACT_ROWS_MAX];
};

/* src/react/solve.c: unknowns and totals of a system; minerals and mixtures as they were; a plain balance that does
 * not hold (SIZE_MAX: none); what mixtures hold */
SEI_CHECKED sei_status sei_react_solve_once(sei_ctx *ctx, sei_react_work *work,
                                            sei_react_system *system, sei_react_state *state);
void                   sei_react_set_up(sei_react_work *work, const sei_react_system *system,
                                        const sei_react_state *state, sei_react_job *job);
void                   sei_react_warm_set(sei_react_work *work, const sei_react_system *system,
                                          const sei_react_state *state);
size_t                 sei_react_unsound_row(const sei_react_work *work, const sei_react_job *job);
/* src/react/last_look.c: what plain balances do not tell holds (_is_kept), if need be after steps of Newton's method */
bool sei_react_is_kept(const sei_react_work *work, const sei_react_job *job);
bool sei_react_last_look(sei_react_work *work, sei_react_job *job, int *iterations);
/* src/react/pursue.c. With specific interactions: the activity coefficients of the state to start from, in force; a state that goes along with
 * those of a solution (sei_specific_follow). */
void sei_react_take_activities(const sei_react_work *work, sei_react_state *state);
void sei_react_begin_specific(sei_react_work *work, const sei_react_system *system,
                              const sei_react_state *state);
void sei_react_collect_mixtures(const sei_react_work *work, sei_react_system *system);

/*
 * src/react/neighbour.c: brings the unknowns to where the balances of the minerals that are there hold, from a start close to
 * it, with a factor at hand as long as that serves: Newton's method with slopes that are made anew only where they have to.
 * good: a residual (ln units) that is small enough. _descend: the same from where the residuals are known. _neighbour: the equilibrium of a system in this way; good 0: an answer, as
 * sound as those of sei_react_solve; more: that will do on the way to one. False when it is too far away: state and system
 * are as before, sei_react_solve is for that. inflow: NULL, or a water that may be a nearer start; goes_on: the balances in force are those of the same water a little before; after a failure the unknowns are those of the start that was taken.
 */
void sei_react_add_secant(size_t n, double share, const double step[], const double plain[],
                          double rhs[]); /* inside */
bool sei_react_descend(sei_react_work *work, sei_react_job *job, double good, int *iterations);
bool sei_react_approach(sei_react_work *work, sei_react_job *job, const sei_react_start *inflow,
                        bool goes_on, double good, int *iterations);
const sei_react_start *sei_react_inflow(const sei_react_state *state); /* NULL: none */
bool sei_react_neighbour(sei_react_work *work, sei_react_system *system, sei_react_state *state,
                         double good);

/* src/react/anchor.c: the unknowns are those of the anchor, whose balances, factor and (but at another temperature) sums come
 * into force, with the residuals that these have with the job's totals; false: it is of another solution. _keep: after one.
 * _see: evaluates the terms of an anchor where they are needed. */
bool sei_react_anchor_take(sei_react_work *work, sei_react_job *job,
                           const sei_react_anchor *anchor);
void sei_react_anchor_keep(sei_react_work *work, const sei_react_job *job,
                           sei_react_anchor *anchor);
void sei_react_see(sei_react_work *work, const sei_react_system *system);

/* src/react/last.c: the last solution as a start. _serves: it is one of a system much like this one; _start: the state to start
 * from, ret_state holds the mass of water that it is for; _keep: of a system with minerals */
bool sei_react_last_serves(const sei_react_work *work, const sei_react_system *system);
void sei_react_last_start(const sei_react_work *work, const sei_react_system *system,
                          sei_react_state *ret_state);
void sei_react_last_keep(sei_react_work *work, const sei_react_system *system,
                         const sei_react_state *state);

/*
 * src/react/move.c: slopes of the unknowns of the last solution by a change of the system, without moving; false: the
 * slopes are singular. _go moves along them, to first order; a later one sets out from the solution again.
 * _undo puts the unknowns back and leaves amounts as they are: for what evaluates them anew.
 */
typedef struct {
    double unknown[SEI_REACT_UNKNOWNS_MAX], total[SEI_REACT_ROWS_MAX];
} sei_react_slope;

bool sei_react_slope_of(sei_react_work *work, const sei_react_system *system,
                        const sei_amounts *change, sei_react_slope *ret_slope);
void sei_react_go(sei_react_work *work, const sei_react_system *system,
                  const sei_react_slope *slope, double factor, sei_react_state *ret_state);
void sei_react_undo(sei_react_work *work);

/* src/react/terms.c; _count_alone: of element j in term i when that holds no other element; 0: it does, or has none */
double sei_react_count_alone(const sei_react_terms *terms, size_t i, size_t j, size_t n_comp);
SEI_CHECKED sei_status sei_react_terms_create(sei_react_work *work);
void                   sei_react_terms_free(sei_react_work *work);
void                   sei_react_terms_set(sei_react_work *work, const sei_react_system *system);
double                 sei_react_basis(const sei_amounts *amounts, size_t n_comp, size_t balance);

/* Slopes of the first n terms but those by ionic strength and potential. */
void sei_react_plain_slopes(sei_react_work *work, size_t n);

/* The places of the unknowns but mixtures, by the surfaces of a system. */
void sei_react_lay_out(sei_react_work *work, const sei_react_system *system);

/* src/react/basis.c: brings the balances in force up to date with minerals and present amounts; false when a
 * mineral finds no pivot */
bool sei_react_basis_set(sei_react_work *work, const sei_react_job *job);
/* With what is wanted of them now those in force stay so as they are; false: they are of another system. */
bool sei_react_basis_follow_on(sei_react_work *work, const sei_react_job *job);
/* The balances that have been put into work->basis come into force; false: they are of another system. _serves: would they be
 * made in the same way now? */
bool   sei_react_basis_renew(sei_react_work *work, const sei_react_job *job);
bool   sei_react_basis_serves(sei_react_work *work, const sei_react_job *job);
double sei_react_mineral_count(const sei_react_work *work, const sei_mineral *mineral, size_t row);
/* Activities of pivots; false: they stand where they should. */
bool sei_react_follow(sei_react_work *work, const sei_react_job *job);
void sei_react_follow_move(const sei_react_work *work,
                           double                move[]); /* the same for small changes */

/* src/react/listing.c: counts of all terms in the balances in force, term by term and balance by balance */
bool sei_react_listings_create(sei_react_work *work); /* false: no memory */
void sei_react_listings_free(sei_react_work *work);
void sei_react_list_terms(sei_react_work *work, const sei_react_system *system);

/* src/react/evaluate.c: amounts of all terms, _terms without the totals that the water's elements come to; then sums and
 * minerals by the balances in force */
void   sei_react_evaluate(sei_react_work *work, const sei_react_system *system);
void   sei_react_total(sei_react_work *work); /* those totals, where they are not of the terms */
void   sei_react_evaluate_terms(sei_react_work *work, const sei_react_system *system);
void   sei_react_sum(sei_react_work *work, const sei_react_system *system);
void   sei_react_draw_minerals(sei_react_work *work, const sei_react_system *system); /* by sums */
void   sei_react_sum_minerals(sei_react_work *work, const sei_react_system *system);
double sei_react_list_sum(const sei_react_terms *terms, size_t list); /* of a balance, see row */

/* src/react/layer.c: adds what layers hold to the amounts of aqueous terms; the same as amounts; slopes of balances by their
 * potentials, and of ln mol by ln kg */
bool   sei_react_has_layers(const sei_react_system *system);
void   sei_react_fill_layers(sei_react_work *work, const sei_react_system *system);
void   sei_react_collect_layers(const sei_react_work *work, const sei_react_system *system,
                                sei_amounts *ret_layer);
double sei_react_layer_water_mol(const sei_react_system *system);
void   sei_react_share_slopes(sei_react_work *work);
void   sei_react_layer_slopes(sei_react_work *work, const sei_react_system *system);
bool   sei_react_has_potential(const sei_surface *surface); /* that its charge makes */
/* eq for a difference of 1 in F psi / RT: between a plane and the next, or of a surface of constant capacitance (_is_ccm). */
bool   sei_react_is_ccm(const sei_surface *surface);
double sei_react_condenser(const sei_equil *eq, const sei_surface *surface);
/* Charge at a potential of what makes up for it in a water with any ions: law of a diffuse plane; slopes as below */
double sei_react_ions_charge(const sei_react_work *work, const sei_surface *surface,
                             double potential, double *ret_slope);
void   sei_react_ions_charge_slopes(sei_react_work *work, const sei_react_system *system,
                                    size_t surface, double factor, double row[]);
/* Charge that a surface has at a potential by the charge law, eq; its slopes at its potential, added to a row */
double sei_react_layer_charge(const sei_react_work *work, const sei_react_system *system,
                              size_t surface, double potential);
void   sei_react_layer_charge_slopes(sei_react_work *work, const sei_react_system *system,
                                     size_t surface, double factor, double row[]);

/*
 * src/react/planes.c: surfaces with three planes. _potential: what a sorbed species feels, in units of its ln mol; _slope: of it by
 * the potential of a plane beside its first one; _charge_to: charge of a species in a plane and all before it; _opposing: charge of
 * the condensers and the diffuse layer that a plane has against it at its potentials, eq (size: what it is made of), and its slopes
 * times a factor, added to a row; _relax: the potentials that the charges at hand ask for
 */
bool   sei_react_is_plane(const sei_react_work *work, size_t surface);
double sei_react_plane_potential(const sei_react_work *work, size_t sorbed);
double sei_react_plane_change(const sei_react_work *work, size_t sorbed, size_t plane);
double sei_react_plane_charge_to(const sei_react_work *work, size_t sorbed, size_t plane);
double sei_react_plane_opposing(const sei_react_work *work, const sei_react_system *system,
                                size_t surface, double *ret_size);
void   sei_react_plane_opposing_slopes(sei_react_work *work, const sei_react_system *system,
                                       size_t surface, double factor, double row[]);
void   sei_react_plane_relax(sei_react_work *work, const sei_react_system *system, size_t surface);

/* src/react/soft.c: from a start to the set of minerals and mixtures that is there, solved; _amounts: of mixture x, whose first
 * part is term i */
bool sei_react_find_set_softly(sei_react_work *work, sei_react_job *job,
                               const sei_react_state *start, int *iterations);
void sei_react_soft_amounts(sei_react_work *work, const sei_react_system *system, size_t x,
                            size_t i);

/* src/react/grow.c: to a solution by way of less and less small shares of the surfaces; false: none was found, or no layer holds anything */
bool sei_react_grow_surfaces(sei_react_work *work, sei_react_job *job, const sei_react_state *start,
                             int *iterations);

/* src/react/newton.c: mixture x has an unknown of its own, its amount */
bool sei_react_has_unknown(const sei_react_work *work, const sei_react_system *system, size_t x);

/* src/react/equations.c: residuals into rhs, slopes into lin; mol of water in one of a mineral */
double sei_react_mineral_water(const sei_react_work *work, const sei_mineral *mineral);
void   sei_react_residuals(sei_react_work *work, sei_react_job *job);
void   sei_react_sides(size_t n, const double plus[], const double minus[], const double wanted[],
                       double ret_gain[], double ret_loss[]); /* inside: what is wanted added */
void   sei_react_ratios(size_t n, double noise, const double gain[], const double loss[],
                        const double size[], double ret_by_gain[], double ret_by_loss[],
                        double ret_ln[], double ret_excess[],
                        double ret_most[2]); /* inside: of balances, in whole vectors */
void   sei_react_slopes(sei_react_work *work, const sei_react_job *job); /* after residuals */
double sei_react_layer_scale(const sei_equil *eq, double mu); /* sqrt(8000 eps eps0 R T I), C/m2 */

/* src/react/relax.c */
void sei_react_relax(sei_react_work *work, const sei_react_job *job,
                     double near); /* near: ln units */

/* src/react/newton.c; _factor: of the slopes, after residuals */
void sei_react_count_unknowns(sei_react_work *work, const sei_react_system *system);
bool sei_react_factor(sei_react_work *work, const sei_react_job *job);
bool sei_react_newton(sei_react_work *work, sei_react_job *job, int max, int *iterations);
void sei_react_polish(sei_react_work *work, sei_react_job *job, int *iterations); /* a solution */

void   sei_react_collect(sei_react_work *work, const sei_react_system *system,
                         sei_react_state *state);
void   sei_react_apply(sei_react_work *work, const sei_react_job *job,
                       double share); /* of the step in rhs */
double sei_react_step_share(const sei_react_work *work,
                            const sei_react_job  *job); /* of it, that limits allow */

/* src/react/solid.c */
bool   sei_solid_is_ideal(const sei_mixture *mixture);
bool   sei_solid_gap(const sei_mixture *mixture, double *ret_low, double *ret_high); /* spinodals */
double sei_solid_least_stiffness(const sei_mixture *mixture); /* 0 at the critical point */
void   sei_solid_ln_lambdas(const sei_mixture *mixture, double x, double ret_ln[2]);
void sei_react_solid_at(const sei_mixture *mixture, const double ln_ratio[2], sei_solid *ret_solid);
bool sei_solid_split(sei_react_work *work, const sei_react_system *system); /* false: too many */
void sei_solid_join(const sei_react_work *work, sei_react_system *system);

/* src/react/critical.c: another way for a system that was not solved; false: not this one */
bool sei_react_solve_critical(sei_ctx *ctx, sei_react_work *work, sei_react_system *system,
                              sei_react_state *state);

/* src/react/held.c: sites beside a held water; false: not these, and all is as it was */
bool sei_react_solve_held(sei_react_work *work, const sei_react_job *job);

/* src/react/minerals.c: finds the set of minerals and mixtures that are there */
bool sei_react_is_plainly_wrong(const sei_react_work *work, const sei_react_job *job); /* its set */
bool sei_react_runs_out(const sei_react_work *work, const sei_react_job *job); /* a mineral of it */
bool sei_react_find_set(sei_react_work *work, sei_react_job *job, int *iterations);
bool sei_react_find_set_slowly(sei_react_work *work, sei_react_job *job, int *iterations);

void sei_react_save(const sei_react_work *work, sei_react_snapshot *snapshot);
void sei_react_restore(sei_react_work *work, const sei_react_snapshot *snapshot);
void sei_react_save_set(const sei_react_work *work, sei_react_set_snapshot *snapshot);
void sei_react_restore_set(sei_react_work *work, const sei_react_set_snapshot *snapshot);

#endif
