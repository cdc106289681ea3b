//! Requests that are sent until they are answered.

use std::{sync::atomic::Ordering::Relaxed, thread, time::Instant};

use serde_json::{Value, json};

use super::{PAUSE, Run};
use crate::{HOST, process};

/// Codes that say: try again.
const AGAIN: [&str; 2] = ["UNAVAILABLE", "IDEMPOTENCY_IN_PROGRESS"];

/// Somebody with a token.
pub struct Client<'a> {
    run: &'a Run,
    bearer: String,
    /// How many requests were answered; they go to the servers in turn.
    answered: usize,
}

impl<'a> Client<'a> {
    pub fn new(run: &'a Run, token: &str) -> Self {
        Self { run, bearer: format!("Bearer {token}"), answered: 0 }
    }

    /// Sends a mutation until it is acknowledged and answers its payload. Anything but success or a
    /// request to try again is a fault.
    pub fn act(&mut self, mutation: &str, field: &str, input: &Value) -> Value {
        let query = format!(
            "mutation ($input: {}{}Input!) {{ {field}(input: $input) {mutation} }}",
            field[..1].to_uppercase(),
            &field[1..]
        );
        let data = self.ask(&query, &json!({ "input": input }));
        let payload = data[field].clone();
        assert_eq!(payload["userErrors"], json!([]), "{field}: {payload}");
        self.run.acknowledged.fetch_add(1, Relaxed);
        self.run.replayed.fetch_add(u64::from(payload["replayed"] == true), Relaxed);
        payload
    }

    /// Sends a request until it is answered.
    pub fn ask(&mut self, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        loop {
            self.run.requests.fetch_add(1, Relaxed);
            if let Some(data) = self.attempt(&body) {
                self.answered += 1;
                return data;
            }
            self.run.retries.fetch_add(1, Relaxed);
            assert!(!self.run.is_broken.load(Relaxed), "somebody else found a fault");
            thread::sleep(PAUSE);
        }
    }

    /// The data of an answer, or none if there was no answer or it said to try again.
    fn attempt(&self, body: &str) -> Option<Value> {
        let headers =
            [("host", HOST), ("content-type", "application/json"), ("authorization", &self.bearer)];
        let port = self.run.ports[self.answered % self.run.ports.len()].load(Relaxed);
        let begun = Instant::now();
        let (_, answer) = process::send(port, "POST", "/graphql", &headers, body).ok()?;
        // What was cut off in the middle is no answer.
        let answer: Value = serde_json::from_str(&answer).ok()?;
        let code = |error: &Value| AGAIN.iter().any(|again| *again == error);
        if code(&answer["errors"][0]["extensions"]["code"]) {
            return None;
        }
        let data = answer["data"].as_object();
        let data = data.unwrap_or_else(|| panic!("no answer to {body}: {answer}"));
        if data.values().any(|payload| code(&payload["userErrors"][0]["code"])) {
            return None;
        }
        assert!(answer["errors"].is_null(), "{answer}");
        self.run.times.lock().expect("nobody panicked").push((begun, begun.elapsed()));
        Some(answer["data"].clone())
    }
}
