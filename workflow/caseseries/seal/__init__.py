"""Manifest, provenance and crate of a release, and whether anything moved since."""
