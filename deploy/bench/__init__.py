"""Speed as ratios from one run: each figure stands beside something that ran on the same machine just before."""
