"""Models: what turns items into vectors. Each module imports only from those above it in this list.

runtime, spec            threads, torch that imports, the environment; what a row of the table is
sources, downloads       where weights are kept and how they are fetched (`download_command` is the program that does)
minilm, efficientnet     the two bundled networks, run without torch; sentence_models, vision_torch,
                         open_clip_models, words, ... open those of the usual libraries, one family a module
catalogue                the table, a file for each kind: a model is one row, with its loader and its source
named_image_models,      rows made on demand: a model opened by its name in a library or on the hub, or from a
named_text_models        file of weights (`user_weights`)
endpoint                 a row made of the environment: the operator's own server of embeddings
registry                 finds, lists and loads: `find_model`, `list_models`, `load_encoder`
embed, contextual, ...   what is done with a loaded model: vectors of items, hidden states, spaces
"""
