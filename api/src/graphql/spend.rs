//! What an operation costs whom: points are taken before it runs, by what it may cost at most, and
//! what it did not use is given back. Who is signed in has a bucket of their own, wherever they ask
//! from; the public has one for each address.

use std::time::Duration;

use async_graphql::{Response, parser::types::OperationType};

use super::guard::cost;
use crate::{
    app::App,
    authz::{Identity, Viewer},
    error::{Error, Result},
    http::ClientAddress,
    hub::{
        budget::{Balance, Rate, Short},
        streams::Place,
    },
    tx::sha256,
};

/// Points that were taken for one operation.
#[must_use = "what was not used is given back"]
pub struct Spent {
    purse: String,
    rate: Rate,
    requested: u64,
    /// How much is not given back in any case.
    kept: u64,
}

impl Spent {
    /// The same, of which so much is not given back.
    pub fn keeping(self, kept: u64) -> Self {
        Self { kept, ..self }
    }
}

impl App {
    /// Takes what an operation may cost, or says how long to wait.
    pub async fn spend(
        &self,
        viewer: &Viewer,
        address: Option<ClientAddress>,
        requested: u64,
    ) -> Result<Spent> {
        let (purse, rate) = self.purse(viewer, address);
        let now = self.clock.now().timestamp_millis();
        match self.budgets.take(&purse, rate, requested, now).await {
            Ok(_) => Ok(Spent { purse, rate, requested, kept: 0 }),
            Err(Short { balance, retry_after }) => {
                self.telemetry.metrics.limited("points");
                Err(Error::OutOfPoints { requested, balance, retry_after: whole(retry_after) })
            }
        }
    }

    /// What somebody has left to spend.
    pub async fn balance(&self, viewer: &Viewer, address: Option<ClientAddress>) -> Balance {
        let (purse, rate) = self.purse(viewer, address);
        let now = self.clock.now().timestamp_millis();
        // Nothing is always to be had.
        self.budgets.take(&purse, rate, 0, now).await.unwrap_or_else(|short| short.balance)
    }

    /// Gives back what an operation did not use, and tells in its answer what it cost.
    pub async fn settle(&self, spent: Spent, kind: OperationType, response: &mut Response) {
        let Spent { purse, rate, requested, kept } = spent;
        let actual = cost::actual(kind, &response.data).saturating_add(kept).min(requested);
        let now = self.clock.now().timestamp_millis();
        let balance = self.budgets.give_back(&purse, rate, requested - actual, now).await;
        response.extensions.insert("cost".to_owned(), balance.told(requested, actual));
    }

    /// Opens a stream for somebody, unless they have as many as they may.
    pub fn open_stream(&self, viewer: &Viewer, address: Option<ClientAddress>) -> Result<Place> {
        let (purse, _) = self.purse(viewer, address);
        self.streams.open(purse, self.guard.limits().streams).ok_or_else(|| {
            self.telemetry.metrics.limited("streams");
            Error::TooManyStreams
        })
    }

    fn purse(&self, viewer: &Viewer, address: Option<ClientAddress>) -> (String, Rate) {
        let limits = self.guard.limits();
        match &viewer.identity {
            // A party, a person and an address are nobody's business in Redis.
            Identity::Person { issuer, subject } => {
                (sha256(format!("{issuer}\n{subject}")), limits.signed_in)
            }
            Identity::Token(id) => (id.to_string(), limits.signed_in),
            Identity::Public => {
                let address = address.map(|address| address.origin().to_string());
                (sha256(address.unwrap_or_default()), limits.public)
            }
        }
    }
}

/// Retry-After has no fractions.
fn whole(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}
