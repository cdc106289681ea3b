//! The parts of a running server, and the way they start and stop.

use std::sync::Arc;

use crate::{
    clock::Clock,
    db::Db,
    domain::operation::uses::Uses,
    graphql::{
        self, Schema,
        guard::{Guard, Limits},
    },
    http::auth::SignIn,
};

pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Tells who somebody is, beside the database.
    pub sign_in: SignIn,
    pub guard: Guard<Schema>,
    /// How often persisted operations were run, and is not written yet.
    pub uses: Uses,
}

impl App {
    /// With the documented limits.
    pub fn new(db: Db, clock: Arc<dyn Clock>, sign_in: impl Into<SignIn>) -> Arc<Self> {
        Self::limited(db, clock, sign_in, Limits::default())
    }

    pub fn limited(
        db: Db,
        clock: Arc<dyn Clock>,
        sign_in: impl Into<SignIn>,
        limits: Limits,
    ) -> Arc<Self> {
        let (sign_in, guard) = (sign_in.into(), graphql::guard(limits));
        Arc::new(Self { db, clock, sign_in, guard, uses: Uses::default() })
    }
}
