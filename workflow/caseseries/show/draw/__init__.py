"""The one renderer: a drawing as data becomes a figure of matplotlib, one module a shape."""
