"""Files of CDISC and OMOP by name: what their columns mean stands in `presets.yaml`."""
