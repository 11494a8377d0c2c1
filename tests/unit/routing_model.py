"""Who should hear of an ending, in the plainest form of the rule: the model beside the real router."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STANDING = "C1"  # hears of everything
Heard = tuple[str, str, str]  # recipient, task, how it ended


@dataclass(frozen=True)
class Wish:
    """What somebody asked for. `task`: this one alone, once."""

    to: str
    hears: str = "all"
    words: tuple[str, ...] = ()
    task: str = ""

    def hears_of(self, task: str, image: str, ending: str) -> bool:
        if self.task:
            return task == self.task
        kind = "succeeded" if ending == "succeeded" else "failed"
        return self.hears in ("all", kind) and all(word.lower() in f"{task} {image}" for word in self.words)


def heard_by(wishes: Iterable[Wish], endings: Mapping[str, str], images: Mapping[str, str]) -> set[Heard]:
    """Return who hears of which ending; `endings` and `images` by task."""
    everybody = (Wish(STANDING), *wishes)
    return {
        (wish.to, task, ending)
        for task, ending in endings.items()
        for wish in everybody
        if wish.hears_of(task, images[task], ending)
    }
