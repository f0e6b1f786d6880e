"""Language models behind any OpenAI-compatible URL: the pool, its prices, and the one client that asks them."""

from shoal.models._client import ChatClient, Message, Said, embedding_request, request_of
from shoal.models._member import Member, Price, Usage
from shoal.models._pool import load_pool, read_pool

__all__ = [
    "ChatClient",
    "Member",
    "Message",
    "Price",
    "Said",
    "Usage",
    "embedding_request",
    "load_pool",
    "read_pool",
    "request_of",
]
