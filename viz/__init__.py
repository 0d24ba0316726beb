"""Figures as pure functions: trace in, Plotly figure or markup out. No Streamlit, no torch."""
