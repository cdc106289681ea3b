//! The keys of statements as a process holds them: read from the database every few seconds, since
//! another process may have replaced them.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    read,
    rules::{Asker, Claims, Signer, Subjects, claims},
};
use crate::{
    app::App,
    error::{Error, Result},
};

/// For so long a process goes by what it read.
const FRESH: TimeDelta = TimeDelta::seconds(5);

/// The keys as they were last read, and when.
#[derive(Default)]
pub struct Kept(Mutex<Option<(Arc<Keys>, DateTime<Utc>)>>);

pub struct Keys {
    signer: Signer,
    subjects: Subjects,
    /// As they are published (RFC 7517).
    pub jwks: Value,
}

impl Keys {
    /// The keys of today.
    pub async fn of(app: &App) -> Result<Arc<Self>> {
        let now = app.clock.now();
        let kept = || app.statements.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().clone();
        if let Some((keys, since)) = known
            && (TimeDelta::zero()..FRESH).contains(&(now - since))
        {
            return Ok(keys);
        }
        let keys = Arc::new(Self::read(app, now).await?);
        *kept() = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn read(app: &App, now: DateTime<Utc>) -> Result<Self> {
        let missing = || Error::internal("no key signs statements");
        let rows = read::published(app, now).await?;
        let current = rows.iter().find(|row| row.retired_at.is_none()).ok_or_else(missing)?;
        let secret = current.secret.as_deref().and_then(secret).ok_or_else(missing)?;
        let public = |row: &entity::statement_key::Model| {
            json!({ "kty": "OKP", "crv": "Ed25519", "x": row.public_key, "use": "sig",
                "alg": "EdDSA", "kid": row.id.to_string() })
        };
        Ok(Self {
            signer: Signer::new(current.id.to_string(), &secret)?,
            subjects: Subjects::new(&read::subject_key(app).await?),
            jwks: json!({ "keys": rows.iter().map(public).collect::<Vec<_>>() }),
        })
    }

    /// What is said of ourselves to an audience that we try, from an instant on.
    pub fn probe<'a>(&self, app: &'a App, audience: &'a str, from: DateTime<Utc>) -> Claims<'a> {
        self.claims(app, audience, Asker::Probe, from)
    }

    /// What is said of an asker to an audience, from an instant on.
    pub fn claims<'a>(
        &self,
        app: &'a App,
        audience: &'a str,
        asker: Asker<'_>,
        from: DateTime<Utc>,
    ) -> Claims<'a> {
        let issuer = &app.federation.issuer;
        claims(issuer, audience, asker, &self.subjects, from, app.clock.uuid())
    }

    pub fn sign(&self, claims: &Claims<'_>) -> Result<String> {
        self.signer.sign(claims)
    }
}

fn secret(text: &str) -> Option<[u8; 32]> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
