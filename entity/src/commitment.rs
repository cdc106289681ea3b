//! A party promises a quantity of one activity to one place on a schedule. The sums of its
//! deliveries stand in the same row; they follow from the ledger and are never typed.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    id::{
        ActivityKindId, CommitmentId, FundingSourceId, NeedId, ParticipantSetId, PartyId, PlaceId,
    },
    text_enum,
};

text_enum!(Status { Proposed, Active, Closed, Declined, Withdrawn });

text_enum!(
    /// Who may see a row: everybody, or the sides, those who help the place, and who runs the
    /// programme.
    Disclosure { Public, Parties }
);

/// Parties in one JSON column, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Parties(pub Vec<Uuid>);

impl Parties {
    pub fn iter(&self) -> impl Iterator<Item = PartyId> + '_ {
        self.0.iter().copied().map(PartyId::from)
    }
}

impl FromIterator<PartyId> for Parties {
    fn from_iter<I: IntoIterator<Item = PartyId>>(parties: I) -> Self {
        let mut parties: Vec<Uuid> = parties.into_iter().map(Into::into).collect();
        parties.sort_unstable();
        parties.dedup();
        Self(parties)
    }
}

/// How much is promised by a day, everything before it included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub due_on: Date,
    /// In units of 10^−precision, cumulative.
    pub quantity: i64,
}

/// The due dates in order, with rising quantities; empty for an open promise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Schedule(pub Vec<Due>);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitmentId,
    /// The lead giver, to whom everything is credited.
    pub giver_id: PartyId,
    #[sea_orm(column_type = "Json")]
    pub joint_ids: Parties,
    /// Through whose hands the goods pass.
    pub carrier_id: Option<PartyId>,
    /// Lead, joint givers and carrier as a set.
    pub participants_id: ParticipantSetId,
    /// A commune, or wider.
    pub place_id: PlaceId,
    pub activity_id: ActivityKindId,
    /// The activity's, which never changes.
    pub precision: i32,
    /// In units of 10^−precision; null for an open promise: counted, never fulfilled.
    pub quantity: Option<i64>,
    #[sea_orm(column_type = "Json")]
    pub schedule: Schedule,
    pub last_due_on: Option<Date>,
    pub disclosure: Disclosure,
    pub status: Status,
    /// Why it was declined or withdrawn, or closed or reopened by the coordinator.
    pub reason: Option<String>,
    pub funding_source_id: Option<FundingSourceId>,
    pub need_id: Option<NeedId>,
    /// The declined proposal that this one comes after.
    pub replaces_id: Option<CommitmentId>,
    /// The giver's own name for an agreement, shared by the rows of it.
    pub bundle: Option<String>,
    /// In the giver's own words; may be empty.
    pub text: String,
    /// Set on the open promise that deliveries without a commitment belong to: the civil year.
    pub open_year: Option<i32>,
    pub entered_by_id: PartyId,
    pub external_reference: Option<String>,
    pub proposed_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    /// Since when the receiver has something to accept; null when there is nothing.
    pub waiting_since: Option<Date>,
    /// Counts changes of the promise; deliveries do not touch it.
    pub version: i32,
    /// Σ reported, not reversed.
    pub reported: i64,
    /// Σ reported of `CONFIRMED` + Σ agreed of `SETTLED`.
    pub confirmed: i64,
    /// Σ reported of `REPORTED`.
    pub unverified: i64,
    /// Σ reported of `DISPUTED`.
    pub disputed: i64,
    /// Σ (reported − received or agreed) over `DISPUTED` and `SETTLED`.
    pub difference: i64,
    /// Entries that wait for somebody: not verified, disputed, or to be reversed.
    pub open_entries: i32,
    /// The first due date that what is reported does not meet; null when all are met.
    pub unmet_on: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
