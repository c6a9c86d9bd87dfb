/*
 * cvode.c - kinetic reactants by SUNDIALS' CVODE: an integrator that shares nothing with ours, to check it by
 *
 * Backward differentiation formulas of variable order, Newton's method with a dense matrix of differences through full
 * equilibria. Built with SEI_WITH_CVODE alone; slow, and without our handling of elements that run out.
 */
#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <string.h>
#include <sundials/sundials_config.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include "react/kinetics.h"

typedef struct {
    sei_ctx          *ctx;
    sei_react_work   *w;
    sei_react_system *s;
    sei_react_state  *state;
    sei_kinetics     *k;
    sei_kinetic_rates rates;
    void             *user;
    const sei_react  *react;
    sei_amounts       base;
    double            mixture_mol[SEI_REACT_MIXTURES_MAX][SEI_REACT_MIXTURE_PARTS];
    sei_status        status; /* of the last failure */
    size_t            equilibria;
} check;

typedef struct {
    SUNContext      context;
    N_Vector        xi, tol;
    SUNMatrix       matrix;
    SUNLinearSolver linear;
    void           *memory;
} solver;

static double *values(N_Vector v)
{
    return N_VGetArrayPointer(v);
}

/* Equilibrium with xi reacted; what is not there does not react. */
static sei_status equilibrate(check *c, const double xi[])
{
    c->s->total = c->base;
    for (size_t k = 0; k < c->k->n; k++)
        sei_react_add_amounts(c->react, &c->k->formula[k], fmin(xi[k], c->k->m[k]), &c->s->total);
    for (size_t x = 0; x < c->s->n_mixtures; x++)
        memcpy(c->s->mixtures[x].mol, c->mixture_mol[x], sizeof c->s->mixtures[x].mol);
    c->equilibria++;
    return sei_react_solve(c->ctx, c->w, c->s, c->state);
}

/* dxi/dt; a state that has no equilibrium asks CVODE for a shorter step. */
static int slope(sunrealtype time_s, N_Vector at, N_Vector ret_slope, void *user)
{
    check  *c    = user;
    double *rate = values(ret_slope), m[SEI_KINETICS_MAX];

    c->status = equilibrate(c, values(at));
    if (c->status == SEI_E_NOT_CONVERGED)
        return 1;
    for (size_t k = 0; k < c->k->n; k++)
        m[k] = fmax(0.0, c->k->m[k] - values(at)[k]);
    if (c->status == SEI_OK)
        c->status = c->rates(c->user, c->ctx, time_s, c->state, m, rate);
    for (size_t k = 0; k < c->k->n && c->status == SEI_OK; k++)
        if (m[k] <= 0.0 && rate[k] > 0.0)
            rate[k] = 0.0;
    return c->status == SEI_OK ? 0 : -1;
}

/* ------------------------------------------------------------------ set up */

static bool create(solver *v, const sei_kinetics *k)
{
    const sunindextype n = (sunindextype)k->n;

#if SUNDIALS_VERSION_MAJOR >= 7
    if (SUNContext_Create(SUN_COMM_NULL, &v->context) != 0)
        return false;
#else
    if (SUNContext_Create(NULL, &v->context) != 0)
        return false;
#endif
    v->xi  = N_VNew_Serial(n, v->context);
    v->tol = N_VNew_Serial(n, v->context);
    if (!v->xi || !v->tol)
        return false;
    for (size_t i = 0; i < k->n; i++) {
        values(v->xi)[i]  = 0.0;
        values(v->tol)[i] = k->tol[i];
    }
    v->matrix = SUNDenseMatrix(n, n, v->context);
    v->memory = CVodeCreate(CV_BDF, v->context);
    if (!v->matrix || !v->memory)
        return false;
    v->linear = SUNLinSol_Dense(v->xi, v->matrix, v->context);
    return v->linear != NULL;
}

static void destroy(solver *v)
{
    if (v->memory)
        CVodeFree(&v->memory);
    if (v->linear)
        SUNLinSolFree(v->linear);
    if (v->matrix)
        SUNMatDestroy(v->matrix);
    if (v->xi)
        N_VDestroy(v->xi);
    if (v->tol)
        N_VDestroy(v->tol);
    if (v->context)
        SUNContext_Free(&v->context);
}

/* What goes wrong comes back as a flag; nothing is printed. */
#if SUNDIALS_VERSION_MAJOR >= 7
static int silence(solver *v)
{
    return SUNContext_ClearErrHandlers(v->context) == SUN_SUCCESS ? CV_SUCCESS : CV_MEM_FAIL;
}
#else
static void say_nothing(int code, const char *module, const char *function, char *text, void *user)
{
    (void)code, (void)module, (void)function, (void)text, (void)user;
}

static int silence(solver *v)
{
    return CVodeSetErrHandlerFn(v->memory, say_nothing, NULL);
}
#endif

static int integrate(solver *v, check *c, double dt_s)
{
    sunrealtype reached_s = 0.0;
    int         flag      = CVodeInit(v->memory, slope, 0.0, v->xi);

    if (flag == CV_SUCCESS)
        flag = silence(v);
    if (flag == CV_SUCCESS)
        flag = CVodeSVtolerances(v->memory, 0.0, v->tol);
    if (flag == CV_SUCCESS)
        flag = CVodeSetUserData(v->memory, c);
    if (flag == CV_SUCCESS)
        flag = CVodeSetLinearSolver(v->memory, v->linear, v->matrix);
    if (flag == CV_SUCCESS)
        flag = CVodeSetMaxOrd(v->memory, c->k->cvode_order);
    if (flag == CV_SUCCESS)
        flag = CVodeSetMaxNumSteps(v->memory, c->k->cvode_steps);
    if (flag == CV_SUCCESS)
        flag = CVodeSetStopTime(v->memory, dt_s);
    return flag == CV_SUCCESS ? CVode(v->memory, dt_s, v->xi, &reached_s, CV_NORMAL) : flag;
}

/* ------------------------------------------------------------------ the whole */

static sei_status finish(check *c, const double xi[])
{
    const sei_status st = equilibrate(c, xi);

    for (size_t k = 0; k < c->k->n && st == SEI_OK; k++)
        c->k->m[k] = fmax(0.0, c->k->m[k] - xi[k]);
    return st;
}

sei_status sei_react_advance_cvode(sei_ctx *ctx, const sei_react *react, sei_react_work *work,
                                   sei_react_system *system, sei_react_state *state,
                                   sei_kinetics *kinetics, double dt_s, sei_kinetic_rates rates,
                                   void *user)
{
    check      c = {.ctx   = ctx,
                    .w     = work,
                    .s     = system,
                    .state = state,
                    .k     = kinetics,
                    .rates = rates,
                    .user  = user,
                    .react = react,
                    .base  = system->total};
    solver     v = {0};
    sei_status st;

    for (size_t x = 0; x < system->n_mixtures; x++)
        memcpy(c.mixture_mol[x], system->mixtures[x].mol, sizeof c.mixture_mol[x]);
    if (kinetics->n == 0)
        return equilibrate(&c, kinetics->m);
    const int flag = create(&v, kinetics) ? integrate(&v, &c, dt_s) : CV_MEM_FAIL;
    if (flag >= 0)
        st = finish(&c, values(v.xi));
    else if (c.status != SEI_OK && c.status != SEI_E_NOT_CONVERGED)
        st = c.status;
    else
        st = sei_fail(ctx, flag == CV_MEM_FAIL ? SEI_E_NOMEM : SEI_E_STEP, NULL,
                      "kinetics: CVODE gives up within %g s (its flag %d): more -cvode_steps or a "
                      "larger -tol",
                      dt_s, flag);
    destroy(&v);
    return st;
}
