sei_test(test_react LABELS ref)
