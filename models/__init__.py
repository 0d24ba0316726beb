"""Models, recordings and the mathematics of attention: no Streamlit, no Plotly."""
