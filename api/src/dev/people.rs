//! The people of the demonstration: members of parties that exist today, signed in by tokens that
//! are made at each start and live in memory only.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::{
    id::PartyId,
    member::{self, Role},
    party,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use crate::{
    app::App,
    clock::Clock,
    error::{Error, Result},
    http::auth::{
        DEV_ISSUER, Personas,
        desk::{self, Desk},
    },
    tx::{Actor, Tx},
};

struct Person {
    subject: &'static str,
    /// An office, and plainly an example.
    label: &'static str,
    seats: &'static [(&'static str, Role)],
}

const PEOPLE: [Person; 11] = [
    Person {
        subject: "coordinator",
        label: "Cán bộ điều phối (ví dụ)",
        seats: &[("SKHCN-19-2025", Role::Manager)],
    },
    Person {
        subject: "officer",
        label: "Công chức xã Bạch Thông (ví dụ)",
        seats: &[("UBND-02014-2025", Role::Manager)],
    },
    Person {
        subject: "department",
        label: "Chuyên viên Sở Mẫu A (ví dụ)",
        seats: &[("SO-MAU-A", Role::Manager)],
    },
    Person {
        subject: "telecom-1",
        label: "Nhân viên Viễn thông Mẫu 1 (ví dụ)",
        seats: &[("VT-MAU-1", Role::Manager)],
    },
    Person {
        subject: "telecom-2",
        label: "Nhân viên Viễn thông Mẫu 2 (ví dụ)",
        seats: &[("VT-MAU-2", Role::Manager)],
    },
    Person {
        subject: "bank",
        label: "Nhân viên Ngân hàng Mẫu 1 (ví dụ)",
        seats: &[("NH-MAU-1", Role::Manager)],
    },
    Person {
        subject: "union",
        label: "Cán bộ Hội Mẫu 1 (ví dụ)",
        seats: &[("HOI-MAU-1", Role::Manager)],
    },
    Person {
        subject: "front",
        label: "Cán bộ Mặt trận (ví dụ)",
        seats: &[("MTTQ-19-2025", Role::Manager)],
    },
    Person {
        subject: "leadership",
        label: "Lãnh đạo tỉnh (ví dụ)",
        seats: &[("UBND-19-2025", Role::Manager)],
    },
    Person {
        subject: "two-hats",
        label: "Cán bộ kiêm nhiệm (ví dụ)",
        seats: &[("HOI-MAU-1", Role::Reporter), ("UBND-02071-2025", Role::Viewer)],
    },
    // Nobody's member yet: somebody to invite.
    Person { subject: "newcomer", label: "", seats: &[] },
];

/// One membership of one person, or one person without any, as it is printed.
pub struct Seat {
    pub subject: &'static str,
    pub token: String,
    pub party: Option<(Role, party::Model)>,
}

pub struct People {
    pub personas: Personas,
    /// Signs them in at the console.
    pub desk: Desk,
    pub seats: Vec<Seat>,
}

/// Makes everybody a member again who is not, and gives each a new token.
pub async fn admit(app: &App) -> Result<People> {
    let known = PEOPLE.iter().map(|person| desk::Person {
        subject: person.subject.to_owned(),
        label: if person.label.is_empty() { person.subject } else { person.label }.to_owned(),
    });
    let desk = Desk::of(known.collect());
    let mut people = People { personas: Personas::default(), desk, seats: Vec::new() };
    let mut tx = app.write_as(Actor::default()).await?;
    for person in &PEOPLE {
        let token = token(&*app.clock);
        people.personas.admit(&token, person.subject);
        if person.seats.is_empty() {
            people.seats.push(Seat { subject: person.subject, token: token.clone(), party: None });
        }
        for (code, role) in person.seats {
            let party = party_of(&tx, code).await?;
            let role = seat(app, &mut tx, (person.subject, person.label), party.id, *role).await?;
            let party = Some((role, party));
            people.seats.push(Seat { subject: person.subject, token: token.clone(), party });
        }
    }
    tx.commit().await?;
    Ok(people)
}

/// The subject of somebody who manages a party: one of the people, or an officer whom nobody can
/// sign in as. They join it when they first act.
pub async fn officer(app: &App, code: &str) -> Result<String> {
    let manages = |person: &&Person| person.seats.contains(&(code, Role::Manager));
    let person = PEOPLE.iter().find(manages);
    let subject =
        person.map_or_else(|| code.to_ascii_lowercase(), |person| person.subject.to_owned());
    let label = person.map_or("Cán bộ (ví dụ)", |person| person.label);
    let mut tx = app.write_as(Actor::default()).await?;
    let party = party_of(&tx, code).await?;
    seat(app, &mut tx, (&subject, label), party.id, Role::Manager).await?;
    tx.commit().await?;
    Ok(subject)
}

async fn party_of(tx: &Tx, code: &str) -> Result<party::Model> {
    let party = party::Entity::find().filter(party::Column::Code.eq(code)).one(&**tx).await?;
    party.ok_or_else(|| {
        let what = format!("the demonstration has no party {code}: begin a new one");
        Error::BadInput(what)
    })
}

/// The role in which somebody sits for a party: the one that was tried out last, or the first.
async fn seat(
    app: &App,
    tx: &mut Tx,
    (subject, label): (&str, &str),
    party: PartyId,
    role: Role,
) -> Result<Role> {
    let known = member::Entity::find()
        .filter(member::Column::PartyId.eq(party))
        .filter(member::Column::Issuer.eq(DEV_ISSUER))
        .filter(member::Column::Subject.eq(subject))
        .filter(member::Column::RemovedAt.is_null())
        .one(&**tx)
        .await?;
    if let Some(known) = known {
        return Ok(known.role);
    }
    let row = member::Model {
        id: app.clock.uuid().into(),
        party_id: party,
        issuer: DEV_ISSUER.to_owned(),
        subject: subject.to_owned(),
        role,
        label: label.to_owned(),
        joined_at: tx.now(),
        removed_at: None,
        version: 1,
    };
    let after = json!({ "partyId": party.to_string(), "role": role });
    tx.record_for("MEMBER_JOINED", row.id, [party], json!({ "version": 1, "after": after }));
    member::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(role)
}

fn token(clock: &dyn Clock) -> String {
    let mut secret = [0; 32];
    clock.random(&mut secret);
    format!("ckp_{}", BASE64_URL_SAFE_NO_PAD.encode(secret))
}
