/*
 * hydraulics.c - head over a bed, what its deposits take of the pores, and the flow it still lets pass
 *
 * Ergun (1952) for each cell of length L and plan area A at the superficial velocity v = Q/A:
 *
 *     dh/L = 150 mu (1 - e)^2 v/(rho g e^3 d^2) + 1.75 (1 - e) v^2/(g e^3 d)
 *
 * whose first term is Darcy's law with the permeability of Kozeny and Carman, d^2 e^3/(150 (1 - e)^2). The
 * porosity e falls with the volume of the deposits, dry mass over deposit_kg_m3 (al_deposit_kg_m3 of hydroxides and
 * basic sulfates of aluminium, whose flocs stay voluminous), and with it the water that the cell holds. The flow at which the
 * sum of all cells takes up the unit's head is the root of a Q + b Q^2 = head.
 *
 * Deposits gather where they are caught, within a capture length that may be much shorter than a cell. What is caught falls with
 * the room that is left, -dC/dx = C e/e0 and de/dt = -(e/e0) C (x: the way in capture lengths), first-order clogging with a retention
 * probability that falls linearly with what is retained (Herzig, Leclerc & Le Goff 1970). Its solution for water of constant C is
 *
 *     e/e0 = e^x/(a + e^x),   C/C0 = (1 + a)/(a + e^x),   a = e^T - 1
 *
 * so that a stretch of length X whose mean is e = f e0 catches 1 - e^(-f X), and a = e^(f X) (e^((1 - f) X) - 1)/(e^(f X) - 1):
 * the mean tells the profile, and Ergun's sum over it is in closed form. Without capture X = 0 and the deposit is even.
 *
 * With deposit_shear_pa pores close no further than to the porosity at which the water's shear on their walls, rho g (dh/L) times the
 * hydraulic radius e d/(6 (1 - e)), reaches it at the design flow: by Ergun's first term 25 mu (1 - e) v/(e^2 d). What is caught falls
 * with the room above that, all of the above holds of it, and flocs that find none go on with the water.
 */
#include <math.h>

#include "base/constants.h"
#include "plant/assembly.h"

/* Water near 10 degC (CRC Handbook): viscosity over density, m2/s. */
static const double kinematic_m2_s = 1.31e-6;
static const double gravity_m_s2   = 9.80665;
/* A bed is never quite shut: the least porosity keeps the numbers finite. */
static const double least_porosity = 1e-3;
/* The least open share of pores that counts as one; where shear keeps all but this share of them open, nothing stays. */
static const double least_open = 1e-12, least_closing = 0.01;
/* Capture lengths in a cell that are told apart: exp of thrice that is still a number. */
static const double captures_max = 50.0;

double sei_plant_deposit_m3(const sei_plant *plant, const sei_train *train, size_t cell)
{
    const sei_plant_unit *unit = &plant->units[plant->places[cell].unit];
    double                m3   = 0.0;

    if (!(unit->deposit_kg_m3 > 0.0))
        return 0.0;
    for (size_t s = 0; s < sei_model_n_solids(plant->spec.model); s++) {
        const double mol = sei_plant_deposit_mol(plant, train, cell, s);
        if (mol > 0.0)
            m3 += mol * sei_model_solid_kg_mol(plant->spec.model, s) /
                  (plant->holds_al[s] ? unit->al_deposit_kg_m3 : unit->deposit_kg_m3);
    }
    return m3;
}

double sei_plant_porosity(const sei_plant *plant, size_t cell, double deposit_m3)
{
    const sei_plant_cell *place = &plant->places[cell];

    if (!(place->bed_m3 > 0.0))
        return 1.0;
    return fmax(least_porosity, (place->pore_m3 - deposit_m3) / place->bed_m3);
}

void sei_plant_set_room(const sei_plant *plant, sei_train *train, size_t cell, double deposit_m3)
{
    const sei_plant_cell *place = &plant->places[cell];
    const double          least = fmin(place->pore_m3, least_porosity * place->bed_m3);

    if (place->bed_m3 > 0.0)
        sei_train_set_room(train, cell, SEI_WATER_KG_M3 * fmax(least, place->pore_m3 - deposit_m3));
}

/* Share of a cell's pores that deposits leave. */
static double left(const sei_plant_cell *place, double porosity)
{
    return place->pore_m3 > 0.0 ? fmin(1.0, porosity * place->bed_m3 / place->pore_m3) : 1.0;
}

/* Share of a clean cell's pores that shear keeps open at its unit's design flow; 0: none. e^2 = q (1 - e), q = 25 mu v/(tau d). */
static double kept_open(const sei_plant *plant, size_t cell)
{
    const sei_plant_cell *place = &plant->places[cell];
    const sei_plant_unit *unit  = &plant->units[place->unit];
    const double          d = place->flow_grain_m, tau_pa = unit->deposit_shear_pa;

    if (!(tau_pa > 0.0) || !(d > 0.0) || !(place->length_m > 0.0) || !(place->pore_m3 > 0.0))
        return 0.0;
    const double v_m_s = unit->flow_m3_s * place->length_m / place->bed_m3;
    const double q     = 25.0 * SEI_WATER_KG_M3 * kinematic_m2_s * v_m_s / (tau_pa * d);
    const double e     = 0.5 * (sqrt(q * q + 4.0 * q) - q);

    return e > least_porosity ? fmin(1.0 - least_closing, e * place->bed_m3 / place->pore_m3) : 0.0;
}

/* Of the pores that can close, the share that is left; f: of all, kept: that stays open. */
static double open_share(double f, double kept)
{
    return kept > 0.0 ? fmax(least_open, (f - kept) / (1.0 - kept)) : f;
}

/* Capture lengths in a cell at its unit's design flow. */
static double captures(const sei_plant *plant, size_t cell)
{
    const sei_cell *c    = &plant->cells[cell];
    const double    flow = plant->units[plant->places[cell].unit].flow_m3_s;
    const double    time = flow > 0.0 ? plant->places[cell].pore_m3 / flow : 0.0;

    return fmin(captures_max, c->capture_1_s * time + c->filter);
}

/* Share of what a clean cell catches that it still does; f: of its pores that can close what is left, x: capture lengths in it. Where they are many
 * the deposit's front lies within the cell, and hardly less is caught until it comes to its end. */
static double catches(double f, double x)
{
    return x > 0.0 ? expm1(-f * x) / expm1(-x) : f;
}

bool sei_plant_closes(const sei_plant *plant, size_t u)
{
    const sei_plant_unit *unit = &plant->units[u];

    return unit->deposit_kg_m3 > 0.0 && (unit->head_max_m > 0.0 || plant->spec.deposits_take_room);
}

void sei_plant_set_passage(const sei_plant *plant, sei_train *train, size_t cell,
                           double deposit_before_m3, double deposit_m3)
{
    const sei_plant_cell *place = &plant->places[cell];

    if (!(place->bed_m3 > 0.0))
        return;
    const double kept = kept_open(plant, cell);
    const double before =
        open_share(left(place, sei_plant_porosity(plant, cell, deposit_before_m3)), kept);
    const double now = open_share(left(place, sei_plant_porosity(plant, cell, deposit_m3)), kept);
    const double x = captures(plant, cell), f = now * sqrt(fmin(1.0, now / before));
    /* a stirred cell that catches 1 - e^(-f x) does so with (e^(f x) - 1)/x of the clean one's capture; more than that it has not */
    sei_train_set_passage(train, cell, x > 0.0 ? fmin(1.0, expm1(f * x) / x) : f, catches(f, x));
}

/*
 * The same where the share k stays open: e0/e = (a + e^x)/(k a + e^x) = r + (1 - r)/w, with r = 1/k and w = 1 + k a e^-x. j: means of 1/w, 1/w^2
 * and 1/w^3.
 */
static void mean_powers_above(double k, double a, double x, double ret[3])
{
    const double first = 1.0 + k * a, last = 1.0 + k * a * exp(-x), r = 1.0 / k, s = 1.0 - r;
    double       j[3];

    j[0]   = 1.0 - log(first / last) / x;
    j[1]   = j[0] + (1.0 / first - 1.0 / last) / x;
    j[2]   = j[1] + 0.5 * (1.0 / (first * first) - 1.0 / (last * last)) / x;
    ret[0] = r + s * j[0];
    ret[1] = r * r + 2.0 * r * s * j[0] + s * s * j[1];
    ret[2] = r * r * r + 3.0 * r * r * s * j[0] + 3.0 * r * s * s * j[1] + s * s * s * j[2];
}

/* Means of (e0/e)^m over a cell for m = 1, 2, 3, of whose pores the share left is left and the share kept stays open. */
static void mean_powers(double left_share, double kept, double x, double ret[3])
{
    const double f = open_share(left_share, kept);

    if (!(x > 0.0) || !(f < 1.0)) {
        for (int m = 0; m < 3; m++)
            ret[m] = pow(left_share, -(m + 1));
        return;
    }
    const double a = exp(f * x) * expm1((1.0 - f) * x) / expm1(f * x);
    if (kept > 0.0) {
        mean_powers_above(kept, a, x, ret);
        return;
    }
    const double e1 = -expm1(-x) / x, e2 = -expm1(-2.0 * x) / (2.0 * x);
    const double e3 = -expm1(-3.0 * x) / (3.0 * x);
    ret[0]          = 1.0 + a * e1;
    ret[1]          = 1.0 + 2.0 * a * e1 + a * a * e2;
    ret[2]          = 1.0 + 3.0 * a * e1 + 3.0 * a * a * e2 + a * a * a * e3;
}

/* Terms of a Q + b Q^2 for one cell: means of (1 - e)^2/e^3 and (1 - e)/e^3 over it. */
static void resistance(const sei_plant *plant, size_t cell, double deposit_m3, double *a, double *b)
{
    const sei_plant_cell *place = &plant->places[cell];
    const double          d = place->flow_grain_m, length = place->length_m;
    double                p[3];

    if (!(d > 0.0) || !(length > 0.0) || !(place->bed_m3 > 0.0))
        return;
    const double e = sei_plant_porosity(plant, cell, deposit_m3), area = place->bed_m3 / length;
    const double f = left(place, e), e0 = e / f;
    mean_powers(f, kept_open(plant, cell), captures(plant, cell), p);
    const double cube = p[2] / (e0 * e0 * e0), square = p[1] / (e0 * e0);
    *a += 150.0 * kinematic_m2_s * (cube - 2.0 * square + p[0] / e0) * length /
          (gravity_m_s2 * d * d * area);
    *b += 1.75 * (cube - square) * length / (gravity_m_s2 * d * area * area);
}

sei_unit_hydraulics sei_plant_hydraulics(const sei_plant *plant, size_t u,
                                         const double deposit_m3[], double flow_m3_s)
{
    const sei_plant_unit *unit = &plant->units[u];
    sei_unit_hydraulics   h    = {.flow_max_m3_s = INFINITY, .porosity = 1.0, .permeability = 1.0};
    double                a = 0.0, b = 0.0, clean_a = 0.0, clean_b = 0.0;

    for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++) {
        const double porosity = sei_plant_porosity(plant, c, deposit_m3[c]);
        resistance(plant, c, deposit_m3[c], &a, &b);
        resistance(plant, c, 0.0, &clean_a, &clean_b);
        h.porosity = fmin(h.porosity, porosity);
        h.pore_m3 += porosity * plant->places[c].bed_m3;
        h.deposit_m3 += deposit_m3[c];
    }
    h.head_m = a * flow_m3_s + b * flow_m3_s * flow_m3_s;
    if (a > 0.0)
        h.permeability = clean_a / a;
    if (unit->head_max_m > 0.0 && a > 0.0)
        h.flow_max_m3_s = 2.0 * unit->head_max_m / (a + sqrt(a * a + 4.0 * b * unit->head_max_m));
    return h;
}

/* Longest step of the forecast as a share of the time in which the tightest cell closes by 1/e, and of the time that has gone. */
static const double close_share = 0.01, gone_share = 0.005;

/*
 * Deposits after dt: each cell gets what it gains and what those before it have no room for, of which it keeps what finds room and
 * passes on the rest. Returns the time in which the cell that closes fastest does so by 1/e.
 */
static double grow(const sei_plant *plant, const sei_plant_unit *unit, const double growth_m3_s[],
                   double dt, double io_deposit_m3[])
{
    double carried = 0.0, fastest = INFINITY;

    for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++) {
        const sei_plant_cell *place = &plant->places[c];
        if (!(place->bed_m3 > 0.0))
            continue;
        const double stays = kept_open(plant, c);
        const double f =
            open_share(left(place, sei_plant_porosity(plant, c, io_deposit_m3[c])), stays);
        const double x      = captures(plant, c);
        const double own    = fmax(0.0, growth_m3_s[c]) * catches(f, x);
        const double passes = carried * exp(-f * x);
        const double kept = own + carried - passes, room = f * (1.0 - stays) * place->pore_m3;
        if (kept > 0.0) {
            fastest = fmin(fastest, room / kept);
            io_deposit_m3[c] += -room * expm1(-dt * kept / room);
        }
        carried = passes + fmax(0.0, growth_m3_s[c]) - own;
    }
    return fastest;
}

double sei_plant_time_to_clog_s(const sei_plant *plant, size_t u, const double deposit_m3[],
                                const double growth_m3_s[], double flow_m3_s, double work_m3[])
{
    const double          century_s = 100.0 * SEI_JULIAN_YEAR_D * SEI_DAY_S;
    const sei_plant_unit *unit      = &plant->units[u];
    double                t = 0.0, dt = 0.0;

    for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++)
        work_m3[c] = deposit_m3[c];
    double passes = sei_plant_hydraulics(plant, u, work_m3, flow_m3_s).flow_max_m3_s;
    while (passes > flow_m3_s && t < century_s) {
        const double before  = passes;
        const double fastest = grow(plant, unit, growth_m3_s, dt, work_m3);
        passes               = sei_plant_hydraulics(plant, u, work_m3, flow_m3_s).flow_max_m3_s;
        if (passes <= flow_m3_s) /* within the step, along ln(flow) */
            return t - dt + dt * log(before / flow_m3_s) / log(before / passes);
        if (isinf(fastest))
            return INFINITY;
        dt = fmax(close_share * fastest, gone_share * t);
        t += dt;
    }
    return passes > flow_m3_s ? (double)INFINITY : t;
}
