"""What the graph's own scalar looks like, and what no answer holds, whatever was asked: our own
faults, and what stands behind the graph."""

import re

import schemathesis
from hypothesis import strategies
from schemathesis.graphql import nodes

INTERNAL = re.compile(
    r"INTERNAL_SERVER_ERROR|sqlx|sea_orm|\bSELECT \"|\bINSERT INTO\b|panicked|\.rs:\d+|persisted_only"
)

decimals = strategies.decimals(-(10**15), 10**15, places=2, allow_nan=False, allow_infinity=False)
schemathesis.graphql.scalar("Decimal", decimals.map(str).map(nodes.String))


@schemathesis.check
def nothing_internal(ctx, response, case):
    assert response.status_code < 500, response.text[:500]
    found = INTERNAL.search(response.text)
    assert found is None, f"{found.group()} in {response.text[:500]}"
