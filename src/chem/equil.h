/*
 * equil.h - aqueous equilibrium on a compiled network
 *
 * sei_frame holds what depends on temperature alone; sei_eval_* compute species from unknowns; the
 * solver finds the unknowns for given totals. The same evaluation serves speciation and the cells
 * of a train.
 */
#ifndef SEI_CHEM_EQUIL_H
#define SEI_CHEM_EQUIL_H

#include "chem/dielectric.h"
#include "chem/net.h"

/* Workspace of one thread for one network. */
typedef struct {
    const sei_net    *net;
    sei_ctx          *ctx;
    double            temp_k; /* of lnk and dh; 0 = not set */
    sei_debye_hueckel dh;
    double            ln_ae, ln_aw, mu;
    double            gamma_mu, gamma_temp_k; /* ionic strength that lng stands for */
    double *lnk, *lng, *dlng, *m; /* [n_species] */
    double *x, *total, *jac, *dtot_dmu; /* [n_comp], [n_comp], [n_comp^2], [n_comp] */
    double *mu_row;    /* [n_comp] d mu_calc / dx */
    double *charge_row, *alk_row;
    double  mu_calc, dmu_calc_dmu, sum_m, charge, dcharge_dmu, alk, dalk_dmu, charge_scale, alk_scale;
    double *lin;       /* workspace of the linear solver */
    double *rhs, *rhs_mu, *best_x;
    int    *unknown;   /* [n_comp] */
} sei_equil;

SEI_CHECKED sei_status sei_equil_create(sei_ctx *ctx, const sei_net *net, sei_equil **ret_eq);
void                   sei_equil_free(sei_equil *eq);

/* Sets temperature-dependent constants; cheap when the temperature is unchanged. */
void sei_equil_set_temp(sei_equil *eq, double temp_k);
/* ln gamma and d ln gamma / dI of every species at eq->mu. */
void sei_equil_activity(sei_equil *eq);
/* Molalities from eq->x, ln_ae, ln_aw and ln gamma; then totals. */
void sei_equil_species(sei_equil *eq);
void sei_equil_sums(sei_equil *eq, bool with_jacobian);

typedef struct {
    double        temp_k;
    bool          fix_ph;   /* else total[n_comp-1] is the proton condition, mol/kgw */
    double        ph, pe;
    const double *total;    /* [n_comp] mol/kgw; 0 is not allowed but for H */
    size_t        balance;  /* component that makes the charge, SIZE_MAX for none; H = the pH */
    double        charge_eq_kgw; /* wanted charge, with balance */
    size_t        alk_component; /* component that alkalinity stands for, SIZE_MAX for none */
    double        alk_eq_kgw;
    bool          warm; /* start from eq->x, eq->mu of the last solution */
} sei_water;

typedef struct {
    int         iterations;
    double      residual;    /* largest relative residual left */
    const char *worst;       /* component or "charge", "alkalinity", "ionic strength" */
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
