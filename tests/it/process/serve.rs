//! `camket serve` from an empty database to an answer.

use api::clock::{Clock, SystemClock};
use migration::{Migrator, MigratorTrait};
use serde_json::json;
use tempfile::TempDir;
use tests::{Database, Issuer, Signer, issuer::AUDIENCE, process::Server};

use super::{camket, complaint, printed, run};

const HOST: &str = "camket.test";

const WHO: &str = "{ viewer { party { code } role } }";

#[tokio::test]
async fn an_empty_database_is_migrated_filled_and_served() {
    let database = Database::blank().await;
    let settings = settings(&database.url);
    let directory = TempDir::new().unwrap();
    let pilot = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/registry/pilot");

    let too_early = run(&["serve"], &settings);
    let migrated = run(&["migrate"], &settings);
    let again = run(&["migrate"], &settings);
    let imported = run(&["import", "registry", pilot], &settings);
    let issue = ["token", "issue", "--party", "UBND-19-2025", "--role", "REPORTER"];
    let issued = run(&issue, &settings);
    let (server, said) = Server::start(camket(&directory, &["serve"], &settings), HOST, 0);
    let token = printed(&issued).trim();
    let (status, answer) = server.ask(HOST, Some(token), WHO);

    assert!(complaint(&too_early).contains("run `camket migrate`"));
    let all = Migrator::migrations().len();
    assert_eq!(printed(&migrated), format!("{all} migrations done; the schema is up to date\n"));
    assert_eq!(printed(&again), "0 migrations done; the schema is up to date\n");
    assert!(printed(&imported).contains("enrolments"));
    assert_eq!((status, &answer["errors"].is_null()), (200, &true), "{answer}");
    assert_eq!(answer["data"]["viewer"]["party"]["code"], "UBND-19-2025");
    assert_eq!(answer["data"]["viewer"]["role"], "REPORTER");
    assert!(said.iter().all(|line| !line.contains(token)), "a token is in the log");
    assert!(server.stop(), "it does not stop when it is asked to");
}

#[tokio::test]
async fn in_production_the_public_does_not_see_the_schema_and_members_do() {
    let database = Database::cloned().await;
    let settings = settings(&database.url);
    let directory = TempDir::new().unwrap();
    let issue = ["token", "issue", "--party", "UBND-19-2025", "--role", "VIEWER"];
    let issued = run(&issue, &settings);
    let query = "{ __schema { queryType { name } } }";

    let (server, _) = Server::start(camket(&directory, &["serve"], &settings), HOST, 0);
    let (_, of_public) = server.ask(HOST, None, query);
    let (_, of_member) = server.ask(HOST, Some(printed(&issued).trim()), query);

    assert!(of_public["data"]["__schema"].is_null(), "{of_public}");
    assert_eq!(of_member["data"]["__schema"]["queryType"]["name"], "Query");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_the_environment_names_is_trusted() {
    let database = Database::cloned().await;
    let directory = TempDir::new().unwrap();
    let signer = Signer::es256();
    let issuer = Issuer::start(&[&signer]).await;
    let url = &issuer.url;
    let issuers = format!("[{{issuer={url:?}, audiences={AUDIENCE:?}, algorithms=[\"ES256\"]}}]");
    let mut settings = settings(&database.url).to_vec();
    settings.push(("CAMKET_OIDC__ISSUERS", &issuers));
    let ends = SystemClock.now().timestamp() + 300;
    let claims = json!({ "iss": url, "sub": "somebody", "aud": AUDIENCE, "exp": ends });
    let (good, forged) = (signer.sign(&claims), Signer::es256().sign(&claims));
    let query = "{ viewer { memberships { role } } }";
    let introspection = "{ __schema { queryType { name } } }";

    let (server, said) = Server::start(camket(&directory, &["serve"], &settings), HOST, 0);
    let (status, answer) = server.ask(HOST, Some(&good), query);
    let (refused, _) = server.ask(HOST, Some(&forged), query);
    let (_, of_stranger) = server.ask(HOST, Some(&good), introspection);

    assert_eq!((status, refused), (200, 401), "{answer}");
    assert_eq!(answer["data"]["viewer"]["memberships"], json!([]), "{answer}");
    assert!(of_stranger["data"]["__schema"].is_null(), "only members see the schema");
    assert!(said.iter().all(|line| !line.contains(&good)), "a token is in the log");
}

#[tokio::test]
async fn another_host_gets_no_graph_but_probes_are_answered() {
    let database = Database::cloned().await;
    let directory = TempDir::new().unwrap();
    let command = camket(&directory, &["serve"], &settings(&database.url));

    let (server, _) = Server::start(command, HOST, 0);

    assert_eq!(server.ask("evil.example", None, "{ __typename }").0, 421);
    assert_eq!(server.get("/readyz", &format!("127.0.0.1:{}", server.port)).0, 200);
    assert_eq!(server.ask(HOST, None, "{ __typename }").0, 200);
}

#[tokio::test]
async fn a_database_with_the_demonstration_is_not_served() {
    let database = Database::cloned().await;
    let db = database.connect().await;
    let mark = "UPDATE installation SET demonstration = true";
    sea_orm::ConnectionTrait::execute_unprepared(db.writer(), mark).await.unwrap();
    db.close().await.unwrap();

    let output = run(&["serve"], &settings(&database.url));

    let told = complaint(&output);
    assert!(told.contains("holds the demonstration: serve another database"), "{told}");
}

fn settings(url: &str) -> [(&str, &str); 3] {
    [
        ("CAMKET_DATABASE__URL", url),
        ("CAMKET_HTTP__LISTEN", "127.0.0.1:0"),
        ("CAMKET_HTTP__HOSTS", HOST),
    ]
}
