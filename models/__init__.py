"""Models, recordings and the mathematics of attention: no Streamlit, no Plotly.

The modules named here are the public face, imported by name: `from models.record import record`.
"""

__all__ = ["card", "catalog", "errors", "record", "recurrent", "trace"]
