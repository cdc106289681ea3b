//! What partners may build on: the types that they may extend, and the fields of these that they
//! may ask a router to send them (`@requires`). The router fetches such a value with the rights of
//! whoever asks and hands it to the partner. So only what everybody sees can be here, and sees
//! alike: a test asks all of it, of every row, as nobody and as the coordinator.
//!
//! A field with arguments is none of them: what it answers depends on who asks for it and how, a
//! name on the language that a client reads. What else a partner needs it asks for itself.

use async_graphql::registry::MetaType;

use super::SCHEMA;

/// What every place has.
const PLACE: &[&str] =
    &["aliases", "code", "id", "kind", "level", "name", "validFrom", "validFromIsFloor", "validTo"];

/// What every party has.
const PARTY: &[&str] = &["code", "id", "kind", "validFrom", "validFromIsFloor", "validTo"];

/// The types whose every object everybody may know of, with what they share with others and what
/// is their own. What leads to another object leads to one of these types.
const TYPES: [(&str, &[&str], &[&str]); 14] = [
    (
        "ActivityKind",
        &[],
        &["code", "forcesParties", "id", "measure", "pillar", "precision", "promisers"],
    ),
    ("Assignment", &[], &["commune", "department", "id", "validFrom", "validTo"]),
    ("Bank", PARTY, &["parent"]),
    ("Commune", PLACE, &["parent", "province"]),
    ("CommuneAuthority", PARTY, &["commune"]),
    ("Department", PARTY, &["province"]),
    ("District", PLACE, &["parent", "province"]),
    ("DistrictAuthority", PARTY, &["district"]),
    ("Enrolment", &[], &["commune", "id", "stage", "validFrom", "validTo"]),
    ("FundingSource", &[], &["code", "id"]),
    ("MassOrganization", PARTY, &["isFront", "parent", "place"]),
    ("Province", PLACE, &[]),
    ("ProvincialAuthority", PARTY, &["province"]),
    ("TelecomCompany", PARTY, &["parent", "sector"]),
];

/// The types that partners may extend.
pub fn extendable() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(type_name, ..)| *type_name)
}

/// Whether partners may extend a type.
pub fn is_extendable(type_name: &str) -> bool {
    extendable().any(|extendable| extendable == type_name)
}

/// The fields of an extendable type that can be granted; none of any other type.
pub fn fields(type_name: &str) -> impl Iterator<Item = &'static str> {
    let row = TYPES.iter().filter(move |(extendable, ..)| *extendable == type_name);
    row.flat_map(|(_, shared, own)| shared.iter().chain(*own).copied())
}

/// Whether a field can be granted: of an interface, if it can of every type that has it.
pub fn is_grantable(type_name: &str, field: &str) -> bool {
    let has = |type_name: &str| fields(type_name).any(|grantable| grantable == field);
    match SCHEMA.types().types.get(type_name) {
        Some(MetaType::Interface { possible_types, .. }) => {
            possible_types.iter().all(|possible| has(possible))
        }
        _ => has(type_name),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::registry::MetaTypeName;

    use super::*;

    /// What keeps a coordinate out of the table.
    fn wrong(type_name: &str, field: &str) -> Option<String> {
        let types = &SCHEMA.types().types;
        let Some(MetaType::Object { fields, .. }) = types.get(type_name) else {
            return Some(format!("{type_name} is no object type of the schema"));
        };
        let Some(field) = fields.get(field) else {
            return Some(format!("{type_name}.{field} is not in the schema"));
        };
        if !field.args.is_empty() {
            return Some(format!("{type_name}.{} has arguments", field.name));
        }
        let of = MetaTypeName::concrete_typename(&field.ty);
        let leads_out = match &types[of] {
            MetaType::Object { name, .. } => !is_extendable(name),
            MetaType::Interface { possible_types, .. } => {
                !possible_types.iter().all(|possible| is_extendable(possible))
            }
            MetaType::Union { .. } => true,
            _ => false,
        };
        leads_out.then(|| format!("{type_name}.{} leads to {of}", field.name))
    }

    #[test]
    fn every_coordinate_is_in_the_schema_and_leads_nowhere_else() {
        for type_name in extendable() {
            assert!(!super::super::keys(type_name).is_empty(), "{type_name} has no key");
            assert!(is_grantable(type_name, "id"), "{type_name}.id is a key");
            let wrong: Vec<_> =
                fields(type_name).filter_map(|field| wrong(type_name, field)).collect();
            assert_eq!(wrong, [""; 0]);
        }
        for (type_name, field) in [
            ("Commune", "population"),
            ("Nothing", "id"),
            ("Place", "id"),
            ("Bank", "name"),
            ("Bank", "owes"),
            ("Commune", "predecessors"),
            ("Assignment", "document"),
        ] {
            assert!(wrong(type_name, field).is_some(), "{type_name}.{field}");
        }
    }

    #[test]
    fn nothing_else_can_be_granted() {
        assert!(is_grantable("Commune", "name") && is_grantable("Place", "name"));
        assert!(is_grantable("Party", "code") && is_grantable("Bank", "code"));
        for (type_name, field) in [
            ("Party", "name"),
            ("Place", "authority"),
            ("Node", "id"),
            ("Commitment", "id"),
            ("Document", "number"),
            ("Query", "parties"),
            ("Nothing", "id"),
        ] {
            assert!(!is_grantable(type_name, field), "{type_name}.{field}");
        }
        assert!(!is_extendable("Commitment") && !is_extendable("Party"));
    }
}
