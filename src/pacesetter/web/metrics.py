"""What Prometheus is told: made from plain counts when it asks, so that requests pay nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from pacesetter.web.kept.answers import Answers
from pacesetter.web.traffic import BOUNDS_S, Traffic


class WebMetrics(Collector):
    """Counts of one application. ``age_s``: seconds since the newest cycle was published, if known."""

    def __init__(self, answers: Answers, traffic: Traffic, age_s: float | None) -> None:
        self.answers = answers
        self.traffic = traffic
        self.age_s = age_s

    def collect(self) -> Iterator[Metric]:
        """Every family once."""
        yield from self.requests()
        yield from self.cache()
        if self.age_s is not None:
            age = "Seconds since the newest cycle was published."
            yield GaugeMetricFamily("pacesetter_newest_cycle_age_seconds", age, value=self.age_s)

    def requests(self) -> Iterator[Metric]:
        """Requests by route, method and status, and how long they took by route and method."""
        count = CounterMetricFamily(
            "pacesetter_requests", "Requests answered.", labels=["route", "method", "status"]
        )
        duration = HistogramMetricFamily(
            "pacesetter_request_seconds", "Time to answer a request.", labels=["route", "method"]
        )
        summed: dict[tuple[str, str], tuple[list[int], float]] = {}
        for (route, method, status), tally in sorted(self.traffic.tallies.items()):
            count.add_metric([route, method, str(status)], sum(tally.buckets))
            buckets, seconds = summed.get((route, method), ([0] * len(tally.buckets), 0.0))
            added = [a + b for a, b in zip(buckets, tally.buckets, strict=True)]
            summed[route, method] = (added, seconds + tally.seconds)
        for labels, (buckets, seconds) in summed.items():
            bounds = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
            rows = list(zip(bounds, map(float, accumulate(buckets)), strict=True))
            duration.add_metric(list(labels), rows, seconds)
        yield count
        yield duration

    def cache(self) -> Iterator[Metric]:
        """The shelf, Redis, and what stands between them and the router."""
        answers, redis = self.answers, self.answers.redis
        counts = answers.counts
        tiers: dict[str, dict[str, int]] = {"process": counts}
        if redis is not None:
            tiers["redis"] = redis.counts
        for name, said in (("hits", "Answers found"), ("misses", "Answers not found")):
            family = CounterMetricFamily(f"pacesetter_cache_{name}", f"{said}, by tier.", labels=["tier"])
            for tier, own in tiers.items():
                family.add_metric([tier], own[name])
            yield family
        for name, said in (
            ("stale", "Answers thrown away because the content moved."),
            ("not_modified", "Answers without a body: the client had it (304)."),
            ("waits", "Requests that waited for the same answer of another."),
            ("made", "Answers made by a route."),
            ("moved", "Answers made again because the content moved meanwhile."),
        ):
            yield CounterMetricFamily(f"pacesetter_cache_{name}", said, value=counts[name])
        evicted = "Answers that left for want of room."
        yield CounterMetricFamily("pacesetter_cache_evicted", evicted, value=answers.shelf.evicted)
        yield GaugeMetricFamily("pacesetter_cache_bytes", "Bytes kept.", value=answers.shelf.bytes)
        yield GaugeMetricFamily("pacesetter_cache_entries", "Answers kept.", value=len(answers.shelf))
        if redis is not None:
            for name, said in (
                ("errors", "Calls of Redis that failed."),
                ("skipped", "Calls of Redis that the open breaker spared."),
                ("foreign", "Values in Redis that were not ours, or damaged."),
                ("opened", "Times that the breaker opened."),
            ):
                yield CounterMetricFamily(f"pacesetter_redis_{name}", said, value=redis.counts[name])
            open_ = "1 while Redis is not asked because it failed."
            yield GaugeMetricFamily("pacesetter_redis_breaker_open", open_, value=redis.state == "open")


def registry_of(answers: Answers, traffic: Traffic, age_s: float | None) -> CollectorRegistry:
    """All metrics of an application and its process."""
    registry = CollectorRegistry()
    registry.register(WebMetrics(answers, traffic, age_s))
    ProcessCollector(registry=registry)
    return registry
