"""A draft of cohort.yaml from a file: headers and shapes are looked at, every guess says why, no cell is shown."""
