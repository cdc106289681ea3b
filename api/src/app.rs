//! The parts of a running server, and the way they start and stop.

use std::sync::Arc;

use crate::{clock::Clock, db::Db, http::auth::Personas};

pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Tokens of the demonstration's people; empty in production.
    pub personas: Personas,
    pub schema: crate::graphql::Schema,
}

impl App {
    pub fn new(db: Db, clock: Arc<dyn Clock>, personas: Personas) -> Arc<Self> {
        Arc::new(Self { db, clock, personas, schema: crate::graphql::schema() })
    }
}
