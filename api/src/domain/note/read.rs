//! Selecting notes, and what they are on.

use entity::{
    commitment,
    id::{CommitmentId, DeliveryId, NeedId, NoteId, PartyId},
    need, note,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::{
    authz::Viewer,
    domain::{
        commitment::{read as commitments, rules::participants},
        need::read as needs,
        reach::read as reach,
    },
    error::Result,
    graphql::context::loader,
    tx::{Audience, Tx},
};

/// Those on objects that concern the viewer, those addressed to it, and those it wrote.
pub fn visible_to(viewer: &Viewer) -> Select<note::Entity> {
    let all = note::Entity::find();
    if viewer.oversees() {
        return all;
    }
    let commitments = commitment::Entity::find()
        .filter(commitments::concerning(viewer))
        .select_only()
        .column(commitment::Column::Id);
    let needs = need::Entity::find()
        .filter(needs::concerning(viewer))
        .select_only()
        .column(need::Column::Id);
    all.filter(
        Condition::any()
            .add(note::Column::CommitmentId.in_subquery(commitments.into_query()))
            .add(note::Column::NeedId.in_subquery(needs.into_query()))
            .add(reach::owns(viewer, note::Column::AddresseeId))
            .add(reach::owns(viewer, note::Column::WrittenById)),
    )
}

loader!(NoteById(NoteId): note by id);
loader!(NotesOfNeed(NeedId): each note by need_id in written_at);
loader!(NotesOfDelivery(DeliveryId): each note by delivery_id in written_at);

mod on_itself {
    //! Notes on a commitment as a whole: those on a delivery are shown with the delivery.

    use super::{ColumnTrait, CommitmentId, QueryFilter, Select, Viewer, loader, note};

    fn visible_to(viewer: &Viewer) -> Select<note::Entity> {
        super::visible_to(viewer).filter(note::Column::DeliveryId.is_null())
    }

    loader!(NotesOfCommitment(CommitmentId): each note by commitment_id in written_at);
}

pub use on_itself::NotesOfCommitment;

/// Who hears of a note: writer, addressee, and those whom the object concerns, whether or not
/// whoever changes the note sees that object.
pub async fn audience(tx: &Tx, note: &note::Model) -> Result<Audience> {
    let parties = note.addressee_id.into_iter().chain([note.written_by_id]);
    let mut parties: Vec<PartyId> = parties.collect();
    let mut places = Vec::new();
    if let Some(id) = note.need_id {
        places.extend(need::Entity::find_by_id(id).one(&**tx).await?.map(|need| need.commune_id));
    }
    if let Some(id) = note.commitment_id
        && let Some(commitment) = commitment::Entity::find_by_id(id).one(&**tx).await?
    {
        parties.extend(participants(&commitment));
        places.push(commitment.place_id);
    }
    Ok(places.into_iter().fold(Audience::of(parties), Audience::at))
}
