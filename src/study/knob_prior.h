/* knob_prior.h - priors of knobs: by the catalogue's rule, and as the site file gives them */
#ifndef SEI_STUDY_KNOB_PRIOR_H
#define SEI_STUDY_KNOB_PRIOR_H

#include "study/knob.h"

/* note: what the file says of the value, NULL for nothing. *ret_evidence: behind the value. */
sei_prior sei_knob_row_prior(const sei_param *row, double value, const sei_site_note *note,
                             sei_knob_kind kind, sei_evidence *ret_evidence);
sei_prior sei_knob_influent_prior(const sei_quantity *quantity, bool is_shifted,
                                  const sei_site_note *note, sei_evidence *ret_evidence);
sei_prior sei_knob_share_prior(double value, const sei_site_note *note, sei_evidence *ret_evidence);
sei_prior sei_knob_air_prior(const sei_site_note *note, sei_evidence *ret_evidence);
/* Numbers of the file in the unit of the path into the terms of the knob. */
sei_prior sei_knob_listed_prior(const sei_knob *knob, const sei_uncertain_number *number);

#endif
