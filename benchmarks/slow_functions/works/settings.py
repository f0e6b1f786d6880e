"""Settings of the machines, and the folders that are backed up."""

from typing import Iterable


def merge_settings(layers: Iterable[dict]) -> dict:
    """One dict of all layers; later layers win, empty ones are skipped."""
    merged = {}
    for layer in layers:
        if not layer:
            continue
        merged = {**merged, **layer}
    return merged


def top_folders(folders: list[str]) -> list[str]:
    """The folders that do not lie inside another one of the list."""
    return [
        folder
        for folder in folders
        if not any(folder.startswith(other + "/") for other in folders)
    ]
