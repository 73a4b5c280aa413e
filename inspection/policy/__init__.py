"""Pure rules. Facts go in, a small frozen decision with its reason comes out; time and chance are arguments."""
