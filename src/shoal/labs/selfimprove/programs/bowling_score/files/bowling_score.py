"""Scores of one game of ten-pin bowling."""

PINS = 10
FRAMES = 10


def frame_scores(rolls: list[int]) -> list[int]:
    """Score of each of the ten frames, bonuses included."""
    if any(not 0 <= roll <= PINS for roll in rolls):
        raise ValueError("a roll knocks down 0 to 10 pins")
    scores = []
    start = used = 0
    for _ in range(FRAMES):
        strike = rolls[start : start + 1] == [PINS]
        balls = rolls[start : start + 2]
        if not strike and sum(balls) > PINS:
            raise ValueError(f"{balls} knock down more than 10 pins")
        counted = 3 if strike or sum(balls) == PINS else 2
        used = start + counted
        if used > len(rolls):
            raise ValueError("the game is not complete")
        scores.append(sum(rolls[start:used]))
        start += 1 if strike else 2
    if used != len(rolls):
        raise ValueError("rolls after the end of the game")
    bonus = rolls[start:]
    if len(bonus) == 2 and bonus[0] < PINS < sum(bonus):
        raise ValueError(f"bonus rolls {bonus} knock down more than 10 pins")
    return scores


def frame_totals(rolls: list[int]) -> list[int]:
    """Running totals after each frame."""
    totals: list[int] = []
    for score in frame_scores(rolls):
        totals.append(score + (totals[-1] if totals else 0))
    return totals


def best_frame(rolls: list[int]) -> int:
    """Number of the first frame with the highest score."""
    scores = frame_scores(rolls)
    return scores.index(max(scores)) + 1
