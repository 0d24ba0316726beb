"""What pages share: text, state, caches, controls. With the pages the only Streamlit code."""
