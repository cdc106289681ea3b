//! Operations that are in use, held against a graph that would be served: what a publisher takes away
//! must not stop anybody's work. One's own are told by their names, the shared ones too; of others only
//! how many there are.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::Days;
use entity::{id::PartyId, operation, operation_use};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::{
    app::App,
    authz::Viewer,
    domain::{
        operation::{read::SHOWN_DAYS, shared},
        subgraph::problem::{Code, Problem},
    },
    error::{Error, Result},
};

/// How many are validated in one call, which has a deadline.
const AT_A_TIME: usize = 200;

/// Operations that would no longer work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    /// One's own and shared ones: their names, and why.
    pub own: BTreeMap<String, String>,
    /// How many of other parties, and of how many.
    pub others: usize,
    pub other_parties: usize,
}

impl Broken {
    pub fn problems(&self) -> Vec<Problem> {
        let own = self.own.iter().map(|(name, message)| {
            Code::BreaksOperation.here().about(name).with("message", message)
        });
        let others = (self.others > 0).then(|| {
            let problem = Code::BreaksOthers.here().with("operations", self.others);
            problem.with("parties", self.other_parties)
        });
        own.chain(others).collect()
    }
}

/// An operation that is in use, and whose it is; nobody's for a shared one.
struct Used {
    party: Option<PartyId>,
    name: String,
    document: String,
}

/// Which of the operations in use that work with the graph as it is would not with another.
pub async fn broken(app: &App, viewer: &Viewer, before: &str, after: &str) -> Result<Broken> {
    let used = used(app).await?;
    let documents: BTreeSet<&str> = used.iter().map(|used| &*used.document).collect();
    let documents: Vec<&str> = documents.into_iter().collect();
    let wrong = wrong(app, after, &documents).await?;
    if wrong.is_empty() {
        return Ok(Broken::default());
    }
    // What did not work before is nobody's doing now.
    let suspects: Vec<&str> = wrong.keys().map(|document| &**document).collect();
    let wrong_before = self::wrong(app, before, &suspects).await?;

    let mut broken = Broken::default();
    let mut parties = HashSet::new();
    for Used { party, name, document } in used {
        let Some(why) = wrong.get(&document).filter(|_| !wrong_before.contains_key(&document))
        else {
            continue;
        };
        match party {
            Some(party) if !viewer.owns_any(&[party]) => {
                broken.others += 1;
                parties.insert(party);
            }
            _ => _ = broken.own.insert(name, why.clone()),
        }
    }
    broken.other_parties = parties.len();
    Ok(broken)
}

/// What parties ran of late and may still run, and what is shared with everybody.
async fn used(app: &App) -> Result<Vec<Used>> {
    let today = app.clock.today();
    let since = today.checked_sub_days(Days::new(SHOWN_DAYS - 1)).unwrap_or(today);
    let runs: HashSet<(String, PartyId)> = operation_use::Entity::find()
        .filter(operation_use::Column::Day.gte(since))
        .select_only()
        .column(operation_use::Column::Hash)
        .column(operation_use::Column::PartyId)
        .distinct()
        .into_tuple::<(String, PartyId)>()
        .all(app.db.reader())
        .await?
        .into_iter()
        .collect();
    let hashes = operation_use::Entity::find()
        .filter(operation_use::Column::Day.gte(since))
        .select_only()
        .column(operation_use::Column::Hash);
    let registered = operation::Entity::find()
        .filter(operation::Column::RetiredAt.is_null())
        .filter(operation::Column::Hash.in_subquery(hashes.into_query()))
        .all(app.db.reader())
        .await?;
    let registered = registered.into_iter().filter_map(|row| {
        let is_used = runs.contains(&(row.hash, row.party_id));
        is_used.then_some(Used {
            party: Some(row.party_id),
            name: row.name,
            document: row.document,
        })
    });
    let shared = shared::all().iter().map(|shared| Used {
        party: None,
        name: shared.name.to_owned(),
        document: shared.document.to_owned(),
    });
    Ok(registered.chain(shared).collect())
}

/// The documents that are wrong under a schema, and the first reason.
async fn wrong(app: &App, schema: &str, documents: &[&str]) -> Result<BTreeMap<String, String>> {
    let mut wrong = BTreeMap::new();
    for documents in documents.chunks(AT_A_TIME) {
        let schema = schema.to_owned();
        let texts: Vec<String> = documents.iter().map(|text| (*text).to_owned()).collect();
        let found = app.composer.run(move |composer| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            composer.validate(&schema, &texts)
        });
        let found = found.await?.map_err(Error::internal)?;
        for (document, problems) in documents.iter().zip(found) {
            if let Some(first) = problems.into_iter().next() {
                wrong.insert((*document).to_owned(), first.message);
            }
        }
    }
    Ok(wrong)
}
