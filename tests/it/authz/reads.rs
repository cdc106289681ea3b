//! What somebody sees, asked in every way there is: by id, in lists, counted, and through fields of
//! other objects. All ways must agree.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::Actor;

use super::world::{Column, Seat, World};

mod ledger;

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Read> {
    READS.iter().chain(ledger::READS)
}

/// A thing that a column sees or not, by its id.
pub struct Read {
    pub target: &'static str,
    pub id: fn(&World, &Column, &Seat) -> Option<String>,
}

macro_rules! reads {
    ($($target:literal: $id:expr;)+) => {
        pub const READS: &[Read] = &[$(Read { target: $target, id: $id }),+];
    };
}
use reads;

reads! {
    "directive": |w, _, _| Some(w.directive.id.to_string());
    "task of a directive": |w, _, _| Some(w.asked.id.to_string());
    "party": |w, _, _| Some(w.other.party.id.to_string());
    "commune": |w, _, _| Some(w.commune.id.to_string());
    "assignment": |w, _, _| Some(w.other.assignment.id.to_string());
    "enrolment": |w, _, _| Some(w.enrolment.clone());
    "activity kind": |w, _, _| Some(w.activity.clone());
    "own letter": |_, c, _| Some(c.now()?.letter.id.to_string());
    "predecessor's letter": |_, c, _| Some(c.before()?.letter.id.to_string());
    "letter that names it": |_, c, _| Some(c.now()?.naming.id.to_string());
    "letter that names its predecessor": |_, c, _| Some(c.before()?.naming.id.to_string());
    "another's letter": |w, _, _| Some(w.other.letter.id.to_string());
    "letter that names another": |w, _, _| Some(w.other.naming.id.to_string());
    "task of its own letter": |_, c, _| Some(c.now()?.task_of_letter.id.to_string());
    "task of another's letter": |w, _, _| Some(w.other.task_of_letter.id.to_string());
    "own answer": |_, c, _| Some(answer_of(&c.now()?.party.id));
    "predecessor's answer": |_, c, _| Some(answer_of(&c.before()?.party.id));
    "another's answer": |w, _, _| Some(answer_of(&w.other.party.id));
    "oneself": |_, c, s| c.now().map(|_| s.actor.member().id.to_string());
    "colleague": |_, c, _| Some(c.now()?.member.id.to_string());
    "predecessor's member": |_, c, _| Some(c.before()?.member.id.to_string());
    "another's member": |w, _, _| Some(w.other.member.id.to_string());
    "own invitation": |_, c, _| Some(c.now()?.invitation.id.to_string());
    "predecessor's invitation": |_, c, _| Some(c.before()?.invitation.id.to_string());
    "another's invitation": |w, _, _| Some(w.other.invitation.id.to_string());
    "own token": |_, c, _| Some(c.now()?.token.id.to_string());
    "predecessor's token": |_, c, _| Some(c.before()?.token.id.to_string());
    "another's token": |w, _, _| Some(w.other.token.id.to_string());
    "own operation": |_, c, _| Some(c.now()?.operation.id.to_string());
    "predecessor's operation": |_, c, _| Some(c.before()?.operation.id.to_string());
    "another's operation": |w, _, _| Some(w.other.operation.id.to_string());
    "own saved operation": |_, c, _| Some(c.now()?.saved.id.to_string());
    "own saved operation, deleted": |_, c, _| Some(c.now()?.discarded.id.to_string());
    "predecessor's saved operation": |_, c, _| Some(c.before()?.saved.id.to_string());
    "another's saved operation": |w, _, _| Some(w.other.saved.id.to_string());
    "another's saved operation, shared": |w, _, _| Some(w.shared.id.to_string());
    "another's saved operation, deleted": |w, _, _| Some(w.other.discarded.id.to_string());
    "own subgraph": |_, c, _| Some(c.now()?.subgraph.id.to_string());
    "predecessor's subgraph": |_, c, _| Some(c.before()?.subgraph.id.to_string());
    "another's subgraph": |w, _, _| Some(w.other.subgraph.id.to_string());
    "own subgraph's version": |_, c, _| Some(c.now()?.version.id.to_string());
    "predecessor's subgraph's version": |_, c, _| Some(c.before()?.version.id.to_string());
    "another's subgraph's version": |w, _, _| Some(w.other.version.id.to_string());
    "own grant": |_, c, _| Some(c.now()?.grant.id.to_string());
    "predecessor's grant": |_, c, _| Some(c.before()?.grant.id.to_string());
    "another's grant": |w, _, _| Some(w.other.grant.id.to_string());
    "graph as composed": |w, _, _| Some(w.graph.id.to_string());
    "mandate as principal": |_, c, _| Some(c.now()?.as_principal.id.to_string());
    "mandate as agent": |_, c, _| Some(c.now()?.as_agent.id.to_string());
    "predecessor's mandate as principal": |_, c, _| Some(c.before()?.as_principal.id.to_string());
    "predecessor's mandate as agent": |_, c, _| Some(c.before()?.as_agent.id.to_string());
    "another's mandate": |w, _, _| Some(w.other.as_principal.id.to_string());
}

/// Everything that one viewer sees of the world.
pub struct Seen(BTreeSet<String>);

impl Seen {
    pub fn has(&self, id: &str) -> bool {
        self.0.contains(id)
    }
}

const QUERY: &str = "query ($ids: [ID!]!, $more: [ID!]!, $asked: ID!) {
    nodes(ids: $ids) { id }
    more: nodes(ids: $more) { id }
    node(id: $asked) { ... on Task { answers { party { id } } } }
    documents(first: 100) { ...Page nodes { id tasks { id answers { party { id } } } } }
    tasks(first: 100) { totalCount nodes { id document { id } answers { party { id } } } }
    members(first: 100) { totalCount nodes { id } }
    invitations(first: 100) { totalCount nodes { id } }
    apiTokens(first: 100) { totalCount nodes { id issuedBy { id } } }
    operations(first: 100) { totalCount nodes { id } }
    savedOperations(first: 100) { totalCount nodes { id } }
    discarded: savedOperations(first: 100, filter: { deleted: true }) { totalCount nodes { id } }
    subgraphs(first: 100) { totalCount nodes { id live { id } } }
    subgraphVersions(first: 100) { totalCount nodes { id subgraph { id } } }
    fieldGrants(first: 100) { totalCount nodes { id } }
    supergraphs(first: 100) { totalCount nodes { id } }
    mandates(first: 100) { totalCount nodes { id } }
    assignments(first: 100) { totalCount nodes { id document { id } } }
    enrolments(first: 100) { totalCount nodes { id } }
}
fragment Page on DocumentConnection { totalCount }";

const LISTS: [&str; 15] = [
    "documents",
    "tasks",
    "members",
    "invitations",
    "apiTokens",
    "operations",
    "savedOperations",
    "discarded",
    "subgraphs",
    "subgraphVersions",
    "fieldGrants",
    "supergraphs",
    "mandates",
    "assignments",
    "enrolments",
];

/// What is asked, with the ids of everything.
pub fn queries(world: &World) -> [(&'static str, Value); 2] {
    [(QUERY, variables(world)), (ledger::QUERY, ledger::variables(world))]
}

/// What was read of others: whoever asks is shown to themselves.
pub fn of_others(mut data: Value) -> Value {
    let is_member = |row: &Value| row["id"].as_str().is_some_and(|id| id.starts_with("member_"));
    for list in ["nodes", "more"] {
        let rows = data[list].as_array_mut().into_iter().flatten();
        rows.filter(|row| is_member(row)).for_each(|row| *row = Value::Null);
    }
    data.as_object_mut().unwrap().remove("members");
    data
}

fn variables(world: &World) -> Value {
    let ids = ids(world);
    let (first, more) = ids.split_at(ids.len() / 2);
    json!({ "ids": first, "more": more, "asked": world.asked.id.to_string() })
}

/// What somebody sees of all that there is, after making sure that every way of asking agrees.
pub async fn seen(world: &World, actor: &Actor) -> Seen {
    let ids = ids(world);
    let reply = actor.gql(QUERY, variables(world)).await;
    let data = reply.expect_ok();

    let mut listed = BTreeSet::new();
    for list in LISTS {
        let nodes = ids_of(&data[list]["nodes"]);
        assert_eq!(data[list]["totalCount"], nodes.len(), "the count of {list} tells more");
        listed.extend(nodes);
    }
    let by_id = [ids_of(&data["nodes"]), ids_of(&data["more"])].concat();
    let listable = |id: &&String| !id.starts_with("party") && !id.starts_with("place");
    let public = |id: &&String| id.starts_with("activity");
    for id in ids.iter().filter(listable).filter(|id| !public(id)) {
        assert_eq!(listed.contains(id), by_id.contains(id), "list and node disagree about {id}");
    }
    through_fields(world, data, &listed);

    let answers = answers(&data["node"]);
    assert_eq!(answers, all_answers(&data["tasks"]["nodes"], world), "node and list disagree");
    for document in items(&data["documents"]["nodes"]) {
        let nested = all_answers(&document["tasks"], world);
        assert!(nested.is_empty() || nested == answers, "nested answers disagree");
    }
    let of_ledger = ledger::seen(world, actor).await;
    Seen(by_id.into_iter().chain(answers).chain(of_ledger).collect())
}

/// Documents, tasks and members that other objects lead to are those that the lists show.
fn through_fields(world: &World, data: &Value, listed: &BTreeSet<String>) {
    let nested: BTreeSet<String> = items(&data["documents"]["nodes"])
        .flat_map(|document| ids_of(&document["tasks"]))
        .collect();
    let tasks: BTreeSet<String> = ids_of(&data["tasks"]["nodes"]).into_iter().collect();
    assert_eq!(nested, tasks, "tasks of documents and the list of tasks disagree");
    for task in items(&data["tasks"]["nodes"]) {
        let document = task["document"]["id"].as_str().unwrap();
        assert!(listed.contains(document), "a task leads to a hidden document");
    }
    for things in world.things() {
        let id = things.assignment.id.to_string();
        let shown = items(&data["assignments"]["nodes"]).find(|row| row["id"] == id.as_str());
        let letter = things.letter.id.to_string();
        let leads = shown.unwrap()["document"]["id"] == letter.as_str();
        assert_eq!(leads, listed.contains(&letter), "an assignment leads to a hidden letter");
    }
    for token in items(&data["apiTokens"]["nodes"]) {
        let issuer = token["issuedBy"]["id"].as_str().unwrap_or_default();
        let gone = world.memberless.member.id.to_string();
        let shown = issuer.is_empty() || issuer == gone || listed.contains(issuer);
        assert!(shown, "a token leads to a hidden member");
    }
}

/// The ids of everything that the grid asks about.
fn ids(world: &World) -> Vec<String> {
    let shared = [
        world.directive.id.to_string(),
        world.asked.id.to_string(),
        world.commune.id.to_string(),
        world.enrolment.clone(),
        world.activity.clone(),
        world.graph.id.to_string(),
        world.shared.id.to_string(),
    ];
    let people = world.columns.iter().filter(|column| column.own.is_some());
    let people = people.flat_map(|column| &column.seats);
    let people = people.map(|seat| seat.actor.member().id.to_string());
    let things = world.things().flat_map(|things| {
        [
            things.party.id.to_string(),
            things.letter.id.to_string(),
            things.task_of_letter.id.to_string(),
            things.naming.id.to_string(),
            things.task.id.to_string(),
            things.member.id.to_string(),
            things.invitation.id.to_string(),
            things.token.id.to_string(),
            things.operation.id.to_string(),
            things.saved.id.to_string(),
            things.discarded.id.to_string(),
            things.subgraph.id.to_string(),
            things.version.id.to_string(),
            things.grant.id.to_string(),
            things.as_principal.id.to_string(),
            things.as_agent.id.to_string(),
            things.assignment.id.to_string(),
        ]
    });
    // Who has left is in no list unless one asks for it.
    let gone = world.memberless.member.id.to_string();
    shared.into_iter().chain(people).chain(things).filter(|id| *id != gone).collect()
}

/// Answers have no ids of their own.
fn answer_of(party: &impl ToString) -> String {
    format!("answer of {}", party.to_string())
}

fn answers(task: &Value) -> BTreeSet<String> {
    let parties = items(&task["answers"]).map(|answer| answer["party"]["id"].as_str().unwrap());
    parties.map(|id| answer_of(&id)).collect()
}

fn all_answers(tasks: &Value, world: &World) -> BTreeSet<String> {
    let asked = world.asked.id.to_string();
    items(tasks).filter(|task| task["id"] == asked.as_str()).flat_map(answers).collect()
}

fn ids_of(rows: &Value) -> Vec<String> {
    items(rows).filter_map(|row| row["id"].as_str()).map(str::to_owned).collect()
}

fn items(rows: &Value) -> impl Iterator<Item = &Value> {
    rows.as_array().into_iter().flatten()
}
