//! The people of the grids: every kind of party in all three roles, each with a predecessor, and
//! each of these with one of everything that a party can have.

use api::clock::Clock;
use entity::{
    assignment, document, invitation, mandate,
    member::{self, Role},
    party::{self, Kind},
    place, task,
};
use sea_orm::Iterable;
use tests::{Actor, TestApp, day};

pub struct World {
    pub app: TestApp,
    pub columns: Vec<Column>,
    /// A company with a manager that is nobody's rival, principal or agent.
    pub other: Things,
    /// A bank of which nobody is a member.
    pub memberless: Things,
    /// A task of a directive that asks everybody in turn; each party has answered it.
    pub asked: task::Model,
    pub directive: document::Model,
    pub commune: place::Model,
    /// The code of an invitation that was revoked.
    pub spent_code: String,
    /// The other company's invitation that the coordinator made.
    pub invited: String,
    pub enrolment: String,
    pub activity: String,
}

/// One kind of viewer.
pub struct Column {
    pub name: &'static str,
    pub seats: Vec<Seat>,
    pub own: Option<Own>,
}

pub struct Seat {
    /// None for somebody who acts for nobody.
    pub role: Option<Role>,
    pub actor: Actor,
}

pub struct Own {
    pub now: Things,
    /// What a predecessor left.
    pub before: Things,
}

/// One of everything that a party can have.
pub struct Things {
    pub party: party::Model,
    pub letter: document::Model,
    pub task_of_letter: task::Model,
    /// Somebody else's letter that names it.
    pub naming: document::Model,
    /// A task of a directive that asks it by name.
    pub task: task::Model,
    pub member: member::Model,
    pub invitation: invitation::Model,
    pub token: entity::api_token::Model,
    pub as_principal: mandate::Model,
    pub as_agent: mandate::Model,
    /// Public, under its letter.
    pub assignment: assignment::Model,
}

/// What all things share.
struct Ground {
    directive: document::Model,
    asked: task::Model,
    /// Somebody else, with a manager: the other side of letters and mandates.
    helper: party::Model,
    communes: std::vec::IntoIter<place::Model>,
}

impl World {
    pub async fn new() -> Self {
        let app = TestApp::start().await;
        let directive = app.directive().await;
        let helper = app.party(Kind::Department).await;
        app.member(&helper).await;
        let asked = app.task(&directive).await;
        let communes = app.all(place::Entity).await.into_iter();
        let communes =
            communes.filter(|row| row.level == place::Level::Commune && row.valid_to.is_none());
        let communes = communes.collect::<Vec<_>>().into_iter();
        let mut ground =
            Ground { directive: directive.clone(), asked: asked.clone(), helper, communes };

        let mut columns = vec![
            Column { name: "public", seats: vec![seat(app.public())], own: None },
            Column { name: "stranger", seats: vec![seat(app.stranger())], own: None },
        ];
        for (name, party) in parties(&app).await {
            let before = predecessor(&app, &party).await;
            let before = Things::new(&app, &mut ground, before).await;
            let mut seats = Vec::new();
            for role in Role::iter() {
                let actor = app.member_of(&party).with_role(role).await;
                seats.push(Seat { role: Some(role), actor });
            }
            let now = Things::new(&app, &mut ground, party).await;
            columns.push(Column { name, seats, own: Some(Own { now, before }) });
        }
        let other = app.telecom().await.party().clone();
        let other = Things::new(&app, &mut ground, other).await;
        let memberless = app.party(Kind::Bank).await;
        let memberless = Things::new(&app, &mut ground, memberless).await;
        let gone = app.clock.now();
        app.sql(&format!(
            "UPDATE member SET removed_at = joined_at WHERE label = '{}'",
            memberless.member.label
        ))
        .await
        .unwrap();
        let (spent_code, spent) = app.invitation(&other.party);
        spent.with(|row| row.revoked_at = Some(gone)).await;
        let coordinator = app.party_by_code("SKHCN-19-2025").await;
        let invited = app.invitation(&other.party).1;
        let invited = invited.with(|row| row.invited_by_id = coordinator.id).await;
        let commune = app.commune("02014").await;
        app.settle().await;
        Self {
            columns,
            other,
            memberless,
            asked,
            directive,
            spent_code,
            invited: invited.id.to_string(),
            enrolment: app.enrolment(&commune).await.id.to_string(),
            activity: app.activity_kind("thu").await.id.to_string(),
            commune,
            app,
        }
    }

    /// Everything that anybody has.
    pub fn things(&self) -> impl Iterator<Item = &Things> {
        let own = self.columns.iter().filter_map(|column| column.own.as_ref());
        own.flat_map(|own| [&own.now, &own.before]).chain([&self.other, &self.memberless])
    }

    /// What another column's party has.
    pub fn of(&self, name: &str) -> &Own {
        let column = self.columns.iter().find(|column| column.name == name);
        column.and_then(|column| column.own.as_ref()).unwrap()
    }
}

impl Column {
    pub fn now(&self) -> Option<&Things> {
        self.own.as_ref().map(|own| &own.now)
    }

    pub fn before(&self) -> Option<&Things> {
        self.own.as_ref().map(|own| &own.before)
    }
}

impl Things {
    async fn new(app: &TestApp, ground: &mut Ground, party: party::Model) -> Self {
        let letter = app.document(&party).with(as_letter).await;
        let naming = app.document(&ground.helper).with(as_letter).await;
        app.names(&naming, &party).await;
        app.answer(&ground.asked, &party).await;
        let member = app.member(&party).with(|row| row.role = Role::Reporter).await;
        let token = app.token(&party).1.with(|row| row.issued_by_id = Some(member.id)).await;
        let commune = ground.communes.next().unwrap();
        let assignment = app.assignment(&ground.helper, &commune);
        Self {
            task_of_letter: app.task(&letter).asks(&party).await,
            task: app.task(&ground.directive).asks(&party).await,
            invitation: app.invitation(&party).1.with(|row| row.awaits_approval = true).await,
            as_principal: app.mandate(&party, &ground.helper).await,
            as_agent: app.mandate(&ground.helper, &party).await,
            assignment: assignment.with(|row| row.document_id = letter.id).await,
            party,
            letter,
            naming,
            member,
            token,
        }
    }
}

async fn parties(app: &TestApp) -> Vec<(&'static str, party::Model)> {
    let new = async |kind| app.party(kind).await;
    vec![
        ("ended", app.ended_party().await.party().clone()),
        ("commune", app.commune_officer("02014").await.party().clone()),
        ("assigned", app.assigned_department("02014").await.party().clone()),
        ("department", new(Kind::Department).await),
        ("telecom", new(Kind::TelecomCompany).await),
        ("rival", new(Kind::TelecomCompany).await),
        ("bank", new(Kind::Bank).await),
        ("union", new(Kind::MassOrganization).await),
        ("Front", app.party_by_code("MTTQ-19-2025").await),
        ("leadership", app.party_by_code("UBND-19-2025").await),
        ("coordinator", app.party_by_code("SKHCN-19-2025").await),
    ]
}

/// Somebody who ended and for whom the party carries on.
async fn predecessor(app: &TestApp, party: &party::Model) -> party::Model {
    let company = matches!(party.kind, Kind::TelecomCompany | Kind::Bank);
    let kind = if company { party.kind } else { Kind::MassOrganization };
    let on = if party.valid_to.is_some() { "2024-01-01" } else { "2025-12-01" };
    let before = app.party(kind).valid("2020-01-01", Some(on)).await;
    app.party_succession(&before, party, on).await;
    before
}

pub fn as_letter(row: &mut document::Model) {
    (row.kind, row.force) = (document::Kind::Letter, document::Force::Requests);
    (row.symbol, row.issued_on) = ("CV-THU".to_owned(), day("2023-05-05"));
}

fn seat(actor: Actor) -> Seat {
    Seat { role: None, actor }
}
