//! `docs/operations`: every named operation runs on the demonstration set and answers as it is
//! documented, each on a copy of its own.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use api::dev::Names;
use entity::party;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tests::{TestApp, day};

/// The day on which the answers were given.
const TODAY: &str = "2025-12-15";

/// What differs from run to run.
const PASSING: [&str; 6] = ["endCursor", "startCursor", "cursor", "secret", "hint", "composedAt"];

/// What stands beside an operation.
#[derive(Deserialize, Serialize)]
struct Example {
    r#as: Option<String>,
    /// Whether the graph is served, and a partner stands at `@endpoint` that may join it.
    #[serde(default, skip_serializing_if = "is_false")]
    graph: bool,
    /// Operations that run before it, as they are documented.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    after: Vec<String>,
    variables: Map<String, Value>,
    answer: Value,
}

struct Operation {
    name: String,
    document: String,
    file: PathBuf,
    example: Example,
}

#[tokio::test]
async fn every_operation_answers_as_it_is_documented() {
    for operation in operations() {
        let answer = operation.answer().await;

        let (is, must) = (pretty(&answer), pretty(&operation.example.answer));
        assert_eq!(is, must, "{} answers otherwise", operation.name);
    }
}

#[test]
fn every_operation_bears_the_name_of_its_file_and_two_titles() {
    for Operation { name, document, .. } in operations() {
        let head: Vec<&str> = document.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(head.len() > 3 && head[2] == "#", "{name}: {head:#?}");
        assert!(head[0].is_ascii() && !head[1].is_ascii(), "{name}: {head:#?}");

        let parsed = async_graphql::parser::parse_query(&document).unwrap();
        let names: Vec<_> = parsed.operations.iter().map(|(name, _)| name.cloned()).collect();
        assert!(matches!(&names[..], [Some(only)] if *only == name), "{name}: {names:?}");
        assert!(name.starts_with(|letter: char| letter.is_ascii_uppercase()), "{name}");
    }
}

#[test]
fn every_operation_is_listed_with_its_titles_and_no_file_is_left_over() {
    let list = fs::read_to_string(folder().join("README.md")).unwrap();
    let mut files = BTreeSet::from(["README.md".to_owned()]);
    for Operation { name, document, example, .. } in operations() {
        let mut titles = document.lines().map(|line| line.trim_start_matches("# "));
        let (english, vietnamese) = (titles.next().unwrap(), titles.next().unwrap());
        let runs_as = example.r#as.unwrap_or_else(|| "–".to_owned());
        let row = format!("| [`{name}`]({name}.graphql) | {english} | {vietnamese} | {runs_as} |");
        assert!(list.contains(&row), "docs/operations/README.md lacks {row}");
        files.extend([format!("{name}.graphql"), format!("{name}.json")]);
    }
    let there = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name());
    let there: BTreeSet<_> = there.map(|name| name.into_string().unwrap()).collect();

    assert_eq!(there, files);
    assert_eq!(list.matches(".graphql) |").count() * 2 + 1, files.len(), "rows without a file");
}

/// Run by hand; writes into the source tree.
#[tokio::test]
#[ignore = "rewrites the documented answers"]
async fn rewrite_the_answers() {
    for mut operation in operations() {
        operation.example.answer = operation.answer().await;
        fs::write(&operation.file, pretty(&operation.example) + "\n").unwrap();
    }
}

impl Operation {
    /// What it answers now, on a fresh copy of the demonstration.
    async fn answer(&self) -> Value {
        let (app, mut names) = TestApp::demonstration(TODAY).await;
        if self.example.graph {
            app.composed().await;
            names.call("endpoint".to_owned(), vec![partner(&app).await]);
        }
        for earlier in &self.example.after {
            let earlier = operation(&folder().join(format!("{earlier}.graphql")));
            let answer = earlier.run(&app, &names).await;
            if let Some(id) = answer.pointer("/publishSubgraph/subgraph/id").and_then(Value::as_str)
            {
                names.call("subgraph".to_owned(), vec![id.to_owned()]);
            }
        }
        let mut answer = self.run(&app, &names).await;
        readable(&mut answer, &names);
        answer
    }

    async fn run(&self, app: &TestApp, names: &Names) -> Value {
        let who = self.example.r#as.as_deref();
        let who = who.map_or_else(|| app.public(), |subject| app.demonstrator(subject));
        let mut variables = Value::Object(self.example.variables.clone());
        names.fill(&mut variables, day(TODAY)).unwrap();

        let reply = who.gql(&self.document, variables).await;

        assert!(reply.errors().is_empty(), "{}: {:#?}", self.name, reply.body);
        reply.data().clone()
    }
}

/// Deploys what `PublishSubgraph` publishes, and answers where.
async fn partner(app: &TestApp) -> String {
    let published = operation(&folder().join("PublishSubgraph.graphql"));
    let sdl = published.example.variables["input"]["sdl"].as_str().unwrap();
    let parties = app.all(party::Entity).await;
    let party = parties.iter().find(|party| party.code == "VT-MAU-1").unwrap();
    app.deploy(party, sdl)
}

const fn is_false(value: &bool) -> bool {
    !*value
}

/// Puts names in the place of ids, and `…` in that of what differs from run to run.
fn readable(value: &mut Value, names: &Names) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                match value.as_str() {
                    Some(_) if PASSING.contains(&&**field) => *value = json!("…"),
                    Some(id) if id.starts_with("event_") => *value = json!("event_…"),
                    _ => readable(value, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| readable(item, names)),
        Value::String(text) => {
            if let Some(name) = names.of(text, day(TODAY)) {
                *text = name;
            }
        }
        _ => {}
    }
}

/// All operations, in the order of their names.
fn operations() -> Vec<Operation> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let documents = files.filter(|file| file.extension().is_some_and(|end| end == "graphql"));
    let mut operations: Vec<_> = documents.map(|file| operation(&file)).collect();
    operations.sort_by(|one, other| one.name.cmp(&other.name));
    operations
}

fn operation(document: &Path) -> Operation {
    let name = document.file_stem().unwrap().to_str().unwrap().to_owned();
    let file = document.with_extension("json");
    let example = fs::read_to_string(&file)
        .unwrap_or_else(|cause| panic!("{name} has no variables and answer: {cause}"));
    let example = serde_json::from_str(&example).unwrap();
    let document = fs::read_to_string(document).unwrap();
    Operation { name, document, file, example }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations")
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}
