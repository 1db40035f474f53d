"""The public contracts of Muster as pydantic models. JSON Schema and AsyncAPI documents are generated from them.

Each name is imported when it is first used: a program that reads articles need not build the model of a total.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muster.schemas.article_v1 import ArticleV1 as ArticleV1
    from muster.schemas.article_v1 import read_article as read_article
    from muster.schemas.city_total_v1 import CityTotalV1 as CityTotalV1
    from muster.schemas.city_total_v1 import RegionTotalV1 as RegionTotalV1
    from muster.schemas.dead_letter_v1 import DeadLetterHeadersV1 as DeadLetterHeadersV1
    from muster.schemas.deployment_event_v1 import DeploymentEventV1 as DeploymentEventV1

_HOMES = {
    "ArticleV1": "article_v1",
    "read_article": "article_v1",
    "DeploymentEventV1": "deployment_event_v1",
    "CityTotalV1": "city_total_v1",
    "RegionTotalV1": "city_total_v1",
    "DeadLetterHeadersV1": "dead_letter_v1",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
