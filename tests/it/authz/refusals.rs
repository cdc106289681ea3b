//! Every refusal of every mutation, as tables: who is refused, which ids do not exist for them,
//! what is stale, and which rules hold. After each refusal the database is as it was. At the end
//! of each table its input is accepted, so nothing was refused for another reason.

use std::collections::BTreeMap;

use entity::{
    activity_kind, api_token, assignment, document, document_party, enrolment, event, event_head,
    idempotency, installation, invitation, mandate, member, party, party_succession, task,
    task_answer,
};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use super::mutation;

mod documents;
mod members;
mod parties;
mod periods;
mod programme;
mod tokens;

/// One test for each table, and the list of mutations that have one.
macro_rules! refusals {
    ($($test:ident: $mutation:ident from $table:expr;)+) => {
        pub const MUTATIONS: &[&str] = &[$(stringify!($mutation)),+];

        $(
            #[tokio::test]
            async fn $test() {
                let app = TestApp::start().await;
                let table = $table(&app).await;
                assert_eq!(table.mutation, stringify!($mutation));
                table.check(&app).await;
            }
        )+
    };
}

refusals! {
    accepting_an_invitation_is_refused_as_the_table_says:
        acceptInvitation from members::accept_invitation;
    answering_a_task_is_refused_as_the_table_says: answerTask from documents::answer_task;
    approving_an_invitation_is_refused_as_the_table_says:
        approveInvitation from members::approve_invitation;
    assigning_a_department_is_refused_as_the_table_says:
        assignDepartment from periods::assign_department;
    changing_a_role_is_refused_as_the_table_says:
        changeMemberRole from members::change_member_role;
    defining_an_activity_kind_is_refused_as_the_table_says:
        defineActivityKind from programme::define_activity_kind;
    defining_a_document_is_refused_as_the_table_says: defineDocument from documents::define_document;
    defining_a_party_is_refused_as_the_table_says: defineParty from parties::define_party;
    defining_a_task_is_refused_as_the_table_says: defineTask from documents::define_task;
    ending_an_assignment_is_refused_as_the_table_says: endAssignment from periods::end_assignment;
    ending_an_enrolment_is_refused_as_the_table_says: endEnrolment from periods::end_enrolment;
    ending_a_mandate_is_refused_as_the_table_says: endMandate from periods::end_mandate;
    enrolling_a_commune_is_refused_as_the_table_says: enrolCommune from periods::enrol_commune;
    inviting_a_member_is_refused_as_the_table_says: inviteMember from members::invite_member;
    issuing_a_token_is_refused_as_the_table_says: issueToken from tokens::issue_token;
    making_a_mandate_is_refused_as_the_table_says: makeMandate from periods::make_mandate;
    recording_a_succession_is_refused_as_the_table_says:
        recordPartySuccession from parties::record_party_succession;
    removing_a_member_is_refused_as_the_table_says: removeMember from members::remove_member;
    revising_an_activity_kind_is_refused_as_the_table_says:
        reviseActivityKind from programme::revise_activity_kind;
    revising_a_party_is_refused_as_the_table_says: reviseParty from parties::revise_party;
    revoking_an_invitation_is_refused_as_the_table_says:
        revokeInvitation from members::revoke_invitation;
    revoking_a_token_is_refused_as_the_table_says: revokeToken from tokens::revoke_token;
    rotating_a_token_is_refused_as_the_table_says: rotateToken from tokens::rotate_token;
}

/// What is refused of one mutation.
pub struct Table {
    mutation: &'static str,
    /// The payload's field that shows the object.
    object: &'static str,
    /// Who may send `input`.
    right: Actor,
    input: Value,
    others: Vec<(&'static str, Actor, &'static str)>,
    rules: Vec<(Value, &'static str, &'static str)>,
    mismatch: Option<Value>,
}

impl Table {
    pub fn new(mutation: &'static str, object: &'static str, right: Actor, input: Value) -> Self {
        let (others, rules) = (Vec::new(), Vec::new());
        Self { mutation, object, right, input, others, rules, mismatch: None }
    }

    /// Somebody who is refused before any rule.
    pub fn other(mut self, who: &'static str, actor: Actor, code: &'static str) -> Self {
        self.others.push((who, actor, code));
        self
    }

    /// A change of the input that is refused with a code at a field; the whole request where the
    /// field is empty.
    pub fn rule(mut self, change: Value, code: &'static str, field: &'static str) -> Self {
        self.rules.push((change, code, field));
        self
    }

    /// An id that exists, but not for whoever may send the rest.
    pub fn hidden(self, field: &'static str, id: &impl ToString) -> Self {
        self.rule(json!({ field: id.to_string() }), "NOT_FOUND", field)
    }

    /// Another input under the key of the first.
    pub fn mismatch(mut self, change: Value) -> Self {
        self.mismatch = Some(change);
        self
    }

    async fn check(self, app: &TestApp) {
        let before = database(app).await;
        self.check_people(app, &before).await;
        self.check_ids(app, &before).await;
        self.check_version(app, &before).await;
        for (change, code, field) in &self.rules {
            let reply = self.send(app, &self.right, &changed(&self.input, change), &before).await;
            let refusal = refused(&reply, code, &format!("{change}"));
            let path = if field.is_empty() { json!([]) } else { json!(["input", field]) };
            assert_eq!(refusal["path"], path, "{change}");
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
            assert!(reply.data()[self.mutation][self.object].is_null(), "{who} is shown something");
        }
    }

    /// Ids of nothing, of something else, and no ids at all.
    async fn check_ids(&self, app: &TestApp, before: &Database) {
        let fields = self.input.as_object().unwrap().iter();
        for (field, value) in fields.filter(|(field, _)| *field == "id" || field.ends_with("Id")) {
            let id = value.as_str().unwrap();
            let prefix = id.rsplit_once('_').unwrap().0;
            let nothing = format!("{prefix}_00000000000000000000000000");
            let another_type = match prefix {
                "party" => app.province().await.id.to_string(),
                _ => self.right.party().id.to_string(),
            };
            for wrong in [nothing, another_type, "x".to_owned(), String::new()] {
                let input = changed(&self.input, &json!({ field: wrong }));
                let reply = self.send(app, &self.right, &input, before).await;
                let refusal = refused(&reply, "NOT_FOUND", &wrong);
                assert_eq!(refusal["path"], json!(["input", field]), "{wrong}");
            }
        }
    }

    async fn check_version(&self, app: &TestApp, before: &Database) {
        let Some(version) = self.input["expectedVersion"].as_i64() else { return };
        for wrong in [version - 1, version + 1] {
            let input = changed(&self.input, &json!({ "expectedVersion": wrong }));
            let reply = self.send(app, &self.right, &input, before).await;
            let refusal = refused(&reply, "STALE_VERSION", "another version");
            assert_eq!(refusal["path"], json!(["input", "expectedVersion"]));
            assert_eq!(
                refusal["params"],
                json!([{ "name": "current", "value": version.to_string() }])
            );
            let named = ["id", "taskId", "predecessorId"].iter().find_map(|f| input[f].as_str());
            let shown = &reply.data()[self.mutation][self.object]["id"];
            assert_eq!(shown.as_str(), named, "a stale version shows what stands there");
        }
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

/// Every row that a mutation could change, as text.
type Database = BTreeMap<&'static str, Vec<String>>;

async fn database(app: &TestApp) -> Database {
    app.settle().await;
    let mut tables = Database::new();
    macro_rules! rows {
        ($($noun:ident)+) => {$(
            let mut rows: Vec<String> =
                app.all($noun::Entity).await.iter().map(|row| format!("{row:?}")).collect();
            rows.sort_unstable();
            tables.insert(stringify!($noun), rows);
        )+};
    }
    rows!(activity_kind assignment document document_party enrolment event event_head);
    rows!(idempotency installation invitation mandate member party party_succession task task_answer);
    // When a token was last used is no change.
    let tokens = app.all(api_token::Entity).await.into_iter();
    let tokens = tokens.map(|row| api_token::Model { last_used_at: None, ..row });
    tables.insert("api_token", tokens.map(|row| format!("{row:?}")).collect());
    let reach =
        app.rows("SELECT COUNT(*) AS rows, COALESCE(MAX(id), 0) AS newest FROM reach").await;
    let number = |name| reach[0].try_get::<i64>("", name).unwrap().to_string();
    tables.insert("reach", vec![number("rows"), number("newest")]);
    tables
}
