"""Playing the demo: how fast a made-up school year goes through the real commands."""

from app.demo.run import fill
from app.postgres import EmbeddedPostgres
from bench.databases import ours
from bench.measure import Line, Scale


def demo(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Events a second, and files (pupils' whole school years) a second; nobody else plays it, so there is no peer."""
    pupils, years = scale.demo
    with ours(server) as place:
        played = fill(place.settings, place.reached, pupils=pupils, years=years, seed=1, tell=lambda *_: None)
    more = {"events": played.events, "files": pupils, "files_per_second": pupils / played.seconds}
    return Line("demo", played.events / played.seconds, None, "events/s", more=more)
