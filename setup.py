"""What pyproject.toml cannot say: in a wheel, app.py, pages/ and assets/ lie in the folder `embeddings_visualizer`.

So nothing called `pages` or `assets` lies among the installed packages. `embeddings_core.folders` knows both places.
"""

from setuptools import find_namespace_packages, find_packages, setup

APP = "embeddings_visualizer"
folders = find_namespace_packages(include=["pages*", "assets*"])

setup(
    script_name="setup.py",  # told by its name, this file stays out of the wheel although it lies beside app.py
    packages=[*find_packages(include=["embeddings_core*"]), APP, *(f"{APP}.{name}" for name in folders)],
    package_dir={"embeddings_core": "embeddings_core", APP: "."},
    package_data={
        "embeddings_core": ["py.typed"],
        APP: [".streamlit/config.toml"],
        **{f"{APP}.{name}": ["*"] for name in folders if name.startswith("assets")},
    },
    include_package_data=False,
)
