"""A fragment that is drawn again while its last picture is unsent leaves nothing behind that has no place."""

from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages._ui.unsent import let_go_whole


def said(path: list[int], fragment: str, *, block: bool = False) -> Any:
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.fragment_id = fragment
    if block:
        message.delta.add_block.allow_empty = True
    else:
        message.delta.new_element.text.body = "words"
    return message


def test_what_stands_in_a_container_that_goes_goes_with_it() -> None:
    let_go_whole()
    let_go_whole()  # once a process
    queue = ForwardMsgQueue()
    for message in (
        said([0, 1], ""),
        said([0, 3], "live", block=True),
        said([0, 3, 0], "live", block=True),
        said([0, 3, 0, 0], "panel"),
        said([0, 4], "other", block=True),
        said([0, 4, 0], "within other"),
    ):
        queue.enqueue(message)
    new = ForwardMsg()
    new.script_finished = 0
    queue.enqueue(new)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["live"])
    left = queue.flush()
    assert [list(each.metadata.delta_path) for each in left] == [[0, 1], [0, 4], [0, 4, 0], []]
