sei_test(test_yaml LABELS unit)
sei_test(test_site LABELS unit)
sei_test(test_run LABELS unit)
sei_test(test_site_bad LABELS unit)
