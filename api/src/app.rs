//! The parts of a running server, and the way they start and stop.

use std::sync::Arc;

use crate::{
    clock::Clock,
    db::Db,
    graphql::{
        self, Schema,
        guard::{Guard, Limits},
    },
    http::auth::Personas,
};

pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Tokens of the demonstration's people; empty in production.
    pub personas: Personas,
    pub guard: Guard<Schema>,
}

impl App {
    /// With the documented limits.
    pub fn new(db: Db, clock: Arc<dyn Clock>, personas: Personas) -> Arc<Self> {
        Self::limited(db, clock, personas, Limits::default())
    }

    pub fn limited(db: Db, clock: Arc<dyn Clock>, personas: Personas, limits: Limits) -> Arc<Self> {
        Arc::new(Self { db, clock, personas, guard: graphql::guard(limits) })
    }
}
