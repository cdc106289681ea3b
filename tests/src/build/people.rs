//! People and systems: members, tokens, invitations, and actors of every kind of party.

use std::{future::ready, pin::Pin};

use api::{
    clock::{Clock, days_after},
    domain::{session::rules::LIFETIME, token::secret},
    http::auth::DEV_ISSUER,
    tx::sha256,
};
use entity::{
    api_token::{self, Networks, Scope},
    invitation,
    member::{self, Role},
    operation, operation_use,
    party::{self, Kind},
    session,
};
use sea_orm::Iterable;

use super::Build;
use crate::{
    TestApp,
    actor::{Actor, Seat},
    app::demonstrator,
    day,
};

/// A month, in days.
const MONTH: u32 = 30;

/// Somebody about to act for a party; a manager unless a test says otherwise.
#[must_use = "nobody acts before this is awaited"]
pub struct Enter<'a> {
    app: &'a TestApp,
    party: Pin<Box<dyn Future<Output = party::Model> + Send + 'a>>,
    role: Role,
    scopes: Option<Vec<Scope>>,
    persisted_only: bool,
}

impl Enter<'_> {
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Acts as a system with an API token of all scopes.
    pub fn by_token(self) -> Self {
        self.with_scopes(Scope::iter())
    }

    /// Acts as a system that runs persisted operations and nothing else.
    pub fn persisted_only(mut self) -> Self {
        self.persisted_only = true;
        self.by_token()
    }

    /// Acts as a system with an API token of these scopes.
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = Scope>) -> Self {
        self.scopes = Some(scopes.into_iter().collect());
        self
    }
}

impl<'a> IntoFuture for Enter<'a> {
    type Output = Actor;
    type IntoFuture = Pin<Box<dyn Future<Output = Actor> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { app, party, role, scopes, persisted_only } = self;
            let party = party.await;
            match scopes {
                None => {
                    let (subject, bearer) = app.person();
                    let member = app.member(&party).with(|row| {
                        (row.subject, row.role) = (subject, role);
                    });
                    let member = Some(member.await);
                    Actor::new(app, Some(bearer), Some(Seat { party, member, token: None }))
                }
                Some(scopes) => {
                    let (bearer, token) = app.token(&party);
                    let token = token.with(|row| {
                        (row.role, row.scopes) = (role, scopes.into_iter().collect());
                        row.persisted_only = persisted_only;
                    });
                    let token = Some(token.await);
                    Actor::new(app, Some(bearer), Some(Seat { party, member: None, token }))
                }
            }
        })
    }
}

/// Actors. Companies, banks, unions and departments are new ones, so that two calls give rivals.
impl TestApp {
    /// Nobody in particular.
    pub fn public(&self) -> Actor {
        Actor::new(self, None, None)
    }

    /// One of the people of the demonstration.
    pub fn demonstrator(&self, subject: &str) -> Actor {
        Actor::new(self, Some(demonstrator(subject)), None)
    }

    /// Somebody who is signed in and a member of nothing.
    pub fn stranger(&self) -> Actor {
        let (_, bearer) = self.person();
        Actor::new(self, Some(bearer), None)
    }

    /// Somebody who sends this token, whatever it is.
    pub fn bearer(&self, token: &str) -> Actor {
        Actor::new(self, Some(token.to_owned()), None)
    }

    pub fn member_of(&self, party: &party::Model) -> Enter<'_> {
        self.enter(ready(party.clone()))
    }

    /// Sở KH&CN of Thái Nguyên, by succession from Sở TTTT of Bắc Kạn.
    pub fn coordinator(&self) -> Enter<'_> {
        self.enter(self.party_by_code("SKHCN-19-2025"))
    }

    /// The People's Committee of Thái Nguyên.
    pub fn leadership(&self) -> Enter<'_> {
        self.enter(self.party_by_code("UBND-19-2025"))
    }

    /// A department that is assigned to nothing.
    pub fn department(&self) -> Enter<'_> {
        self.enter(self.party(Kind::Department).into_future())
    }

    /// A department that is assigned to the commune which has this code today.
    pub fn assigned_department<'a>(&'a self, commune: &'a str) -> Enter<'a> {
        self.enter(async move {
            let department = self.party(Kind::Department).await;
            let commune = self.commune(commune).await;
            self.assignment(&department, &commune).await;
            department
        })
    }

    /// The authority of the commune that has this code today; a new one where the registry has none.
    pub fn commune_officer<'a>(&'a self, commune: &'a str) -> Enter<'a> {
        self.enter(async move {
            let commune = self.commune(commune).await;
            match self.authority_of(&commune).await {
                Some(authority) => authority,
                None => self.party(Kind::CommuneAuthority).at(&commune).await,
            }
        })
    }

    pub fn telecom(&self) -> Enter<'_> {
        self.enter(self.party(Kind::TelecomCompany).into_future())
    }

    pub fn bank(&self) -> Enter<'_> {
        self.enter(self.party(Kind::Bank).into_future())
    }

    pub fn union(&self) -> Enter<'_> {
        self.enter(self.party(Kind::MassOrganization).into_future())
    }

    /// The People's Committee of Bạch Thông district, which ended without a successor.
    pub fn ended_party(&self) -> Enter<'_> {
        self.enter(self.party_by_code("UBND-063-2023"))
    }

    fn enter<'a>(&'a self, party: impl Future<Output = party::Model> + Send + 'a) -> Enter<'a> {
        let (party, role) = (Box::pin(party), Role::Manager);
        Enter { app: self, party, role, scopes: None, persisted_only: false }
    }
}

/// Rows.
impl TestApp {
    /// A person whom no token belongs to.
    pub fn member(&self, party: &party::Model) -> Build<'_, member::Model> {
        let number = self.next();
        let row = member::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            issuer: DEV_ISSUER.to_owned(),
            subject: format!("somebody-{number}"),
            role: Role::Manager,
            label: format!("Chuyên viên {number}"),
            joined_at: self.clock.now(),
            removed_at: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// An invitation with its code.
    pub fn invitation(&self, party: &party::Model) -> (String, Build<'_, invitation::Model>) {
        let number = self.next();
        let code = secret::invitation(&*self.clock);
        let row = invitation::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            invited_by_id: party.id,
            role: Role::Reporter,
            label: format!("Chuyên viên {number}"),
            code_hash: sha256(&code),
            awaits_approval: false,
            created_at: self.clock.now(),
            expires_at: days_after(self.clock.now(), 14),
            revoked_at: None,
            accepted_at: None,
            member_id: None,
            version: 1,
        };
        (code, Build::new(self, row))
    }

    /// An API token for a month, after what it is shown as once.
    pub fn token(&self, party: &party::Model) -> (String, Build<'_, api_token::Model>) {
        let bearer = secret::token(&*self.clock);
        let row = api_token::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            label: format!("Hệ thống {}", self.next()),
            role: Role::Manager,
            scopes: Scope::iter().collect(),
            networks: Networks::default(),
            persisted_only: false,
            hint: secret::hint(&bearer).to_owned(),
            hash: sha256(&bearer),
            issued_by_id: None,
            created_at: self.clock.now(),
            expires_at: days_after(self.clock.now(), MONTH),
            last_used_at: None,
            revoked_at: None,
            version: 1,
        };
        (bearer, Build::new(self, row))
    }

    /// A persisted operation that may be called by its name.
    pub fn operation(
        &self,
        party: &party::Model,
        name: &str,
        document: &str,
    ) -> Build<'_, operation::Model> {
        let row = operation::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            name: name.to_owned(),
            hash: sha256(document),
            document: document.to_owned(),
            kind: match document.starts_with("mutation") {
                true => operation::Kind::Mutation,
                false => operation::Kind::Query,
            },
            callable: true,
            created_at: self.clock.now(),
            retired_at: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// That an operation was run on a day.
    pub fn operation_use(
        &self,
        operation: &operation::Model,
        on: &str,
    ) -> Build<'_, operation_use::Model> {
        let row = operation_use::Model {
            hash: operation.hash.clone(),
            party_id: operation.party_id,
            day: day(on),
            uses: 1,
            last_used_at: self.clock.now(),
        };
        Build::new(self, row)
    }

    /// Somebody of a party signed in at the console, by a secret that nobody has.
    pub fn session(&self, party: &party::Model) -> Build<'_, session::Model> {
        let now = self.clock.now();
        let row = session::Model {
            id: self.clock.uuid().into(),
            hash: sha256(format!("session {}", self.next())),
            issuer: DEV_ISSUER.to_owned(),
            subject: "somebody".to_owned(),
            party_id: Some(party.id),
            created_at: now,
            expires_at: now + LIFETIME,
            ended_at: None,
            viewed_party_id: None,
            view_reason: None,
            view_until: None,
        };
        Build::new(self, row)
    }
}
