//! Rows and schema agree: every entity selects on a freshly migrated database of either engine,
//! has the same columns as its table, and every row reads back as it was written.

use std::{collections::BTreeMap, fs};

use entity::{
    mandate::Act, member::Role, party::Kind, party_mark::Mark, place::Level,
    subgraph_approval::Kind as ApprovalKind,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, QueryResult, QuerySelect};
use tests::{Database, TestApp, is_postgres};

/// Calls a function for every entity and names them all.
macro_rules! entities {
    ($($noun:ident)+) => {
        const ENTITIES: &[&str] = &[$(stringify!($noun)),+];

        async fn differences(app: &TestApp) -> Vec<String> {
            let mut found = Vec::new();
            $(found.extend(difference::<entity::$noun::Entity>(app).await);)+
            found
        }
    };
}

entities! {
    activity_kind amendment api_token assignment board_cell commitment commitment_document delivery
    document document_party enrolment event event_audience event_head favourite field_grant funding_source idempotency
    installation invitation mandate member need note operation operation_use participant_set participant_set_member party
    party_mark party_succession place place_alias place_succession reach router_key saved_operation scope session statement_key subgraph
    subgraph_approval subgraph_read subgraph_version supergraph supergraph_head supergraph_part task
    task_answer verification
}

#[tokio::test]
async fn every_entity_selects_and_has_the_columns_of_its_table() {
    let app = TestApp::start().await;

    let differences = differences(&app).await;

    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn every_file_of_rows_is_among_the_entities() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../entity/src");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let mut nouns: Vec<String> = files
        .filter_map(|name| {
            name.to_str().and_then(|name| name.strip_suffix(".rs")).map(str::to_owned)
        })
        .filter(|noun| !["id", "lib"].contains(&noun.as_str()))
        .collect();
    nouns.sort();

    assert_eq!(nouns, ENTITIES);
}

#[tokio::test]
async fn every_table_has_an_entity() {
    let app = TestApp::start().await;

    let mut tables = names(
        &app,
        if is_postgres() {
            "SELECT table_name AS name FROM information_schema.tables \
         WHERE table_schema = current_schema()"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        },
    )
    .await;
    tables.sort();
    tables.retain(|table| table != "seaql_migrations");

    assert_eq!(tables, ENTITIES);
}

#[tokio::test]
async fn migrations_run_on_an_empty_database_and_once_only() {
    let database = Database::blank().await;
    let db = database.connect().await;

    for _ in 0..2 {
        Migrator::up(db.writer(), None).await.unwrap();
    }

    let pending = Migrator::get_pending_migrations(db.writer()).await.unwrap();
    assert!(pending.is_empty());
    assert_eq!(entity::installation::Entity::find().all(db.reader()).await.unwrap().len(), 1);
    db.close().await.unwrap();
}

/// Reads rows again, each as it was written.
macro_rules! read_back {
    ($app:expr, $($row:expr),+ $(,)?) => {$(
        let row = $row;
        assert_eq!($app.reload(&row).await, row);
    )+};
}

#[tokio::test]
async fn every_row_of_the_registry_of_subgraphs_reads_back_as_it_was_written() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).prefix("vidubanh").await;
    let subgraph = app.subgraph(&bank).await;
    let version = app.subgraph_version(&subgraph, "type Query { a: Int }").await;
    let graph = app.supergraph(1).await;

    read_back!(
        app,
        app.subgraph_approval(&version, ApprovalKind::ExtendedType, "Commune").await,
        app.subgraph_read(&version, "Commune.code").await,
        app.supergraph_part(&graph, &version).await,
        app.field_grant(&bank, "Commune.code").await,
        bank,
        graph,
        version,
        subgraph,
    );
}

#[tokio::test]
async fn a_session_reads_back_as_it_was_written() {
    let app = TestApp::start().await;
    let (bank, telecom) = (app.party(Kind::Bank).await, app.party(Kind::TelecomCompany).await);

    read_back!(
        app,
        app.session(&bank).await,
        app.session(&bank)
            .with(|row| {
                row.viewed_party_id = Some(telecom.id);
                row.view_reason = Some("Giúp đối chiếu".to_owned());
                row.view_until = Some(row.expires_at);
            })
            .await,
    );
}

#[tokio::test]
async fn every_row_reads_back_as_it_was_written() {
    let app = TestApp::start().await;
    let province = app.province().await;
    let place = app.place(Level::Commune, "99001", "Xã Thử").inside(&province).await;
    let company = app.party(Kind::TelecomCompany).await;
    let branch = app.party(Kind::TelecomCompany).branch_of(&company).await;
    let department = app.party(Kind::Department).valid("2025-07-01", Some("2027-01-01")).await;
    let heir = app.party(Kind::Department).await;
    let document = app.document(&department).await;
    let task = app.task(&document).asks(&company).await;
    let mandate = app.mandate(&company, &branch).acts([Act::Verify, Act::Record]).at(&place).await;
    let (_, token) = app.token(&company);
    let (_, invitation) = app.invitation(&company);

    read_back!(
        app,
        place.clone(),
        app.alias(&place, "Xã Thứ").await,
        app.place_succession(&app.commune("02014").await, &place)
            .with(|row| row.weight_ppm = Some(250_000))
            .await,
        company.clone(),
        branch,
        department.clone(),
        app.mark(&department, Mark::Leadership, &province).await,
        app.party_succession(&department, &heir, "2027-01-01").await,
        app.names(&document, &company).await,
        document,
        app.answer(&task, &company).await,
        task,
        app.assignment(&department, &place).valid("2025-08-01", Some("2025-08-01")).await,
        app.enrolment(&place).await,
        mandate,
        app.activity_kind("thu_nghiem").with(|row| row.precision = 6).await,
        app.member(&company).with(|row| row.role = Role::Viewer).await,
        token.await,
        invitation.await,
    );
    let officer = app.commune_officer("02071").await;
    let need = app.need(officer.party(), &app.activity("smartphones_handed_over").await).await;
    let commitment = app.commitment(&company).joint(&heir).await;
    let delivery = app.delivery(&commitment).quantity(7).settled(6).await;
    let basis = app.document(&heir).await;
    let operation = app.operation(&company, "Who", "{ viewer { today } }").await;
    read_back!(
        app,
        app.funding_source("thu_nghiem").await,
        app.operation_use(&operation, "2026-11-20").await,
        operation,
        app.basis(&commitment, &basis).await,
        app.amendment(&commitment, &basis).await,
        app.verification(&delivery, &heir).await,
        app.note(&company).on_need(&need).to(&heir).await,
        need,
        delivery,
    );
}

#[tokio::test]
async fn a_saved_operation_reads_back_as_it_was_written() {
    let app = TestApp::start().await;
    let company = app.party(Kind::TelecomCompany).await;
    let saved = app.saved_operation(&company, "Tôi là ai").with(|row| {
        (row.title_en, row.description_vi) = (Some("Who".to_owned()), Some("Thử".to_owned()));
        (row.description_en, row.shared) = (Some("A test".to_owned()), true);
    });
    let saved = saved.await;

    read_back!(app, app.favourite(&app.member(&company).await, &saved).await, saved);
}

/// How an entity and its table differ.
async fn difference<E: EntityTrait>(app: &TestApp) -> Vec<String> {
    let table = E::default().table_name().to_owned();
    if let Err(cause) = E::find().limit(1).all(app.db().reader()).await {
        return vec![format!("{table} does not select: {cause}")];
    }
    let entity: BTreeMap<String, bool> = E::Column::iter()
        .map(|column| (IdenStatic::as_str(&column).to_owned(), column.def().is_null()))
        .collect();
    let stored = columns(app, &table).await;
    if entity == stored {
        return Vec::new();
    }
    vec![format!("{table}: the entity has {entity:?}, the table {stored:?} (name: nullable)")]
}

/// The columns of a table and whether each takes null. SQLite's row number never does.
async fn columns(app: &TestApp, table: &str) -> BTreeMap<String, bool> {
    let sql = if is_postgres() {
        format!(
            "SELECT column_name AS name, is_nullable = 'YES' AS nullable \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        )
    } else {
        format!(
            "SELECT name, \"notnull\" = 0 AND NOT (pk = 1 AND type = 'INTEGER') AS nullable \
             FROM pragma_table_info('{table}')"
        )
    };
    let column = |row: &QueryResult| {
        (row.try_get("", "name").unwrap(), row.try_get("", "nullable").unwrap())
    };
    app.rows(&sql).await.iter().map(column).collect()
}

async fn names(app: &TestApp, sql: &str) -> Vec<String> {
    app.rows(sql).await.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}
