//! A transaction that writes: it claims the idempotency key, collects the events, and as its last
//! step before the commit appends them to the log. Dropping it undoes everything, the key included.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Deref,
};

use async_graphql::ID;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{ApiTokenId, Identified, MemberId, PartyId, PlaceId, TypedId},
    idempotency, installation,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, Iterable,
    PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, Select, Statement, TryInsertResult,
    prelude::Expr,
    sea_query::{LockType, OnConflict},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    app::App,
    authz::Viewer,
    error::{Error, Result, gave_way},
    hub::Hub,
    refusal::{Refusal, UserErrorCode},
};

mod log;

pub use log::{Audience, Draft, chained};

/// An idempotency key as one mutation received it.
#[derive(Clone, Debug)]
pub struct Key {
    pub mutation: String,
    pub key: Uuid,
    /// SHA-256 of the input as sent.
    pub input_hash: String,
}

/// What a mutation made or changed.
#[derive(Clone, Debug)]
pub struct Done<Id> {
    pub id: Id,
    /// Whether an earlier request with the same key did it.
    pub replayed: bool,
    /// Shown once, never on a replay.
    pub secret: Option<String>,
}

impl<Id> Done<Id> {
    pub const fn now(id: Id) -> Self {
        Self { id, replayed: false, secret: None }
    }

    const fn before(id: Id) -> Self {
        Self { id, replayed: true, secret: None }
    }
}

/// Who is on record for what a transaction does; all null for the operator at the command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Actor {
    pub party: Option<PartyId>,
    pub member: Option<MemberId>,
    pub token: Option<ApiTokenId>,
}

/// The lock of a row that is about to change. Not the stronger FOR UPDATE: that one waits for
/// every row that refers to this one by a foreign key, which is how deadlocks come about.
pub const CHANGE: LockType = LockType::NoKeyUpdate;

/// What a batch made: for each row of the input the id or why not, in order.
#[derive(Clone, Debug)]
pub struct DoneBatch {
    pub rows: Vec<Result<Uuid, Refusal>>,
    /// Whether an earlier request with the same key did it.
    pub replayed: bool,
}

impl DoneBatch {
    /// Whether nothing was made, because rows were refused.
    pub fn is_refused(&self) -> bool {
        self.rows.iter().any(Result::is_err) && self.rows.iter().flatten().all(uuid::Uuid::is_nil)
    }
}

struct Claim {
    party: PartyId,
    key: Key,
    /// Whether no earlier request has used the key.
    is_new: bool,
    /// The ids that the rows of a batch will have.
    planned: Vec<Uuid>,
}

pub struct Tx {
    inner: DatabaseTransaction,
    actor: Actor,
    now: DateTime<Utc>,
    ids: Box<dyn Fn() -> Uuid + Send + Sync>,
    events: Vec<Draft>,
    claim: Option<Claim>,
    hub: Hub,
}

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl App {
    /// Begins a transaction on behalf of somebody who is signed in.
    pub async fn write(&self, viewer: &Viewer) -> Result<Tx> {
        self.write_as(viewer.actor()?).await
    }

    /// The same for a mutation with an idempotency key. The key is claimed before anything else is
    /// locked, so that a second caller waits for the first one here and nowhere else; whether it was
    /// used before is asked with [`Tx::replay`], when the caller is known to be allowed.
    pub async fn write_once(&self, viewer: &Viewer, key: Key) -> Result<Tx> {
        let mut tx = self.write(viewer).await?;
        tx.claim(key, 0).await?;
        Ok(tx)
    }

    /// The same for a batch of rows. The ids of all rows are written down with the key, so that a
    /// batch without a refusal writes its record once.
    pub async fn write_batch(&self, viewer: &Viewer, key: Key, rows: usize) -> Result<Tx> {
        let mut tx = self.write(viewer).await?;
        tx.claim(key, rows).await?;
        Ok(tx)
    }

    /// Begins a transaction on behalf of the operator, or of somebody known by other means.
    pub async fn write_as(&self, actor: Actor) -> Result<Tx> {
        let clock = self.clock.clone();
        Ok(Tx {
            inner: self.db.write().await?,
            actor,
            now: clock.now(),
            ids: Box::new(move || clock.uuid()),
            events: Vec::new(),
            claim: None,
            hub: self.hub.clone(),
        })
    }
}

impl Tx {
    /// One visible object for a change, named by a field of the input and locked until the end of
    /// the transaction. What is not there, or not to be seen, is `NOT_FOUND`.
    pub async fn lock<E>(&self, visible: Select<E>, field: &str, id: &ID) -> Result<E::Model>
    where
        E: EntityTrait,
        E::Model: Identified + Send + Sync,
    {
        self.find(visible.lock(CHANGE), field, id).await
    }

    /// The same for an object that is only referred to, without a lock.
    pub async fn find<E>(&self, visible: Select<E>, field: &str, id: &ID) -> Result<E::Model>
    where
        E: EntityTrait,
        E::Model: Identified + Send + Sync,
    {
        let not_found = || UserErrorCode::NotFound.refuse().at(field);
        let id: <E::Model as Identified>::Id = id.parse().map_err(|_| not_found())?;
        let column = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
        let column = column.ok_or_else(|| Error::internal("a row without a primary key"))?;
        let row = visible.filter(column.eq(Into::<Uuid>::into(id))).one(&self.inner).await?;
        row.ok_or_else(|| not_found().into())
    }

    /// Visible objects for a change, locked in the order of their ids so that two batches never
    /// wait for each other in a circle. What is not there, or not to be seen, is left out.
    pub async fn lock_all<E>(
        &self,
        visible: Select<E>,
        ids: impl IntoIterator<Item = <E::Model as Identified>::Id>,
    ) -> Result<BTreeMap<Uuid, E::Model>>
    where
        E: EntityTrait,
        E::Model: Identified + Send + Sync,
    {
        self.all_of(visible, ids, |select| select.lock(CHANGE)).await
    }

    /// The same for objects that are only referred to, without a lock.
    pub async fn find_all<E>(
        &self,
        visible: Select<E>,
        ids: impl IntoIterator<Item = <E::Model as Identified>::Id>,
    ) -> Result<BTreeMap<Uuid, E::Model>>
    where
        E: EntityTrait,
        E::Model: Identified + Send + Sync,
    {
        self.all_of(visible, ids, |select| select).await
    }

    async fn all_of<E>(
        &self,
        visible: Select<E>,
        ids: impl IntoIterator<Item = <E::Model as Identified>::Id>,
        finish: impl Fn(Select<E>) -> Select<E>,
    ) -> Result<BTreeMap<Uuid, E::Model>>
    where
        E: EntityTrait,
        E::Model: Identified + Send + Sync,
    {
        let ids: BTreeSet<Uuid> = ids.into_iter().map(Into::into).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let column = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
        let column = column.ok_or_else(|| Error::internal("a row without a primary key"))?;
        let rows = finish(visible.filter(column.is_in(ids)).order_by_asc(column));
        let rows = rows.all(&self.inner).await?.into_iter();
        Ok(rows.map(|row| (row.id().into(), row)).collect())
    }

    /// Sets some columns of each row of a table that has an id, in one statement.
    pub async fn update_each(
        &self,
        table: &str,
        columns: &[&str],
        rows: Vec<(Uuid, Vec<sea_orm::Value>)>,
    ) -> Result<()> {
        let width = columns.len() + 1;
        let set: Vec<_> = columns.iter().map(|column| format!("{column} = v.{column}")).collect();
        for rows in rows.chunks(CHUNK) {
            let tuple = |row: usize| {
                let cells: Vec<_> =
                    (1..=width).map(|at| format!("${}", row * width + at)).collect();
                format!("({})", cells.join(", "))
            };
            let tuples: Vec<_> = (0..rows.len()).map(tuple).collect();
            let sql = format!(
                "WITH v (id, {}) AS (VALUES {}) UPDATE {table} SET {} FROM v WHERE {table}.id = v.id",
                columns.join(", "),
                tuples.join(", "),
                set.join(", "),
            );
            let values = rows.iter().flat_map(|(id, cells)| {
                std::iter::once(sea_orm::Value::from(*id)).chain(cells.iter().cloned())
            });
            let backend = self.inner.get_database_backend();
            self.inner.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        }
        Ok(())
    }

    /// A new id.
    pub fn id<Id: From<Uuid>>(&self) -> Id {
        (self.ids)().into()
    }

    /// The id that a row of the batch will have.
    pub fn planned<Id: From<Uuid>>(&self, row: usize) -> Id {
        let planned = self.claim.as_ref().and_then(|claim| claim.planned.get(row).copied());
        planned.unwrap_or_else(|| (self.ids)()).into()
    }

    pub const fn actor(&self) -> Actor {
        self.actor
    }

    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Puts somebody else on record: a person who becomes a member by what this transaction does.
    pub const fn act_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// Claims an idempotency key for the acting party, waiting for a request that still runs with it.
    /// Whoever acts for no party claims nothing: no mutation with a key allows them anything.
    pub async fn claim(&mut self, key: Key, rows: usize) -> Result<()> {
        if let Some(party) = self.actor.party {
            let planned: Vec<Uuid> = (0..rows).map(|_| (self.ids)()).collect();
            let outcome = match rows {
                0 => Value::Null,
                _ => planned.iter().map(|id| Value::String(id.to_string())).collect(),
            };
            let is_new = self.insert_key(party, &key, outcome).await?;
            self.claim = Some(Claim { party, key, is_new, planned });
        }
        Ok(())
    }

    /// What an earlier request with the same key made; the caller then has nothing left to do.
    pub async fn replay<Id: TypedId>(&self) -> Result<Option<Done<Id>>> {
        let Some(outcome) = self.known_outcome().await? else {
            return Ok(None);
        };
        let made = outcome.as_str().and_then(|made| made.parse::<Uuid>().ok());
        let made = made.ok_or_else(|| Error::internal("an idempotency record without its id"))?;
        Ok(Some(Done::before(Id::from(made))))
    }

    /// The same for a batch: the id or the refusal of each row.
    pub async fn replay_batch(&self) -> Result<Option<DoneBatch>> {
        let Some(outcome) = self.known_outcome().await? else {
            return Ok(None);
        };
        let broken = || Error::internal("an idempotency record without its rows");
        let rows = outcome.as_array().ok_or_else(broken)?.iter().map(|row| match row.as_str() {
            Some(id) => id.parse::<Uuid>().map(Ok).map_err(|_| broken()),
            None => Refusal::from_json(row).map(Err).ok_or_else(broken),
        });
        Ok(Some(DoneBatch { rows: rows.collect::<Result<_>>()?, replayed: true }))
    }

    /// What the record of an earlier request with the same key and the same input says.
    async fn known_outcome(&self) -> Result<Option<Value>> {
        let Some(Claim { party, key, is_new: false, .. }) = &self.claim else {
            return Ok(None);
        };
        let id = (*party, key.mutation.clone(), key.key);
        let Some(record) = idempotency::Entity::find_by_id(id).one(&self.inner).await? else {
            return Err(UserErrorCode::IdempotencyInProgress.refuse().at("idempotencyKey").into());
        };
        if record.input_hash != key.input_hash {
            return Err(UserErrorCode::IdempotencyMismatch.refuse().at("idempotencyKey").into());
        }
        Ok(Some(record.outcome))
    }

    async fn insert_key(&self, party: PartyId, key: &Key, outcome: Value) -> Result<bool> {
        let row = idempotency::ActiveModel {
            party_id: Set(party),
            mutation: Set(key.mutation.clone()),
            key: Set(key.key),
            input_hash: Set(key.input_hash.clone()),
            outcome: Set(outcome),
            created_at: Set(self.now),
        };
        let inserted = idempotency::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .try_insert()
            .exec_without_returning(&self.inner)
            .await;
        match inserted {
            Ok(TryInsertResult::Inserted(1..)) => Ok(true),
            Ok(_) => Ok(false),
            Err(cause) if gave_way(&cause) => {
                Err(UserErrorCode::IdempotencyInProgress.refuse().at("idempotencyKey").into())
            }
            Err(cause) => Err(cause.into()),
        }
    }

    /// Notes an event about something that everybody may see; it reaches the log with the commit.
    /// `data` holds before and after of the changed fields, and never a secret.
    pub fn record(&mut self, r#type: &'static str, subject: impl ToString, data: Value) {
        self.log(Draft::public(r#type, subject, data));
    }

    /// The same about something that only some parties may see.
    pub fn record_for(
        &mut self,
        r#type: &'static str,
        subject: impl ToString,
        parties: impl IntoIterator<Item = PartyId>,
        data: Value,
    ) {
        let audience = Audience::of(parties);
        self.log(Draft { audience, ..Draft::public(r#type, subject, data) });
    }

    /// The same as `record`, about a commune.
    pub fn record_at(
        &mut self,
        r#type: &'static str,
        subject: impl ToString,
        commune: PlaceId,
        data: Value,
    ) {
        self.log(Draft { commune: Some(commune), ..Draft::public(r#type, subject, data) });
    }

    /// Notes any event.
    pub fn log(&mut self, event: Draft) {
        self.events.push(event);
    }

    /// The registry's lock for a viewer. Somebody who manages nothing will be refused and does not
    /// get to hold it.
    pub async fn lock_registry_for(&self, viewer: &Viewer) -> Result<()> {
        if viewer.is_manager() { self.lock_registry().await } else { Ok(()) }
    }

    /// Takes the registry's lock: whoever changes what `reach` is derived from begins with it.
    pub async fn lock_registry(&self) -> Result<()> {
        installation::Entity::update_many()
            .col_expr(
                installation::Column::RegistryRevision,
                Expr::col(installation::Column::RegistryRevision).add(1),
            )
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Commits what made or changed one object.
    pub async fn done<Id: TypedId>(self, id: Id) -> Result<Done<Id>> {
        let made: Uuid = id.into();
        self.note_outcome(Value::String(made.to_string())).await?;
        self.commit().await?;
        Ok(Done::now(id))
    }

    /// Commits a batch.
    pub async fn done_batch(self, rows: Vec<Result<Uuid, Refusal>>) -> Result<DoneBatch> {
        let planned = self.claim.as_ref().is_some_and(|claim| {
            let made = rows.iter().map(|row| row.as_ref().ok());
            made.eq(claim.planned.iter().map(Some))
        });
        if !planned {
            let outcome = rows.iter().map(|row| match row {
                Ok(id) => Value::String(id.to_string()),
                Err(refusal) => refusal.to_json(),
            });
            self.note_outcome(outcome.collect()).await?;
        }
        self.commit().await?;
        Ok(DoneBatch { rows, replayed: false })
    }

    async fn note_outcome(&self, outcome: Value) -> Result<()> {
        let Some(Claim { party, key, .. }) = &self.claim else { return Ok(()) };
        idempotency::Entity::update(idempotency::ActiveModel {
            party_id: Set(*party),
            mutation: Set(key.mutation.clone()),
            key: Set(key.key),
            outcome: Set(outcome),
            ..Default::default()
        })
        .exec(&self.inner)
        .await?;
        Ok(())
    }

    /// Appends the events to the log and commits. The head is locked last and for a moment only,
    /// so that commit order is log order.
    pub async fn commit(self) -> Result<()> {
        if self.events.is_empty() {
            return Ok(self.inner.commit().await?);
        }
        let end = self.append().await?;
        self.inner.commit().await?;
        self.hub.announce(end);
        Ok(())
    }
}

/// Rows in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535.
pub const CHUNK: usize = 2_500;

/// Refuses a change of an object that has changed since the version it was decided on; the refusal
/// carries the object as it is now.
pub fn check_version(id: impl Into<Uuid>, current: i32, expected: i32) -> Result<(), Refusal> {
    if current == expected {
        return Ok(());
    }
    let refusal = UserErrorCode::StaleVersion.refuse().at("expectedVersion");
    Err(refusal.with("current", current).object(id))
}

/// How long an idempotency key is kept, in days.
const KEY_DAYS: i64 = 400;

/// Forgets the idempotency keys that are past their time, and says how many.
pub async fn forget_old_keys(app: &App) -> Result<u64> {
    let oldest = app.clock.now() - TimeDelta::days(KEY_DAYS);
    let gone = idempotency::Entity::delete_many()
        .filter(idempotency::Column::CreatedAt.lt(oldest))
        .exec(app.db.writer())
        .await?;
    Ok(gone.rows_affected)
}

/// SHA-256 of some bytes in lower-case hexadecimal.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
