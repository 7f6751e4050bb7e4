"""Heavy or dangerous functions in one warm child process, one at a time."""

from embeddings_core.jobs.queue import Jobs as Jobs
from embeddings_core.jobs.queue import Progress as Progress
from embeddings_core.jobs.queue import close as close
from embeddings_core.jobs.queue import is_warm as is_warm
from embeddings_core.jobs.queue import run as run
from embeddings_core.jobs.queue import state as state
from embeddings_core.jobs.queue import waiting as waiting
from embeddings_core.jobs.queue import warm_up as warm_up
from embeddings_core.jobs.queue import within as within
from embeddings_core.jobs.warm_up import State as State
