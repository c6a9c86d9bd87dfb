/* read_diffusion.c - TRANSPORT: diffusion of every species by itself, with PHREEQC's defaults */
#include "phreeqc/reader.h"

const sei_pq_multi sei_pq_multi_default = {.default_m2_s          = 1e-9,
                                           .porosity              = 0.3,
                                           .exponent              = 1.0,
                                           .interlayer_porosity   = 0.1,
                                           .interlayer_tortuosity = 100.0,
                                           .mix_max               = 1.0,
                                           .log_molality_min      = -30.0};

typedef struct {
    const char *what;
    double     *value;
    bool        may_be_zero;
} amount;

/* Numbers that may end anywhere; those that are left out keep their values. */
static sei_status amounts_of(sei_pq_reader *r, sei_where where, sei_slice *rest, size_t n,
                             const amount list[])
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        st = sei_pq_number_or(r, where, rest, list[i].what, list[i].value);
        if (st == SEI_OK && !(list[i].may_be_zero ? *list[i].value >= 0.0 : *list[i].value > 0.0))
            st = sei_pq_fail(r, SEI_E_RANGE, where, "%s of %g is %s", list[i].what, *list[i].value,
                             list[i].may_be_zero ? "negative" : "not above 0");
    }
    return st;
}

/* The flag that the line begins with. */
static sei_status flag_of(sei_pq_reader *r, sei_where where, sei_slice *rest, bool *ret)
{
    sei_slice word = {"", 0};

    sei_next_word(rest, &word);
    return sei_pq_flag(r, where, word, ret);
}

/* "true 1e-9 0.3 0.05 1.0 false" */
sei_status sei_pq_multi_of(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_multi *multi)
{
    const sei_pq_multi *d = &sei_pq_multi_default;

    multi->default_m2_s   = d->default_m2_s;
    multi->porosity       = d->porosity;
    multi->porosity_limit = d->porosity_limit;
    multi->exponent       = d->exponent;
    multi->by_conductance = false;
    const amount list[]   = {{"default diffusion coefficient", &multi->default_m2_s, true},
                             {"porosity", &multi->porosity, false},
                             {"limit of the porosity", &multi->porosity_limit, true}};

    sei_status st = flag_of(r, where, &rest, &multi->is_on);
    if (st == SEI_OK)
        st = amounts_of(r, where, &rest, sizeof list / sizeof *list, list);
    if (st == SEI_OK)
        st = sei_pq_number_or(r, where, &rest, "exponent of the porosity", &multi->exponent);
    if (st == SEI_OK && sei_trim(rest).len)
        st = flag_of(r, where, &rest, &multi->by_conductance);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

/* "true 0.1 0.0 100" */
sei_status sei_pq_interlayer_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                                sei_pq_multi *multi)
{
    const sei_pq_multi *d = &sei_pq_multi_default;

    multi->interlayer_porosity   = d->interlayer_porosity;
    multi->interlayer_limit      = d->interlayer_limit;
    multi->interlayer_tortuosity = d->interlayer_tortuosity;
    const amount list[] = {{"porosity of the interlayers", &multi->interlayer_porosity, true},
                           {"limit of the porosity", &multi->interlayer_limit, true},
                           {"tortuosity of the interlayers", &multi->interlayer_tortuosity, false}};

    sei_status st = flag_of(r, where, &rest, &multi->has_interlayer);
    if (st == SEI_OK)
        st = amounts_of(r, where, &rest, sizeof list / sizeof *list, list);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

/* "true 1.0 -30" */
sei_status sei_pq_implicit_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                              sei_pq_multi *multi)
{
    const sei_pq_multi *d = &sei_pq_multi_default;

    multi->mix_max          = d->mix_max;
    multi->log_molality_min = d->log_molality_min;
    const amount list[]     = {{"largest mixing factor", &multi->mix_max, false}};

    sei_status st = flag_of(r, where, &rest, &multi->is_implicit);
    if (st == SEI_OK)
        st = amounts_of(r, where, &rest, sizeof list / sizeof *list, list);
    if (st == SEI_OK)
        st = sei_pq_number_or(r, where, &rest, "least log molality", &multi->log_molality_min);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}
