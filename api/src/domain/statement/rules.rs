//! What a statement says, and how it is signed. Pure: keys, time and randomness are given.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::id::PartyId;
use ring::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use sea_orm::ActiveEnum;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    authz::{Identity, Viewer},
    error::{Error, Result},
};

/// How long a statement is good, in seconds.
pub const LIFETIME: i64 = 60;

/// What its header calls it, so that nobody takes it for a token of another kind.
pub const TYPE: &str = "camket-statement+jwt";

/// The most audiences of one exchange: a plan asks fewer subgraphs.
pub const MAX_AUDIENCES: usize = 50;

/// The claims of a statement.
#[derive(Clone, Debug, Serialize)]
pub struct Claims<'a> {
    pub iss: &'a str,
    /// The prefix of the party whose subgraph it is for.
    pub aud: &'a str,
    pub sub: String,
    /// Whether they ask for the audience's own party.
    pub own: bool,
    pub kind: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
}

/// Of whom a statement is.
#[derive(Clone, Copy, Debug)]
pub enum Asker<'a> {
    Viewer {
        viewer: &'a Viewer,
        own: bool,
    },
    /// Ourselves, who try whether a subgraph does what it says.
    Probe,
}

impl Asker<'_> {
    /// `PUBLIC`, `PROBE`, or the kind of the party they act for. A party that has ended has no
    /// rights, and nobody speaks for it.
    fn kind(&self) -> String {
        match self {
            Self::Probe => "PROBE".to_owned(),
            Self::Viewer { viewer, .. } => match &viewer.acting {
                Some(acting) if !acting.own.is_empty() => acting.kind.to_value(),
                _ => "PUBLIC".to_owned(),
            },
        }
    }

    const fn own(&self) -> bool {
        matches!(self, Self::Viewer { own: true, .. })
    }

    /// What tells one asker from another. Somebody with two seats is two.
    fn name(&self) -> Vec<String> {
        let viewer = match self {
            Self::Probe => return vec!["probe".to_owned()],
            Self::Viewer { viewer, .. } => viewer,
        };
        let party = viewer.party().map(|party: PartyId| party.to_string());
        let who = match &viewer.identity {
            Identity::Public => return vec!["public".to_owned()],
            Identity::Person { issuer, subject } => {
                vec!["person".to_owned(), issuer.clone(), subject.clone()]
            }
            Identity::Token(id) => vec!["token".to_owned(), id.to_string()],
        };
        who.into_iter().chain(party).collect()
    }
}

/// Makes the subjects of statements: the same for the same asker and audience, and nothing else.
pub struct Subjects(hmac::Key);

impl Subjects {
    pub fn new(key: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()))
    }

    pub fn of(&self, audience: &str, asker: Asker<'_>) -> String {
        // As JSON no two lists of names are the same text.
        let text = json!([audience, asker.name()]).to_string();
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, text.as_bytes()))
    }
}

/// What is said of an asker to an audience, from now on.
pub fn claims<'a>(
    issuer: &'a str,
    audience: &'a str,
    asker: Asker<'_>,
    subjects: &Subjects,
    now: DateTime<Utc>,
    id: Uuid,
) -> Claims<'a> {
    let iat = now.timestamp();
    Claims {
        iss: issuer,
        aud: audience,
        sub: subjects.of(audience, asker),
        own: asker.own(),
        kind: asker.kind(),
        iat,
        exp: iat + LIFETIME,
        jti: id.to_string(),
    }
}

/// A private key with the name under which its public one is published.
pub struct Signer {
    id: String,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// A key made of 32 secret bytes.
    pub fn new(id: String, secret: &[u8; 32]) -> Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(secret);
        Ok(Self { id, pair: pair.map_err(|_| Error::internal("a key cannot be made"))? })
    }

    pub fn public_key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.pair.public_key())
    }

    /// The statement as it is sent (RFC 7515, compact).
    pub fn sign(&self, claims: &Claims<'_>) -> Result<String> {
        let header = json!({ "alg": "EdDSA", "typ": TYPE, "kid": self.id }).to_string();
        let claims = serde_json::to_vec(claims)?;
        let encode = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(&claims));
        let signature = self.pair.sign(signed.as_bytes());
        Ok(format!("{signed}.{}", encode(signature.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::NaiveDate;
    use entity::{id::ApiTokenId, member::Role, party::Kind};

    use super::*;
    use crate::authz::Acting;

    fn party(number: u128) -> PartyId {
        Uuid::from_u128(number).into()
    }

    fn viewer(identity: Identity, acting: Option<(u128, &[u128])>) -> Viewer {
        let acting = acting.map(|(id, own)| Acting {
            party: party(id),
            kind: Kind::TelecomCompany,
            member: None,
            token: None,
            role: Role::Viewer,
            scopes: None,
            persisted_only: false,
            viewed_by: None,
            own: own.iter().map(|id| party(*id)).collect::<HashSet<_>>(),
            coordinator: false,
            leadership: false,
        });
        Viewer { identity, acting, today: NaiveDate::default() }
    }

    fn person(subject: &str) -> Identity {
        Identity::Person { issuer: "https://id.vn".to_owned(), subject: subject.to_owned() }
    }

    fn asks(viewer: &Viewer) -> Asker<'_> {
        Asker::Viewer { viewer, own: false }
    }

    #[test]
    fn the_kind_is_that_of_a_party_that_exists() {
        let public = Viewer::public(NaiveDate::default());
        assert_eq!(asks(&public).kind(), "PUBLIC");
        assert_eq!(asks(&viewer(person("a"), None)).kind(), "PUBLIC");
        assert_eq!(asks(&viewer(person("a"), Some((1, &[1])))).kind(), "TELECOM_COMPANY");
        assert_eq!(asks(&viewer(person("a"), Some((1, &[])))).kind(), "PUBLIC", "it has ended");
        assert_eq!(Asker::Probe.kind(), "PROBE");
    }

    #[test]
    fn a_subject_is_pairwise_and_stands() {
        let subjects = Subjects::new("secret");
        let public = Viewer::public(NaiveDate::default());
        let askers = [
            public,
            viewer(person("a"), None),
            viewer(person("b"), None),
            viewer(person("a"), Some((1, &[1]))),
            viewer(person("a"), Some((2, &[2]))),
            viewer(Identity::Token(ApiTokenId::from(Uuid::nil())), Some((1, &[1]))),
        ];
        let mut seen = HashSet::new();
        for audience in ["vidutel", "vidubank"] {
            for asker in &askers {
                let subject = subjects.of(audience, asks(asker));
                assert_eq!(subject, subjects.of(audience, asks(asker)));
                assert!(seen.insert(subject), "{asker:?} is told apart");
            }
            assert!(seen.insert(subjects.of(audience, Asker::Probe)));
        }
        assert_ne!(
            Subjects::new("other").of("vidutel", Asker::Probe),
            subjects.of("vidutel", Asker::Probe)
        );
    }

    #[test]
    fn a_statement_is_good_for_a_minute() {
        let now = DateTime::from_timestamp(1_795_413_600, 999).unwrap();
        let claims = claims("i", "vidutel", Asker::Probe, &Subjects::new("x"), now, Uuid::nil());
        assert_eq!((claims.iat, claims.exp), (1_795_413_600, 1_795_413_660));
        assert!(!claims.own);
    }
}
