sei_test(test_phreeqc_input LABELS unit)
sei_test(test_phreeqc_bad LABELS unit)
sei_test(test_phreeqc_run LABELS ref)
