//! What the company knows, from `data.json`; in life it would ask its own systems. These know the
//! official codes of communes, and nothing of the province's ids.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, Result, SimpleObject, scalar};
use serde::{Deserialize, Serialize};

use crate::statement::Statement;

/// `2025-07-01`: such texts are ordered as their days are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Date(String);
scalar!(Date);

#[derive(Deserialize)]
pub struct Data {
    pub company: VidutelTelecomCompany,
    /// By code. One code may have been that of several units, one after the other.
    pub communes: HashMap<String, Vec<VidutelCommune>>,
    pub outages: Vec<VidutelOutage>,
}

#[derive(Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
pub struct VidutelTelecomCompany {
    #[graphql(skip)]
    pub code: String,
    support_line: String,
    shops: i32,
    packages: Vec<VidutelPackage>,
}

#[derive(Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
pub struct VidutelPackage {
    name: String,
    monthly_price: i32,
    gigabytes: i32,
}

#[derive(Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(complex)]
pub struct VidutelCommune {
    pub as_of: Date,
    #[serde(rename = "percent4G")]
    #[graphql(name = "percent4G")]
    percent_4g: f64,
    #[serde(rename = "percent5G")]
    #[graphql(name = "percent5G")]
    percent_5g: f64,
    #[graphql(skip)]
    wifi_points: Vec<VidutelWifiPoint>,
}

#[derive(Deserialize, SimpleObject)]
pub struct VidutelWifiPoint {
    name: String,
    address: String,
    megabits: i32,
}

#[derive(Deserialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(complex)]
pub struct VidutelOutage {
    commune_code: String,
    effect: String,
    began_on: Date,
    expected_end_on: Option<Date>,
    #[graphql(skip)]
    cause: String,
}

impl Data {
    pub fn load() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../data.json"))
    }

    /// The figures of the unit that had this code in this time, the end excluded.
    pub fn commune(&self, code: &str, from: &Date, to: Option<&Date>) -> Option<&VidutelCommune> {
        let within =
            |row: &&VidutelCommune| *from <= row.as_of && to.is_none_or(|to| row.as_of < *to);
        self.communes.get(code)?.iter().find(within)
    }
}

#[ComplexObject]
impl VidutelCommune {
    async fn wifi_points(
        &self,
        #[graphql(default = 20, validator(minimum = 0, maximum = 100))] first: usize,
    ) -> &[VidutelWifiPoint] {
        &self.wifi_points[..first.min(self.wifi_points.len())]
    }
}

#[ComplexObject]
impl VidutelOutage {
    async fn cause(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let own = ctx.data::<Statement>()?.own;
        Ok(own.then_some(self.cause.as_str()))
    }
}
