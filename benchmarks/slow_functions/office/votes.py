"""Polls in the team."""


def winner(votes):
    """The name with the most votes, None if there is a tie for first place."""
    leader = None
    most = 0
    tied = False
    for name in votes:
        count = votes.count(name)
        if count > most:
            leader = name
            most = count
            tied = False
        elif count == most and name != leader:
            tied = True
    return None if tied else leader
