//! Composing a graph of our part and others, and what it changes. What the composition says is told as
//! it is, unless it names another's part: a publisher learns nothing of who else is in the graph.

use std::collections::BTreeSet;

use composer::{Change, Composed, Failure};

use crate::{
    app::App,
    domain::subgraph::{
        problem::{Code, Problem},
        read::ground::Part,
    },
    error::{Error, Result},
};

/// Where specifications of authorization directives are, in the links of a composed graph.
const SPECIFICATIONS: &str = "https://specs.apollo.dev/";

/// Composes our part with others. `others` are the names that no message may hold.
pub async fn compose(
    app: &App,
    parts: Vec<Part>,
    others: Vec<String>,
    authorization: BTreeSet<&'static str>,
) -> Result<Result<Composed, Vec<Problem>>> {
    let composed = app.composer.run(move |composer| {
        let mut all = vec![super::ours()];
        let theirs = parts.iter().map(|part| composer::Part {
            name: &part.name,
            url: &part.url,
            sdl: &part.sdl,
        });
        all.extend(theirs);
        composer.compose(&all)
    });
    match composed.await? {
        Ok(composed) => {
            let lost: Vec<Problem> = authorization
                .into_iter()
                .filter(|directive| !is_linked(&composed.supergraph, directive))
                .map(|directive| Code::LinkLost.here().with("directive", directive))
                .collect();
            Ok(if lost.is_empty() { Ok(composed) } else { Err(lost) })
        }
        Err(Failure::Problems(problems)) => {
            Ok(Err(problems.iter().map(|problem| told(problem, &others)).collect()))
        }
        Err(Failure::Syntax { message, .. }) => {
            let problem = composer::Problem { code: String::new(), message, at: None };
            Ok(Err(vec![told(&problem, &others)]))
        }
        Err(failure) => Ok(Err(vec![gave_up(&failure)?])),
    }
}

/// What clients see change.
pub async fn changes(app: &App, before: String, after: String) -> Result<Vec<Change>> {
    let changes = app.composer.run(move |composer| composer.changes(&before, &after));
    changes.await?.map_err(Error::internal)
}

/// The problem that a call took too much; a fault of the engine is none of the publisher's.
pub fn gave_up(failure: &Failure) -> Result<Problem> {
    match failure {
        Failure::Deadline | Failure::Memory => Ok(Code::ComposerGaveUp.here()),
        failure => Err(Error::internal(failure.clone())),
    }
}

/// Whether a router that reads a graph obeys a directive: only with a link to what it means.
fn is_linked(supergraph: &str, directive: &str) -> bool {
    supergraph.contains(&format!("@link(url: \"{SPECIFICATIONS}{directive}/"))
}

/// What the composition says, without what is another's.
fn told(problem: &composer::Problem, others: &[String]) -> Problem {
    let message = problem.message.to_ascii_lowercase();
    let rule = if problem.code.is_empty() { "INVALID_GRAPHQL" } else { &problem.code };
    match others.iter().any(|name| message.contains(name)) {
        true => Code::DoesNotFitOthers.here().with("rule", rule),
        false => Code::DoesNotFit.here().with("rule", rule).with("message", &problem.message),
    }
}
