//! The schema that Apollo's tests prescribe. Its keys are not the library's, but ours.

use api::{
    error::{Error, Result},
    graphql::{
        federation::{
            Service, Version, key,
            representation::{Representation, bad, find_all},
            subgraph, types,
        },
        guard::Guarded,
    },
};
use async_graphql::{
    Any, ComplexObject, EmptyMutation, EmptySubscription, ID, Object, SDLExportOptions,
    SimpleObject, TypeDirective, Union, Value,
};

use super::data;

pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

pub fn guarded() -> Guarded<Schema> {
    Guarded::new(|| Schema::build(Query, EmptyMutation, EmptySubscription))
}

/// The keys of a type, as sets of fields.
fn keys(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "DeprecatedProduct" => &["sku package"],
        "Inventory" => &["id"],
        "Product" => &["id", "sku package", "sku variation { id }"],
        "ProductResearch" => &["study { caseNumber }"],
        "User" => &["email"],
        _ => &[],
    }
}

/// A directive of ours that stays in the composed graph.
#[TypeDirective(location = "Object", composable = "https://myspecs.dev/myCustomDirective/v1.0")]
fn custom() {}

#[derive(SimpleObject)]
#[graphql(directive = custom::apply())]
pub struct Product {
    pub id: ID,
    pub sku: Option<String>,
    pub package: Option<String>,
    pub variation: Option<ProductVariation>,
    pub dimensions: Option<ProductDimension>,
    #[graphql(provides = "totalProductsCreated")]
    pub created_by: Option<User>,
    #[graphql(tag = "internal")]
    pub notes: Option<String>,
    pub research: Vec<ProductResearch>,
}

#[derive(SimpleObject)]
pub struct DeprecatedProduct {
    pub sku: String,
    pub package: String,
    pub reason: Option<String>,
    pub created_by: Option<User>,
}

#[derive(SimpleObject)]
pub struct ProductVariation {
    pub id: ID,
}

#[derive(SimpleObject)]
pub struct ProductResearch {
    pub study: CaseStudy,
    pub outcome: Option<String>,
}

#[derive(SimpleObject)]
pub struct CaseStudy {
    pub case_number: ID,
    pub description: Option<String>,
}

#[derive(SimpleObject)]
#[graphql(shareable)]
pub struct ProductDimension {
    pub size: Option<String>,
    pub weight: Option<f64>,
    #[graphql(inaccessible)]
    pub unit: Option<String>,
}

#[derive(SimpleObject)]
#[graphql(extends, complex)]
pub struct User {
    #[graphql(external)]
    pub email: ID,
    #[graphql(override_from = "users")]
    pub name: Option<String>,
    #[graphql(external)]
    pub total_products_created: Option<i32>,
    #[graphql(external)]
    pub years_of_employment: i32,
}

#[ComplexObject]
impl User {
    #[graphql(requires = "totalProductsCreated yearsOfEmployment")]
    async fn average_products_created_per_year(&self) -> Option<i32> {
        self.total_products_created?.checked_div(self.years_of_employment)
    }
}

#[derive(SimpleObject)]
#[graphql(interface_object)]
pub struct Inventory {
    pub id: ID,
    pub deprecated_products: Vec<DeprecatedProduct>,
}

#[derive(Union)]
#[graphql(name = "_Entity")]
enum Entity {
    DeprecatedProduct(DeprecatedProduct),
    Inventory(Inventory),
    Product(Product),
    ProductResearch(ProductResearch),
    User(User),
}

impl Entity {
    /// What a representation stands for.
    fn find(sent: &Representation) -> Result<Option<Self>> {
        match sent.type_name() {
            "DeprecatedProduct" => {
                let [sku, package] = complete(sent.key(["sku", "package"]))?;
                Ok(deprecated_product(&sku, &package).map(Self::DeprecatedProduct))
            }
            "Inventory" => {
                let [id] = complete(sent.key(["id"]))?;
                Ok(Some(data::inventory()).filter(|it| *it.id == id).map(Self::Inventory))
            }
            "Product" => Ok(product(sent)?.map(Self::Product)),
            "ProductResearch" => {
                let [number] = complete(sent.key(["study.caseNumber"]))?;
                let mut all = data::research().into_iter();
                Ok(all.find(|it| *it.study.case_number == number).map(Self::ProductResearch))
            }
            "User" => {
                let [email] = complete(sent.key(["email"]))?;
                let known = Some(data::user()).filter(|user| *user.email == email);
                Ok(known.map(|user| Self::User(with_required(user, sent))))
            }
            _ => Err(bad("a __typename that is no type with keys")),
        }
    }
}

fn complete<const N: usize>(key: Option<[String; N]>) -> Result<[String; N]> {
    key.ok_or_else(|| bad("no key of its type is there"))
}

fn product(sent: &Representation) -> Result<Option<Product>> {
    let mut all = data::products().into_iter();
    if let Some([id]) = sent.key(["id"]) {
        return Ok(all.find(|it| *it.id == id));
    }
    if let Some([sku, package]) = sent.key(["sku", "package"]) {
        return Ok(
            all.find(|it| it.sku == Some(sku.clone()) && it.package == Some(package.clone()))
        );
    }
    let [sku, variation] = complete(sent.key(["sku", "variation.id"]))?;
    Ok(all.find(|it| {
        let same_variation = it.variation.as_ref().is_some_and(|it| *it.id == variation);
        it.sku == Some(sku.clone()) && same_variation
    }))
}

fn deprecated_product(sku: &str, package: &str) -> Option<DeprecatedProduct> {
    Some(data::deprecated_product()).filter(|it| it.sku == sku && it.package == package)
}

/// A user with what the router fetched of them elsewhere.
fn with_required(user: User, sent: &Representation) -> User {
    let number = |path| match sent.value(path) {
        Some(Value::Number(number)) => number.as_i64().and_then(|number| number.try_into().ok()),
        _ => None,
    };
    let years = number("yearsOfEmployment").unwrap_or(user.years_of_employment);
    let total = number("totalProductsCreated").or(user.total_products_created);
    User { total_products_created: total, years_of_employment: years, ..user }
}

pub struct Query;

#[Object(extends)]
impl Query {
    async fn product(&self, id: ID) -> Option<Product> {
        data::products().into_iter().find(|product| product.id == id)
    }

    #[graphql(deprecation = "Use product query instead")]
    async fn deprecated_product(&self, sku: String, package: String) -> Option<DeprecatedProduct> {
        deprecated_product(&sku, &package)
    }

    #[graphql(name = "_service")]
    async fn service(&self) -> Service {
        let options = SDLExportOptions::new().federation().compose_directive();
        let exported =
            Schema::new(Query, EmptyMutation, EmptySubscription).sdl_with_options(options);
        let applied = |name: &str| keys(name).iter().copied().map(key).collect();
        Service { sdl: subgraph(&types(&exported), Version::DEFAULT, applied) }
    }

    #[graphql(name = "_entities")]
    async fn entities(
        &self,
        representations: Vec<Any>,
    ) -> Result<Vec<Option<Result<Entity, Error>>>> {
        find_all(representations, async |sent| Entity::find(&sent).transpose()).await
    }
}
