/* test_phreeqc_input.c - typed blocks of PHREEQC inputs: what every keyword means, abbreviations, places */
#include "t.h"
#include "phreeqc/input.h"

#include <dirent.h>

typedef struct {
    sei_ctx      *ctx;
    sei_pq_input *input;
} parsed;

static parsed read_text(const char *text)
{
    parsed p = {sei_ctx_create(NULL), NULL};

    T_OK(p.ctx, sei_pq_parse(p.ctx, "test.pqi", text, strlen(text), &p.input));
    return p;
}

static void done(parsed *p)
{
    sei_pq_free(p->input);
    sei_ctx_free(p->ctx);
}

/* The i-th block of the first simulation. */
static const sei_pq_block *block(const parsed *p, size_t i)
{
    ck_assert_uint_gt(p->input->n, 0);
    ck_assert_uint_lt(i, p->input->simulations[0].n);
    return &p->input->simulations[0].blocks[i];
}

START_TEST(what_editors_of_windows_leave_in_a_file_is_no_matter)
{
    static const char text[] = "\xEF\xBB\xBFSOLUTION 1\r\n pH 6\r\n# \x92\x86\x98\x61\r\nEND\r\n";
    sei_ctx          *own    = sei_ctx_create(NULL);
    sei_pq_input     *input  = NULL;

    T_OK(own, sei_pq_parse(own, "w.pqi", text, sizeof text - 1, &input));
    ck_assert_uint_eq(input->n, 1);
    T_NEAR(input->simulations[0].blocks[0].as.solution->ph, 6.0, 0.0);
    sei_pq_free(input);
    sei_ctx_free(own);
}
END_TEST

START_TEST(lines_are_joined_cut_and_stripped)
{
    parsed p = read_text("\n# remark\nSolution 2-4 spring \\ \n water # x\n  temp 12; pH 6.5 \\\n "
                         "charge\r\nEND\nEND\n"
                         "use SOLUTION 3\n");

    ck_assert_uint_eq(p.input->n, 3);
    const sei_pq_block *b = block(&p, 0);
    ck_assert_str_eq(b->keyword, "SOLUTION");
    ck_assert_str_eq(b->where.file, "test.pqi");
    ck_assert_uint_eq(b->where.line, 3);
    ck_assert_int_eq(b->first, 2);
    ck_assert_int_eq(b->last, 4);
    ck_assert_str_eq(b->description, "spring   water");
    T_CLOSE(b->as.solution->temp_c, 12.0, 0.0);
    T_CLOSE(b->as.solution->ph, 6.5, 0.0);
    ck_assert_int_eq(b->as.solution->ph_fix, SEI_PQ_CHARGE);
    ck_assert_uint_eq(b->as.solution->ph_where.line, 5);
    ck_assert_uint_eq(p.input->simulations[1].n, 0);
    ck_assert_int_eq(p.input->simulations[2].blocks[0].as.target->entity, SEI_PQ_SOLUTION);
    ck_assert_int_eq(p.input->simulations[2].blocks[0].as.target->first, 3);
    done(&p);
}
END_TEST

START_TEST(a_solution_has_its_defaults)
{
    parsed                 p = read_text("SOLUTION\n");
    const sei_pq_solution *s = block(&p, 0)->as.solution;

    T_CLOSE(s->temp_c, 25.0, 0.0);
    T_CLOSE(s->ph, 7.0, 0.0);
    T_CLOSE(s->pe, 4.0, 0.0);
    T_CLOSE(s->water_kg, 1.0, 0.0);
    T_CLOSE(s->pressure_atm, 1.0, 0.0);
    T_CLOSE(s->unit.factor, 1e-3, 0.0);
    ck_assert_int_eq(s->unit.amount, SEI_PQ_MOL);
    ck_assert_int_eq(s->unit.per, SEI_PQ_PER_KGW);
    ck_assert_str_eq(s->couple, "pe");
    ck_assert_int_eq(block(&p, 0)->first, 1);
    done(&p);
}
END_TEST

START_TEST(analytes_carry_unit_formula_couple_and_what_adjusts_them)
{
    parsed p = read_text(
        "SOLUTION 1\n -units ppm\n -density 1.023\n -redox O(-2)/O(0)\n pe 8.4 O2(g) -0.7\n"
        " Fe(+2) 3 ug/kgs as Fe2O3 pe\n Alkalinity 2.3 mmol/kgs\n N(5) 4 gfw 62 N(5)/N(-3)\n"
        " Si 5 ppb Quartz -0.5\n [Ab] 6 mg/kgs charge\n Fe(2) 7\n -water 2.5\n pressure 3\n");
    const sei_pq_solution *s = block(&p, 0)->as.solution;

    T_CLOSE(s->density_kg_l, 1.023, 0.0);
    ck_assert_str_eq(s->couple, "O(-2)/O(0)");
    ck_assert_int_eq(s->pe_fix, SEI_PQ_PHASE);
    ck_assert_str_eq(s->pe_phase, "O2(g)");
    T_CLOSE(s->pe_si, -0.7, 0.0);
    ck_assert_uint_eq(s->n, 5); /* Fe(2) again replaces Fe(+2) */
    ck_assert_str_eq(s->analytes[0].component, "Fe(2)");
    T_CLOSE(s->analytes[0].value, 7.0, 0.0);
    T_CLOSE(s->analytes[0].unit.factor, 1e-3, 0.0);
    ck_assert_str_eq(s->analytes[1].component, "Alkalinity");
    ck_assert_int_eq(s->analytes[1].unit.amount, SEI_PQ_EQ);
    T_CLOSE(s->analytes[2].g_mol, 62.0, 0.0);
    ck_assert_str_eq(s->analytes[2].couple, "N(5)/N(-3)");
    T_CLOSE(s->analytes[3].unit.factor, 1e-6, 1e-15);
    ck_assert_str_eq(s->analytes[3].phase, "Quartz");
    T_CLOSE(s->analytes[3].si, -0.5, 0.0);
    ck_assert_str_eq(s->analytes[4].component, "[Ab]");
    ck_assert_int_eq(s->analytes[4].fix, SEI_PQ_CHARGE);
    ck_assert_str_eq(s->analytes[4].couple, "O(-2)/O(0)");
    T_CLOSE(s->water_kg, 2.5, 0.0);
    T_CLOSE(s->pressure_atm, 3.0, 0.0);
    done(&p);
}
END_TEST

START_TEST(unit_words_of_phreeqc_are_known)
{
    static const struct {
        const char   *word;
        double        factor;
        sei_pq_amount amount;
        sei_pq_per    per;
    } rows[] = {
        {"mol/kgw", 1.0, SEI_PQ_MOL, SEI_PQ_PER_KGW},
        {"mMol/L", 1e-3, SEI_PQ_MOL, SEI_PQ_PER_LITRE},
        {"umol/kgs", 1e-6, SEI_PQ_MOL, SEI_PQ_PER_KGS},
        {"millimoles/kgw", 1e-3, SEI_PQ_MOL, SEI_PQ_PER_KGW},
        {"g/l", 1.0, SEI_PQ_GRAM, SEI_PQ_PER_LITRE},
        {"micrograms/kgw", 1e-6, SEI_PQ_GRAM, SEI_PQ_PER_KGW},
        {"ppt", 1.0, SEI_PQ_GRAM, SEI_PQ_PER_KGS},
        {"meq/liter", 1e-3, SEI_PQ_EQ, SEI_PQ_PER_LITRE},
    };
    char text[200];

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        snprintf(text, sizeof text, "SOLUTION 1\n units %s\n", rows[i].word);
        parsed            p = read_text(text);
        const sei_pq_unit u = block(&p, 0)->as.solution->unit;
        T_CLOSE(u.factor, rows[i].factor, 1e-15);
        ck_assert_int_eq(u.amount, rows[i].amount);
        ck_assert_int_eq(u.per, rows[i].per);
        done(&p);
    }
}
END_TEST

START_TEST(a_spread_makes_one_solution_a_row)
{
    parsed p = read_text(
        "SOLUTION_SPREAD\n -units mg/L\n -temp 11\nNumber\tpH\tAlkalinity\tCa\tDescription\n"
        "\t\tas HCO3\t\t\n7\t6.5\t100\t40\tNorth adit\n\t7.5\t\t50\tSouth\n");
    const sei_pq_block *b = block(&p, 0);

    ck_assert_uint_eq(p.input->simulations[0].n, 2);
    ck_assert_int_eq(b->kind, SEI_PQ_BLOCK_SOLUTION);
    ck_assert_int_eq(b->first, 7);
    ck_assert_str_eq(b->description, "North adit");
    T_CLOSE(b->as.solution->ph, 6.5, 0.0);
    T_CLOSE(b->as.solution->temp_c, 11.0, 0.0);
    ck_assert_uint_eq(b->as.solution->n, 2);
    ck_assert_str_eq(b->as.solution->analytes[0].as, "HCO3");
    ck_assert_uint_eq(b->as.solution->analytes[0].where.line, 6);
    ck_assert_int_eq(block(&p, 1)->first, 8);
    ck_assert_uint_eq(block(&p, 1)->as.solution->n, 1);
    T_CLOSE(block(&p, 1)->as.solution->analytes[0].value, 50.0, 0.0);
    done(&p);
}
END_TEST

START_TEST(minerals_gases_and_solid_solutions)
{
    parsed p = read_text(
        "PURE_PHASES 3\n Calcite\n Gypsum 0.1\n CO2(g) -2 0.5 dissolve_only\n"
        " Quartz 0 SiO2 1.5 p\n Fix_H+ -7 NaOH\n -force_equality\n"
        "GAS_PHASE 2\n -fixed_vol\n -vol 2.5\n -equil with solution 4\n CO2(g)\n O2(g) 0.2\n"
        "SOLID_SOLUTION\n Carb\n -comp1 Calcite 0.1\n -comp2 Siderite 0.2\n -tempc 20\n"
        " -gugg_nondim 1.9 -0.3\n Ideal\n -comp A 1\n -comp B 0\n -comp C 0\n");
    const sei_pq_equilibrium *e = block(&p, 0)->as.equilibrium;

    ck_assert_str_eq(block(&p, 0)->keyword, "EQUILIBRIUM_PHASES");
    ck_assert_uint_eq(e->n, 5);
    T_CLOSE(e->minerals[0].mol, 10.0, 0.0);
    T_CLOSE(e->minerals[1].si, 0.1, 0.0);
    ck_assert(e->minerals[2].dissolve_only);
    T_CLOSE(e->minerals[2].mol, 0.5, 0.0);
    ck_assert_str_eq(e->minerals[3].formula, "SiO2");
    ck_assert(e->minerals[3].precipitate_only);
    T_CLOSE(e->minerals[3].mol, 1.5, 0.0);
    ck_assert_str_eq(e->minerals[4].formula, "NaOH");
    ck_assert(e->minerals[4].force_equality);

    const sei_pq_gas_phase *g = block(&p, 1)->as.gas_phase;
    ck_assert(g->is_fixed_volume);
    ck_assert(g->is_equilibrated);
    ck_assert_int_eq(g->solution, 4);
    T_CLOSE(g->volume_l, 2.5, 0.0);
    ck_assert(!g->gases[0].has_pressure);
    T_CLOSE(g->gases[1].pressure_atm, 0.2, 0.0);

    const sei_pq_solid_solutions *s = block(&p, 2)->as.solid_solutions;
    ck_assert_uint_eq(s->n, 2);
    ck_assert_int_eq(s->solutions[0].kind, SEI_PQ_SS_GUGG_NONDIM);
    T_CLOSE(s->solutions[0].p[1], -0.3, 0.0);
    T_CLOSE(s->solutions[0].temp_k, 293.15, 1e-15);
    ck_assert_str_eq(s->solutions[0].members[1].name, "Siderite");
    ck_assert_uint_eq(s->solutions[1].n, 3);
    done(&p);
}
END_TEST

START_TEST(exchangers_and_surfaces)
{
    parsed p = read_text("EXCHANGE 1\n CaX2 0.2\n X 0.1\n X Calcite kin 0.01\n -equilibrate 3\n"
                         "SURFACE 5-6\n Hfo_wOH 2e-4 600 0.09\n Hfo_s 5e-6\n -no_edl\n "
                         "-equilibrate with solution 1\n"
                         "SURFACE 7\n Hfo_w Fe(OH)3(a) equilibrium_phase 0.2 53300\n -diff 2e-8\n");
    const sei_pq_exchange *e = block(&p, 0)->as.exchange;

    ck_assert_uint_eq(e->n, 3);
    ck_assert(e->is_equilibrated);
    ck_assert_int_eq(e->solution, 3);
    ck_assert_str_eq(e->sites[0].formula, "CaX2");
    ck_assert_int_eq(e->sites[2].kind, SEI_PQ_SITES_KINETIC);
    ck_assert_str_eq(e->sites[2].related, "Calcite");
    T_CLOSE(e->sites[2].value, 0.01, 0.0);

    const sei_pq_surface *f = block(&p, 1)->as.surface;
    ck_assert_int_eq(block(&p, 1)->last, 6);
    ck_assert_int_eq(f->edl, SEI_PQ_NO_EDL);
    ck_assert_uint_eq(f->n_charges, 1);
    ck_assert_str_eq(f->charges[0].name, "Hfo");
    T_CLOSE(f->charges[0].area, 600.0, 0.0);
    T_CLOSE(f->charges[0].mass_g, 0.09, 0.0);
    ck_assert_uint_eq(f->sites[1].charge, 0);

    const sei_pq_surface *tied = block(&p, 2)->as.surface;
    ck_assert_int_eq(tied->sites[0].kind, SEI_PQ_SITES_MINERAL);
    ck_assert(tied->charges[0].is_related);
    T_CLOSE(tied->charges[0].area, 53300.0, 0.0);
    ck_assert_int_eq(tied->layer, SEI_PQ_LAYER_DIFFUSE);
    T_CLOSE(tied->thickness_m, 2e-8, 0.0);
    done(&p);
}
END_TEST

START_TEST(reactions_and_their_steps)
{
    parsed p = read_text(
        "REACTION 1\n Ca(OH)2 1 NaCl 0.5\n NaCl 0.7\n 1 2*3 millimoles\n 4\n"
        "REACTION 2\n HCl\n 10.09 mmol in 9 steps\nREACTION 3\n HCl\n"
        "REACTION_TEMPERATURE 2\n 10 90 in 17 steps\nREACTION_TEMPERATURE 3\n 15 25\n 35\n"
        "MIX 2-3 blend\n 1 0.6855\n 2 -0.3\nINCREMENTAL true\n");
    const sei_pq_reaction *a = block(&p, 0)->as.reaction;

    ck_assert_uint_eq(a->n, 2);
    T_CLOSE(a->reactants[1].value, 0.7, 0.0);
    ck_assert_uint_eq(a->steps.n, 4);
    T_CLOSE(a->steps.values[0], 1e-3, 1e-15);
    T_CLOSE(a->steps.values[2], 3e-3, 1e-15);
    T_CLOSE(a->steps.values[3], 4e-3, 1e-15);
    const sei_pq_steps *b = &block(&p, 1)->as.reaction->steps;
    ck_assert(b->is_equal);
    ck_assert_uint_eq(b->n_equal, 9);
    T_CLOSE(b->values[0], 10.09e-3, 1e-15);
    T_CLOSE(block(&p, 2)->as.reaction->steps.values[0], 1.0, 0.0);
    ck_assert_uint_eq(block(&p, 3)->as.ramp->steps.n_equal, 17);
    ck_assert_uint_eq(block(&p, 4)->as.ramp->steps.n, 3);
    ck_assert_int_eq(block(&p, 5)->as.mix->parts[0].solution, 1);
    T_CLOSE(block(&p, 5)->as.mix->parts[1].fraction, -0.3, 0.0);
    ck_assert_str_eq(block(&p, 5)->description, "blend");
    ck_assert(*block(&p, 6)->as.flag);
    done(&p);
}
END_TEST

START_TEST(kinetics_and_rates)
{
    parsed p = read_text(
        "RATES\nFe_ox\n-start\n10 fe2 = TOT(\"Fe_di\") ; 20 SAVE 1\n-end\nother\n10 SAVE 2\n"
        "KINETICS 1-2\nFe_ox\n -formula Fe_di -1.0 Fe_tri 1.0 H\n -m0 1e-1\n -parms 98.9 0.67\n"
        "other\n -m 3\n tol 1e-6\n -steps 1 2 hours\n -rk 6\n -bad_step_max 2000\n -cvode\n"
        " -step_divide 10\nKINETICS 3\nFe_ox\n -steps 86400 in 8 steps\n");
    const sei_pq_rates *rates = block(&p, 0)->as.rates;

    ck_assert_uint_eq(rates->n, 2);
    ck_assert_uint_eq(rates->rates[0].basic.n, 2);
    ck_assert_str_eq(rates->rates[0].basic.lines[0].text, "10 fe2 = TOT(\"Fe_di\")");
    ck_assert_uint_eq(rates->rates[0].basic.lines[1].where.line, 4);
    const sei_pq_kinetics *k = block(&p, 1)->as.kinetics;
    ck_assert_uint_eq(k->n, 2);
    ck_assert_uint_eq(k->reactants[0].n_formula, 3);
    T_CLOSE(k->reactants[0].formula[0].value, -1.0, 0.0);
    T_CLOSE(k->reactants[0].formula[2].value, 1.0, 0.0);
    T_CLOSE(k->reactants[0].m, 0.1, 0.0);
    ck_assert_uint_eq(k->reactants[0].n_parms, 2);
    T_CLOSE(k->reactants[1].m0, 3.0, 0.0);
    T_CLOSE(k->reactants[1].tol, 1e-6, 0.0);
    ck_assert_str_eq(k->reactants[1].formula[0].name, "other");
    T_CLOSE(k->steps.values[1], 7200.0, 0.0);
    ck_assert_int_eq(k->runge_kutta, 6);
    ck_assert_int_eq(k->bad_step_max, 2000);
    ck_assert(k->use_cvode);
    T_CLOSE(k->step_divide, 10.0, 0.0);
    ck_assert_uint_eq(block(&p, 2)->as.kinetics->steps.n_equal, 8);
    T_CLOSE(block(&p, 2)->as.kinetics->reactants[0].m0, 1.0, 0.0);
    done(&p);
}
END_TEST

START_TEST(selected_output_goes_on_from_its_former_definition)
{
    parsed p = read_text(
        "SELECTED_OUTPUT\n -file out dir/x.sel\n -reset false\n -pH\n -totals Ca Mg\n  Na\n"
        " -s Calcite\n -mu true\nEND\nSELECTED_OUTPUT 1\n -kin Pyrite\nSELECTED_OUTPUT 2\n -step\n"
        "END\nSELECTED_OUTPUT\n -active false\n");
    const sei_pq_selected *a = block(&p, 0)->as.selected;

    ck_assert_str_eq(a->file, "out dir/x.sel");
    ck_assert(!a->state && a->ph && a->ionic_strength && !a->pe);
    ck_assert_uint_eq(a->totals.n, 3);
    ck_assert_str_eq(a->totals.names[2], "Na");
    ck_assert_str_eq(a->saturation_indices.names[0], "Calcite");
    const sei_pq_block *second = p.input->simulations[1].blocks;
    ck_assert(second[0].as.selected->ph);                  /* switches stay */
    ck_assert_uint_eq(second[0].as.selected->totals.n, 0); /* lists do not */
    ck_assert_str_eq(second[0].as.selected->kinetic_reactants.names[0], "Pyrite");
    ck_assert(second[1].as.selected->step && !second[1].as.selected->ph);
    const sei_pq_selected *third = p.input->simulations[2].blocks[0].as.selected;
    ck_assert(!third->active);
    ck_assert_str_eq(third->kinetic_reactants.names[0], "Pyrite");
    done(&p);
}
END_TEST

START_TEST(columns_of_cells)
{
    parsed p = read_text(
        "TRANSPORT\n -cells 20\n -shifts 30\n -time_step 2 hour 3\n -lengths 0.1 2*0.2\n 0.3\n"
        " -dispersivities 0.04281\n -flow_direction back\n -bc constant closed\n -diffc 1e-9\n"
        " -punch_cells 1-3 20\n -punch_frequency 3\n -stagnant 1 6.8e-6 0.3 0.1\n -correct_disp\n"
        "END\nTRANSPORT\n -shifts 5\n -flow_direction diffusion\n -bc flux closed\nADVECTION\n -c "
        "10\n -sh 4\n -time_step 1 d\n -punch_c 9\n");
    const sei_pq_transport *t = block(&p, 0)->as.transport;

    ck_assert_int_eq(t->cells, 20);
    ck_assert_int_eq(t->direction, -1);
    T_CLOSE(t->time_step_s, 7200.0, 0.0);
    T_CLOSE(t->substeps, 3.0, 0.0);
    ck_assert_uint_eq(t->n_lengths, 4);
    T_CLOSE(t->lengths_m[3], 0.3, 0.0);
    ck_assert_int_eq(t->first, SEI_PQ_CONSTANT);
    ck_assert_int_eq(t->last, SEI_PQ_FLUX); /* nothing is closed to flow */
    ck_assert_uint_eq(t->sampling.n_punch, 2);
    ck_assert_int_eq(t->sampling.punch[0].last, 3);
    ck_assert_int_eq(t->sampling.punch_frequency, 3);
    ck_assert_int_eq(t->stagnant_layers, 1);
    T_CLOSE(t->porosity_immobile, 0.1, 0.0);
    ck_assert(t->correct_dispersion);
    const sei_pq_transport *again = p.input->simulations[1].blocks[0].as.transport;
    ck_assert_int_eq(again->shifts, 5);
    ck_assert_int_eq(again->cells, 20);
    ck_assert_int_eq(again->first, SEI_PQ_FLUX);
    ck_assert_int_eq(again->last, SEI_PQ_CLOSED);
    const sei_pq_advection *a = p.input->simulations[1].blocks[1].as.advection;
    ck_assert_int_eq(a->cells, 10);
    ck_assert_int_eq(a->shifts, 4);
    T_CLOSE(a->time_step_s, 86400.0, 0.0);
    ck_assert_int_eq(a->sampling.punch[0].first, 9);
    done(&p);
}
END_TEST

START_TEST(text_for_the_database_readers_keeps_its_lines)
{
    parsed p = read_text(
        "DATABASE ../x.dat\n\nPHASES\n\n Fix_H+ # pH\n H+ = H+; log_k 0\nTITLE a\n b\nEND\n"
        "COPY cell 1 2-5\nDELETE\n -solutions 1-3 5\n -all\nSAVE exchange 2-3\nUSE mix none\n");
    char  *text;
    size_t len, first;

    ck_assert_str_eq(p.input->database, "../x.dat");
    T_OK(p.ctx, sei_pq_database_text(p.ctx, block(&p, 0), &text, &len, &first));
    ck_assert_uint_eq(first, 3);
    ck_assert_str_eq(text, "PHASES\n\n Fix_H+\n H+ = H+;  log_k 0\n");
    ck_assert_uint_eq(len, strlen(text));
    sei_release(p.ctx, text);
    ck_assert_str_eq(block(&p, 1)->description, "a");
    const sei_pq_block *b = p.input->simulations[1].blocks;
    ck_assert_int_eq(b[0].as.copy->entity, SEI_PQ_CELL);
    ck_assert_int_eq(b[0].as.copy->last, 5);
    ck_assert_uint_eq(b[1].as.deletion->items[0].n, 2);
    ck_assert(b[1].as.deletion->items[1].everything);
    ck_assert_int_eq(b[2].as.target->last, 3);
    ck_assert(b[3].as.target->is_none);
    done(&p);
}
END_TEST

START_TEST(included_files_stand_where_they_are_named)
{
    char          folder[] = "/tmp/seiryu-pq-XXXXXX", path[300], part[300];
    sei_ctx      *ctx      = sei_ctx_create(NULL);
    sei_pq_input *input    = NULL;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/main.pqi", folder);
    snprintf(part, sizeof part, "%s/part.inc", folder);
    FILE *out = fopen(path, "w");
    fputs("SOLUTION 1\n include$ part.inc\n Cl 2\n", out);
    fclose(out);
    out = fopen(part, "w");
    fputs("\n Ca 1\n", out);
    fclose(out);
    T_OK(ctx, sei_pq_read(ctx, path, &input));
    const sei_pq_solution *s = input->simulations[0].blocks[0].as.solution;
    ck_assert_uint_eq(s->n, 2);
    ck_assert_str_eq(s->analytes[0].where.file, part);
    ck_assert_uint_eq(s->analytes[0].where.line, 2);
    ck_assert_uint_eq(s->analytes[1].where.line, 3);
    sei_pq_free(input);
    sei_ctx_free(ctx);
    unlink(path);
    unlink(part);
    rmdir(folder);
}
END_TEST

START_TEST(what_looks_longest_comes_first)
{
    static const char *const texts[] = {
        "SOLUTION 1\n Na 1\nEND\n",
        "SOLUTION 0-5\n Na 1\nTRANSPORT\n -cells 5\n -shifts 20\n",
        "SOLUTION 1\n Na 1\nREACTION 1\n NaCl 1\n 1 mmol in 50 steps\n",
        "SOLUTION 0-5\n Na 1\nADVECTION\n -cells 5\n -shifts 20\n",
        "SOLUTION 1\n Na 1\nEND\n",
    };
    static const size_t expected[] = {1, 3, 2, 0, 4, 5};
    parsed              p[T_COUNT(texts)];
    sei_pq_input       *inputs[T_COUNT(texts) + 1] = {NULL}; /* the last could not be read */
    size_t              order[T_COUNT(texts) + 1];

    for (size_t i = 0; i < T_COUNT(texts); i++) {
        p[i]      = read_text(texts[i]);
        inputs[i] = p[i].input;
    }
    T_OK(p[0].ctx, sei_pq_longest_first(p[0].ctx, T_COUNT(order), inputs, order));
    for (size_t i = 0; i < T_COUNT(order); i++)
        ck_assert_uint_eq(order[i], expected[i]);
    for (size_t i = 0; i < T_COUNT(texts); i++)
        done(&p[i]);
}
END_TEST

START_TEST(reference_inputs_are_read)
{
    const char *folder = SEI_SHARED_DIR "/reference/phreeqc";
    char        path[1000];
    size_t      n = 0;

    if (!t_has_shared("reference_inputs_are_read"))
        return;
    DIR *dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char   *dot   = strrchr(entry->d_name, '.');
        sei_ctx      *ctx   = sei_ctx_create(NULL);
        sei_pq_input *input = NULL;
        if (dot && strcmp(dot, ".pqi") == 0) {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            T_OK(ctx, sei_pq_read(ctx, path, &input));
            ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 0);
            ck_assert_uint_gt(input->simulations[0].n, 2);
            sei_pq_free(input);
            n++;
        }
        sei_ctx_free(ctx);
    }
    closedir(dir);
    ck_assert_uint_eq(n, 34);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_input");
    TCase *tcase = tcase_create("input");

    tcase_add_test(tcase, what_editors_of_windows_leave_in_a_file_is_no_matter);
    tcase_add_test(tcase, lines_are_joined_cut_and_stripped);
    tcase_add_test(tcase, a_solution_has_its_defaults);
    tcase_add_test(tcase, analytes_carry_unit_formula_couple_and_what_adjusts_them);
    tcase_add_test(tcase, unit_words_of_phreeqc_are_known);
    tcase_add_test(tcase, a_spread_makes_one_solution_a_row);
    tcase_add_test(tcase, minerals_gases_and_solid_solutions);
    tcase_add_test(tcase, exchangers_and_surfaces);
    tcase_add_test(tcase, reactions_and_their_steps);
    tcase_add_test(tcase, kinetics_and_rates);
    tcase_add_test(tcase, selected_output_goes_on_from_its_former_definition);
    tcase_add_test(tcase, columns_of_cells);
    tcase_add_test(tcase, text_for_the_database_readers_keeps_its_lines);
    tcase_add_test(tcase, included_files_stand_where_they_are_named);
    tcase_add_test(tcase, what_looks_longest_comes_first);
    tcase_add_test(tcase, reference_inputs_are_read);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
