//! One mutation with all that is refused of it, and how that is tried.

use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use super::database::{Database, database};
use crate::authz::mutation;

/// What is refused of one mutation.
pub struct Table {
    pub mutation: &'static str,
    /// The payload's field that shows the object.
    object: &'static str,
    /// Who may send `input`.
    right: Actor,
    input: Value,
    /// Of a batch: the field that holds its rows. What is said of a row is tried on the first.
    rows: Option<&'static str>,
    others: Vec<(&'static str, Actor, &'static str)>,
    rules: Vec<Rule>,
    mismatch: Option<Value>,
    /// What is shown with a stale version, where the input names something else.
    shown: Option<String>,
}

/// A change that is refused.
struct Rule {
    change: Value,
    code: &'static str,
    field: &'static str,
    /// Whether the change and the field are those of a row.
    in_row: bool,
}

impl Table {
    pub fn new(mutation: &'static str, object: &'static str, right: Actor, input: Value) -> Self {
        let (rows, mismatch, shown) = (None, None, None);
        let (others, rules) = (Vec::new(), Vec::new());
        Self { mutation, object, right, input, rows, others, rules, mismatch, shown }
    }

    /// Of a batch whose rows are in this field.
    pub fn batch(mut self, rows: &'static str) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Somebody who is refused before any rule.
    pub fn other(mut self, who: &'static str, actor: Actor, code: &'static str) -> Self {
        self.others.push((who, actor, code));
        self
    }

    /// A change of the input that is refused with a code at a field; the whole request where the
    /// field is empty. A field of another row has its path in it: `commitments.1.placeId`.
    pub fn rule(mut self, change: Value, code: &'static str, field: &'static str) -> Self {
        self.rules.push(Rule { change, code, field, in_row: false });
        self
    }

    /// The same of the first row of a batch.
    pub fn row(mut self, change: Value, code: &'static str, field: &'static str) -> Self {
        self.rules.push(Rule { change, code, field, in_row: true });
        self
    }

    /// An id that exists, but not for whoever may send the rest.
    pub fn hidden(self, field: &'static str, id: &impl ToString) -> Self {
        let change = json!({ field: id.to_string() });
        match self.rows {
            Some(_) => self.row(change, "NOT_FOUND", field),
            None => self.rule(change, "NOT_FOUND", field),
        }
    }

    /// What a stale version shows, where the input names something else.
    pub fn shows(mut self, id: &impl ToString) -> Self {
        self.shown = Some(id.to_string());
        self
    }

    /// Another input under the key of the first.
    pub fn mismatch(mut self, change: Value) -> Self {
        self.mismatch = Some(change);
        self
    }

    pub async fn check(self, app: &TestApp) {
        let before = database(app).await;
        self.check_people(app, &before).await;
        self.check_ids(app, &before).await;
        self.check_version(app, &before).await;
        for Rule { change, code, field, in_row } in &self.rules {
            let input = self.with(*in_row, change);
            let reply = self.send(app, &self.right, &input, &before).await;
            let refusal = refused(&reply, code, &format!("{change}"));
            assert_eq!(refusal["path"], self.path(*in_row, field), "{change}");
        }

        let reply = self.right.act(&self.document(), self.input.clone()).await;
        reply.expect_ok();

        let Some(change) = &self.mismatch else {
            assert!(self.input["idempotencyKey"].is_null(), "a key is mismatched too");
            return;
        };
        let after = database(app).await;
        assert_ne!(before, after, "the accepted input changes something");
        let reply = self.send(app, &self.right, &changed(&self.input, change), &after).await;
        reply.expect_refusal_at("IDEMPOTENCY_MISMATCH", "idempotencyKey");
    }

    async fn check_people(&self, app: &TestApp, before: &Database) {
        let reply = self.send(app, &app.public(), &self.input, before).await;
        reply.expect_fault("UNAUTHENTICATED");
        // Whoever is signed in may accept an invitation.
        let needs_a_party = self.mutation != "acceptInvitation";
        let strangers = self.others.iter().filter(|(who, ..)| *who == "stranger").count();
        assert_eq!(strangers, usize::from(needs_a_party), "strangers in the table");
        for (who, actor, code) in &self.others {
            let reply = self.send(app, actor, &self.input, before).await;
            refused(&reply, code, who);
            assert!(self.object_in(&reply).is_null(), "{who} is shown something");
        }
    }

    /// Ids of nothing, of something else, and no ids at all.
    async fn check_ids(&self, app: &TestApp, before: &Database) {
        for (in_row, field, value) in self.fields() {
            let is_list = field.ends_with("Ids");
            if !(field == "id" || field.ends_with("Id") || is_list) {
                continue;
            }
            let id = if is_list { &value[0] } else { value };
            let Some((prefix, _)) = id.as_str().and_then(|id| id.rsplit_once('_')) else {
                panic!("{field} has no id to be wrong");
            };
            let nothing = format!("{prefix}_00000000000000000000000000");
            let another_type = match prefix {
                "party" => app.province().await.id.to_string(),
                _ => self.right.party().id.to_string(),
            };
            for wrong in [nothing, another_type, "x".to_owned(), String::new()] {
                let change = if is_list { json!([wrong]) } else { json!(wrong) };
                let input = self.with(in_row, &json!({ field: change }));
                let reply = self.send(app, &self.right, &input, before).await;
                let refusal = refused(&reply, "NOT_FOUND", &wrong);
                assert_eq!(refusal["path"], self.path(in_row, field), "{wrong}");
            }
        }
    }

    async fn check_version(&self, app: &TestApp, before: &Database) {
        let versions = self.fields().into_iter().filter(|(_, name, _)| *name == "expectedVersion");
        for (in_row, field, version) in versions {
            let version = version.as_i64().unwrap();
            for wrong in [version - 1, version + 1] {
                let input = self.with(in_row, &json!({ "expectedVersion": wrong }));
                let reply = self.send(app, &self.right, &input, before).await;
                let refusal = refused(&reply, "STALE_VERSION", "another version");
                assert_eq!(refusal["path"], self.path(in_row, field));
                let current = json!([{ "name": "current", "value": version.to_string() }]);
                assert_eq!(refusal["params"], current);
                let named = ["id", "taskId", "predecessorId"];
                let fields = if in_row { self.first_row(&input) } else { &input };
                let named = named.iter().find_map(|field| fields[field].as_str());
                let named = self.shown.as_deref().or(named);
                let shown = &self.object_in(&reply)["id"];
                assert_eq!(shown.as_str(), named, "a stale version shows what stands there");
            }
        }
    }

    /// The fields of the input, and those of the first row of a batch.
    fn fields(&self) -> Vec<(bool, &str, &Value)> {
        let rows = self.rows.and_then(|_| self.first_row(&self.input).as_object());
        let rows = rows.into_iter().flatten().map(|(name, value)| (true, &**name, value));
        let fields = self.input.as_object().unwrap().iter();
        fields.map(|(name, value)| (false, &**name, value)).chain(rows).collect()
    }

    fn first_row<'a>(&self, input: &'a Value) -> &'a Value {
        &input[self.rows.unwrap()][0]
    }

    fn with(&self, in_row: bool, change: &Value) -> Value {
        if !in_row {
            return changed(&self.input, change);
        }
        let mut input = self.input.clone();
        input[self.rows.unwrap()][0] = changed(self.first_row(&self.input), change);
        input
    }

    fn path(&self, in_row: bool, field: &str) -> Value {
        let row = self.rows.filter(|_| in_row).map(|rows| [rows, "0"]);
        let field = field.split('.').filter(|part| !part.is_empty());
        let path: Vec<_> = row.into_iter().flatten().chain(field).collect();
        if path.is_empty() { json!([]) } else { json!([&["input"], &path[..]].concat()) }
    }

    /// What an answer shows; of a batch, for the first row.
    fn object_in<'a>(&self, reply: &'a Reply) -> &'a Value {
        let object = &reply.data()[self.mutation][self.object];
        if self.rows.is_some() { &object[0] } else { object }
    }

    async fn send(&self, app: &TestApp, who: &Actor, input: &Value, before: &Database) -> Reply {
        let reply = who.act(&self.document(), input.clone()).await;
        let after = database(app).await;
        assert!(after == *before, "changed by what was refused: {input} → {}", reply.text);
        reply
    }

    fn document(&self) -> String {
        mutation(self.mutation, &format!("{} {{ id }}", self.object))
    }
}

#[track_caller]
fn refused<'a>(reply: &'a Reply, code: &str, why: &str) -> &'a Value {
    assert!(reply.refusals().first().is_some_and(|r| r["code"] == code), "{why}: {}", reply.text);
    let refusal = reply.expect_refusal(code);
    let message = refusal["message"].as_str().unwrap_or_default();
    // A regular expression may have braces; a parameter that was not filled in has a word in them.
    let unfilled = message.split('{').skip(1).any(|rest| rest.starts_with(char::is_alphabetic));
    assert!(!message.is_empty() && !unfilled, "{message}");
    refusal
}

pub fn changed(input: &Value, change: &Value) -> Value {
    let mut input = input.clone();
    let fields = change.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(fields);
    input
}
