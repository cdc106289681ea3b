//! Where a request stands in its trace, as W3C Trace Context says it.

use axum::http::{HeaderMap, HeaderValue};
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

use super::request;
use crate::clock::Clock;

/// Says the parent of a request.
pub const PARENT: &str = "traceparent";

/// The span of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    trace: TraceId,
    id: SpanId,
    parent: Option<Parent>,
    /// Whether it is sent to a collector, which its caller decides for the whole trace.
    pub is_sampled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parent {
    id: SpanId,
    is_remote: bool,
}

impl Span {
    /// A new span in the caller's trace, or in a new one. What the caller sends is taken as a whole
    /// or not at all; its `tracestate` is for its own vendor and ends here.
    pub fn of(headers: &HeaderMap, clock: &dyn Clock) -> Self {
        let mut sent = headers.get_all(PARENT).iter();
        let parent = match (sent.next(), sent.next()) {
            (Some(only), None) => only.to_str().ok().and_then(parse),
            _ => None,
        };
        let id = new_id(clock);
        match parent {
            Some((trace, parent, is_sampled)) => {
                Self { trace, id, parent: Some(Parent { id: parent, is_remote: true }), is_sampled }
            }
            None => {
                let trace = TraceId::from_bytes(clock.uuid().into_bytes());
                Self { trace, id, parent: None, is_sampled: true }
            }
        }
    }

    /// The span of a part, such as one operation of a WebSocket.
    pub fn child(self, clock: &dyn Clock) -> Self {
        let parent = Some(Parent { id: self.id, is_remote: false });
        Self { id: new_id(clock), parent, ..self }
    }

    /// The span of the request within which this is called.
    pub fn current() -> Option<Self> {
        request::current(|request| request.span)
    }

    /// 32 digits, in lower case.
    pub fn trace_id(self) -> String {
        self.trace.to_string()
    }

    /// 16 digits, in lower case.
    pub fn id(self) -> String {
        self.id.to_string()
    }

    /// As it is told to whom we ask (`traceparent`), and to whom we answer (`traceresponse`).
    pub fn header(self) -> Option<HeaderValue> {
        let text = format!("00-{}-{}-0{}", self.trace, self.id, u8::from(self.is_sampled));
        HeaderValue::try_from(text).ok()
    }

    /// What a collector is told: the span, its parent, and whether that is of another program.
    pub(super) fn exported(self) -> (SpanContext, SpanId, bool) {
        let flags = TraceFlags::default().with_sampled(self.is_sampled);
        let state = TraceState::default();
        let context = SpanContext::new(self.trace, self.id, flags, false, state);
        let parent = self.parent.map_or(SpanId::INVALID, |parent| parent.id);
        (context, parent, self.parent.is_some_and(|parent| parent.is_remote))
    }
}

fn new_id(clock: &dyn Clock) -> SpanId {
    let mut bytes = [0; 8];
    clock.random(&mut bytes);
    SpanId::from_bytes(bytes)
}

/// Trace, span and whether it is sampled. A later version may say more after the flags.
fn parse(text: &str) -> Option<(TraceId, SpanId, bool)> {
    let mut parts = text.trim().split('-');
    let mut hex = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')).then_some(part)
    };
    let (version, trace, span, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
    if version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let trace = TraceId::from_hex(trace).ok().filter(|id| *id != TraceId::INVALID)?;
    let span = SpanId::from_hex(span).ok().filter(|id| *id != SpanId::INVALID)?;
    let flags = u8::from_str_radix(flags, 16).ok()?;
    Some((trace, span, flags & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn of(parents: &[&str]) -> Span {
        let values = parents.iter().map(|parent| HeaderValue::from_str(parent).unwrap());
        let headers = values.map(|value| (PARENT.parse().unwrap(), value));
        Span::of(
            &headers.fold(HeaderMap::new(), |mut all, (name, value)| {
                all.append::<axum::http::HeaderName>(name, value);
                all
            }),
            &SystemClock,
        )
    }

    #[test]
    fn a_callers_trace_goes_on_with_its_decision() {
        for (flags, version, more, is_sampled) in [
            ("01", "00", "", true),
            ("00", "00", "", false),
            ("03", "00", "", true),
            ("ff", "00", "", true),
            ("01", "cc", "", true),
            ("01", "cc", "-what-comes", true),
        ] {
            let span = of(&[&format!("{version}-{TRACE}-00f067aa0ba902b7-{flags}{more}")]);
            assert_eq!((span.trace_id().as_str(), span.is_sampled), (TRACE, is_sampled));
            let (context, parent, is_remote) = span.exported();
            assert_eq!((parent.to_string().as_str(), is_remote), ("00f067aa0ba902b7", true));
            assert_ne!(context.span_id(), parent);
        }
    }

    #[test]
    fn what_is_no_trace_context_begins_a_trace_of_our_own() {
        let span = "00f067aa0ba902b7";
        for wrong in [
            "",
            "00",
            &format!("00-{TRACE}-{span}"),
            &format!("00-{TRACE}-{span}-1"),
            &format!("00-{TRACE}-{span}-01-more"),
            &format!("ff-{TRACE}-{span}-01"),
            &format!("00-{}-{span}-01", TRACE.to_uppercase()),
            &format!("00-{}-{span}-01", "0".repeat(32)),
            &format!("00-{TRACE}-{}-01", "0".repeat(16)),
            &format!("00-{TRACE}-00f067aa0ba902bz-01"),
        ] {
            let own = of(&[wrong]);
            assert!(own.trace_id() != TRACE && own.is_sampled, "{wrong}");
            assert_eq!(own.exported().1, SpanId::INVALID);
        }
        let good = format!("00-{TRACE}-{span}-01");
        assert_ne!(of(&[&good, &good]).trace_id(), TRACE, "two of them say nothing");
    }

    #[test]
    fn a_child_stays_in_the_trace() {
        let parent = of(&[&format!("00-{TRACE}-00f067aa0ba902b7-00")]);
        let child = parent.child(&SystemClock);
        let (context, of_parent, is_remote) = child.exported();
        assert_eq!((of_parent.to_string(), is_remote), (parent.id(), false));
        assert!(!context.is_sampled());
        let told = child.header().unwrap();
        assert_eq!(told, format!("00-{TRACE}-{}-00", child.id()).as_str());
    }
}
