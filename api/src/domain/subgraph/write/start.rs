//! What a server does for the graph when it starts: it makes sure that its own part has been composed
//! into one. Where that fails the graph that was served stays, and the operator is told.

use entity::supergraph::{self, Reason};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{ATTEMPTS, Swap, overtaken, swap, turn};
use crate::{
    app::App,
    authz::Viewer,
    domain::subgraph::{
        own,
        pipeline::{self, compose, operations::Broken},
        read::ground::Ground,
    },
    error::Result,
    tx::Actor,
};

/// Composes our own part with all that is live, unless some server has done so with the same part
/// before. Several may start at once: the first makes the graph.
pub async fn compose_at_start(app: &App) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let ground = Ground::read(app).await?;
        let same = supergraph::Column::OwnHash.eq(own::hash());
        let known = supergraph::Entity::find().filter(same).count(app.db.reader()).await?;
        if ground.served.is_some() && known > 0 {
            app.composer.set_behind(false);
            return Ok(());
        }
        let others = ground.parts.iter().map(|part| part.name.clone()).collect();
        let composed = compose::compose(app, ground.parts.clone(), others, Default::default());
        let composed = match composed.await? {
            Ok(composed) => composed,
            Err(problems) => {
                for problem in problems {
                    let message = problem.message(crate::refusal::Language::En);
                    tracing::error!(message, "the graph is not composed with our own part");
                }
                app.composer.set_behind(true);
                return Ok(());
            }
        };
        let nobody = Viewer::public(app.clock.today());
        let report = pipeline::against_served(app, &nobody, &ground, composed, true).await?;
        let Broken { own, others, .. } = &report.broken;
        if own.len() + others > 0 {
            let operations = own.len() + others;
            tracing::warn!(operations, "operations in use do not work with this release");
        }
        let mut tx = app.write_as(Actor::default()).await?;
        let Some(head) = turn(&tx, ground.revision).await? else { continue };
        if let Some(composed) = &report.composed {
            let (changes, reason) = (&report.changes, Reason::Started);
            let graph = Swap { composed, changes, reason, subgraph: None, goes_back_to: None };
            swap(&mut tx, head, graph).await?;
        }
        tx.commit().await?;
        app.composer.set_behind(false);
        tracing::info!("the graph is composed with our own part");
        return Ok(());
    }
    app.composer.set_behind(true);
    Err(overtaken())
}
