sei_test(test_basic LABELS unit)
sei_test(test_basic_refs LABELS ref)
sei_test(test_basic_rates LABELS ref)
