//! Sets of participants, made when they are first needed. The id of a set follows from its
//! members, so that two writers make the same one.

use std::collections::BTreeSet;

use entity::{
    id::{ParticipantSetId, PartyId},
    participant_set, participant_set_member as member,
};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{error::Result, tx::Tx};

/// The id of a set with these members: the first 16 bytes of SHA-256 over their sorted ids.
pub fn id(members: &BTreeSet<PartyId>) -> ParticipantSetId {
    let mut digest = Sha256::new();
    for party in members {
        digest.update(Uuid::from(*party).as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
}

/// Makes sure that these sets are there; two statements, however many.
pub async fn ensure(tx: &Tx, sets: &BTreeSet<BTreeSet<PartyId>>) -> Result<()> {
    if sets.is_empty() {
        return Ok(());
    }
    let nothing = || OnConflict::new().do_nothing().to_owned();
    let mut members = Vec::new();
    let mut rows = Vec::new();
    let mut sets: Vec<_> = sets.iter().map(|set| (id(set), set)).collect();
    sets.sort_unstable_by_key(|(id, _)| *id);
    for (set_id, set) in sets {
        let key = Uuid::from(set_id).simple().to_string();
        rows.push(participant_set::ActiveModel { id: Set(set_id), key: Set(key) });
        members.extend(
            set.iter()
                .map(|party| member::ActiveModel { set_id: Set(set_id), party_id: Set(*party) }),
        );
    }
    participant_set::Entity::insert_many(rows)
        .on_conflict(nothing())
        .try_insert()
        .exec_without_returning(&**tx)
        .await?;
    member::Entity::insert_many(members)
        .on_conflict(nothing())
        .try_insert()
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}
