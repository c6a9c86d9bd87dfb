/* run_supply.c - reagents and sludge of a run */
#include "seiryu/titrate.h"
#include "study/run.h"

static const double water_kg_m3 = 1000.0;

static double mean_over(double amount, double time_s)
{
    return time_s > 0.0 ? amount / time_s : 0.0;
}

/* Product as bought for a mole of reagent. */
static double product_kg_mol(const sei_plant_dose *d)
{
    return 1e-3 * sei_reagent_g_mol(d->reagent) / d->purity;
}

void sei_recorder_put_doses(sei_recorder *r, const sei_train *train)
{
    const size_t n = sei_plant_n_doses(r->plant);

    for (size_t i = 0; i < n; i++)
        r->dose_kg_s[r->result.n_times * n + i] =
            sei_train_dose_mol_s(train, i) * product_kg_mol(sei_plant_dose_at(r->plant, i));
}

static sei_result_dose dose_of(const sei_recorder *r, const sei_train *train, size_t i)
{
    const sei_plant_dose *d    = sei_plant_dose_at(r->plant, i);
    const sei_ledger     *l    = sei_train_ledger(train);
    const double          time = sei_train_time_s(train);
    /* a steady run makes no step: what goes in now stands for the mean */
    const double mol_s  = time > 0.0 ? l->dosed[i] / time : sei_train_dose_mol_s(train, i);
    const double kg_mol = product_kg_mol(d);
    const double flow   = r->units[d->unit].mean_flow_m3_s;

    return (sei_result_dose){.unit          = d->unit,
                             .reagent       = d->reagent,
                             .purity        = d->purity,
                             .dissolution   = d->dissolution,
                             .set_ph        = d->set_ph,
                             .product_kg    = l->dosed[i] * kg_mol,
                             .mean_kg_s     = mol_s * kg_mol,
                             .mean_kg_m3    = flow > 0.0 ? mol_s * kg_mol / flow : 0.0,
                             .limited_share = mean_over(l->limited_s[i], time)};
}

static sei_result_sludge sludge_of(const sei_recorder *r, const sei_train *train, size_t i)
{
    const sei_plant_pump *p    = sei_plant_pump_at(r->plant, i);
    const size_t          n    = r->result.n_solids;
    const double         *mol  = sei_train_ledger(train)->pumped + i * n;
    const double          w    = p->solids_fraction;
    const double          time = sei_train_time_s(train);
    double volume = 0.0, kg = 0.0; /* of the dry solids; of a second in a steady run */

    for (size_t s = 0; s < n; s++) {
        const double moved    = time > 0.0 ? mol[s] : sei_train_pumped_mol_s(train, i, s);
        const double solid_kg = moved * r->result.solid_kg_mol[s];
        kg += solid_kg;
        volume += solid_kg / (1000.0 * sei_mineral_kg_l(r->result.solid_name[s]));
    }
    const double sludge_m3 = volume + kg * (1.0 - w) / w / water_kg_m3;
    const double per_s     = time > 0.0 ? 1.0 / time : 1.0;
    return (sei_result_sludge){.unit            = p->unit,
                               .to              = p->to == SEI_SLUDGE_AWAY ? SIZE_MAX : p->to,
                               .dry_kg          = time > 0.0 ? kg : 0.0,
                               .mean_kg_s       = kg * per_s,
                               .solids_fraction = w,
                               .sludge_kg_m3 = sludge_m3 > 0.0 ? kg / w / sludge_m3 : water_kg_m3,
                               .mean_m3_s    = sludge_m3 * per_s};
}

sei_status sei_recorder_finish_supply(sei_recorder *r, const sei_train *train)
{
    const size_t       n = sei_plant_n_doses(r->plant), k = sei_plant_n_pumps(r->plant);
    sei_result_dose   *doses   = sei_arena_alloc(&r->arena, n, sizeof *doses);
    sei_result_sludge *sludges = sei_arena_alloc(&r->arena, k, sizeof *sludges);

    if (!doses || !sludges)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        doses[i] = dose_of(r, train, i);
    for (size_t i = 0; i < k; i++)
        sludges[i] = sludge_of(r, train, i);
    r->result.n_doses   = n;
    r->result.doses     = doses;
    r->result.dose_kg_s = r->dose_kg_s;
    r->result.n_sludges = k;
    r->result.sludges   = sludges;
    return SEI_OK;
}
