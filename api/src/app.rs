//! The parts of a running server, and the way they start and stop.

use std::sync::Arc;

use crate::{clock::Clock, db::Db, http::auth::SignIn};

pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Tells who somebody is, beside the database.
    pub sign_in: SignIn,
    pub schema: crate::graphql::Schema,
}

impl App {
    pub fn new(db: Db, clock: Arc<dyn Clock>, sign_in: impl Into<SignIn>) -> Arc<Self> {
        Arc::new(Self { db, clock, sign_in: sign_in.into(), schema: crate::graphql::schema() })
    }
}
