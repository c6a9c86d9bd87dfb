/*
 * rate_calcite_pwp.c - dissolution and growth of calcite
 *
 *     r = A (k1 a_H + k2 a_CO2 + k3) (1 - ratio^(2/3))      ratio: saturation ratio, a_H2O = 1
 *
 * Plummer, Wigley & Parkhurst (1978) in the form of PHREEQC's rate "Calcite", whose fits of k1 to
 * k3 are used: log10 of mmol/cm2/s, k3 with another line above 25 °C. Surface of n moles that were
 * m0 at first: A = area * active * m0 (n/m0)^exponent; per mole constant when m0 is 0.
 *
 * In mine water stone stops dissolving short of saturation: two anoxic drains stalled at SI -1.2 and -0.8 although half of their
 * stone was still to come (Hedin, Watzlaf & Nairn 1994); sorbed metals are held to block the steps of the crystal. With
 * stall_log = s > 0 the ratio is taken to the stall, r ~ 1 - (10^s ratio)^(2/3), and beyond it nothing dissolves or grows. The
 * form is ours: it keeps the law far from the stall and its approach to zero.
 *
 * Precipitates of iron and aluminium armour the stone: with c moles of them for each kg of water the surface
 * that is left is A/(1 + c/(armour A)). No constant could be read; armour is off until it is given.
 */
#include "kin/rate.h"

enum { P_AREA, P_ACTIVE, P_M0, P_EXPONENT, P_ARMOUR, P_STALL, N_PARAMS };
enum { IN_H, IN_CO2, IN_LN_RATIO, IN_SOLID, IN_COATING, N_INPUTS = IN_COATING + 5 };

#define MOL_M2_PER_MMOL_CM2 10.0 /* 1 mmol/cm2 = 10 mol/m2 */
#define AFFINITY_KNEE       5.0  /* 2/3 ln ratio; from there, SI 3.3, the growth rises as a line */
#define REST                1e-6 /* of m0: keeps the slope finite when the last calcite goes */

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_AREA]     = {"area_m2_mol", "m2/mol", 0.0111, 1e-4, 10.0,
                    SEI_LOG, SEI_INFERRED, "plummer1978",
                    "surface of one mole of calcite as put in; spheres of 20 mm: 6 / diameter "
                    "times 36.9 cm3/mol",
                    "投入時の方解石 1 mol あたりの表面積(直径 20 mm の球として計算)"},
    [P_ACTIVE]   = {"active_fraction", "", 1.0, 0.001, 20.0, SEI_LOG, SEI_ASSUMED, "",
                    "surface that takes part over the geometric one: below 1 armoured or buried, "
                    "above 1 rough",
                    "幾何学的表面積に対する有効な割合(被覆で 1 未満、凹凸で 1 超)"},
    [P_M0]       = {"m0_mol_kgw", "mol/kgw", 0.0, 0.0, 1e3, SEI_LINEAR, SEI_ASSUMED, "",
                    "calcite per pore water as put in; 0: surface in proportion to what is left",
                    "投入時の間隙水あたり方解石量。0 は残量に比例した表面積とする"},
    [P_EXPONENT] = {"exponent", "", 2.0 / 3.0, 0.0, 2.0, SEI_LINEAR, SEI_INFERRED, "parkhurst2013",
                    "of (left / put in) in the surface; 2/3 for grains that shrink evenly",
                    "表面積の(残量/投入量)に対する指数。一様に縮小する粒子では 2/3"},
    [P_ARMOUR]   = {"armour_mol_m2", "mol/m2", 0.0, 0.0, 50.0, SEI_LINEAR, SEI_ASSUMED, "",
                    "iron and aluminium precipitates on a m2 of stone that halve its reactivity; 0: "
                    "no armouring. 1 mol/m2 is a crust of some 0.03 mm when dense",
                    "反応性を半減させる石表面あたりの鉄・アルミニウム沈殿量。0 は被覆なし"},
    [P_STALL]    = {"stall_log", "", 0.0, 0.0, 4.0, SEI_LINEAR, SEI_ASSUMED, "",
                    "log units below saturation at which the stone stops dissolving; 0: it dissolves "
                    "to saturation and grows beyond. Anoxic drains have stalled at 0.8 and 1.2",
                    "溶解が止まる未飽和度(飽和指数の絶対値)。0 は飽和まで溶解し過飽和で成長"},
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_H]        = {SEI_IN_ACTIVITY, "H+"},
    [IN_CO2]      = {SEI_IN_ACTIVITY, "CO2"},
    [IN_LN_RATIO] = {SEI_IN_LNSR, "Calcite"},
    [IN_SOLID]    = {SEI_IN_SOLID, "Calcite"},
    {SEI_IN_SOLID, "Ferrihydrite"},
    {SEI_IN_SOLID, "Schwertmannite"},
    {SEI_IN_SOLID, "Goethite"},
    {SEI_IN_SOLID, "Al(OH)3(a)"},
    {SEI_IN_SOLID, "Basaluminite"},
};

/* Metal atoms in a mole of each coating, in the order of the inputs. */
static const double metals[N_INPUTS - IN_COATING] = {1.0, 8.0, 1.0, 1.0, 4.0};

/* Surface in m2/kgw and its derivative by the moles left. */
static sei_term surface(const double p[], double mol_kgw)
{
    const sei_term m    = sei_term_first(mol_kgw);
    const double   area = p[P_AREA] * p[P_ACTIVE], m0 = p[P_M0], n1 = p[P_EXPONENT] - 1.0;

    if (m0 <= 0.0)
        return (sei_term){area * m.value, area * m.slope};
    const double left = (m.value / m0 + REST) / (1.0 + REST);
    const double w    = pow(left, n1);
    const double dw   = n1 * w / left / ((1.0 + REST) * m0);
    return (sei_term){area * m.value * w, area * (w + m.value * dw) * m.slope};
}

/* Surface that armour leaves, with slopes by the bare surface and by the coating. */
typedef struct {
    double value, by_area, by_coating;
} armoured;

static armoured armour(double half_mol_m2, double area, double coating)
{
    const double room = half_mol_m2 * area;

    if (!(half_mol_m2 > 0.0) || !(room > 0.0))
        return (armoured){area, 1.0, 0.0};
    const double x = coating / room, q = 1.0 / (1.0 + x);
    return (armoured){area * q, q * (2.0 - q), -q * q / half_mol_m2};
}

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double t  = env->temp_k;
    const double k1 = MOL_M2_PER_MMOL_CM2 * sei_ten_to(0.198 - 444.0 / t);
    const double k2 = MOL_M2_PER_MMOL_CM2 * sei_ten_to(2.84 - 2177.0 / t);
    const double k3 =
        MOL_M2_PER_MMOL_CM2 * sei_ten_to(t <= SEI_T25_K ? -5.86 - 317.0 / t : -1.1 - 1737.0 / t);

    const sei_term h = sei_term_first(in[IN_H]), co2 = sei_term_first(in[IN_CO2]);
    const sei_term a       = surface(p, in[IN_SOLID]);
    const double   stall   = p[P_STALL] * 2.302585092994046; /* ln 10 */
    const sei_term growth  = sei_term_exp(2.0 / 3.0 * (in[IN_LN_RATIO] + stall), AFFINITY_KNEE);
    const double   attack  = k1 * h.value + k2 * co2.value + k3;
    const bool     is_over = p[P_STALL] > 0.0 && growth.value > 1.0; /* stalled */
    const double   lack    = is_over ? 0.0 : 1.0 - growth.value;
    double         coating = 0.0;

    for (size_t i = 0; i < N_INPUTS - IN_COATING; i++)
        coating += metals[i] * sei_term_first(in[IN_COATING + i]).value;
    const armoured left = armour(p[P_ARMOUR], a.value, coating);

    *ret_rate              = left.value * attack * lack;
    ret_slope[IN_H]        = left.value * k1 * h.slope * lack;
    ret_slope[IN_CO2]      = left.value * k2 * co2.slope * lack;
    ret_slope[IN_LN_RATIO] = is_over ? 0.0 : -left.value * attack * growth.slope * 2.0 / 3.0;
    ret_slope[IN_SOLID]    = left.by_area * a.slope * attack * lack;
    for (size_t i = 0; i < N_INPUTS - IN_COATING; i++)
        ret_slope[IN_COATING + i] =
            left.by_coating * metals[i] * sei_term_first(in[IN_COATING + i]).slope * attack * lack;
}

const sei_rate_law sei_rate_law_calcite_pwp = {
    .key      = "calcite-pwp",
    .title    = "Dissolution of limestone",
    .title_ja = "石灰石の溶解",
    .source   = "plummer1978",
    .reaction = "Calcite = Ca+2 + CO3-2",
    .ph       = {2.0, 10.0},
    .temp_c   = {5.0, 60.0},
    .params   = params,
    .n_params = N_PARAMS,
    .inputs   = inputs,
    .n_inputs = N_INPUTS,
    .of_bed   = true,
    .eval     = eval,
};
