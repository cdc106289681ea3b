"""What no answer holds, whatever was asked: our own faults, and what stands behind the graph."""

import re

import schemathesis

INTERNAL = re.compile(
    r"INTERNAL_SERVER_ERROR|sqlx|sea_orm|\bSELECT \"|\bINSERT INTO\b|panicked|\.rs:\d+|persisted_only"
)


@schemathesis.check
def nothing_internal(ctx, response, case):
    assert response.status_code < 500, response.text[:500]
    found = INTERNAL.search(response.text)
    assert found is None, f"{found.group()} in {response.text[:500]}"
