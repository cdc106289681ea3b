//! What events are about, and which of that the viewer may see today. One line per noun.

use std::collections::{BTreeMap, HashSet};

use entity::id::{self, TypedId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::{
    authz::Viewer,
    domain::{
        activity_kind, assignment, commitment, delivery, document, enrolment, mandate, member,
        need, note, operation, party, place, router_key, saved_operation, statement, subgraph,
        task, token,
    },
    error::{Error, Result},
};

/// The subject of imports. It is no object and has no id.
pub const REGISTRY: &str = "registry";

/// Which of some subjects the viewer may see today, asked once per type.
pub async fn visible<'a>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    subjects: impl IntoIterator<Item = &'a str>,
) -> Result<HashSet<&'a str>> {
    let mut visible = HashSet::new();
    let mut by_type: BTreeMap<String, BTreeMap<Uuid, &'a str>> = BTreeMap::new();
    for subject in subjects {
        match id::parse(subject) {
            Ok((prefix, id)) => _ = by_type.entry(prefix).or_default().insert(id, subject),
            Err(_) if subject == REGISTRY => _ = visible.insert(subject),
            Err(_) => tracing::error!(subject, "an event about nothing that is known"),
        }
    }
    for (prefix, subjects) in by_type {
        let seen = of_type(db, viewer, &prefix, subjects.keys().copied()).await?;
        visible.extend(seen.iter().filter_map(|id| subjects.get(id)));
    }
    Ok(visible)
}

macro_rules! nouns {
    ($($id:ident: $($path:ident)::+),+ $(,)?) => {
        /// Which objects of the type with this prefix the viewer may see.
        async fn of_type(
            db: &impl ConnectionTrait,
            viewer: &Viewer,
            prefix: &str,
            ids: impl Iterator<Item = Uuid>,
        ) -> Result<Vec<Uuid>> {
            match prefix {
                $(id::$id::PREFIX => among(db, $($path)::+::visible_to(viewer), ids).await,)+
                _ => {
                    tracing::error!(prefix, "events about a type that nobody may see");
                    Ok(Vec::new())
                }
            }
        }
    };
}

nouns! {
    ActivityKindId: activity_kind::read,
    AmendmentId: commitment::read::amendments,
    ApiTokenId: token::read,
    AssignmentId: assignment::read,
    CommitmentId: commitment::read,
    DeliveryId: delivery::read,
    DocumentId: document::read,
    EnrolmentId: enrolment::read,
    FieldGrantId: subgraph::read::grants,
    InvitationId: member::read::invitations,
    MandateId: mandate::read,
    MemberId: member::read,
    NeedId: need::read,
    NoteId: note::read,
    OperationId: operation::read,
    PartyId: party::read,
    PlaceId: place::read,
    RouterKeyId: router_key::read,
    SavedOperationId: saved_operation::read,
    StatementKeyId: statement::read,
    SubgraphId: subgraph::read,
    SupergraphId: subgraph::read::supergraphs,
    TaskAnswerId: task::read::answer,
    TaskId: task::read,
    VerificationId: delivery::read::verifications,
}

async fn among<E: EntityTrait>(
    db: &impl ConnectionTrait,
    visible: Select<E>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<Uuid>> {
    let id = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
    let id = id.ok_or_else(|| Error::internal("a row without a primary key"))?;
    Ok(visible.select_only().column(id).filter(id.is_in(ids)).into_tuple().all(db).await?)
}
