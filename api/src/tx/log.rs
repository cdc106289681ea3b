//! What a transaction says to the log: one [`Draft`] per state change, each for its [`Audience`],
//! appended as the last step before the commit and chained by hashes. That the chain is whole is
//! looked at in `domain/event/verify.rs`.

use std::collections::BTreeSet;

use entity::{
    event, event_audience, event_head,
    id::{PartyId, PlaceId},
};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CHUNK, Tx, hex};
use crate::error::{Error, Result};

/// Whose feed an event may stand in; what they read there follows their rights of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(BTreeSet<Uuid>);

impl FromIterator<Uuid> for Audience {
    fn from_iter<I: IntoIterator<Item = Uuid>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl Audience {
    /// The key of events that anybody may read.
    pub const PUBLIC: Uuid = Uuid::nil();

    pub fn public() -> Self {
        Self([Self::PUBLIC].into())
    }

    pub fn of(parties: impl IntoIterator<Item = PartyId>) -> Self {
        Self(parties.into_iter().map(Into::into).collect())
    }

    /// Also these parties.
    #[must_use]
    pub fn and(mut self, parties: impl IntoIterator<Item = PartyId>) -> Self {
        self.0.extend(parties.into_iter().map(Uuid::from));
        self
    }

    /// Also whoever reaches a place.
    #[must_use]
    pub fn at(mut self, place: PlaceId) -> Self {
        self.0.insert(place.into());
        self
    }

    /// Who it is for, in order.
    fn keys(&self) -> impl Iterator<Item = Uuid> {
        self.0.iter().copied()
    }

    /// Everybody, where that holds.
    #[must_use]
    pub fn or_public(mut self, is_public: bool) -> Self {
        if is_public {
            self.0.insert(Self::PUBLIC);
        }
        self
    }
}

/// One event before it has its place in the log.
#[derive(Clone, Debug)]
pub struct Draft {
    pub r#type: &'static str,
    /// TypeID of the object that changed.
    pub subject: String,
    pub giver: Option<PartyId>,
    pub commune: Option<PlaceId>,
    pub audience: Audience,
    /// Before and after of the changed fields, and never a secret; `version` is the subject's after
    /// the change.
    pub data: Value,
}

impl Draft {
    /// About something that everybody may see.
    pub fn public(r#type: &'static str, subject: impl ToString, data: Value) -> Self {
        let audience = Audience::public();
        Self { r#type, subject: subject.to_string(), giver: None, commune: None, audience, data }
    }
}

impl Tx {
    /// Appends the events to the log. The head is locked from here to the commit, and follows by
    /// itself: the database moves it to the last event. Answers where the log then ends.
    pub(super) async fn append(&self) -> Result<i64> {
        let head = event_head::Entity::find_by_id(1)
            .lock_exclusive()
            .one(&self.inner)
            .await?
            .ok_or_else(|| Error::internal("the event log has no head"))?;
        let (mut position, mut hash) = (head.position, head.hash);
        let mut rows = Vec::with_capacity(self.events.len());
        let mut audience = Vec::new();
        for draft in &self.events {
            position += 1;
            let mut row = event::Model {
                position,
                id: self.id(),
                r#type: draft.r#type.to_owned(),
                subject: draft.subject.clone(),
                giver_id: draft.giver,
                commune_id: draft.commune,
                actor_id: self.actor.party,
                member_id: self.actor.member,
                token_id: self.actor.token,
                recorded_at: self.now,
                data: draft.data.to_string(),
                hash: String::new(),
            };
            hash = chained(&hash, &row, &draft.audience);
            row.hash.clone_from(&hash);
            rows.push(event::ActiveModel::from(row));
            audience.extend(draft.audience.keys().map(|key| event_audience::ActiveModel {
                audience_id: Set(key),
                position: Set(position),
            }));
        }
        for rows in rows.chunks(CHUNK) {
            event::Entity::insert_many(rows.to_vec()).exec_without_returning(&self.inner).await?;
        }
        for rows in audience.chunks(CHUNK) {
            event_audience::Entity::insert_many(rows.to_vec())
                .exec_without_returning(&self.inner)
                .await?;
        }
        Ok(position)
    }
}

/// The hash of an event: SHA-256 over the hash before it, each of its fields, and whom it is for
/// unless that is everybody and nobody else; every one preceded by its length in bytes (64 bit, big
/// endian), a null by the length 2⁶⁴−1. The keys of the audience are in order, joined by commas.
pub fn chained(previous: &str, event: &event::Model, audience: &Audience) -> String {
    let told = audience.keys().map(|key| key.to_string()).collect::<Vec<_>>().join(",");
    let fields = [
        Some(previous.to_owned()),
        Some(event.position.to_string()),
        Some(event.id.to_string()),
        Some(event.r#type.clone()),
        Some(event.subject.clone()),
        event.giver_id.map(|id| id.to_string()),
        event.commune_id.map(|id| id.to_string()),
        event.actor_id.map(|id| id.to_string()),
        event.member_id.map(|id| id.to_string()),
        event.token_id.map(|id| id.to_string()),
        Some(event.recorded_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        Some(event.data.clone()),
    ];
    let told = (*audience != Audience::public()).then_some(Some(told));
    let mut digest = Sha256::new();
    for field in fields.into_iter().chain(told) {
        let length = field.as_ref().map_or(u64::MAX, |text| text.len() as u64);
        digest.update(length.to_be_bytes());
        digest.update(field.unwrap_or_default());
    }
    hex(&digest.finalize())
}
