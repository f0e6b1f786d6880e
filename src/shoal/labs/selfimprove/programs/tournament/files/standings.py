"""The table of a league."""

from rows import Row

Result = tuple[str, int, int, str]


def table(teams: list[str], results: list[Result]) -> list[list[str | int]]:
    """Rows from the first to the last place."""
    rows = {team: Row(team) for team in teams}
    for home, home_goals, away_goals, away in results:
        if home == away or min(home_goals, away_goals) < 0:
            raise ValueError(f"no result: {home} {home_goals}:{away_goals} {away}")
        rows[home].record(home_goals, away_goals)
        rows[away].record(away_goals, home_goals)
    ordered = sorted(rows.values(), key=lambda row: (row.rank(), row.team))
    return [[row.team, row.played, row.points, row.difference, row.goals] for row in ordered]


def champions(teams: list[str], results: list[Result]) -> list[str]:
    """Teams that share the first place."""
    rows = table(teams, results)
    return [str(row[0]) for row in rows if row[2:] == rows[0][2:]]
