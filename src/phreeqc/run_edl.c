/* run_edl.c - how much water diffuse layers have; what BASIC asks of double layers: potential, charge, what is in them, how viscous that is */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

/* Of a plane: master's charge in plane 0, and what reactions bring into each (SIZE_MAX: all charge). */
static double charge_at(const pq_runner *r, const sei_sorb_species *s, size_t plane)
{
    if (plane == SIZE_MAX)
        return s->charge;
    const double master = s->site_coef * r->sorb->sites[s->site].charge;
    if (!s->has_planes)
        return plane == 0 ? s->charge : 0.0;
    return s->plane[plane] + (plane == 0 ? master : 0.0);
}

static double layer_charge(const pq_runner *r, const pq_view *v, const char *surface, size_t plane)
{
    const size_t len = strlen(surface);
    double       sum = 0.0;

    for (size_t k = 0; v->sorbed_mol && k < sei_react_n_sorbed(r->react); k++) {
        const sei_sorb_species *s    = sei_react_sorbed(r->react, k);
        const sei_sorb_site    *site = &r->sorb->sites[s->site];
        if (site->is_surface && strncmp(site->name, surface, len) == 0 &&
            (site->name[len] == '_' || site->name[len] == '\0'))
            sum += charge_at(r, s, plane) * v->sorbed_mol[k];
    }
    return sum;
}

double pq_debye_length_m(const sei_equil *eq)
{
    const double permittivity = pq_pure_water(eq).permittivity * SEI_PHREEQC_VACUUM;

    return sqrt(permittivity * SEI_PHREEQC_GAS_CONSTANT * eq->temp_k /
                (2.0 * SEI_PHREEQC_FARADAY * SEI_PHREEQC_FARADAY * 1000.0 * eq->mu));
}

/*
 * Surfaces are the walls of round pores: a layer of thickness d at the wall of all the water W in pores of radius
 * r = 2 W / A takes W (1 - (1 - d / r)^2), as in PHREEQC; at most a share of it.
 */
static double layers_kg(const sei_pq_surface *def, double flat_kg, double water_kg, bool is_beside)
{
    const double sum = water_kg + flat_kg, half = 0.5 * flat_kg / water_kg,
                 most =
                     (is_beside ? 1.0 / (1.0 - def->limit_ddl) : 1.0) * def->limit_ddl * water_kg;

    if (is_beside)
        return fmin(0.5 * (sum + sqrt(sum * sum - flat_kg * flat_kg)) - water_kg, most);
    return half < 1.0 ? fmin(flat_kg * (1.0 - 0.5 * half), most) : most;
}

bool pq_renew_layers(const sei_equil *eq, double water_kg, bool is_beside, pq_surface *surface)
{
    const sei_pq_surface *def     = surface->def;
    double                area_m2 = 0.0, before_kg = 0.0;
    bool                  changed = false;

    if (!(def->debye_lengths > 0.0) || def->edl == SEI_PQ_NO_EDL)
        return false;
    for (size_t i = 0; i < def->n_charges; i++) {
        area_m2 += pq_surface_of(surface, i).area_m2;
        before_kg += surface->layer_kg[i];
    }
    const double flat = area_m2 * def->debye_lengths * pq_debye_length_m(eq) * PQ_LAYER_KG_M3;
    const double kg = layers_kg(def, flat, is_beside ? water_kg : water_kg + before_kg, is_beside);
    for (size_t i = 0; i < def->n_charges; i++) {
        const double own = area_m2 > 0.0 ? kg * pq_surface_of(surface, i).area_m2 / area_m2 : 0.0;
        changed          = changed || fabs(own - surface->layer_kg[i]) > 1e-11 * kg;
        surface->layer_kg[i] = own;
    }
    return changed;
}

/* Moles of an element in the layer of surface i, without those of its water. */
static double in_layer(const pq_runner *r, const pq_view *v, size_t i, const char *element)
{
    const sei_net    *net     = v->eq->net;
    const pq_surface *f       = v->cell->surface;
    const sei_surface surface = pq_surface_of(f, i);
    sei_react_layer   layer;
    sei_amounts       sum = {0};

    sei_react_layer_at(v->eq, &surface, pq_layer_potential(f, i), &layer);
    for (size_t k = 0; k < net->n_species; k++) {
        if (net->db_index[k] == r->db->water)
            continue;
        const double mol = sei_react_layer_mol(
            &layer, v->eq->m[k] * sei_react_layer_erm(net, &surface, k), net->charge[k]);
        if (mol != 0.0)
            (void)sei_react_add_species(r->react, net->db_index[k], mol, &sum);
    }
    return sei_react_element(r->react, &sum, element);
}

/* Viscosity of what is in the layer of surface i (mPa s), where it counts by that. */
static sei_status layer_viscosity(pq_runner *r, const pq_view *v, size_t i, double *ret)
{
    const sei_net    *net     = v->eq->net;
    const pq_surface *f       = v->cell->surface;
    const sei_surface surface = pq_surface_of(f, i);
    sei_react_layer   layer;

    *ret = 0.0;
    if (!(surface.layer_kg > 0.0) || f->def->layer != SEI_PQ_LAYER_DONNAN ||
        f->def->layer_viscosity > 0.0)
        return SEI_OK;
    double *molal = sei_alloc(r->ctx, net->n_species, sizeof *molal);
    if (!molal)
        return SEI_E_NOMEM;
    sei_react_layer_at(v->eq, &surface, pq_layer_potential(f, i), &layer);
    for (size_t k = 0; k < net->n_species; k++)
        molal[k] = sei_react_layer_mol(&layer, v->eq->m[k] * sei_react_layer_erm(net, &surface, k),
                                       net->charge[k]) /
                   surface.layer_kg;
    *ret = pq_layer_mpa_s(r, v->eq, molal);
    sei_release(r->ctx, molal);
    return SEI_OK;
}

/* "psi1" with its plane, "psi" with plane 0. */
static bool is_of_plane(const char *what, const char *word, size_t *plane)
{
    const size_t len = strlen(word);

    if (strncasecmp(what, word, len) != 0 || strlen(what) > len + 1 ||
        (what[len] != '\0' && (what[len] < '0' || what[len] > '2')))
        return false;
    *plane = what[len] == '\0' ? 0 : (size_t)(what[len] - '0');
    return true;
}

static double of_layer(const pq_runner *r, const pq_view *v, size_t i, const char *what)
{
    const pq_surface *f       = v->cell->surface;
    const sei_surface surface = pq_surface_of(f, i);
    const double      area    = surface.area_m2;
    const size_t      planes  = pq_planes_of(f->def);
    size_t            plane;

    if (is_of_plane(what, "psi", &plane))
        return plane < planes ? f->potential[i * planes + plane] * SEI_PHREEQC_GAS_CONSTANT *
                                    (v->temp_c + SEI_ZERO_CELSIUS) / SEI_PHREEQC_FARADAY
                              : 0.0;
    const bool is_charge = is_of_plane(what, "charge", &plane);
    if (is_charge || is_of_plane(what, "sigma", &plane)) {
        const double by     = is_charge ? 1.0 : area > 0.0 ? SEI_PHREEQC_FARADAY / area : 0.0;
        const double charge = plane >= planes ? 0.0
                                              : layer_charge(r, v, f->def->charges[i].name,
                                                             planes > 1 ? plane : SIZE_MAX);
        return by * charge;
    }
    if (sei_equal_nocase(what, "water"))
        return surface.layer_kg;
    if (surface.layer_kg > 0.0) /* without it no layer holds anything */
        return in_layer(r, v, i, what);
    return 0.0;
}

sei_status pq_layer(pq_runner *r, const pq_view *v, const char *what, const char *surface,
                    double *ret)
{
    const pq_surface *f = v->cell ? v->cell->surface : NULL;

    *ret = 0.0;
    for (size_t i = 0; f && i < f->def->n_charges; i++) {
        if (strcmp(f->def->charges[i].name, surface) != 0 || f->def->edl == SEI_PQ_NO_EDL)
            continue;
        if (sei_equal_nocase(what, "viscos_ddl"))
            return layer_viscosity(r, v, i, ret);
        *ret = of_layer(r, v, i, what);
    }
    return SEI_OK;
}
