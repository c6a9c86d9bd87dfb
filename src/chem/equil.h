/*
 * equil.h - aqueous equilibrium on a compiled network
 *
 * sei_equil holds one state: unknowns, species, sums. sei_equil_set_temp, _activity, _species and
 * _sums evaluate it; sei_equil_solve finds the unknowns for given totals. The same evaluation serves
 * speciation and the cells of a train.
 */
#ifndef SEI_CHEM_EQUIL_H
#define SEI_CHEM_EQUIL_H

#include "chem/dielectric.h"
#include "chem/kernel.h"
#include "chem/net.h"
#include "chem/specific.h"

/* Workspace of one thread for one network. */
typedef struct sei_equil {
    const sei_net    *net;
    sei_ctx          *ctx;
    double            temp_k; /* of lnk and dh; 0 = not set */
    sei_debye_hueckel dh;
    double            ln_ae, ln_aw, mu;
    double            water_kg_mol;     /* of the water that is counted beside the species */
    double           *lnk, *lng, *m;    /* [n_species] */
    double *x, *total, *jac, *dtot_dmu; /* [n_comp], [n_comp], [n_comp^2] row b = d T_b, [n_comp] */
    double *mu_row;                     /* [n_comp] d mu_calc / dx */
    double *charge_row, *alk_row;       /* [n_comp] d charge / dx, d alk / dx */
    double  mu_calc, dmu_calc_dmu, sum_m, charge, dcharge_dmu, alk, dalk_dmu, charge_scale,
        alk_scale;

    /* --- inside --- */
    double  basis[SEI_LOGK_TERMS];  /* of the constants, at temp_k */
    double  gamma_mu, gamma_temp_k; /* ionic strength and temperature that class_lng stands for */
    double *class_az2, *class_den, *class_bi, *class_sat, *class_lng, *class_dlng,
        *shift;                           /* [classes.n] */
    bool        has_sat;                  /* some class_sat is not 0 */
    double     *lines;                    /* [5 * classes.n] see sei_kernel_lines */
    bool        has_lines;                /* all classes are on them at any temperature */
    double     *factors;                  /* [SEI_FACTORS * classes.n] */
    bool        has_factors;              /* they have the slopes of class_dlng in them */
    double     *terms, *sums, *sums_beta; /* [SEI_TERMS * n_species], [SEI_TERMS * n_comp] */
    sei_scalars scalars;
    double     *packed;    /* [ldl.n_slots] Jacobian or its factor */
    double     *lin, *rhs; /* [n_comp^2], [SEI_V4 * n_comp] */
    /* The last solution, for a warm start: sums hold for it while x, mu and a_w are still these. */
    bool    is_solved;
    double *solved_x, solved_mu, solved_ln_aw, solved_ln_ae, solved_temp_k;
    bool    by_nu; /* totals with nu for beta, also of species whose mole balance differs */
    /* What the factor in packed stands for, for use at a neighbouring state. */
    bool   has_factor;
    size_t factor_n;
    double factor_residual;
    /* Pressure, by pressure.c. */
    bool                 is_pressed; /* not 1 atm */
    double               pressure_atm, volume_mu, volume_temp_k;
    double               volume_factor;             /* (P - 1 atm) / RT, mol/cm3; 0 below 1 atm */
    double              *comp_volume, water_volume; /* [n_comp] cm3/mol */
    double              *lnk_shift;                 /* [n_species] of lnk */
    sei_water_properties water_at;
    sei_specific        *specific; /* NULL: activities by ionic strength alone */
} sei_equil;

SEI_CHECKED sei_status sei_equil_create(sei_ctx *ctx, const sei_net *net, sei_equil **ret_eq);
void                   sei_equil_free(sei_equil *eq);

/* Sets temperature-dependent constants; cheap when the temperature is unchanged. */
void sei_equil_set_temp(sei_equil *eq, double temp_k);
/* ln gamma of every species at eq->mu. */
void sei_equil_activity(sei_equil *eq);
/* Molalities from eq->x, ln_ae, ln_aw and ln gamma. */
void sei_equil_species(sei_equil *eq);
/* Totals, scalars and their slopes; with_jacobian also jac. */
void sei_equil_sums(sei_equil *eq, bool with_jacobian);

/* ln gamma = -az2 sqrt(I) / (1 + den sqrt(I)) + bi I - sat I / (1 + I) of a class at a temperature. */
typedef struct {
    double az2, den, bi, sat;
} sei_gamma;

/* That of -llnl_gamma for a charge and an ion size. */
sei_gamma sei_gamma_llnl(const sei_net *net, double temp_k, double charge, double dha);
sei_gamma sei_gamma_of_class(const sei_net *net, const sei_debye_hueckel *dh, double temp_k,
                             size_t c);

/* What a law gives below is no water any more. */
#define SEI_AW_LOW    0.05
#define SEI_LN_AW_LOW (-2.995732273553991)
/* ln(1 - 0.017 sum m), Raoult's law as PHREEQC takes it, and its slope by the sum; a_w is never below SEI_AW_LOW. */
double sei_ln_aw_by_raoult(double sum_m, double *ret_slope);
/* The same of the present molalities, or what specific interactions make of it. */
double sei_equil_ln_aw(const sei_equil *eq, double *ret_slope);

/* Parts of the above for the solver: activity without lng of every species; all sums but
 * charge_row, alkalinity and Jacobian; these; the Jacobian with nu for beta as values of net->ldl
 * (without the row of H where it is not wanted); jac from those. */
void sei_equil_class_activity(sei_equil *eq);
void sei_equil_balances(sei_equil *eq);
void sei_equil_scalars(sei_equil *eq);       /* sum_m, mu_calc and charge alone */
void sei_equil_scalar_slopes(sei_equil *eq); /* the slopes of these by ionic strength */
void sei_equil_totals(sei_equil *eq);
void sei_equil_charge(sei_equil *eq);
void sei_equil_alkalinity(sei_equil *eq);
void sei_equil_alk_value(sei_equil *eq); /* alk alone */
void sei_equil_packed(sei_equil *eq, bool with_h);
void sei_equil_full_jacobian(sei_equil *eq);

typedef struct {
    double        temp_k;
    bool          fix_ph; /* else total[n_comp-1] is the proton condition, mol/kgw */
    double        ph, pe;
    const double *total;   /* [n_comp] mol/kgw; 0 is not allowed but for H */
    size_t        balance; /* component that makes the charge, SIZE_MAX for none; H = the pH */
    double        charge_eq_kgw; /* wanted charge, with balance */
    size_t alk_component; /* component that alkalinity stands for, H = the pH; SIZE_MAX for none */
    double alk_eq_kgw;
    bool   warm; /* start from eq->x, eq->mu of the last solution */
} sei_water;

typedef struct {
    int         iterations; /* evaluations of all species */
    int         attempts;   /* strategies that were needed, 1 = the first did */
    double      residual;   /* largest relative residual left */
    const char *worst;      /* component or "charge", "alkalinity", "ionic strength" */
} sei_equil_report;

/* On success eq holds x, m, total, mu, charge, alk. On failure the error names the balance that was
 * left. report may be NULL. */
SEI_CHECKED sei_status sei_equil_solve(sei_ctx *ctx, sei_equil *eq, const sei_water *water,
                                       sei_equil_report *report);

/* log10 of the saturation index of phase p for the last solution. */
double sei_equil_si(const sei_equil *eq, size_t phase);
/* ln of the same and its gradient by x. */
double sei_equil_ln_sr(const sei_equil *eq, size_t phase);

#endif
