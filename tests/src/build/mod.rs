//! Rows that a test needs before the act under test. They are inserted directly, without rules,
//! permission or events: `app.party(Kind::Bank).with(|party| …).await`.

use std::pin::Pin;

use entity::{
    activity_kind, api_token, assignment, document, document_party, enrolment, favourite,
    field_grant, invitation, mandate, member, need, note, operation, operation_use, party,
    party_mark, party_succession, place, place_alias, place_succession, saved_operation, session,
    subgraph, subgraph_approval, subgraph_read, subgraph_version, supergraph, supergraph_part,
    task, task_answer,
};
use sea_orm::{DatabaseConnection, DbErr};

use crate::TestApp;

mod ledger;
mod lookup;
mod needs;
mod parties;
mod people;
mod programme;
mod saved;
mod subgraphs;

pub use people::Enter;

/// Since when new places and parties exist: the day of the new list of units.
const BEGINNING: &str = "2025-07-01";

/// A row that will be inserted when this is awaited.
#[must_use = "a row is inserted when it is awaited"]
pub struct Build<'a, M> {
    app: &'a TestApp,
    row: M,
}

/// What can be built.
pub trait Row: Clone + Send + Sync + 'static {
    /// Whether `reach` follows from it.
    const MOVES_REACH: bool = false;

    /// Fills in what was left open and what follows from the rest, just before the insert.
    fn prepare(&mut self, _: &TestApp) -> impl Future<Output = ()> + Send {
        async {}
    }

    fn insert(self, db: &DatabaseConnection) -> impl Future<Output = Result<Self, DbErr>> + Send;

    fn insert_all(
        rows: Vec<Self>,
        db: &DatabaseConnection,
    ) -> impl Future<Output = Result<(), DbErr>> + Send;

    /// Brings up to date what follows from the rows, just after the insert.
    fn follow(_: &[Self], _: &TestApp) -> impl Future<Output = ()> + Send {
        async {}
    }
}

impl<'a, M: Row> Build<'a, M> {
    pub(crate) fn new(app: &'a TestApp, row: M) -> Self {
        Self { app, row }
    }

    /// Changes anything in the row.
    pub fn with(mut self, change: impl FnOnce(&mut M)) -> Self {
        change(&mut self.row);
        self
    }

    /// Inserts it and answers what the database says, for rows that it may refuse.
    pub async fn attempt(mut self) -> Result<M, DbErr> {
        self.row.prepare(self.app).await;
        let row = self.row.insert(self.app.db().writer()).await?;
        M::follow(std::slice::from_ref(&row), self.app).await;
        if M::MOVES_REACH {
            self.app.unsettle().await;
        }
        Ok(row)
    }

    /// Inserts it and answers why the database refuses it.
    pub async fn refused(self) -> String {
        match self.attempt().await {
            Ok(_) => panic!("the database takes the row"),
            Err(cause) => cause.to_string(),
        }
    }
}

impl<'a, M: Row> IntoFuture for Build<'a, M> {
    type Output = M;
    type IntoFuture = Pin<Box<dyn Future<Output = M> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.attempt().await.expect("the database takes the row") })
    }
}

impl TestApp {
    /// Inserts many rows of one table at once.
    pub async fn insert<M: Row>(&self, builds: impl IntoIterator<Item = Build<'_, M>>) -> Vec<M> {
        let mut rows = Vec::new();
        for mut build in builds {
            build.row.prepare(self).await;
            rows.push(build.row);
        }
        let inserted = M::insert_all(rows.clone(), self.db().writer()).await;
        inserted.expect("the database takes the rows");
        M::follow(&rows, self).await;
        if M::MOVES_REACH {
            self.unsettle().await;
        }
        rows
    }
}

/// The part of [`Row`] that is the same for every table.
macro_rules! inserts {
    ($noun:ident) => {
        async fn insert(
            self,
            db: &sea_orm::DatabaseConnection,
        ) -> std::result::Result<Self, sea_orm::DbErr> {
            let row = sea_orm::IntoActiveModel::into_active_model(self);
            sea_orm::ActiveModelTrait::insert(row, db).await
        }

        async fn insert_all(
            rows: Vec<Self>,
            db: &sea_orm::DatabaseConnection,
        ) -> std::result::Result<(), sea_orm::DbErr> {
            let rows = rows.into_iter().map(sea_orm::IntoActiveModel::into_active_model);
            let rows = <$noun::Entity as sea_orm::EntityTrait>::insert_many(rows);
            rows.exec_without_returning(db).await.map(|_| ())
        }
    };
}
use inserts;

/// Tables whose rows come as the test gives them.
macro_rules! plain {
    ($($noun:ident $($moves_reach:ident)?),+ $(,)?) => {$(
        impl Row for $noun::Model {
            $(const $moves_reach: bool = true;)?
            inserts!($noun);
        }
    )+};
}

use plain;

plain!(
    api_token,
    document_party,
    favourite,
    invitation,
    mandate MOVES_REACH,
    member,
    need,
    note,
    operation,
    operation_use,
    party_mark MOVES_REACH,
    party_succession MOVES_REACH,
    place_alias,
    place_succession MOVES_REACH,
    field_grant,
    saved_operation,
    session,
    subgraph,
    subgraph_approval,
    subgraph_read,
    subgraph_version,
    supergraph,
    supergraph_part,
    task,
    task_answer,
);

impl Row for place::Model {
    const MOVES_REACH: bool = true;

    async fn prepare(&mut self, _: &TestApp) {
        self.search_key = api::text::search_key([&*self.name]);
    }

    inserts!(place);
}

impl Row for party::Model {
    const MOVES_REACH: bool = true;

    async fn prepare(&mut self, app: &TestApp) {
        let company = matches!(self.kind, party::Kind::TelecomCompany | party::Kind::Bank);
        if self.place_id.is_none() && !company {
            self.place_id = Some(app.province().await.id);
        }
        let name_en = self.name_en.as_deref().unwrap_or_default();
        self.search_key = api::text::search_key([&*self.name, name_en, &*self.code]);
    }

    inserts!(party);
}

impl Row for document::Model {
    async fn prepare(&mut self, _: &TestApp) {
        let reference = format!("{}/{}", self.number, self.symbol);
        self.search_key = api::text::search_key([&*reference, &*self.title]);
    }

    inserts!(document);
}

impl Row for activity_kind::Model {
    async fn prepare(&mut self, _: &TestApp) {
        self.search_key = api::text::search_key([&*self.name, &*self.name_en, &*self.code]);
    }

    inserts!(activity_kind);
}

impl Row for assignment::Model {
    const MOVES_REACH: bool = true;

    async fn prepare(&mut self, app: &TestApp) {
        if self.document_id == programme::open() {
            self.document_id = app.directive().await.id;
        }
    }

    inserts!(assignment);
}

impl Row for enrolment::Model {
    async fn prepare(&mut self, app: &TestApp) {
        if self.document_id == programme::open() {
            self.document_id = app.directive().await.id;
        }
    }

    inserts!(enrolment);
}
