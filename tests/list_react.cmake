sei_test(test_react LABELS ref)
sei_test(test_react_random LABELS ref)
sei_test(test_react_move LABELS ref)
sei_test(test_batch_react LABELS ref)
