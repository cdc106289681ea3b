//! What the bank knows, from `data.json`; in life it would ask its own systems. Totals only: nothing
//! here could hold a customer or an account.

use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject, scalar};
use serde::{Deserialize, Serialize};

use crate::{graph::Commune, statement::Statement};

/// `2025-07-01`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Date(String);
scalar!(Date);

#[derive(Deserialize)]
pub struct Data {
    pub bank: VidubankBank,
    pub communes: Vec<VidubankCommune>,
    pub branches: Vec<VidubankBranch>,
}

#[derive(Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(complex)]
pub struct VidubankBank {
    #[graphql(skip)]
    pub code: String,
    support_line: String,
}

#[derive(Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(complex)]
pub struct VidubankCommune {
    #[graphql(skip)]
    pub commune: Commune,
    as_of: Date,
    acceptance_point_count: i32,
    #[graphql(skip)]
    acceptance_points: Vec<VidubankAcceptancePoint>,
    #[graphql(skip)]
    turnover: i32,
}

#[derive(Deserialize, SimpleObject)]
pub struct VidubankAcceptancePoint {
    name: String,
    address: String,
    means: Vec<VidubankMeans>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VidubankMeans {
    Card,
    Qr,
}

#[derive(Deserialize, SimpleObject)]
pub struct VidubankBranch {
    name: String,
    address: String,
    commune: Option<Commune>,
}

impl Data {
    pub fn load() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../data.json"))
    }

    pub fn commune(&self, commune: &Commune) -> Option<&VidubankCommune> {
        self.communes.iter().find(|known| known.commune == *commune)
    }
}

#[ComplexObject]
impl VidubankCommune {
    async fn acceptance_points(
        &self,
        #[graphql(default = 20, validator(minimum = 0, maximum = 100))] first: usize,
    ) -> &[VidubankAcceptancePoint] {
        &self.acceptance_points[..first.min(self.acceptance_points.len())]
    }

    async fn branches<'a>(&self, ctx: &Context<'a>) -> Result<Vec<&'a VidubankBranch>> {
        let branches = ctx.data::<Data>()?.branches.iter();
        Ok(branches.filter(|branch| branch.commune.as_ref() == Some(&self.commune)).collect())
    }

    async fn turnover(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        Ok(ctx.data::<Statement>()?.own.then_some(self.turnover))
    }
}

#[ComplexObject]
impl VidubankBank {
    async fn acceptance_point_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let communes = &ctx.data::<Data>()?.communes;
        Ok(communes.iter().map(|commune| commune.acceptance_point_count).sum())
    }

    async fn turnover(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let total =
            || ctx.data::<Data>().map(|data| data.communes.iter().map(|one| one.turnover).sum());
        ctx.data::<Statement>()?.own.then(total).transpose()
    }
}
