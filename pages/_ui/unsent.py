"""What a fragment said and nobody was sent yet, when it is drawn again: all of it goes, fragments within it included.

Streamlit lets go of the fragment's own messages and keeps those of fragments within it. The containers that these stand in
are gone then, and the browser shows "Cannot set a node at a delta path". Here they go too: the new run says them again.
"""

from functools import cache, wraps
from typing import Any

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


@cache
def let_go_whole() -> None:
    """Let this process's queues of messages do so."""
    before = ForwardMsgQueue.clear

    @wraps(before)
    def clear(
        self: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        if fragment_ids_this_run and (queue := getattr(self, "_queue", None)):
            self._queue = without_orphans(queue, set(fragment_ids_this_run))
        before(self, retain_lifecycle_msgs, fragment_ids_this_run)

    ForwardMsgQueue.clear = clear  # type: ignore[method-assign]


def without_orphans(messages: list[Any], drawn: set[str]) -> list[Any]:
    """Leave out the messages of fragments that stand in containers of those that are drawn again."""
    going = {
        tuple(message.metadata.delta_path)
        for message in messages
        if message.delta.fragment_id in drawn and message.delta.WhichOneof("type") == "add_block"
    }

    def stays(message: Any) -> bool:
        path = tuple(message.metadata.delta_path)
        return not message.delta.fragment_id or not any(
            path[:depth] in going for depth in range(1, len(path))
        )

    return [message for message in messages if stays(message)]
