"""The page: sections, composed of what the stages before have computed and drawn."""
