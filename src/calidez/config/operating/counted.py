"""What is counted of requests and sign-ins, and how the figures of all processes are written for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from calidez.kit.platform import meters

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
requests = meters.histogram(
    "calidez_request_seconds",
    "How long requests took to be answered, by method, address as declared and class of status.",
    ("method", "route", "status"),
)
sign_ins = meters.counter("calidez_sign_ins_total", "Sign-ins that were tried.", ("outcome",))


def switch_on() -> None:
    """Where nobody may read the figures, nothing is counted."""
    if settings.METRICS_TOKEN:
        meters.switch_on(folder())


def folder() -> Path:
    return Path(settings.RUNNING_DIR) / "meters"


def request(asked: HttpRequest, status: int, seconds: float) -> None:
    """By the address as it is declared: neither records nor people become labels."""
    match = asked.resolver_match
    requests.add(
        seconds,
        method=asked.method if asked.method in METHODS else "other",
        route=f"/{match.route}" if match is not None else "",
        status=f"{status // 100}xx",
    )


def exposition() -> tuple[bytes, str]:
    """All figures in the text format of Prometheus, and what that calls itself."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Figures())
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Figures:
    """The meters of all processes, as Prometheus' own library wants to be told."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        sums = meters.sums()
        for meter in meters.all_meters():
            counted = sums.get(meter.name, {})
            if isinstance(meter, meters.Gauge):
                family: Any = GaugeMetricFamily(meter.name, meter.help, labels=meter.labels)
                for labels, value in meter.read():
                    family.add_metric([labels[name] for name in meter.labels], value)
            elif isinstance(meter, meters.Counter):
                family = CounterMetricFamily(meter.name, meter.help, labels=meter.labels)
                for values, row in counted.items():
                    family.add_metric(values, row[0])
            else:
                family = HistogramMetricFamily(meter.name, meter.help, labels=meter.labels)
                for values, row in counted.items():
                    family.add_metric(values, buckets=_buckets(meter, row), sum_value=row[-1])
            yield family


def _buckets(meter: meters.Histogram, row: list[float]) -> list[tuple[str, float]]:
    """How many up to each bound; they are kept between bounds."""
    return list(zip([*map(str, meter.bounds), "+Inf"], accumulate(row[:-1]), strict=True))


def _signed_in(**_about: Any) -> None:
    sign_ins.add(outcome="signed in")


def _refused(**_about: Any) -> None:
    sign_ins.add(outcome="refused")


user_logged_in.connect(_signed_in, dispatch_uid="counted")
user_login_failed.connect(_refused, dispatch_uid="counted")
