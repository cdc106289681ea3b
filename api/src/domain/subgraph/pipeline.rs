//! What a publication goes through, stage by stage: caps, syntax, ownership, composition, changes,
//! operations in use, the endpoint itself. A stage is reached when the one before it found nothing, and
//! tells all that it finds. Nothing is written here and no transaction is open, for composing takes
//! seconds and the endpoint is somebody else's.

use std::collections::HashSet;

use composer::{Composed, Composer, Document, Failure};
use entity::{
    id::PartyId,
    subgraph_version::{Need, Needs},
    supergraph::{Change, Changes},
};

use super::{
    own::{self, Ours},
    ownership::{self, Claims, Owner},
    probe,
    problem::{Code, Problem},
    read::ground::{Ground, Part},
    rules,
};
use crate::{
    app::App,
    authz::Viewer,
    error::{Error, Result},
};

pub mod caps;
pub mod compose;
pub mod operations;

use operations::Broken;

/// The most changes that are kept of one step.
const MOST_CHANGES: usize = 500;

/// The most problems that are told at once.
const MOST_PROBLEMS: usize = 100;

/// What somebody would publish.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub party: PartyId,
    pub owner: Owner,
    pub url: String,
    pub sdl: String,
    pub allow_breaking: bool,
    /// What the coordinator has approved of the subgraph, or approves with this.
    pub approved: HashSet<Need>,
}

/// What the stages found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub problems: Vec<Problem>,
    /// What clients would see change.
    pub changes: Changes,
    /// What the coordinator has to approve first.
    pub needs: Needs,
    pub broken: Broken,
    /// What it claims of ours.
    pub claims: Claims,
    /// The graph, where it passed.
    pub composed: Option<Composed>,
}

impl Report {
    fn refused(problems: Vec<Problem>) -> Self {
        Self { problems, ..Self::default() }.bounded()
    }

    fn bounded(mut self) -> Self {
        self.problems.truncate(MOST_PROBLEMS);
        self
    }
}

/// Holds a publication against the graph that is served.
pub async fn run(
    app: &App,
    viewer: &Viewer,
    candidate: &Candidate,
    ground: &Ground,
) -> Result<Report> {
    let mut problems = caps::text(&candidate.sdl);
    problems.extend(probe::url(app, &candidate.url));
    if !problems.is_empty() {
        return Ok(Report::refused(problems));
    }
    let (document, claims, problems) = read(app, candidate).await?;
    if !problems.is_empty() {
        return Ok(Report { claims, ..Report::refused(problems) });
    }

    let name = &candidate.owner.prefix;
    let mut parts: Vec<Part> =
        ground.parts.iter().filter(|part| part.name != *name).cloned().collect();
    let others: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    let own = Part::of(candidate);
    parts.push(own);
    parts.sort_by(|one, other| one.name.cmp(&other.name));
    let authorization = claims.authorization.clone();
    let composed = compose::compose(app, parts, others, authorization).await?;
    let composed = match composed {
        Ok(composed) => composed,
        Err(problems) => return Ok(Report { claims, ..Report::refused(problems) }),
    };

    let mut report =
        against_served(app, viewer, ground, composed, candidate.allow_breaking).await?;
    report.claims = claims;
    let needs = rules::needs(&report.claims, name, &candidate.url, &candidate.approved);
    report.needs = Needs(needs);
    if report.problems.is_empty() {
        let (url, sdl) = (&*candidate.url, &*candidate.sdl);
        let asked = probe::Asked { url, sdl, document: &document, prefix: name };
        report.problems = probe::probe(app, &asked).await?;
    }
    Ok(report.bounded())
}

/// What a composed graph changes of the one that is served, and which operations it breaks.
pub async fn against_served(
    app: &App,
    viewer: &Viewer,
    ground: &Ground,
    composed: Composed,
    allow_breaking: bool,
) -> Result<Report> {
    let mut report = Report::default();
    if let Some(served) = &ground.served {
        let (before, after) = (served.api_schema.clone(), composed.api_schema.clone());
        let changes = match before == after {
            true => Vec::new(),
            false => compose::changes(app, before, after).await?,
        };
        if !allow_breaking {
            report.problems = changes.iter().filter_map(breaking).collect();
        }
        // What nobody would notice stops no operation.
        let is_noticed =
            |change: &composer::Change| change.criticality != composer::Criticality::Safe;
        if changes.iter().any(is_noticed) {
            let (before, after) = (&served.api_schema, &composed.api_schema);
            report.broken = operations::broken(app, viewer, before, after).await?;
            report.problems.extend(report.broken.problems());
        }
        report.changes = kept(changes);
    }
    report.composed = Some(composed);
    Ok(report)
}

/// The document, what it claims, and what is wrong with it by itself.
async fn read(app: &App, candidate: &Candidate) -> Result<(Document, Claims, Vec<Problem>)> {
    let (sdl, owner) = (candidate.sdl.clone(), candidate.owner.clone());
    app.composer.run(move |composer| judged(composer, &sdl, &owner)).await?
}

/// Caps and ownership of a document.
pub fn judged(
    composer: &Composer,
    sdl: &str,
    owner: &Owner,
) -> Result<(Document, Claims, Vec<Problem>)> {
    let ours = Ours::read(composer).map_err(Error::internal)?;
    let document = match composer.parse(sdl) {
        Ok(document) => document,
        Err(failure) => {
            let problem = match failure {
                Failure::Syntax { message, at } => {
                    Code::Syntax.here().at(at).with("message", message)
                }
                failure => compose::gave_up(&failure)?,
            };
            return Ok((Document::default(), Claims::default(), vec![problem]));
        }
    };
    let problems = caps::document(&document);
    if !problems.is_empty() {
        return Ok((document, Claims::default(), problems));
    }
    let (claims, problems) = ownership::check(&document, ours, owner);
    Ok((document, claims, problems))
}

impl Part {
    /// A publication as a part that is in no graph yet.
    fn of(candidate: &Candidate) -> Self {
        Self {
            subgraph: uuid::Uuid::nil().into(),
            version: uuid::Uuid::nil().into(),
            party: candidate.party,
            name: candidate.owner.prefix.clone(),
            url: candidate.url.clone(),
            sdl: candidate.sdl.clone(),
        }
    }
}

fn breaking(change: &composer::Change) -> Option<Problem> {
    let is_breaking = change.criticality == composer::Criticality::Breaking;
    is_breaking
        .then(|| Code::BreakingChange.here().about(&*change.path).with("message", &change.message))
}

/// Changes as they are kept.
pub fn kept(changes: Vec<composer::Change>) -> Changes {
    let kept = changes.into_iter().take(MOST_CHANGES).map(|change| Change {
        kind: change.kind,
        path: change.path,
        message: change.message,
        criticality: match change.criticality {
            composer::Criticality::Breaking => "BREAKING",
            composer::Criticality::Dangerous => "DANGEROUS",
            composer::Criticality::Safe => "SAFE",
        }
        .to_owned(),
    });
    Changes(kept.collect())
}

/// Our own part.
pub fn ours() -> composer::Part<'static> {
    // Routers know where we are by their own settings.
    composer::Part { name: own::NAME, url: "http://127.0.0.1:4000/graphql", sdl: own::sdl() }
}
