/* run_host.c - what programs in BASIC may ask about the water */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/specific.h"
#include "phreeqc/multi.h"

enum { NAME_BYTES = 200 };

/* 41.84 cm3 bar are a calorie, in which PHREEQC has Born's function; Pitzer's equations count 55.50837 mol in a kg of water. */
static const double cal_per_cm3_bar = 41.84004, water_mol_kg = 55.50837;

double pq_mineral_now(const pq_runner *r, const pq_view *v, const char *name, bool difference)
{
    const pq_equilibrium *e = v->cell ? v->cell->equilibrium : NULL;

    for (size_t i = 0; e && i < e->n; i++) {
        if (!sei_equal_nocase(e->minerals[i].def->name, name))
            continue;
        const bool inside =
            v->kinetics && r->now == &r->view && v->react_state && r->mineral_at[i] != SIZE_MAX;
        const double mol =
            inside ? v->react_state->mineral_mol[r->mineral_at[i]] : e->minerals[i].mol;
        return difference ? mol - e->minerals[i].start_mol : mol;
    }
    return 0.0;
}

static double reactant_now(const pq_view *v, const char *name, bool difference)
{
    for (size_t i = 0; v->kinetics && i < v->kinetics->def->n; i++)
        if (sei_equal_nocase(v->kinetics->def->reactants[i].name, name))
            return difference ? v->m[i] - v->kinetics->start_m[i] : v->m[i];
    return 0.0;
}

static double gas_now(const pq_view *v, const char *name)
{
    const pq_gas *g = v->cell ? v->cell->gas : NULL;

    for (size_t i = 0; g && i < g->def->n; i++)
        if (sei_equal_nocase(g->def->gases[i].name, name))
            return g->mol[i];
    return 0.0;
}

static double member_now(const pq_view *v, const char *name)
{
    const pq_solids *s = v->cell ? v->cell->solids : NULL;

    for (size_t i = 0; s && i < s->def->n; i++)
        for (size_t k = 0; k < s->def->solutions[i].n; k++)
            if (sei_equal_nocase(s->def->solutions[i].members[k].name, name))
                return s->mol[i][k];
    return 0.0;
}

/* Moles of an element on all surfaces, or on the one that is named. */
static double sorbed_element(const pq_runner *r, const pq_view *v, const char *element,
                             const char *surface)
{
    double sum = 0.0;

    for (size_t k = 0; v->sorbed_mol && k < sei_react_n_sorbed(r->react); k++) {
        const sei_sorb_site *site = &r->sorb->sites[sei_react_sorbed(r->react, k)->site];
        if (site->is_surface && strncmp(site->name, surface, strlen(surface)) == 0)
            sum += v->sorbed_mol[k] * sei_react_element(r->react, &r->sorbed_of[k], element);
    }
    return sum;
}

static sei_status parameter(pq_runner *r, const pq_view *v, double number, double *ret)
{
    const sei_pq_reactant *one = v->kinetics ? &v->kinetics->def->reactants[v->reactant] : NULL;
    const double           i   = rint(number);

    if (!one || !(i >= 1.0 && i <= (double)one->n_parms))
        return sei_fail(r->ctx, SEI_E_RANGE, NULL, "PARM(%g): the reactant has %zu parameters",
                        number, one ? one->n_parms : 0);
    *ret = one->parms[(size_t)i - 1];
    return SEI_OK;
}

/* SA_DECLERCQ(kind, area, density, moles, moles at first, g/mol): area of grains that keep their number and their shape, cubes (1)
 * or spheres (2); 0: the area as it is. Density and molar mass cancel. */
static sei_status surface_area(pq_runner *r, const sei_basic_call *call, double *ret)
{
    const double kind = call->args[0].number, area = call->args[1].number;
    const double share = call->args[3].number / call->args[4].number;

    if (kind != 0.0 && kind != 1.0 && kind != 2.0)
        return sei_fail(r->ctx, SEI_E_RANGE, NULL,
                        "SA_DECLERCQ: kind %g is not 0 (fixed), 1 (cubes) or 2 (spheres)", kind);
    *ret = kind == 0.0 ? area : area * pow(share, 2.0 / 3.0);
    return SEI_OK;
}

static const sei_logk *species_log_k(const pq_runner *r, const char *name)
{
    const size_t s = sei_db_find_species(r->db, name);

    return s == SIZE_MAX ? NULL : &r->db->species[s].formation.logk;
}

static const sei_logk *phase_log_k(const pq_runner *r, const char *name)
{
    const size_t p = sei_db_find_phase(r->db, name);

    return p == SIZE_MAX ? NULL : &r->db->phases[p].dissolution.logk;
}

/* Of NAMED_EXPRESSIONS. */
static double log_k_of_name(const pq_runner *r, const char *name, double temp_k)
{
    for (size_t i = 0; i < r->db->n_named; i++)
        if (sei_equal_nocase(r->db->named[i].name, name))
            return sei_logk_at(&r->db->named[i].logk, temp_k);
    return -999.99; /* as in PHREEQC */
}

/* missing: what PHREEQC's BASIC has for it. */
static double log_k(const sei_logk *k, double temp_k, double missing)
{
    return k ? sei_logk_at(k, temp_k) : missing;
}

/* Of the reaction in kJ/mol, by van't Hoff; 0 for what is not there, as in PHREEQC. */
static double enthalpy(const sei_logk *k, double temp_k)
{
    static const double step_k = 0.01;

    if (!k)
        return 0.0;
    const double slope =
        (sei_logk_at(k, temp_k + step_k) - sei_logk_at(k, temp_k - step_k)) / (2.0 * step_k);
    return 1e-3 * SEI_GAS_CONSTANT * PQ_LN10 * temp_k * temp_k * slope;
}

/* Parameters of a species' activity coefficient: its size in 1e-10 m, the factor of the ionic strength. -999.99: none of that name,
 * 0 for water and for what sits on sites, as in PHREEQC. */
static double debye_hueckel(const pq_runner *r, const char *name, bool is_size)
{
    const size_t s = sei_db_find_species(r->db, name);

    if (s == SIZE_MAX)
        return sei_sorb_find_species(r->sorb, name) == SIZE_MAX ? -999.99 : 0.0;
    const sei_species *one = &r->db->species[s];
    if (is_size)
        return one->dha;
    return one->gamma == SEI_GAMMA_WATEQ ? one->dhb : one->gamma == SEI_GAMMA_DAVIES ? 0.0 : 0.1;
}

static double phase_volume(const pq_runner *r, const char *name)
{
    const size_t p = sei_db_find_phase(r->db, name);

    return p == SIZE_MAX ? 0.0 : r->db->phases[p].vm_cm3_mol;
}

/* PHREEQC's BASIC has -99.99 for the logarithm of what is not there. */
static double or_missing(double value)
{
    return value <= PQ_MISSING ? -99.99 : value;
}

/* TOTMOLE: moles, of water too. */
static double moles_in_all(const pq_runner *r, const pq_view *v, const char *name)
{
    return strcmp(name, "water") == 0 ? v->water_kg / v->eq->water_kg_mol
                                      : pq_total(r, v, name) * v->water_kg;
}

/* Functions with a name as argument. */
static sei_status of_name(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                          const char *name, double *ret)
{
    const double temp_k             = v->temp_c + SEI_ZERO_CELSIUS;
    char         second[NAME_BYTES] = "";
    const char  *unit               = NULL;

    if (call->n > 1 && call->args[1].text)
        sei_basic_copy_text(&call->args[1], second, sizeof second);
    switch (call->function) {
    case SEI_BASIC_ACT:
        *ret = pq_log_activity(r, v, name);
        *ret = *ret <= PQ_MISSING ? 0.0 : pow(10.0, *ret);
        return SEI_OK;
    case SEI_BASIC_LA: *ret = or_missing(pq_log_activity(r, v, name)); return SEI_OK;
    case SEI_BASIC_MOL: *ret = pq_molality(r, v, name); return SEI_OK;
    case SEI_BASIC_LM:
        *ret = pq_molality(r, v, name);
        *ret = or_missing(*ret > 0.0 ? log10(*ret) : PQ_MISSING);
        return SEI_OK;
    case SEI_BASIC_GAMMA: /* 0 of what is not there, as in PHREEQC */
        *ret = pq_log_gamma(r, v, name, ret) ? pow(10.0, *ret) : 0.0;
        return SEI_OK;
    case SEI_BASIC_LG: *ret = pq_log_gamma(r, v, name, ret) ? *ret : 0.0; return SEI_OK;
    case SEI_BASIC_DH_A0:
    case SEI_BASIC_DH_BDOT:
        *ret = debye_hueckel(r, name, call->function == SEI_BASIC_DH_A0);
        return SEI_OK;
    case SEI_BASIC_RATE_PK:
    case SEI_BASIC_RATE_SVD:
    case SEI_BASIC_RATE_HERMANSKA:
    case SEI_BASIC_MEANG: return pq_by_parameters(r, v, call->function, name, ret);
    case SEI_BASIC_TOT: *ret = pq_total(r, v, name); return SEI_OK;
    case SEI_BASIC_TOTMOLE: *ret = moles_in_all(r, v, name); return SEI_OK;
    case SEI_BASIC_SI:
        *ret = pq_saturation(r, v, name);
        *ret = or_missing(*ret);
        return SEI_OK;
    case SEI_BASIC_SR:
        *ret = pq_saturation(r, v, name);
        *ret = *ret <= PQ_MISSING ? 0.0 : pow(10.0, *ret);
        return SEI_OK;
    case SEI_BASIC_EQUI: *ret = pq_mineral_now(r, v, name, false); return SEI_OK;
    case SEI_BASIC_EQUI_DELTA: *ret = pq_mineral_now(r, v, name, true); return SEI_OK;
    case SEI_BASIC_KIN: *ret = reactant_now(v, name, false); return SEI_OK;
    case SEI_BASIC_KIN_DELTA: *ret = reactant_now(v, name, true); return SEI_OK;
    case SEI_BASIC_GAS: *ret = gas_now(v, name); return SEI_OK;
    case SEI_BASIC_S_S: *ret = member_now(v, name); return SEI_OK;
    case SEI_BASIC_MISC1:
    case SEI_BASIC_MISC2:
        *ret = pq_miscibility(v, name, call->function == SEI_BASIC_MISC2);
        return SEI_OK;
    case SEI_BASIC_SUM_SPECIES:
    case SEI_BASIC_SUM_GAS:
    case SEI_BASIC_SUM_S_S: return pq_sum(r, v, call, name, second, ret);
    case SEI_BASIC_PR_P:
    case SEI_BASIC_PR_PHI:
        *ret = pq_gas_of(r, v, name, call->function == SEI_BASIC_PR_P);
        return SEI_OK;
    case SEI_BASIC_EDL: return pq_layer(r, v, name, second, ret);
    case SEI_BASIC_EDL_SPECIES:
    case SEI_BASIC_LIST_S_S:
    case SEI_BASIC_EQUIV_FRAC: return pq_fill_lists(r, v, call, name, ret);
    case SEI_BASIC_DELTA_H_PHASE:
        *ret = phase_log_k(r, name) ? enthalpy(phase_log_k(r, name), temp_k) : -999.99;
        return SEI_OK;
    case SEI_BASIC_DELTA_H_SPECIES: *ret = enthalpy(species_log_k(r, name), temp_k); return SEI_OK;
    case SEI_BASIC_SURF: *ret = sorbed_element(r, v, name, second); return SEI_OK;
    case SEI_BASIC_SYS:
        if (call->n > 1)
            return pq_list_system(r, v, call, name, ret);
        *ret = pq_in_system(r, v, name);
        return SEI_OK;
    case SEI_BASIC_CALC_VALUE: return pq_calculate(r, name, ret);
    case SEI_BASIC_VM: *ret = pq_molar_volume(r, v, name); return SEI_OK;
    case SEI_BASIC_T_SC: *ret = pq_transport_number(r, v, name); return SEI_OK;
    case SEI_BASIC_DIFF_C: *ret = pq_diffusion_m2_s(r, v, name); return SEI_OK;
    case SEI_BASIC_ADD_HEADING: return pq_add_heading(r, name, ret);
    case SEI_BASIC_SETDIFF_C:
        return pq_set_diffusion(r, v, name, call->args[1].number,
                                call->n > 2 ? call->args[2].number : 0.0, ret);
    case SEI_BASIC_F_VISC: *ret = pq_viscous_share(r, v, name); return SEI_OK;
    case SEI_BASIC_PHASE_VM: *ret = phase_volume(r, name); return SEI_OK;
    case SEI_BASIC_GFW: *ret = sei_db_formula_g_mol(r->db, name); return SEI_OK;
    case SEI_BASIC_LK_SPECIES: *ret = log_k(species_log_k(r, name), temp_k, -999.99); return SEI_OK;
    case SEI_BASIC_LK_PHASE: *ret = log_k(phase_log_k(r, name), temp_k, -999.9); return SEI_OK;
    case SEI_BASIC_LK_NAMED: *ret = log_k_of_name(r, name, temp_k); return SEI_OK;
    case SEI_BASIC_ISO: return pq_iso(r, name, ret, &unit);
    case SEI_BASIC_MCD_JTOT:
    case SEI_BASIC_MCD_JCONC: /* of -implicit; 0 else, as in PHREEQC */
        *ret = v->state == PQ_TRANSPORT && r->multi
                   ? pq_multi_passed_mol(r->multi, r->net, v->number, name,
                                         call->function == SEI_BASIC_MCD_JTOT)
                   : 0.0;
        return SEI_OK;
    default: break;
    }
    return sei_fail(r->ctx, SEI_E_UNSUPPORTED, NULL, "function %s is not supported yet",
                    sei_basic_function_info(call->function)->name);
}

static double clock_s(const pq_view *v, sei_basic_function function)
{
    if (!isfinite(v->time_s))
        return 0.0;
    if (function == SEI_BASIC_SIM_TIME)
        return v->time_s - v->sim_start_s;
    return v->state == PQ_REACTION && !v->kinetics /* no clock runs */
               ? 0.0
               : v->total_time_s + v->time_s;
}

static double potential_v(const pq_runner *r, const pq_view *v)
{
    const pq_solution *water = pq_find(r, SEI_PQ_SOLUTION, v->number);

    return water ? water->potential_v : 0.0;
}

/* Of Pitzer's equations and SIT, else 0, as in PHREEQC. */
static double of_interactions(const sei_equil *eq, sei_basic_function function)
{
    if (!eq->specific)
        return 0.0;
    return function == SEI_BASIC_APHI ? sei_specific_a_phi(eq->specific)
                                      : -eq->ln_aw * water_mol_kg / eq->sum_m;
}

static sei_status of_nothing(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                             double *ret)
{
    switch (call->function) {
    case SEI_BASIC_TC: *ret = v->temp_c; return SEI_OK;
    case SEI_BASIC_TK: *ret = v->temp_c + SEI_ZERO_CELSIUS; return SEI_OK;
    case SEI_BASIC_MU: *ret = v->eq->mu; return SEI_OK;
    case SEI_BASIC_ALK: *ret = pq_alkalinity(v); return SEI_OK;
    case SEI_BASIC_CHARGE_BALANCE: *ret = v->eq->charge * v->water_kg; return SEI_OK;
    case SEI_BASIC_PERCENT_ERROR: *ret = pq_percent_error(v); return SEI_OK;
    case SEI_BASIC_M: *ret = v->kinetics ? v->m[v->reactant] : 0.0; return SEI_OK;
    case SEI_BASIC_M0:
        *ret = v->kinetics ? v->kinetics->def->reactants[v->reactant].m0 : 0.0;
        return SEI_OK;
    case SEI_BASIC_TIME: *ret = v->rate_time_s; return SEI_OK;
    case SEI_BASIC_KIN_TIME: *ret = v->kin_time_s; return SEI_OK;
    case SEI_BASIC_SIM_TIME:
    case SEI_BASIC_TOTAL_TIME: *ret = clock_s(v, call->function); return SEI_OK;
    case SEI_BASIC_STEP_NO: *ret = v->step > 0 ? v->step : 0; return SEI_OK;
    case SEI_BASIC_CELL_NO: *ret = v->number; return SEI_OK;
    case SEI_BASIC_SIM_NO: *ret = r->simulation; return SEI_OK;
    case SEI_BASIC_DIST: *ret = isfinite(v->distance) ? v->distance : 0.0; return SEI_OK;
    case SEI_BASIC_RXN: *ret = v->has_reaction ? v->reaction_mol : 0.0; return SEI_OK;
    case SEI_BASIC_GAS_VM: *ret = pq_gas_volume(v); return SEI_OK;
    case SEI_BASIC_DEBYE_LENGTH: *ret = pq_debye_length_m(v->eq); return SEI_OK;
    case SEI_BASIC_DH_A: *ret = v->eq->dh.a; return SEI_OK;
    case SEI_BASIC_DH_B: *ret = v->eq->dh.b; return SEI_OK;
    case SEI_BASIC_DH_AV: *ret = pq_pure_water(v->eq).av; return SEI_OK;
    case SEI_BASIC_EPS_R: *ret = pq_pure_water(v->eq).permittivity; return SEI_OK;
    case SEI_BASIC_KAPPA: *ret = pq_pure_water(v->eq).compressibility; return SEI_OK;
    case SEI_BASIC_RHO_0: *ret = pq_pure_water(v->eq).density_kg_l; return SEI_OK;
    case SEI_BASIC_RHO: *ret = pq_density(v->eq); return SEI_OK;
    case SEI_BASIC_SOLN_VOL: *ret = pq_volume(v); return SEI_OK;
    case SEI_BASIC_SC: *ret = pq_conductance_us_cm(r, v); return SEI_OK;
    case SEI_BASIC_VISCOS: *ret = pq_viscosity_mpa_s(r, v, false); return SEI_OK;
    case SEI_BASIC_VISCOS_0: *ret = pq_viscosity_mpa_s(r, v, true); return SEI_OK;
    case SEI_BASIC_PRESSURE: *ret = v->eq->is_pressed ? v->eq->pressure_atm : 1.0; return SEI_OK;
    case SEI_BASIC_GAS_P:
        *ret = v->cell && v->cell->gas ? v->cell->gas->pressure_atm : 0.0;
        return SEI_OK;
    case SEI_BASIC_ITERATIONS:
        *ret = v->react_state ? v->react_state->iterations : 0;
        return SEI_OK;
    case SEI_BASIC_QBRN: *ret = cal_per_cm3_bar * pq_pure_water(v->eq).q_born; return SEI_OK;
    case SEI_BASIC_APHI:
    case SEI_BASIC_OSMOTIC: *ret = of_interactions(v->eq, call->function); return SEI_OK;
    case SEI_BASIC_CELL_PORE_VOLUME: /* set by programs that call PHREEQC, 0 in a run of its own */
    case SEI_BASIC_CELL_POROSITY:
    case SEI_BASIC_CELL_SATURATION:
    case SEI_BASIC_CELL_VOLUME: *ret = 0.0; return SEI_OK;
    case SEI_BASIC_POT_V: *ret = potential_v(r, v); return SEI_OK;
    case SEI_BASIC_CURRENT_A: *ret = r->multi ? r->multi->current_a : 0.0; return SEI_OK;
    default: break;
    }
    return sei_fail(r->ctx, SEI_E_UNSUPPORTED, NULL, "function %s is not supported yet",
                    sei_basic_function_info(call->function)->name);
}

/* GET_POR(cell): of the last TRANSPORT, with PHREEQC's defaults; 0 beyond the column. */
static double porosity(const pq_runner *r, double number)
{
    static const double     before = 0.1; /* of the one cell that there is without TRANSPORT */
    const sei_pq_transport *t      = r->last_transport;
    const double            cell   = floor(number + 0.5);

    if (!(cell >= 1.0) || cell > (t ? t->cells : 1))
        return 0.0;
    const size_t i = (size_t)cell - 1;
    if (i < r->n_porosities && isfinite(r->porosity[i]))
        return r->porosity[i];
    if (!t)
        return before;
    const sei_pq_multi *m = &t->multi;
    return m->n_porosities ? m->porosities[i < m->n_porosities ? i : m->n_porosities - 1]
                           : m->porosity;
}

/* CHANGE_POR(porosity, cell): from now on, for TRANSPORTs that follow too unless they have -porosities. Of no cell it does
 * nothing, as in PHREEQC. */
static sei_status change_porosity(pq_runner *r, const sei_basic_call *call)
{
    const double     value = call->args[0].number, cell = floor(call->args[1].number + 0.5);
    const sei_status st = r->porosity ? SEI_OK : pq_keep_porosities(r, 1, false);

    if (st != SEI_OK)
        return st;
    if (!(value >= 0.0 && value <= 1.0))
        return sei_fail(r->ctx, SEI_E_RANGE, NULL, "CHANGE_POR: a porosity of %g is outside 0..1",
                        value);
    if (!(cell >= 1.0 && cell <= (double)r->n_porosities))
        return SEI_OK;
    r->porosity[(size_t)cell - 1] = value;
    if (r->multi)
        pq_multi_set_porosity(r->multi, (int)cell, value);
    return SEI_OK;
}

/* Functions of numbers. */
static sei_status of_numbers(pq_runner *r, const sei_basic_call *call, double *ret)
{
    switch (call->function) {
    case SEI_BASIC_SA_DECLERCQ: return surface_area(r, call, ret);
    case SEI_BASIC_CHANGE_POR: return change_porosity(r, call);
    case SEI_BASIC_GET_POR: *ret = porosity(r, call->args[0].number); return SEI_OK;
    case SEI_BASIC_CALLBACK: *ret = 0.0; return SEI_OK; /* nobody has given a function */
    default: break;
    }
    return sei_fail(r->ctx, SEI_E_UNSUPPORTED, NULL, "function %s is not supported yet",
                    sei_basic_function_info(call->function)->name);
}

/* Texts that belong to a name; NULL where the function is none of these. */
static sei_status text_of_name(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                               const char **ret_text)
{
    char   name[NAME_BYTES];
    double value = 0.0;

    switch (call->function) {
    case SEI_BASIC_PHASE_FORMULA:
    case SEI_BASIC_SPECIES_FORMULA:
        sei_basic_copy_text(&call->args[0], name, sizeof name);
        return pq_formula(r, call, name, ret_text);
    case SEI_BASIC_PHASE_EQUATION:
    case SEI_BASIC_SPECIES_EQUATION:
        sei_basic_copy_text(&call->args[0], name, sizeof name);
        return pq_equation(r, call, name, ret_text);
    case SEI_BASIC_KINETICS_FORMULA:
        sei_basic_copy_text(&call->args[0], name, sizeof name);
        return pq_kinetics_formula(r, v, call, name, ret_text);
    case SEI_BASIC_ISO_UNIT:
        return pq_iso(r, sei_basic_copy_text(&call->args[0], name, sizeof name), &value, ret_text);
    default: *ret_text = NULL; return SEI_OK;
    }
}

static sei_status text_of(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                          sei_basic_value *ret)
{
    const char *text = NULL;
    sei_status  st   = SEI_OK;

    if (call->function == SEI_BASIC_DESCRIPTION)
        text = v->description ? v->description : "";
    else if (call->function == SEI_BASIC_TITLE)
        text = r->title ? r->title : "";
    else
        st = text_of_name(r, v, call, &text);
    if (st != SEI_OK)
        return st;
    if (!text)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, NULL, "function %s is not supported yet",
                        sei_basic_function_info(call->function)->name);
    ret->text = text;
    ret->len  = strlen(text);
    return SEI_OK;
}

sei_status pq_basic_call(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    pq_runner     *r = user;
    const pq_view *v = r->now;
    char           name[NAME_BYTES];

    if (pq_look_up(r, call, &ret->number))
        return SEI_OK;
    if (sei_basic_is_memory(call->function))
        return sei_basic_store_call(r->memory, call, ret);
    if (!v || !v->eq)
        return sei_fail(r->ctx, SEI_E_INTERNAL, NULL, "nothing is there to look at");
    if (sei_basic_function_info(call->function)->result == SEI_BASIC_TEXT)
        return text_of(r, v, call, ret);
    if (call->function == SEI_BASIC_PARM)
        return parameter(r, v, call->args[0].number, &ret->number);
    if (call->n == 0)
        return of_nothing(r, v, call, &ret->number);
    if (!call->args[0].text)
        return of_numbers(r, call, &ret->number);
    return of_name(r, v, call, sei_basic_copy_text(&call->args[0], name, sizeof name),
                   &ret->number);
}
