//! What Apollo's tests expect to find.

use super::schema::{
    CaseStudy, DeprecatedProduct, Inventory, Product, ProductDimension, ProductResearch,
    ProductVariation, User,
};

pub fn products() -> [Product; 2] {
    let product = |id: &str, sku: &str, package: &str, variation: &str, research: usize| Product {
        id: id.into(),
        sku: Some(sku.to_owned()),
        package: Some(package.to_owned()),
        variation: Some(ProductVariation { id: variation.into() }),
        dimensions: Some(dimensions()),
        created_by: Some(user()),
        notes: None,
        research: research_of(research),
    };
    [
        product("apollo-federation", "federation", "@apollo/federation", "OSS", 0),
        product("apollo-studio", "studio", "", "platform", 1),
    ]
}

pub fn research() -> [ProductResearch; 2] {
    [("1234", "Federation Study"), ("1235", "Studio Study")].map(|(number, about)| {
        let study = CaseStudy { case_number: number.into(), description: Some(about.to_owned()) };
        ProductResearch { study, outcome: None }
    })
}

pub fn deprecated_product() -> DeprecatedProduct {
    DeprecatedProduct {
        sku: "apollo-federation-v1".to_owned(),
        package: "@apollo/federation-v1".to_owned(),
        reason: Some("Migrate to Federation V2".to_owned()),
        created_by: Some(user()),
    }
}

/// The one person that there is.
pub fn user() -> User {
    User {
        email: "support@apollographql.com".into(),
        name: Some("Jane Smith".to_owned()),
        total_products_created: Some(1337),
        years_of_employment: 10,
    }
}

/// The one inventory that has something of ours.
pub fn inventory() -> Inventory {
    Inventory { id: "apollo-oss".into(), deprecated_products: vec![deprecated_product()] }
}

fn dimensions() -> ProductDimension {
    ProductDimension {
        size: Some("small".to_owned()),
        weight: Some(1.0),
        unit: Some("kg".to_owned()),
    }
}

fn research_of(product: usize) -> Vec<ProductResearch> {
    research().into_iter().skip(product).take(1).collect()
}
