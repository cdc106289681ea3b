//! Parses, composes and compares federated schemas with the libraries of npm that do it best, inside
//! QuickJS: each call has a runtime of its own with bounded memory, stack and time, for what a
//! partner publishes is not to be trusted. Calls block; make them off the asynchronous threads.

use std::time::Duration;

mod document;
mod engine;

pub use document::{Definition, Directive, Document, Field, Kind, Named, Position, Value};

/// What one call may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: usize,
    /// Of the processor, so that a busy machine refuses no more than an idle one; the call ends some
    /// milliseconds later.
    pub deadline: Duration,
}

/// Why a call did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It is no schema document.
    #[error("{}:{}: {message}", at.line, at.column)]
    Syntax { message: String, at: Position },
    /// All that does not fit, or the first hundred of it.
    #[error("the schemas do not fit")]
    Problems(Vec<Problem>),
    #[error("it took too long")]
    Deadline,
    /// Or too much of the stack: it is nested too deeply.
    #[error("it took too much memory")]
    Memory,
    /// A fault of the composer itself, or of what it runs.
    #[error("the composer failed: {0}")]
    Engine(String),
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Problem {
    /// Of the composition, such as `INVALID_FIELD_SHARING`; empty where it gives none.
    pub code: String,
    pub message: String,
    /// Where it stands in an operation; none for schemas.
    pub at: Option<Position>,
}

/// A part of the graph.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What routers call it.
    pub name: &'a str,
    /// Where routers find it.
    pub url: &'a str,
    /// What it publishes.
    pub sdl: &'a str,
}

/// A graph composed of its parts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Composed {
    /// For routers.
    pub supergraph: String,
    /// What clients see.
    pub api_schema: String,
}

/// How much a change of the schema matters to those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Criticality {
    Breaking,
    Dangerous,
    Safe,
}

/// A change from one schema to another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Change {
    /// Such as `FIELD_REMOVED`.
    pub kind: String,
    /// What changed, such as `Commune.vnpt`.
    pub path: String,
    pub message: String,
    pub criticality: Criticality,
}

/// Makes the calls.
#[derive(Clone, Copy, Debug)]
pub struct Composer {
    pub limits: Limits,
}

impl Composer {
    /// What a schema document says.
    pub fn parse(&self, sdl: &str) -> Result<Document, Failure> {
        engine::call(self.limits, "parse", &[sdl])
    }

    /// Composes parts into one graph.
    pub fn compose(&self, parts: &[Part<'_>]) -> Result<Composed, Failure> {
        let texts: Vec<_> = parts.iter().flat_map(|part| [part.name, part.url, part.sdl]).collect();
        engine::call(self.limits, "compose", &texts)
    }

    /// What changes from one API schema to another.
    pub fn changes(&self, before: &str, after: &str) -> Result<Vec<Change>, Failure> {
        engine::call(self.limits, "changes", &[before, after])
    }

    /// What is wrong with each of some operations under an API schema; nothing for one that is good.
    pub fn validate(
        &self,
        schema: &str,
        operations: &[&str],
    ) -> Result<Vec<Vec<Problem>>, Failure> {
        let texts: Vec<_> = [schema].into_iter().chain(operations.iter().copied()).collect();
        engine::call(self.limits, "validate", &texts)
    }

    /// Whether two documents of a subgraph of federation 2 say the same, the order of definitions and
    /// fields, descriptions and layout aside, and what servers print anew: extensions as definitions,
    /// imports in another order, defaults, and the definitions of federation itself.
    pub fn same(&self, one: &str, other: &str) -> Result<bool, Failure> {
        engine::call(self.limits, "same", &[one, other])
    }
}

#[cfg(test)]
mod tests;
