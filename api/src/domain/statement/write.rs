//! Making and replacing the key that statements are signed with.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::{id::StatementKeyId, statement_key};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, prelude::Expr,
};
use serde_json::json;

use super::rules::Signer;
use crate::{
    app::App,
    error::{Error, Result},
    tx::{Actor, Tx},
};

/// Makes the first key, unless there is one. Of two processes that try at once, the database lets
/// one, and that one serves both.
pub async fn ensure(app: &App) -> Result<()> {
    let in_use = statement_key::Entity::find().filter(statement_key::Column::RetiredAt.is_null());
    if in_use.one(app.db.reader()).await?.is_some() {
        return Ok(());
    }
    let mut tx = app.write_as(Actor::default()).await?;
    match make(app, &mut tx).await {
        Ok(_) => tx.commit().await,
        Err(error) if error.is_duplicate() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a new key and retires the one in use, whose private half is forgotten. Answers the new id.
pub async fn rotate(app: &App) -> Result<StatementKeyId> {
    let mut tx = app.write_as(Actor::default()).await?;
    statement_key::Entity::update_many()
        .col_expr(statement_key::Column::RetiredAt, Expr::value(tx.now()))
        .col_expr(statement_key::Column::Secret, Expr::value(Option::<String>::None))
        .filter(statement_key::Column::RetiredAt.is_null())
        .exec(&*tx)
        .await?;
    let made = make(app, &mut tx).await;
    let id = made.map_err(|error| match error.is_duplicate() {
        true => Error::BadInput("somebody else replaces the key just now: look again".to_owned()),
        false => error,
    })?;
    tx.commit().await?;
    Ok(id)
}

async fn make(app: &App, tx: &mut Tx) -> Result<StatementKeyId> {
    let mut secret = [0; 32];
    app.clock.random(&mut secret);
    let id: StatementKeyId = tx.id();
    let row = statement_key::Model {
        id,
        public_key: Signer::new(id.to_string(), &secret)?.public_key(),
        secret: Some(BASE64_URL_SAFE_NO_PAD.encode(secret)),
        created_at: tx.now(),
        retired_at: None,
    };
    let data = json!({ "after": { "publicKey": row.public_key } });
    tx.record_for("STATEMENT_KEY_MADE", id, [], data);
    row.into_active_model().insert(&**tx).await?;
    Ok(id)
}
