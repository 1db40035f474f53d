"""extract: one article in; its claim and its events, a dead letter, or nothing out. No state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter

from muster.core.model import Article, Claim, Rejection, Withdrawal
from muster.core.pipeline import Extractor
from muster.shell import clock, codec, headers
from muster.shell.article_codec import decode_article
from muster.shell.faust.batch import Headers, Outgoing, Record
from muster.shell.metrics import Metrics
from muster.shell.partitioner import partition_of
from muster.shell.roles.dead_letters import DeadLetters, guarded
from muster.shell.settings import Settings

LANGUAGES = frozenset({"en", "es"})


class ExtractWork:
    """Work of the extract role.

    Args:
        settings: topic names and the size limit.
        extractor: the pure transition.
        claims_partitions: of deployments.claims, where an article's claims keep their order by Muster's partitioner.
        dead_letters: makes and counts them.
        metrics: where outcomes are counted.
        now: the clock, for `ce_time`.
    """

    def __init__(
        self,
        settings: Settings,
        extractor: Extractor,
        claims_partitions: int,
        dead_letters: DeadLetters,
        metrics: Metrics,
        now: clock.Clock = clock.now,
    ) -> None:
        self._settings = settings
        self._extractor = extractor
        self._claims_partitions = claims_partitions
        self._dead_letters = dead_letters
        self._metrics = metrics
        self._now = now
        metrics.begin("muster_records_total", "with_events", "without_events", "withdrawal", "empty")

    def process(self, record: Record) -> Sequence[Outgoing]:
        return guarded(self._dead_letters, record, self._process)

    def flush(self) -> Iterable[Sequence[Outgoing]]:
        return ()

    def _process(self, record: Record) -> Sequence[Outgoing]:
        started = perf_counter()
        decoded = decode_article(record.key, record.value, bytes_max=self._settings.article_bytes_max)
        if isinstance(decoded.value, Rejection):
            letter = self._dead_letters.of(record, decoded.value)
            self._dead_letters.failed()
            return (letter,)
        self._dead_letters.passed()
        if decoded.warnings:
            self._metrics.count("muster_warnings_total", amount=len(decoded.warnings))
        if decoded.value is None:
            self._count("empty")
            return ()
        recorded_at = clock.from_millis(record.timestamp)
        claim = self._extractor.claim(decoded.value, recorded_at)
        self._metrics.observe("muster_extraction_seconds", perf_counter() - started)
        self._count(_outcome(decoded.value, claim))
        if claim is None:
            return ()
        self._metrics.observe_delay(recorded_at, self._now())
        passed_on = headers.passed_on(record.headers, decoded.warnings)
        return [self._claim(claim, record, passed_on), *self._events(claim, record, passed_on)]

    def _count(self, outcome: str) -> None:
        self._metrics.count("muster_records_total", (outcome,))

    def _claim(self, claim: Claim, record: Record, passed_on: Headers) -> Outgoing:
        key = claim.provenance.article_id.encode()
        return Outgoing(
            topic=self._settings.topic_claims,
            key=key,
            value=codec.encode_claim(claim),
            partition=partition_of(key, self._claims_partitions),
            headers=passed_on,
            origin=record,
        )

    def _events(self, claim: Claim, record: Record, passed_on: Headers) -> list[Outgoing]:
        events = []
        for located in claim.located:
            for assertion in located.assertions:
                labels = (located.location.scope, assertion.force.category, _language(claim.provenance.lang))
                self._metrics.count("muster_events_total", labels)
                events.append(
                    Outgoing(
                        topic=self._settings.topic_events,
                        key=located.location.key.encode(),
                        value=codec.event_value(claim.provenance, located.location, assertion),
                        headers=(*headers.event_headers(assertion.event_id, self._now()), *passed_on),
                        origin=record,
                    )
                )
        return events


def _language(given: str | None) -> str:
    """A label of few values: what an article says of its language may be any text."""
    if given is None:
        return "unknown"
    code = given[:2].lower()
    return code if code in LANGUAGES else "other"


def _outcome(article: Article | Withdrawal, claim: Claim | None) -> str:
    if isinstance(article, Withdrawal) or article.retracted:
        return "withdrawal"
    return "with_events" if claim is not None and claim.located else "without_events"
