//! The graph of `schema.graphql`: what the bank adds to communes and to itself.

use async_graphql::{Any, ComplexObject, Context, Object, Result, SimpleObject, Union, from_value};
use serde::Deserialize;

use crate::data::{Data, Date, VidubankBank, VidubankBranch, VidubankCommune};

const SDL: &str = include_str!("../schema.graphql");

pub struct Query;

/// A commune by the key that everybody knows: its official code, which may be used again, and the
/// first day of the unit that is meant. The router turns it into the province's object, and back.
#[derive(Clone, PartialEq, Eq, Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(complex)]
pub struct Commune {
    code: String,
    valid_from: Date,
}

#[derive(SimpleObject)]
struct Bank<'a> {
    code: &'a str,
    vidubank: Option<&'a VidubankBank>,
}

#[derive(Union)]
#[graphql(name = "_Entity")]
enum Entity<'a> {
    Commune(Commune),
    Bank(Bank<'a>),
}

/// What the router sends of an object of the province: its key.
#[derive(Deserialize)]
#[serde(tag = "__typename")]
enum Representation {
    Commune(Commune),
    Bank { code: String },
}

#[derive(SimpleObject)]
#[graphql(name = "_Service")]
struct Service {
    sdl: &'static str,
}

#[Object]
impl Query {
    async fn vidubank_branches<'a>(
        &self,
        ctx: &Context<'a>,
        #[graphql(default = 20, validator(minimum = 0, maximum = 100))] first: usize,
    ) -> Option<Result<&'a [VidubankBranch]>> {
        Some(ctx.data::<Data>().map(|data| &data.branches[..first.min(data.branches.len())]))
    }

    #[graphql(name = "_service")]
    async fn service(&self) -> Service {
        Service { sdl: SDL }
    }

    /// Answers every representation in its place: null for what is not known, null with an error for
    /// what cannot be read. A library's own `_entities` may fail as a whole at one bad one.
    #[graphql(name = "_entities")]
    async fn entities<'a>(
        &self,
        ctx: &Context<'a>,
        representations: Vec<Any>,
    ) -> Result<Vec<Option<Result<Entity<'a>>>>> {
        let data = ctx.data::<Data>()?;
        Ok(representations.into_iter().map(|one| entity(data, one).transpose()).collect())
    }
}

fn entity(data: &Data, Any(representation): Any) -> Result<Option<Entity<'_>>> {
    Ok(match from_value(representation)? {
        Representation::Commune(commune) => {
            data.commune(&commune).map(|_| Entity::Commune(commune))
        }
        Representation::Bank { code } => (code == data.bank.code)
            .then(|| Entity::Bank(Bank { code: &data.bank.code, vidubank: Some(&data.bank) })),
    })
}

#[ComplexObject]
impl Commune {
    async fn vidubank<'a>(&self, ctx: &Context<'a>) -> Option<Result<&'a VidubankCommune>> {
        ctx.data::<Data>().map(|data| data.commune(self)).transpose()
    }
}
