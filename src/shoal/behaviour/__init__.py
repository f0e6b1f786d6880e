"""What calls of a function do, as data: values, exceptions and changes, compared, and more inputs like those."""

from shoal.behaviour._call_likes import CallLikes, draw_call, learn_calls
from shoal.behaviour._calls import called, difference, observe, observe_all
from shoal.behaviour._drawing import draw, has_length
from shoal.behaviour._flat import UnflatError, flatten, revive
from shoal.behaviour._likes import Likes, learn

__all__ = [
    "CallLikes",
    "Likes",
    "UnflatError",
    "called",
    "difference",
    "draw",
    "draw_call",
    "flatten",
    "has_length",
    "learn",
    "learn_calls",
    "observe",
    "observe_all",
    "revive",
]
