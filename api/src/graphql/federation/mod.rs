//! `api` as a subgraph of Federation 2: what a router asks a subgraph, and what composes it is told.
//!
//! `_service` and `_entities` are fields of ours like any other (docs/adr/0014): so a reference
//! that makes no sense spoils itself alone, errors say at which one, and references of whatever
//! types and keys are looked up together, with the rights of whoever asks. What may not be seen
//! does not exist: null, as for a reference to nothing.
//!
//! [`representation`] and [`subgraph`] know nothing of our schema; an example serves another one
//! by them.

use std::sync::LazyLock;

use async_graphql::{Any, Context, Object, SimpleObject};

use self::entity::Entity;
use super::{SCHEMA, context::ContextExt};
use crate::error::{Error, Result};

mod entity;
pub mod grantable;
pub mod representation;
mod sdl;

pub use sdl::{Version, key, subgraph, types};

/// How a subgraph describes itself.
#[derive(SimpleObject)]
#[graphql(name = "_Service")]
pub struct Service {
    /// Its types, with the directives of Federation.
    pub sdl: String,
}

/// Our schema as a subgraph, in the version that is served.
pub fn sdl() -> &'static str {
    static SDL: LazyLock<String> = LazyLock::new(|| sdl_for(Version::DEFAULT));
    &SDL
}

/// Our schema as a subgraph, for whoever composes by a version: the public contract with the keys
/// of its types. Others may declare `PageInfo` as we do, and nothing else.
pub fn sdl_for(version: Version) -> String {
    subgraph(&super::types(), version, |type_name| match type_name {
        "PageInfo" => vec!["@shareable".to_owned()],
        type_name => keys(type_name).into_iter().map(key).collect(),
    })
}

/// The keys of one of our types, as sets of fields; none if nobody can refer to it.
pub fn keys(type_name: &str) -> Vec<&'static str> {
    entity::keys(SCHEMA.types(), type_name)
}

/// What routers ask. They do not learn of it by introspection; so nobody else does either.
#[derive(Default)]
pub struct FederationQuery;

#[Object]
impl FederationQuery {
    /// How this subgraph describes itself. For routers, and those to whom the schema is open.
    #[graphql(name = "_service", visible = false)]
    async fn service(&self, ctx: &Context<'_>) -> Result<Service> {
        check(ctx)?;
        Ok(Service { sdl: sdl().to_owned() })
    }

    /// What some representations stand for, in their order; null for each that there is none of
    /// for whoever asks. For routers, and those to whom the schema is open.
    #[graphql(name = "_entities", visible = false)]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Each with `__typename` and a key, at most 1,000.")] representations: Vec<
            Any,
        >,
    ) -> Result<Vec<Option<Result<Entity>>>> {
        check(ctx)?;
        representation::find_all(representations, |sent| Entity::find(ctx, sent)).await
    }
}

fn check(ctx: &Context<'_>) -> Result<()> {
    if ctx.parts().serves_routers() {
        return Ok(());
    }
    Err(Error::Unauthenticated("closed: for routers of this graph, and members"))
}
