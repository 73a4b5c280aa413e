"""The journey of an item, one verb a file. The order is written here and nowhere else."""

STEPS = ("intake", "predict", "route", "review", "decide", "compare", "promote")
