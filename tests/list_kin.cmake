sei_test(test_kin LABELS unit)
sei_test(test_kin_balance LABELS unit)
sei_test(test_kin_laws LABELS unit)
sei_test(test_kin_sorption LABELS unit ref)
