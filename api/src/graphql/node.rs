//! Relay's Global Object Identification: any object by its id.

use std::borrow::Cow;

use async_graphql::{Context, ID, Interface, Object, OutputType};
use entity::id::{self, TypedId};
use futures_util::future::join_all;

use crate::{
    domain::{
        activity_kind::graphql::ActivityKind,
        assignment::graphql::Assignment,
        commitment::graphql::{Amendment, Commitment},
        delivery::graphql::{Delivery, Verification},
        document::graphql::Document,
        enrolment::graphql::Enrolment,
        funding_source::graphql::FundingSource,
        mandate::graphql::Mandate,
        member::graphql::{Invitation, Member},
        need::graphql::Need,
        note::graphql::Note,
        operation::graphql::Operation,
        party::graphql::{
            Bank, CommuneAuthority, Department, DistrictAuthority, MassOrganization, Party,
            ProvincialAuthority, TelecomCompany,
        },
        place::graphql::{Commune, District, Place, Province},
        saved_operation::graphql::SavedOperation,
        subgraph::graphql::{FieldGrant, Subgraph, SubgraphVersion, Supergraph},
        task::graphql::Task,
        token::graphql::ApiToken,
    },
    error::{Error, Result},
};

/// The most ids of one request.
const MAX_NODES: usize = 500;

/// An object with an opaque, typed and stable id (đối tượng có mã).
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque stable id (mã đối tượng)."))]
pub enum Node {
    ActivityKind(ActivityKind),
    Amendment(Amendment),
    ApiToken(ApiToken),
    Assignment(Assignment),
    Bank(Bank),
    Commitment(Commitment),
    Commune(Commune),
    CommuneAuthority(CommuneAuthority),
    Delivery(Delivery),
    Department(Department),
    District(District),
    DistrictAuthority(DistrictAuthority),
    Document(Document),
    Enrolment(Enrolment),
    FieldGrant(FieldGrant),
    FundingSource(FundingSource),
    Invitation(Invitation),
    Mandate(Mandate),
    MassOrganization(MassOrganization),
    Member(Member),
    Need(Need),
    Note(Note),
    Operation(Operation),
    Province(Province),
    ProvincialAuthority(ProvincialAuthority),
    SavedOperation(SavedOperation),
    Subgraph(Subgraph),
    SubgraphVersion(SubgraphVersion),
    Supergraph(Supergraph),
    Task(Task),
    TelecomCompany(TelecomCompany),
    Verification(Verification),
}

impl From<Party> for Node {
    fn from(party: Party) -> Self {
        match party {
            Party::ProvincialAuthority(party) => party.into(),
            Party::Department(party) => party.into(),
            Party::DistrictAuthority(party) => party.into(),
            Party::CommuneAuthority(party) => party.into(),
            Party::MassOrganization(party) => party.into(),
            Party::TelecomCompany(party) => party.into(),
            Party::Bank(party) => party.into(),
        }
    }
}

impl From<Place> for Node {
    fn from(place: Place) -> Self {
        match place {
            Place::Province(place) => place.into(),
            Place::District(place) => place.into(),
            Place::Commune(place) => place.into(),
        }
    }
}

/// Declares whose ids begin how, and with it how a node is found by its id.
macro_rules! by_prefix {
    ($($id:ident => $object:ident),+ $(,)?) => {
        impl Node {
            /// Batched lookup shared by the query fields and by what refers to objects of any type.
            pub async fn find(ctx: &Context<'_>, id: &ID) -> Option<Result<Self>> {
                let (prefix, uuid) = id::parse(id).ok()?;
                match prefix.as_str() {
                    $(id::$id::PREFIX => {
                        let found = $object::find(ctx, id::$id::from(uuid)).await?;
                        Some(found.map(Node::from))
                    })+
                    _ => None,
                }
            }

            /// The type of what an id names, as far as the id alone tells: parties and places have
            /// ids of one kind each. None if it is no id of an object.
            pub fn type_of(id: &str) -> Option<Cow<'static, str>> {
                let (prefix, _) = id::parse(id).ok()?;
                match prefix.as_str() {
                    $(id::$id::PREFIX => Some($object::type_name()),)+
                    _ => None,
                }
            }
        }
    };
}

by_prefix! {
    ActivityKindId => ActivityKind,
    AmendmentId => Amendment,
    ApiTokenId => ApiToken,
    AssignmentId => Assignment,
    CommitmentId => Commitment,
    DeliveryId => Delivery,
    DocumentId => Document,
    EnrolmentId => Enrolment,
    FieldGrantId => FieldGrant,
    FundingSourceId => FundingSource,
    InvitationId => Invitation,
    MandateId => Mandate,
    MemberId => Member,
    NeedId => Need,
    NoteId => Note,
    OperationId => Operation,
    PartyId => Party,
    PlaceId => Place,
    SavedOperationId => SavedOperation,
    SubgraphId => Subgraph,
    SubgraphVersionId => SubgraphVersion,
    SupergraphId => Supergraph,
    TaskId => Task,
    VerificationId => Verification,
}

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Any object by its id (đối tượng theo mã); null if there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id (mã đối tượng).")] id: ID,
    ) -> Option<Result<Node>> {
        Node::find(ctx, &id).await
    }

    /// Several objects by their ids, in the order asked for, null for each that there is none of
    /// (các đối tượng theo mã).
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, at most 500 (mã đối tượng).")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > MAX_NODES {
            return Err(Error::BadInput(format!("ask for at most {MAX_NODES} ids")));
        }
        Ok(join_all(ids.iter().map(|id| Node::find(ctx, id))).await)
    }
}
