"""The second opinion: what statsmodels, lifelines, scipy and greenwood make of the same records."""
