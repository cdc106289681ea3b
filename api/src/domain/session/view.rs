//! Seeing what a party sees (ADR 0017): the session says whom, why and until when, and the log tells
//! the party and the coordinator.

use async_graphql::ID;
use entity::session;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::json;

use super::{
    read::{self, Current, SIGNED_OUT},
    rules,
};
use crate::{
    app::App,
    authz::Action,
    domain::party as parties,
    error::{Error, Result},
    refusal::UserErrorCode,
    text,
    tx::{Audience, CHANGE, Draft},
};

/// The most characters of a reason.
const MAX_REASON: usize = 500;

/// Lets a session see what a party sees, in the place of whatever it saw before.
pub async fn begin(app: &App, current: &Current, party: ID, reason: &str) -> Result<()> {
    let person = read::person(app, current).await?;
    let mut tx = app.write(&person).await?;
    let party = tx.find(parties::read::visible_to(&person), "party", &party).await?;
    person.require(Action::ViewAs)?;
    parties::rules::exists(&party, person.today, "party")?;
    let own = person.party().ok_or_else(|| Error::internal("seen by nobody"))?;
    if party.id == own {
        let refusal = UserErrorCode::WrongKind.refuse().at("party");
        return Err(refusal.with("expected", "OTHER_PARTY").into());
    }
    let reason = text::label("reason", reason, MAX_REASON)?;
    let row = session::Entity::find_by_id(current.session.id)
        .filter(session::Column::EndedAt.is_null())
        .lock(CHANGE)
        .one(&*tx)
        .await?
        .ok_or(SIGNED_OUT)?;

    let until = Ord::min(tx.now() + rules::VIEW_LASTS, row.expires_at);
    let audience = Audience::of([party.id, own]);
    let data = json!({ "after": { "by": own.to_string(), "reason": reason, "until": until } });
    tx.log(Draft { audience, ..Draft::public("VIEWED_AS", party.id, data) });
    let mut row = row.into_active_model();
    row.viewed_party_id = Set(Some(party.id));
    row.view_reason = Set(Some(reason));
    row.view_until = Set(Some(until));
    row.update(&*tx).await?;
    tx.commit().await
}

/// Lets a session see what is the person's own again. Nothing of the graph changes.
pub async fn end(app: &App, current: &Current) -> Result<()> {
    let tx = app.db.write().await?;
    let row = session::ActiveModel {
        id: Unchanged(current.session.id),
        viewed_party_id: Set(None),
        view_reason: Set(None),
        view_until: Set(None),
        ..Default::default()
    };
    row.update(&tx).await?;
    Ok(tx.commit().await?)
}
