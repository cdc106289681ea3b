//! Typed ids: a UUIDv7 in the row, a TypeID (`party_01h455vb4pex5vsknk084sn02q`) on the wire.

use std::{fmt, str::FromStr};

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// Not the id of an object of the wanted type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid id")
    }
}

impl std::error::Error for InvalidId {}

/// What all typed ids have in common.
pub trait TypedId: Copy + Eq + Send + Sync + From<Uuid> + Into<Uuid> + 'static {
    /// The word before the last underscore on the wire.
    const PREFIX: &'static str;
}

macro_rules! id_type {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
        pub struct $name(Uuid);

        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, $prefix, self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match parse(text)? {
                    (prefix, id) if prefix == $prefix => Ok(Self(id)),
                    _ => Err(InvalidId),
                }
            }
        }
    )+};
}

id_type! {
    ActivityKindId = "activity";
    AmendmentId = "amendment";
    ApiTokenId = "token";
    AssignmentId = "assignment";
    CommitmentId = "commitment";
    DeliveryId = "delivery";
    DocumentId = "document";
    EnrolmentId = "enrolment";
    EventId = "event";
    FieldGrantId = "grant";
    FundingSourceId = "funding";
    InvitationId = "invitation";
    MandateId = "mandate";
    MemberId = "member";
    NeedId = "need";
    NoteId = "note";
    OperationId = "operation";
    ParticipantSetId = "participants";
    PartyId = "party";
    PartyMarkId = "mark";
    PlaceAliasId = "alias";
    PlaceId = "place";
    RouterKeyId = "router_key";
    SavedOperationId = "saved_operation";
    SessionId = "session";
    StatementKeyId = "statement_key";
    SubgraphId = "subgraph";
    SubgraphVersionId = "subgraph_version";
    SupergraphId = "supergraph";
    TaskAnswerId = "answer";
    TaskId = "task";
    VerificationId = "verification";
}

/// A row with a typed id.
pub trait Identified {
    type Id: TypedId + FromStr;

    fn id(&self) -> Self::Id;
}

macro_rules! identified {
    ($($noun:ident: $id:ident)+) => {$(
        impl Identified for crate::$noun::Model {
            type Id = $id;

            fn id(&self) -> $id {
                self.id
            }
        }
    )+};
}

identified! {
    activity_kind: ActivityKindId
    amendment: AmendmentId
    api_token: ApiTokenId
    assignment: AssignmentId
    commitment: CommitmentId
    delivery: DeliveryId
    document: DocumentId
    enrolment: EnrolmentId
    field_grant: FieldGrantId
    funding_source: FundingSourceId
    invitation: InvitationId
    mandate: MandateId
    member: MemberId
    need: NeedId
    note: NoteId
    operation: OperationId
    party: PartyId
    place: PlaceId
    router_key: RouterKeyId
    saved_operation: SavedOperationId
    session: SessionId
    statement_key: StatementKeyId
    subgraph: SubgraphId
    subgraph_version: SubgraphVersionId
    supergraph: SupergraphId
    task: TaskId
    task_answer: TaskAnswerId
    verification: VerificationId
}

/// Reads any typed id into its prefix and UUID.
pub fn parse(text: &str) -> Result<(String, Uuid), InvalidId> {
    let id: TypeSafeId<DynamicType> = text.parse().map_err(|_| InvalidId)?;
    Ok((id.type_prefix().to_owned(), id.uuid()))
}

fn write(f: &mut fmt::Formatter<'_>, prefix: &str, id: Uuid) -> fmt::Result {
    let prefix = DynamicType::new(prefix).map_err(|_| fmt::Error)?;
    write!(f, "{}", TypeSafeId::from_type_and_uuid(prefix, id))
}
