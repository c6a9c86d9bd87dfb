sei_test(test_base LABELS unit)
sei_test(test_pack LABELS unit)
sei_test(test_lp LABELS unit)
