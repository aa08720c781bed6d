"""The main widgets of Streamlit, one after the other."""

import streamlit as st

st.title("My app")
name = st.text_input("Name", "Ann")
colour = st.selectbox("Colour", ["Red", "Green", "Blue"])
st.multiselect("Many", ["a", "b", "c"], ["a"])
age = st.slider("Age", 0, 100, 25)
st.checkbox("Agree")
st.radio("Pick", ["one", "two"])
st.date_input("Day")
st.number_input("Count", 1, 10, 3)
st.file_uploader("File")
st.toggle("Toggle")
if st.button("Go"):
    st.success(f"Hello {name} {colour} {age}")
cats, dogs = st.tabs(["Cats", "Dogs"])
cats.write("meow")
dogs.write("woof")
with st.expander("More"):
    st.write("inside")
st.dataframe({"a": [1, 2, 3], "b": ["x", "y", "z"]})
st.line_chart([1, 4, 2])
st.sidebar.button("Side")
