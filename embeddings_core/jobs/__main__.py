"""The worker process, as `child.py` starts it: python -m embeddings_core.jobs SOCKET BYTES STEPS COMPILES."""

from embeddings_core.jobs.worker import main

main()
