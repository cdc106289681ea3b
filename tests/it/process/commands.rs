//! Commands that run to their end.

use std::{net::TcpListener, thread};

use tempfile::TempDir;
use tests::Database;

use super::{camket, complaint, printed, run};

const NO_HOSTS: (&str, &str) = ("CAMKET_HTTP__HOSTS", "camket.test");

#[test]
fn without_an_argument_it_prints_help() {
    let output = run(&[], &[]);

    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(told.contains("Usage: "), "{told}");
    for command in [
        "dev",
        "serve",
        "migrate",
        "schema",
        "token",
        "router-key",
        "statement-key",
        "import",
        "help",
    ] {
        assert!(
            told.lines().any(|line| line.trim_start().starts_with(command)),
            "{command}: {told}"
        );
    }
}

#[test]
fn the_schema_is_printed_as_it_is_kept() {
    let output = run(&["schema"], &[]);

    let kept = include_str!("../../../api/schema.graphql");
    assert!(printed(&output) == kept, "write `camket schema` to api/schema.graphql");
}

#[test]
fn an_unknown_role_party_or_number_of_days_is_an_error_of_usage() {
    for wrong in [
        ["--party", "X", "--role", "KING"].as_slice(),
        &["--party", "X", "--role", "VIEWER", "--expires", "366d"],
        &["--party", "X", "--role", "VIEWER", "--expires", "0"],
        &["--role", "VIEWER"],
    ] {
        let output = run(&[&["token", "issue"], wrong].concat(), &[]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_token_is_issued_alone_on_the_standard_output() {
    let database = Database::cloned().await;
    let url = ("CAMKET_DATABASE__URL", &*database.url);

    let issue = ["token", "issue", "--party", "SKHCN-19-2025", "--role", "manager"];
    let output = run(&issue, &[url]);

    let token = printed(&output).strip_suffix('\n').unwrap();
    assert!(api::domain::token::secret::is_well_formed(token), "{token}");
}

#[tokio::test]
async fn a_party_that_is_unknown_or_has_ended_gets_no_token() {
    let database = Database::cloned().await;
    let url = ("CAMKET_DATABASE__URL", &*database.url);

    for (party, told) in [
        ("KHONG-CO", "there is no party KHONG-CO"),
        ("UBND-063-2023", "Outside the validity of UBND-063-2023 (2023-01-01 – 2025-07-01)."),
    ] {
        let output = run(&["token", "issue", "--party", party, "--role", "VIEWER"], &[url]);
        assert_eq!(complaint(&output), told);
    }
}

#[tokio::test]
async fn router_keys_are_issued_listed_and_revoked() {
    let database = Database::cloned().await;
    let url = ("CAMKET_DATABASE__URL", &*database.url);
    let command = |arguments: &[&str]| run(&[&["router-key"], arguments].concat(), &[url]);

    assert_eq!(printed(&command(&["list"])).trim(), "");
    let issued = command(&["issue", "--name", "bac-kan-1"]);
    let key = printed(&issued).strip_suffix('\n').unwrap();
    assert!(api::domain::token::secret::is_router_key(key), "{key}");
    let again = command(&["issue", "--name", "bac-kan-1"]);
    let told = "there is a router key bac-kan-1: revoke it, or choose another name";
    assert_eq!(complaint(&again), told);
    assert!(complaint(&command(&["issue", "--name", "two words"])).contains("1 to 60 of"));
    let revoked = command(&["revoke", "--name", "bac-kan-1"]);
    assert_eq!(printed(&revoked), "bac-kan-1 is revoked\n");
    let again = command(&["revoke", "--name", "bac-kan-1"]);
    assert_eq!(complaint(&again), "there is no router key bac-kan-1 that is good");
    command(&["issue", "--name", "bac-kan-1"]);

    let listed = command(&["list"]);
    let lines: Vec<&str> = printed(&listed).lines().collect();
    assert!(lines.iter().all(|line| line.starts_with("bac-kan-1 issued 20")), "{lines:?}");
    let revoked = lines.iter().map(|line| line.contains(", revoked 20"));
    assert_eq!(revoked.collect::<Vec<_>>(), [false, true]);
    assert!(!printed(&listed).contains("camket_router_"), "{lines:?}");
}

#[tokio::test]
async fn the_key_of_statements_is_replaced_and_the_log_stays_whole() {
    let database = Database::cloned().await;
    let url = ("CAMKET_DATABASE__URL", &*database.url);
    let rotate = || run(&["statement-key", "rotate"], &[url]);

    let (first, second) = (rotate(), rotate());

    let told = "statements are signed with statement_key_";
    assert!(printed(&first).starts_with(told) && printed(&second).starts_with(told));
    assert_ne!(printed(&first), printed(&second));
    assert!(run(&["router-key", "issue", "--name", "x"], &[url]).status.success());
    assert!(run(&["verify-log"], &[url]).status.success());
}

#[tokio::test]
async fn a_bad_directory_is_told_in_one_line() {
    let database = Database::cloned().await;
    let url = ("CAMKET_DATABASE__URL", &*database.url);
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("wards.csv"), "code\n").unwrap();

    let output = camket(&directory, &["import", "registry", "."], &[url]).output().unwrap();

    assert!(complaint(&output).starts_with("wards.csv: not a file it knows"));
}

#[test]
fn half_a_configuration_is_refused_with_all_that_is_wrong() {
    let output = run(&["serve"], &[("CAMKET_HTTP__LISTEN", "here")]);

    let told = complaint(&output);
    for part in ["database.url is missing", "http.hosts is empty", "http.listen \"here\""] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn every_command_that_needs_the_database_says_so() {
    for arguments in [
        ["migrate"].as_slice(),
        &["token", "issue", "--party", "X", "--role", "VIEWER"],
        &["router-key", "issue", "--name", "x"],
        &["router-key", "revoke", "--name", "x"],
        &["router-key", "list"],
        &["statement-key", "rotate"],
        &["import", "registry", "."],
    ] {
        let output = run(arguments, &[]);
        assert!(complaint(&output).contains("database.url is missing"), "{arguments:?}");
    }
}

#[test]
fn a_setting_that_does_not_exist_is_refused() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("camket.toml"), "[http]\nport = 4000\n").unwrap();

    let of_environment = run(&["serve"], &[("CAMKET_HTTP__PORT", "4000")]);
    let of_nobody = run(&["serve"], &[("CAMKET_DATABSE__URL", "sqlite:///x"), NO_HOSTS]);
    let of_file = camket(&directory, &["serve", "--config", "camket.toml"], &[]).output().unwrap();
    let no_file = run(&["serve", "--config", "nowhere.toml"], &[]);

    assert!(complaint(&of_environment).contains("unknown field: found `port`"));
    assert!(complaint(&of_nobody).contains("unknown field: found `databse`"));
    assert!(complaint(&of_file).contains("unknown field: found `port`"));
    assert_eq!(complaint(&no_file), "there is no configuration file nowhere.toml");
}

#[test]
fn a_password_in_the_address_is_not_shown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Something that is no database: it hangs up on everybody.
    thread::spawn(move || listener.incoming().for_each(drop));
    let url = format!("postgres://camket:geheim@{address}/camket");

    let output = run(&["migrate"], &[("CAMKET_DATABASE__URL", &url)]);

    let told = String::from_utf8(output.stderr).unwrap();
    let last = told.lines().last().unwrap_or_default();
    assert!(
        last.starts_with(&format!("camket: cannot open postgres://{address}/camket")),
        "{told}"
    );
    assert_eq!((output.status.code(), told.contains("geheim")), (Some(1), false), "{told}");
}
