//! The people of the grids: every kind of party in all three roles, each with a predecessor, and
//! each of these with one of everything that a party can have.

use api::clock::Clock;
use entity::{
    assignment, commitment, document, invitation, mandate,
    member::{self, Role},
    note,
    party::{self, Kind},
    place::{self, Level},
    task,
};
use sea_orm::Iterable;
use tests::{Actor, TestApp, day};

mod ledger;

pub use ledger::{Ledger, Promise};
use ledger::{Maker, more_parties};

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
    /// What the other company keeps and everybody may see.
    pub shared: entity::saved_operation::Model,
    /// A graph that was composed once.
    pub graph: entity::supergraph::Model,
    pub ledger: Ledger,
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
    /// Another company's promise that it has joined.
    pub joint: Promise,
    /// One that passes through its hands.
    pub carried: Promise,
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
    pub operation: entity::operation::Model,
    /// For itself alone; the second is deleted.
    pub saved: entity::saved_operation::Model,
    pub discarded: entity::saved_operation::Model,
    pub subgraph: entity::subgraph::Model,
    pub version: entity::subgraph_version::Model,
    pub grant: entity::field_grant::Model,
    pub as_principal: mandate::Model,
    pub as_agent: mandate::Model,
    /// Public, under its letter.
    pub assignment: assignment::Model,
    /// Among the parties, to Xã Nghĩa Tá.
    pub promise: Promise,
    /// Somebody else's note to it, on something that it does not see.
    pub addressed: note::Model,
}

/// What all things share.
struct Ground<'a> {
    directive: document::Model,
    asked: task::Model,
    /// Somebody else, with a manager: the other side of letters and mandates.
    helper: party::Model,
    /// Who is assigned to communes, and nobody's principal.
    department: party::Model,
    communes: std::vec::IntoIter<place::Model>,
    maker: Maker<'a>,
    /// Where everybody's own promises go.
    far: place::Model,
    /// Another's promise that nobody sees.
    unseen: commitment::Model,
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
        let (giver, far) = (app.party(Kind::TelecomCompany).await, app.commune("02071").await);
        let commune = app.commune("02014").await;
        let district = app.place(Level::District, "990", "Huyện thử").inside(&app.province().await);
        let district = district.await;
        let unseen = app.commitment(&app.party(Kind::TelecomCompany).await).to(&far).await;
        let maker = Maker { app: &app, document: directive.clone(), giver: giver.clone() };
        let mut ground = Ground {
            directive: directive.clone(),
            asked: asked.clone(),
            helper,
            department: app.party(Kind::Department).await,
            communes,
            maker,
            far,
            unseen,
        };

        let mut columns = vec![
            Column { name: "public", seats: vec![seat(app.public())], own: None },
            Column { name: "stranger", seats: vec![seat(app.stranger())], own: None },
        ];
        let more = more_parties(&app, &giver, &commune, &district).await;
        for (name, party) in parties(&app).await.into_iter().chain(more) {
            columns.push(Column::of(&app, &mut ground, name, party).await);
        }
        app.member(&giver).await;
        let ledger = Ledger::new(&ground.maker, &commune, &district).await;
        let other = Things::new(&app, &mut ground, giver).await;
        let memberless = memberless(&app, &mut ground).await;
        let (spent_code, invited) = invitations(&app, &other).await;
        app.settle().await;
        let enrolment = app.enrolment(&commune).await.id.to_string();
        let activity = app.activity_kind("thu").await.id.to_string();
        let graph = app.supergraph(1).await;
        Self {
            shared: shared(&app, &other).await,
            columns,
            other,
            memberless,
            asked,
            directive,
            spent_code,
            invited,
            enrolment,
            activity,
            graph,
            commune,
            ledger,
            app,
        }
    }

    /// Everything that anybody has.
    pub fn things(&self) -> impl Iterator<Item = &Things> {
        let own = self.columns.iter().filter_map(|column| column.own.as_ref());
        own.flat_map(|own| [&own.now, &own.before]).chain([&self.other, &self.memberless])
    }

    /// Every promise that the grid asks about.
    pub fn promises(&self) -> impl Iterator<Item = &Promise> {
        let own = self.columns.iter().filter_map(|column| column.own.as_ref());
        let shared = own.flat_map(|own| [&own.joint, &own.carried]);
        let of_things = self.things().map(|things| &things.promise);
        of_things.chain(shared).chain(self.ledger.promises())
    }

    /// What another column's party has.
    pub fn of(&self, name: &str) -> &Own {
        let column = self.columns.iter().find(|column| column.name == name);
        column.and_then(|column| column.own.as_ref()).unwrap()
    }
}

impl Column {
    /// A party in all three roles, with what it and its predecessor have.
    async fn of(
        app: &TestApp,
        ground: &mut Ground<'_>,
        name: &'static str,
        party: party::Model,
    ) -> Self {
        let before = predecessor(app, &party).await;
        let before = Things::new(app, ground, before).await;
        let mut seats = Vec::new();
        for role in Role::iter() {
            let actor = app.member_of(&party).with_role(role).await;
            seats.push(Seat { role: Some(role), actor });
        }
        let joint: &dyn Fn(&mut commitment::Model) =
            &|row| row.joint_ids = [party.id].into_iter().collect();
        let joint = ground.maker.promise(&ground.far, joint).await;
        let carried = ground.maker.carried(&ground.far, &party).await;
        let now = Things::new(app, ground, party).await;
        Self { name, seats, own: Some(Own { now, before, joint, carried }) }
    }

    pub fn now(&self) -> Option<&Things> {
        self.own.as_ref().map(|own| &own.now)
    }

    pub fn before(&self) -> Option<&Things> {
        self.own.as_ref().map(|own| &own.before)
    }
}

impl Things {
    async fn new(app: &TestApp, ground: &mut Ground<'_>, party: party::Model) -> Self {
        let letter = app.document(&party).with(as_letter).await;
        let naming = app.document(&ground.helper).with(as_letter).await;
        app.names(&naming, &party).await;
        app.answer(&ground.asked, &party).await;
        let member = app.member(&party).with(|row| row.role = Role::Reporter).await;
        let token = app.token(&party).1.with(|row| row.issued_by_id = Some(member.id)).await;
        let commune = ground.communes.next().unwrap();
        let assignment = app.assignment(&ground.department, &commune);
        let giver: &dyn Fn(&mut commitment::Model) = &|row| row.giver_id = party.id;
        let promise = ground.maker.promise(&ground.far, giver).await;
        let subgraph = app.subgraph(&party).await;
        let version = app.subgraph_version(&subgraph, "type Query { a: Int }").await;
        let addressed = app.note(&ground.maker.giver).on_commitment(&ground.unseen).to(&party);
        Self {
            promise,
            addressed: addressed.await,
            task_of_letter: app.task(&letter).asks(&party).await,
            task: app.task(&ground.directive).asks(&party).await,
            invitation: app.invitation(&party).1.with(|row| row.awaits_approval = true).await,
            operation: app.operation(&party, "Who", "{ viewer { today } }").await,
            saved: app.saved_operation(&party, "Tôi là ai").await,
            discarded: {
                let gone = app.saved_operation(&party, "Đã xóa");
                gone.with(|row| row.deleted_at = Some(row.created_at)).await
            },
            grant: app.field_grant(&party, "Commune.code").await,
            subgraph,
            version,
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

/// What somebody keeps and everybody may see.
async fn shared(app: &TestApp, of: &Things) -> entity::saved_operation::Model {
    app.saved_operation(&of.party, "Dùng chung").with(|row| row.shared = true).await
}

/// What a bank has of which nobody is a member any more.
async fn memberless(app: &TestApp, ground: &mut Ground<'_>) -> Things {
    let things = Things::new(app, ground, app.party(Kind::Bank).await).await;
    let label = &things.member.label;
    let sql = format!("UPDATE member SET removed_at = joined_at WHERE label = '{label}'");
    app.sql(&sql).await.unwrap();
    things
}

/// The code of an invitation of somebody's that was revoked, and one that the coordinator made.
async fn invitations(app: &TestApp, of: &Things) -> (String, String) {
    let gone = app.clock.now();
    let (spent_code, spent) = app.invitation(&of.party);
    spent.with(|row| row.revoked_at = Some(gone)).await;
    let coordinator = app.party_by_code("SKHCN-19-2025").await;
    let invited = app.invitation(&of.party).1;
    let invited = invited.with(|row| row.invited_by_id = coordinator.id).await;
    (spent_code, invited.id.to_string())
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
