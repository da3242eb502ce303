"""Every projection there is, in the order in which a worker takes them: first what people wait for."""

from projections.directory_projection import DirectoryProjection
from projections.due import DueProjection
from projections.notices import NoticesProjection
from projections.overview import OverviewProjection
from projections.projection import Projection


def projections() -> tuple[Projection, ...]:
    """One of each."""
    return (OverviewProjection(), DirectoryProjection(), NoticesProjection(), DueProjection())


def projection_named(name: str) -> Projection | None:
    """The projection of this name, if there is one."""
    return next((projection for projection in projections() if projection.name == name), None)
