//! Notes: what is written on needs, commitments and deliveries, for whom, and how it is done with.

use entity::{commitment::Disclosure, note};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use crate::{
    authz::mutation,
    promised::{commitment, delivery},
};

mod doing;
mod reading;
mod writing;

const SHOWN: &str = "note { id version status text dueOn answer need { id } commitment { id }
    delivery { id } writtenBy { code } addressee { code } doneBy { code } doneAt }";

/// A commune with somebody who promised it something, and everything that notes are on.
struct Ground {
    app: TestApp,
    officer: Actor,
    giver: Actor,
    need: entity::need::Model,
    commitment: entity::commitment::Model,
    delivery: entity::delivery::Model,
    /// Another giver's, which everybody sees.
    public: entity::commitment::Model,
}

impl Ground {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let (officer, giver) = (app.commune_officer("02014").await, app.telecom().await);
        let commune = app.commune("02014").await;
        let phones = app.activity("smartphones_handed_over").await;
        let need = app.need(officer.party(), &phones).await;
        let private = commitment(&app, giver.party(), &commune, &phones, |_| ()).await;
        let delivery = delivery(&app, &private, &commune).await;
        let union = app.party(entity::party::Kind::MassOrganization).await;
        let public = commitment(&app, &union, &commune, &phones, |row| {
            row.disclosure = Disclosure::Public;
        })
        .await;
        Self { app, officer, giver, need, commitment: private, delivery, public }
    }

    /// A note without an addressee on what the field names.
    fn on(&self, field: &str, id: &impl ToString) -> Value {
        json!({ field: id.to_string(), "text": "Bước tiếp theo",
            "idempotencyKey": self.app.key() })
    }
}

async fn write(actor: &Actor, input: Value) -> Reply {
    actor.act(&mutation("writeNote", SHOWN), input).await
}

async fn done(actor: &Actor, note: &note::Model, answer: &str) -> Reply {
    let input = json!({ "id": note.id.to_string(), "answer": answer,
        "expectedVersion": note.version });
    actor.act(&mutation("doneNote", SHOWN), input).await
}

/// The one note there is.
async fn the_note(app: &TestApp) -> note::Model {
    let rows = app.all(note::Entity).await;
    let [row] = &rows[..] else { panic!("not one note: {rows:?}") };
    row.clone()
}
