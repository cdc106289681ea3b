//! A hundred rows that are alike, each with a row of its own wherever it points or is pointed at.

use entity::{
    document, member,
    party::{self, Kind},
    party_mark::Mark,
    place::Level,
};
use tests::{Build, TestApp, day};

mod ledger;
mod places;
mod subgraphs;

pub use ledger::{commitments, deliveries, needs, notes};
use places::units;
pub use places::{communes, districts, provinces};
pub use subgraphs::{field_grants, subgraph_versions, subgraphs, supergraphs};

/// As many as the largest page.
const ROWS: usize = 100;

/// A day that marks the rows of a test.
const MARK: &str = "2026-02-02";

/// The types of [`nodes`], in the order in which they repeat.
pub const TYPES_OF_NODES: [&str; 4] = ["Bank", "Document", "Commune", "Task"];

pub async fn provincial_authorities(app: &TestApp) -> String {
    authorities(app, Kind::ProvincialAuthority, Level::Province).await
}

pub async fn district_authorities(app: &TestApp) -> String {
    authorities(app, Kind::DistrictAuthority, Level::District).await
}

pub async fn commune_authorities(app: &TestApp) -> String {
    authorities(app, Kind::CommuneAuthority, Level::Commune).await
}

pub async fn departments(app: &TestApp) -> String {
    let departments = with_kin(app, parties(app, Kind::Department).await).await;
    let documents = some_documents(app).await;
    let assigned = departments.iter().zip(units(app, Level::Commune).await).zip(&documents);
    app.insert(assigned.map(|((department, commune), document)| {
        app.assignment(department, &commune).with(|row| row.document_id = document.id)
    }))
    .await;
    by_code(&departments)
}

pub async fn mass_organizations(app: &TestApp) -> String {
    offices(app, Kind::MassOrganization).await
}

pub async fn telecom_companies(app: &TestApp) -> String {
    offices(app, Kind::TelecomCompany).await
}

pub async fn banks(app: &TestApp) -> String {
    offices(app, Kind::Bank).await
}

pub async fn documents(app: &TestApp) -> String {
    let documents = some_documents(app).await;
    let (named, asked) = (parties(app, Kind::Bank).await, parties(app, Kind::Bank).await);
    let names = documents.iter().zip(&named);
    app.insert(names.map(|(document, party)| app.names(document, party))).await;
    let tasks = documents.iter().zip(&asked);
    let tasks = app.insert(tasks.map(|(document, party)| app.task(document).asks(party))).await;
    let answers = tasks.iter().zip(&asked);
    app.insert(answers.map(|(task, party)| app.answer(task, party))).await;
    format!("filter: {{ issuedOn: {{ eq: \"{MARK}\" }} }}")
}

pub async fn tasks(app: &TestApp) -> String {
    let of = documents(app).await;
    format!("filter: {{ document: {} }}", of.trim_start_matches("filter: "))
}

pub async fn assignments(app: &TestApp) -> String {
    let (departments, documents) =
        (parties(app, Kind::Department).await, some_documents(app).await);
    let assigned = departments.iter().zip(units(app, Level::Commune).await).zip(&documents);
    app.insert(assigned.map(|((department, commune), document)| {
        let assignment = app.assignment(department, &commune).valid(MARK, None);
        assignment.with(|row| row.document_id = document.id)
    }))
    .await;
    format!("filter: {{ validFrom: {{ eq: \"{MARK}\" }} }}")
}

pub async fn enrolments(app: &TestApp) -> String {
    let enrolled = units(app, Level::Commune).await.into_iter().zip(some_documents(app).await);
    let enrolled: Vec<_> = enrolled.collect();
    app.insert(enrolled.iter().map(|(commune, document)| {
        app.enrolment(commune).with(|row| {
            (row.document_id, row.valid_from) = (document.id, day(MARK));
        })
    }))
    .await;
    format!("filter: {{ validFrom: {{ eq: \"{MARK}\" }} }}")
}

pub async fn mandates(app: &TestApp) -> String {
    let agent = app.party(Kind::TelecomCompany).await;
    let (principals, makers) = (parties(app, Kind::Bank).await, parties(app, Kind::Bank).await);
    let units = units(app, Level::Commune).await;
    let documents = some_documents(app).await;
    let builds = (0..ROWS).map(|i| {
        app.mandate(&principals[i], &agent).at(&units[i]).with(|row| {
            row.made_by_id = makers[i].id;
            row.document_id = Some(documents[i].id);
        })
    });
    app.insert(builds).await;
    format!("filter: {{ agent: {{ eq: \"{}\" }} }}", agent.id)
}

pub async fn activity_kinds(app: &TestApp) -> String {
    let kinds = (0..ROWS).map(|number| app.activity_kind(&format!("hang_loat_{number}")));
    app.insert(kinds).await;
    "filter: { search: \"hang loat\" }".to_owned()
}

pub async fn funding_sources(app: &TestApp) -> String {
    let sources = (0..ROWS).map(|number| app.funding_source(&format!("hang_loat_{number}")));
    app.insert(sources).await;
    String::new()
}

pub async fn members(app: &TestApp) -> String {
    let parties = parties(app, Kind::Bank).await;
    one_member_each(app, &parties).await;
    of_parties(&parties)
}

pub async fn invitations(app: &TestApp) -> String {
    let (parties, inviters) = (parties(app, Kind::Bank).await, parties(app, Kind::Bank).await);
    let members = one_member_each(app, &parties).await;
    let builds = (0..ROWS).map(|i| {
        app.invitation(&parties[i]).1.with(|row| {
            row.invited_by_id = inviters[i].id;
            (row.accepted_at, row.member_id) = (Some(row.created_at), Some(members[i].id));
        })
    });
    app.insert(builds).await;
    of_parties(&parties)
}

pub async fn api_tokens(app: &TestApp) -> String {
    let parties = parties(app, Kind::Bank).await;
    let issuers = one_member_each(app, &parties).await;
    let tokens = parties
        .iter()
        .zip(&issuers)
        .map(|(party, issuer)| app.token(party).1.with(|row| row.issued_by_id = Some(issuer.id)));
    app.insert(tokens).await;
    of_parties(&parties)
}

pub async fn operations(app: &TestApp) -> String {
    let parties = parties(app, Kind::Bank).await;
    let operations =
        parties.iter().map(|party| app.operation(party, "Who", "{ viewer { today } }"));
    let operations = app.insert(operations).await;
    app.insert(operations.iter().map(|row| app.operation_use(row, "2026-11-20"))).await;
    of_parties(&parties)
}

/// Each registered by the coordinator as well, for whom lists are asked.
pub async fn saved_operations(app: &TestApp) -> String {
    let parties = parties(app, Kind::Bank).await;
    let coordinator = app.party_by_code("SKHCN-19-2025").await;
    let text = |i: usize| format!("query Q{i} {{ viewer {{ today }} }}");
    let saved = parties.iter().enumerate().map(|(i, party)| {
        app.saved_operation(party, "Tôi là ai").with(move |row| row.document = text(i))
    });
    app.insert(saved).await;
    let operations = (0..ROWS).map(|i| app.operation(&coordinator, &format!("Q{i}"), &text(i)));
    let operations = app.insert(operations).await;
    app.insert(operations.iter().map(|row| app.operation_use(row, "2026-11-20"))).await;
    of_parties(&parties)
}

/// Ids of all [`TYPES_OF_NODES`] by turns.
pub async fn nodes(app: &TestApp) -> Vec<String> {
    let banks = parties(app, Kind::Bank).await;
    let communes = units(app, Level::Commune).await;
    let documents = some_documents(app).await;
    let tasks = app.insert(documents.iter().map(|document| app.task(document))).await;
    (0..ROWS)
        .flat_map(|i| {
            [
                banks[i].id.to_string(),
                documents[i].id.to_string(),
                communes[i].id.to_string(),
                tasks[i].id.to_string(),
            ]
        })
        .collect()
}

async fn parties(app: &TestApp, kind: Kind) -> Vec<party::Model> {
    app.insert((0..ROWS).map(|_| app.party(kind))).await
}

async fn authorities(app: &TestApp, kind: Kind, level: Level) -> String {
    let places = units(app, level).await;
    let authorities = app.insert(places.iter().map(|place| app.party(kind).at(place))).await;
    by_code(&with_kin(app, authorities).await)
}

/// Parties of a kind, each between a head office and a branch.
async fn offices(app: &TestApp, kind: Kind) -> String {
    let heads = parties(app, kind).await;
    let offices = app.insert(heads.iter().map(|head| app.party(kind).branch_of(head))).await;
    app.insert(offices.iter().map(|office| app.party(kind).branch_of(office))).await;
    by_code(&with_kin(app, offices).await)
}

/// Gives each party a mark, a predecessor and a successor under documents.
async fn with_kin(app: &TestApp, parties: Vec<party::Model>) -> Vec<party::Model> {
    let province = app.province().await;
    let marks = parties.iter().map(|party| app.mark(party, Mark::Leadership, &province));
    app.insert(marks).await;
    let (old, new) = (self::parties(app, Kind::Bank).await, self::parties(app, Kind::Bank).await);
    let documents = some_documents(app).await;
    let edges = old.iter().zip(&parties).chain(parties.iter().zip(&new));
    let edges = edges.zip(documents.iter().cycle()).map(|((before, after), document)| {
        let edge = app.party_succession(before, after, "2026-01-01");
        edge.with(|row| row.document_id = Some(document.id))
    });
    app.insert(edges).await;
    parties
}

/// Documents of the day that marks them, each of another issuer.
async fn some_documents(app: &TestApp) -> Vec<document::Model> {
    let issuers = parties(app, Kind::Bank).await;
    let documents = issuers.iter().map(|issuer| -> Build<'_, document::Model> {
        app.document(issuer).with(|row| row.issued_on = day(MARK))
    });
    app.insert(documents).await
}

async fn one_member_each(app: &TestApp, parties: &[party::Model]) -> Vec<member::Model> {
    app.insert(parties.iter().map(|party| app.member(party))).await
}

fn by_code(parties: &[party::Model]) -> String {
    let codes: Vec<String> = parties.iter().map(|party| format!("\"{}\"", party.code)).collect();
    format!("filter: {{ code: {{ in: [{}] }} }}", codes.join(", "))
}

fn of_parties(parties: &[party::Model]) -> String {
    let ids: Vec<String> = parties.iter().map(|party| format!("\"{}\"", party.id)).collect();
    format!("filter: {{ party: {{ in: [{}] }} }}", ids.join(", "))
}
