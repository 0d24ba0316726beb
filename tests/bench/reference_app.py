"""What the app is measured against: one selectbox, one small Plotly figure, nothing else.

With ?bare=1 only a title: the least that a Streamlit app can draw; with ?step=1 that figure and two
buttons whose keys count up and down: the least that a step can change in an app with a picture.
"""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st


def figure(chosen: int) -> go.Figure:
    """Ten times ten cells, others for each number."""
    cells = [[(row * column + chosen) % 12 for column in range(10)] for row in range(10)]
    return go.Figure(go.Heatmap(z=cells))


st.set_page_config(layout="wide")
if st.query_params.get("bare"):
    st.title("Reference")
elif st.query_params.get("step"):
    back, on = st.button("Back", shortcut="Left"), st.button("Next", shortcut="Right")
    st.session_state["step"] = st.session_state.get("step", 0) + on - back
    with st.container(key="main-figure"):
        st.plotly_chart(figure(st.session_state["step"]))
else:
    left, right = st.columns([1, 3])
    with left:
        chosen = int(st.selectbox("head", range(12), key="head") or 0)
    with right, st.container(key="main-figure"):
        st.plotly_chart(figure(chosen))
