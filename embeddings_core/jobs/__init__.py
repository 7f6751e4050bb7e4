"""Heavy or dangerous functions in warm child processes: small ones in one line, large ones in another, files in a third."""

from embeddings_core.jobs.callers import Caller as Caller
from embeddings_core.jobs.callers import introduce as introduce
from embeddings_core.jobs.callers import place_told as place_told
from embeddings_core.jobs.lanes import close as close
from embeddings_core.jobs.lanes import is_warm as is_warm
from embeddings_core.jobs.lanes import run as run
from embeddings_core.jobs.lanes import state as state
from embeddings_core.jobs.lanes import waiting as waiting
from embeddings_core.jobs.lanes import warm_up as warm_up
from embeddings_core.jobs.lanes import within as within
from embeddings_core.jobs.queue import Jobs as Jobs
from embeddings_core.jobs.queue import Progress as Progress
from embeddings_core.jobs.warm_up import State as State
