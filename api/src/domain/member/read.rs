//! Selecting members and invitations, and finding who is asking.

use std::collections::HashSet;

use entity::{
    api_token,
    id::{InvitationId, MemberId, PartyId},
    invitation,
    member::{self, Role},
    party, reach,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select, SelectTwo,
};

use crate::{
    app::App,
    authz::{Acting, Identity, Viewer},
    domain::reach::read as reaches,
    error::{Error, Result},
    graphql::{context::loader, filter::nothing},
    tx::Tx,
};

/// Everybody for the coordinator, the party's members for its managers, and oneself.
pub fn visible_to(viewer: &Viewer) -> Select<member::Entity> {
    let all = member::Entity::find();
    if viewer.coordinates() {
        return all;
    }
    let mut some = Condition::any().add(nothing());
    if viewer.manages() {
        some = some.add(reaches::owns(viewer, member::Column::PartyId));
    }
    if let Identity::Person { issuer, subject } = &viewer.identity {
        some = some.add(
            Condition::all()
                .add(member::Column::Issuer.eq(issuer.as_str()))
                .add(member::Column::Subject.eq(subject.as_str())),
        );
    }
    all.filter(some)
}

loader!(MemberById(MemberId): member by id);

pub mod invitations {
    //! All for the coordinator, the party's for its managers.

    use super::{
        EntityTrait, InvitationId, QueryFilter, Select, Viewer, invitation, loader, nothing,
        reaches,
    };

    pub fn visible_to(viewer: &Viewer) -> Select<invitation::Entity> {
        let all = invitation::Entity::find();
        if viewer.coordinates() {
            all
        } else if viewer.manages() {
            all.filter(reaches::owns(viewer, invitation::Column::PartyId))
        } else {
            all.filter(nothing())
        }
    }

    loader!(InvitationById(InvitationId): invitation by id);
}

/// Whether somebody is a member of a party.
pub async fn has_active_member(tx: &Tx, party: PartyId) -> Result<bool> {
    Ok(active(party).one(&**tx).await?.is_some())
}

/// How many managers a party has.
pub async fn managers(tx: &Tx, party: PartyId) -> Result<usize> {
    let managers = active(party).filter(member::Column::Role.eq(Role::Manager));
    Ok(managers.all(&**tx).await?.len())
}

fn active(party: PartyId) -> Select<member::Entity> {
    member::Entity::find()
        .filter(member::Column::PartyId.eq(party))
        .filter(member::Column::RemovedAt.is_null())
}

/// The memberships of a person with their parties, in the order of the parties' codes.
pub async fn memberships(
    db: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Vec<(member::Model, party::Model)>> {
    let rows = with_parties(issuer).filter(member::Column::Subject.eq(subject)).all(db).await?;
    Ok(rows.into_iter().filter_map(both).collect())
}

fn with_parties(issuer: &str) -> SelectTwo<member::Entity, party::Entity> {
    let party = member::Entity::belongs_to(party::Entity)
        .from(member::Column::PartyId)
        .to(party::Column::Id);
    member::Entity::find()
        .join(JoinType::InnerJoin, party.into())
        .select_also(party::Entity)
        .filter(member::Column::Issuer.eq(issuer))
        .filter(member::Column::RemovedAt.is_null())
        .order_by_asc(party::Column::Code)
}

fn both(row: (member::Model, Option<party::Model>)) -> Option<(member::Model, party::Model)> {
    let (member, party) = row;
    Some((member, party?))
}

/// All memberships of an issuer's people with their parties, in the order of the parties' codes.
pub async fn seats(app: &App, issuer: &str) -> Result<Vec<(member::Model, party::Model)>> {
    Ok(with_parties(issuer).all(app.db.reader()).await?.into_iter().filter_map(both).collect())
}

/// A person as a viewer. With several memberships the request names the party; without a name
/// they act for nobody yet.
pub async fn viewer_of_person(
    app: &App,
    identity: Identity,
    named: Option<&str>,
) -> Result<Viewer> {
    let mut chosen = None;
    if let Identity::Person { issuer, subject } = &identity {
        let memberships = memberships(app.db.reader(), issuer, subject).await?;
        chosen = match named {
            Some(code) => Some(
                memberships
                    .into_iter()
                    .find(|(_, party)| party.code == code)
                    .ok_or_else(|| not_yours(code))?,
            ),
            None if memberships.len() == 1 => memberships.into_iter().next(),
            None => None,
        };
    }
    viewer_of_member(app, identity, chosen.as_ref()).await
}

/// A person as a viewer, by one of their memberships, or by none.
pub async fn viewer_of_member(
    app: &App,
    identity: Identity,
    membership: Option<&(member::Model, party::Model)>,
) -> Result<Viewer> {
    let mut viewer = Viewer::public(app.clock.today());
    if let Some((member, party)) = membership {
        let acting = acting(app, party, viewer.today).await?;
        viewer.acting = Some(Acting { member: Some(member.id), role: member.role, ..acting });
    }
    viewer.identity = identity;
    Ok(viewer)
}

/// A system as a viewer, for the one party that its token is bound to.
pub async fn viewer_of_token(
    app: &App,
    (token, party): (api_token::Model, party::Model),
    named: Option<&str>,
) -> Result<Viewer> {
    if let Some(code) = named.filter(|code| *code != party.code) {
        return Err(not_yours(code));
    }
    let today = app.clock.today();
    let acting = acting(app, &party, today).await?;
    Ok(Viewer {
        identity: Identity::Token(token.id),
        acting: Some(Acting {
            token: Some(token.id),
            role: token.role,
            scopes: Some(token.scopes),
            persisted_only: token.persisted_only,
            ..acting
        }),
        today,
    })
}

/// A person who sees what a `VIEWER` of a party sees, on behalf of another party, and changes
/// nothing.
pub async fn viewer_as(
    app: &App,
    identity: Identity,
    by: PartyId,
    party: &party::Model,
) -> Result<Viewer> {
    let today = app.clock.today();
    let acting = acting(app, party, today).await?;
    let acting = Some(Acting { viewed_by: Some(by), ..acting });
    Ok(Viewer { identity, acting, today })
}

/// What a party may today, before the role of whoever acts for it.
async fn acting(app: &App, party: &party::Model, today: chrono::NaiveDate) -> Result<Acting> {
    let standing = reaches::standing(app.db.reader(), party.id, today).await?;
    let holds = |wanted: reach::Role| standing.iter().any(|(role, _)| *role == wanted);
    let own: HashSet<PartyId> = standing
        .iter()
        .filter(|(role, _)| *role == reach::Role::Own)
        .map(|(_, principal)| *principal)
        .collect();
    Ok(Acting {
        party: party.id,
        kind: party.kind,
        member: None,
        token: None,
        role: Role::Viewer,
        scopes: None,
        persisted_only: false,
        viewed_by: None,
        own,
        coordinator: holds(reach::Role::Coordinator),
        leadership: holds(reach::Role::Leadership),
    })
}

fn not_yours(code: &str) -> Error {
    Error::BadInput(format!("you do not act for the party {code}: mend the header Camket-Party"))
}
