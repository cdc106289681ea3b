//! W3C trace context.

use axum::http::HeaderMap;
use uuid::Uuid;

use crate::clock::Clock;

/// The caller's trace id, or a new one.
pub fn id(clock: &dyn Clock, headers: &HeaderMap) -> String {
    let parent = headers.get("traceparent").and_then(|value| value.to_str().ok());
    let lower_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let given = parent.and_then(|parent| match parent.split('-').collect::<Vec<_>>()[..] {
        [version, id, span, _, ..] if version.len() == 2 && version != "ff" && span.len() == 16 => {
            let is_id = id.len() == 32 && lower_hex(id) && id.bytes().any(|b| b != b'0');
            is_id.then(|| id.to_owned())
        }
        _ => None,
    });
    given.unwrap_or_else(|| Uuid::simple(clock.uuid()).to_string())
}
