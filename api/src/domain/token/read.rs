//! Selecting tokens, and finding the one that a secret belongs to.

use std::{net::IpAddr, time::Duration};

use chrono::TimeDelta;
use entity::{api_token, id::ApiTokenId, party};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect,
    Select,
};
use subtle::ConstantTimeEq;

use super::{rules, secret};
use crate::{
    app::App,
    authz::{Identity, Viewer},
    domain::reach::read as reach,
    error::{Error, Result},
    graphql::{context::loader, filter::nothing},
    tx::sha256,
};

/// The last use of a token is written at most this often.
const USE_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// How long a request waits to write that a token was used.
const USE_PATIENCE: Duration = Duration::from_millis(50);

/// All for the coordinator's managers, the party's for its managers, and for a token itself.
pub fn visible_to(viewer: &Viewer) -> Select<api_token::Entity> {
    let all = api_token::Entity::find();
    if viewer.coordinates() {
        return all;
    }
    let mut some = Condition::any().add(nothing());
    if viewer.manages() {
        some = some.add(reach::owns(viewer, api_token::Column::PartyId));
    }
    if let Identity::Token(id) = viewer.identity {
        some = some.add(api_token::Column::Id.eq(id));
    }
    all.filter(some)
}

loader!(TokenById(ApiTokenId): api_token by id);

/// The token that a secret belongs to, with its party, if it is good today. Found by its public
/// hint, told by its hash in constant time. Used from where it does not work, it is a fault.
pub async fn by_secret(
    app: &App,
    secret: &str,
    address: Option<IpAddr>,
) -> Result<Option<(api_token::Model, party::Model)>> {
    let party = api_token::Entity::belongs_to(party::Entity)
        .from(api_token::Column::PartyId)
        .to(party::Column::Id);
    let rows = api_token::Entity::find()
        .join(JoinType::InnerJoin, party.into())
        .select_also(party::Entity)
        .filter(api_token::Column::Hint.eq(secret::hint(secret)))
        .all(app.db.reader())
        .await?;
    let hash = sha256(secret);
    let matches =
        |token: &api_token::Model| -> bool { token.hash.as_bytes().ct_eq(hash.as_bytes()).into() };
    let now = app.clock.now();
    let found = rows.into_iter().find_map(|(token, party)| {
        let good = matches(&token) && token.revoked_at.is_none() && now < token.expires_at;
        good.then_some((token, party?))
    });
    if let Some((token, _)) = &found {
        if !rules::works_from(&token.networks, address) {
            return Err(Error::Unauthenticated("this token does not work from this address"));
        }
        note_use(app, token).await;
    }
    Ok(found)
}

/// Writes down that a token was used, now and then; losing it does no harm.
async fn note_use(app: &App, token: &api_token::Model) {
    let now = app.clock.now();
    if token.last_used_at.is_some_and(|last| now - last < USE_INTERVAL) {
        return;
    }
    let row = api_token::ActiveModel { last_used_at: Set(Some(now)), ..Default::default() };
    let written = api_token::Entity::update_many()
        .set(row)
        .filter(api_token::Column::Id.eq(token.id))
        .exec(app.db.writer());
    // Nobody waits for it behind a long write.
    match tokio::time::timeout(USE_PATIENCE, written).await {
        Ok(Ok(_)) => {}
        Ok(Err(cause)) => tracing::warn!(%cause, "the last use of a token was not written"),
        Err(_) => tracing::debug!("the last use of a token was not written: too busy"),
    }
}
