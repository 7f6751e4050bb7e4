"""Home: what an embedding is, in one picture that answers to any word, and the way to every page.

The server reads this file once as a module, for the application with its headers; each visit runs it as a script.
"""

if __name__ == "app":
    import logging
    import threading
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager
    from importlib import import_module

    from starlette.middleware import Middleware
    from streamlit import config
    from streamlit.starlette import App

    from embeddings_core.first_page import FirstPage
    from embeddings_core.headers import Door
    from embeddings_core.logs import keep_logs_plain, silence_libraries, told

    keep_logs_plain()
    silence_libraries()

    def name() -> str | None:
        """Return by which name the operator says that the app is reached."""
        told = config.is_manually_set("browser.serverAddress")
        return str(config.get_option("browser.serverAddress")) if told else None

    def make_ready() -> None:
        """Load what the pages are made of, and begin what warms up, before the first visitor asks for it."""
        try:
            import_module("pages._ui.home")
            import_module("pages._ui.words.live")
            import_module("pages._ui.warm_up").begin()
        except Exception as error:  # the page that needs it says so; the server must live
            logging.getLogger("embeddings_visualizer").error("The pages cannot be loaded: %s", told(error))

    @asynccontextmanager
    async def getting_ready(_app: App) -> AsyncIterator[None]:
        """Answer from the start, and get ready meanwhile."""
        threading.Thread(target=make_ready, name="getting ready").start()
        yield

    def origins() -> list[str]:
        """Return which other pages the operator lets ask."""
        return [str(each) for each in config.get_option("server.corsAllowedOrigins") or ()]

    door = Middleware(Door, address=lambda: config.get_option("server.address"), name=name, origins=origins)
    app = App(__file__, lifespan=getting_ready, middleware=[door, Middleware(FirstPage)])
else:
    from pages._ui import home, own_tables, panels
    from pages._ui.present import stage as talk_stage
    from pages._ui.shell import live, page
    from pages._ui.stage import load_stage

    with page(
        "What is an embedding?",
        claim="A list of numbers that stands for a meaning. Words that are used alike get similar numbers, so on a map they "
        "gather.",
        tab="Embeddings, seen",
    ):
        own_tables.lead_from_the_command_line()
        own_tables.lead_dropped()
        load_stage()
        live(home.map_with_a_box, talk_stage.invitation)
        panels.ways()
