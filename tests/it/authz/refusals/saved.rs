//! What is refused of saved operations.

use entity::{api_token::Scope, member::Role, party, saved_operation};
use serde_json::{Value, json};
use tests::{Actor, TestApp};

use super::Table;

const WHO: &str = "{ viewer { today } }";

pub async fn save_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let party = bank.party().clone();
    let viewer = app.member_of(&party).with_role(Role::Viewer).await;
    let system = app.member_of(&party).with_scopes([Scope::Admin]).await;
    let reporter = app.member_of(&party).with_role(Role::Reporter).await;
    let mut input = content();
    input["idempotencyKey"] = json!(app.key());
    let table = Table::new("saveOperation", "savedOperation", reporter, input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("ended", app.ended_party().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .other("system", system, "FORBIDDEN");
    contents(table).mismatch(json!({ "titleEn": "Another" }))
}

pub async fn change_saved_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let (saved, gone) = (saved(app, bank.party()).await, deleted(app, bank.party()).await);
    let shared =
        app.saved_operation(app.bank().await.party(), "Chung").with(|row| row.shared = true);
    let shared = shared.await;
    let mut input = content();
    (input["id"], input["expectedVersion"]) = (json!(saved.id.to_string()), json!(1));
    let same = json!({ "titleVi": saved.title_vi, "titleEn": null, "descriptionVi": null,
        "descriptionEn": null, "document": saved.document, "variables": saved.variables });
    let table = Table::new("changeSavedOperation", "savedOperation", bank.clone(), input);
    let table = contents(of_party(app, table, &bank).await)
        .rule(json!({ "id": shared.id.to_string() }), "FORBIDDEN", "")
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(same, "NO_CHANGE", "");
    hides_anothers(app, table).await
}

pub async fn delete_saved_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let (saved, gone) = (saved(app, bank.party()).await, deleted(app, bank.party()).await);
    let input = json!({ "id": saved.id.to_string(), "expectedVersion": 1 });
    let table = Table::new("deleteSavedOperation", "savedOperation", bank.clone(), input).rule(
        json!({ "id": gone.id.to_string() }),
        "ALREADY_ENDED",
        "id",
    );
    hides_anothers(app, of_party(app, table, &bank).await).await
}

pub async fn share_saved_operation(app: &TestApp) -> Table {
    let (bank, coordinator) = (app.bank().await, app.coordinator().await);
    let (saved, gone) = (saved(app, bank.party()).await, deleted(app, bank.party()).await);
    let shared = app.saved_operation(bank.party(), "Chung").with(|row| row.shared = true).await;
    let input = json!({ "id": saved.id.to_string(), "expectedVersion": 1 });
    Table::new("shareSavedOperation", "savedOperation", coordinator.clone(), input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.bank().await, "NOT_FOUND")
        .other("its own manager", bank, "FORBIDDEN")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("reporter", reporter_of(app, coordinator.party()).await, "NOT_FOUND")
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "id": shared.id.to_string() }), "NO_CHANGE", "")
}

pub async fn unshare_saved_operation(app: &TestApp) -> Table {
    let (bank, coordinator) = (app.bank().await, app.coordinator().await);
    let private = saved(app, bank.party()).await;
    let shared = app.saved_operation(bank.party(), "Chung").with(|row| row.shared = true).await;
    let input = json!({ "id": shared.id.to_string(), "expectedVersion": 1 });
    Table::new("unshareSavedOperation", "savedOperation", coordinator.clone(), input)
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", app.bank().await, "FORBIDDEN")
        .other("its own manager", bank, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", reporter_of(app, coordinator.party()).await, "FORBIDDEN")
        .rule(json!({ "id": private.id.to_string() }), "NO_CHANGE", "")
}

pub async fn favourite_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let (saved, gone) = (saved(app, bank.party()).await, deleted(app, bank.party()).await);
    let known = app.saved_operation(bank.party(), "Quen").await;
    app.favourite(bank.member(), &known).await;
    let input = json!({ "id": saved.id.to_string() });
    let table = Table::new("favouriteOperation", "savedOperation", bank.clone(), input)
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "id": known.id.to_string() }), "NO_CHANGE", "");
    hides_anothers(app, of_members(app, table, &bank).await).await
}

pub async fn unfavourite_operation(app: &TestApp) -> Table {
    let bank = app.bank().await;
    let known = saved(app, bank.party()).await;
    app.favourite(bank.member(), &known).await;
    let other = app.saved_operation(bank.party(), "Khác").await;
    app.favourite(&app.member(bank.party()).await, &other).await;
    let input = json!({ "id": known.id.to_string() });
    let table = Table::new("unfavouriteOperation", "savedOperation", bank.clone(), input).rule(
        json!({ "id": other.id.to_string() }),
        "NO_CHANGE",
        "",
    );
    hides_anothers(app, of_members(app, table, &bank).await).await
}

/// What is good to keep.
fn content() -> Value {
    json!({ "titleVi": "Tra cứu một xã", "titleEn": "One commune", "descriptionVi": "Theo mã",
        "document": "query One($code: String!) { place(by: { code: { code: $code } }) { name } }",
        "variables": "{ \"code\": \"02014\" }" })
}

/// What is not.
fn contents(table: Table) -> Table {
    let token = format!("ckt_{}", "a".repeat(49));
    let secret = format!("query One($code: String!) {{ a: __typename }} # {token}");
    let values = json!({ "code": token }).to_string();
    let long = json!({ "code": "a".repeat(8_192) }).to_string();
    table
        .rule(json!({ "titleVi": " " }), "BLANK", "titleVi")
        .rule(json!({ "titleVi": "a".repeat(121) }), "TOO_LONG", "titleVi")
        .rule(json!({ "titleVi": "Gọi 0912 345 678" }), "PERSONAL_DATA", "titleVi")
        .rule(json!({ "titleVi": "a\u{202e}b" }), "INVALID_FORMAT", "titleVi")
        .rule(json!({ "titleEn": "a".repeat(121) }), "TOO_LONG", "titleEn")
        .rule(json!({ "titleEn": "Call 0912345678" }), "PERSONAL_DATA", "titleEn")
        .rule(json!({ "descriptionVi": "a".repeat(2_001) }), "TOO_LONG", "descriptionVi")
        .rule(json!({ "descriptionVi": "0912345678" }), "PERSONAL_DATA", "descriptionVi")
        .rule(json!({ "descriptionVi": token }), "HOLDS_SECRET", "descriptionVi")
        .rule(json!({ "descriptionEn": "a".repeat(2_001) }), "TOO_LONG", "descriptionEn")
        .rule(json!({ "descriptionEn": "0912345678" }), "PERSONAL_DATA", "descriptionEn")
        .rule(json!({ "document": " ".repeat(32_769) }), "TOO_LONG", "document")
        .rule(json!({ "document": "# 0912345678\n{ __typename }" }), "PERSONAL_DATA", "document")
        .rule(json!({ "document": secret }), "HOLDS_SECRET", "document")
        .rule(json!({ "document": "{ viewer {" }), "INVALID_OPERATION", "document")
        .rule(json!({ "document": "{ nothing }" }), "INVALID_OPERATION", "document")
        .rule(
            json!({ "document": "query A { __typename } query B { __typename }" }),
            "INVALID_OPERATION",
            "document",
        )
        .rule(json!({ "document": WHO }), "INVALID_OPERATION", "variables")
        .rule(json!({ "variables": "[]" }), "INVALID_FORMAT", "variables")
        .rule(json!({ "variables": "{ \"other\": 1 }" }), "INVALID_OPERATION", "variables")
        .rule(json!({ "variables": "{ \"code\": \"0912345678\" }" }), "PERSONAL_DATA", "variables")
        .rule(json!({ "variables": values }), "HOLDS_SECRET", "variables")
        .rule(json!({ "variables": long }), "TOO_LONG", "variables")
}

/// Who may not change what a party keeps.
async fn of_party(app: &TestApp, table: Table, of: &Actor) -> Table {
    let viewer = app.member_of(of.party()).with_role(Role::Viewer).await;
    let system = app.member_of(of.party()).with_scopes([Scope::Admin]).await;
    table
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.bank().await, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("viewer", viewer, "FORBIDDEN")
        .other("system", system, "FORBIDDEN")
}

/// Who may not mark it.
async fn of_members(app: &TestApp, table: Table, of: &Actor) -> Table {
    table
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.bank().await, "NOT_FOUND")
        .other("leadership", app.leadership().await, "NOT_FOUND")
        .other("system", app.member_of(of.party()).by_token().await, "FORBIDDEN")
}

async fn hides_anothers(app: &TestApp, table: Table) -> Table {
    let hidden = saved(app, app.bank().await.party()).await;
    table.hidden("id", &hidden.id)
}

async fn reporter_of(app: &TestApp, party: &party::Model) -> Actor {
    app.member_of(party).with_role(Role::Reporter).await
}

async fn saved(app: &TestApp, party: &party::Model) -> saved_operation::Model {
    app.saved_operation(party, "Tôi là ai").await
}

async fn deleted(app: &TestApp, party: &party::Model) -> saved_operation::Model {
    let gone = app.saved_operation(party, "Đã xóa");
    gone.with(|row| row.deleted_at = Some(row.created_at)).await
}
