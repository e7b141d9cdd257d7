"""Charts: drawings of figures, as descriptions and as SVG."""
