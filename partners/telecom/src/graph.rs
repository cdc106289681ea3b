//! The graph of `schema.graphql`: what the company adds to communes and to itself.

use async_graphql::{Any, Context, ID, Object, Result, SimpleObject, Union, from_value};
use serde::Deserialize;

use crate::data::{Data, Date, VidutelCommune, VidutelOutage, VidutelTelecomCompany};

const SDL: &str = include_str!("../schema.graphql");

pub struct Query;

#[derive(SimpleObject)]
struct Commune<'a> {
    id: ID,
    code: String,
    valid_from: Date,
    valid_to: Option<Date>,
    vidutel: Option<&'a VidutelCommune>,
}

#[derive(SimpleObject)]
struct TelecomCompany<'a> {
    code: &'a str,
    vidutel: Option<&'a VidutelTelecomCompany>,
}

#[derive(Union)]
#[graphql(name = "_Entity")]
enum Entity<'a> {
    Commune(Commune<'a>),
    TelecomCompany(TelecomCompany<'a>),
}

/// What the router sends of an object of the province: its key and, where the question needs them,
/// the fields that `@requires` names.
#[derive(Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
enum Representation {
    Commune { id: ID, code: Option<String>, valid_from: Option<Date>, valid_to: Option<Date> },
    TelecomCompany { code: String },
}

#[derive(SimpleObject)]
#[graphql(name = "_Service")]
struct Service {
    sdl: &'static str,
}

#[Object]
impl Query {
    async fn vidutel_outages<'a>(
        &self,
        ctx: &Context<'a>,
        #[graphql(default = 20, validator(minimum = 0, maximum = 100))] first: usize,
    ) -> Option<Result<&'a [VidutelOutage]>> {
        Some(ctx.data::<Data>().map(|data| &data.outages[..first.min(data.outages.len())]))
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
        Representation::Commune {
            id,
            code: Some(code),
            valid_from: Some(valid_from),
            valid_to,
        } => {
            let vidutel = data.commune(&code, &valid_from, valid_to.as_ref());
            vidutel.map(|_| Entity::Commune(Commune { id, code, valid_from, valid_to, vidutel }))
        }
        // A company that knows no ids of the province knows nothing of one by its id alone.
        Representation::Commune { .. } => None,
        Representation::TelecomCompany { code } => (code == data.company.code).then(|| {
            let company = &data.company;
            Entity::TelecomCompany(TelecomCompany { code: &company.code, vidutel: Some(company) })
        }),
    })
}
