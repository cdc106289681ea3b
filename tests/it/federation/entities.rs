//! What references stand for: in their order, each by itself, and at the same cost whether they
//! are few or many.

use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp, day};

use super::{
    ENTITIES, by_id,
    references::{kinds, mixed, world},
};

/// What many references may be, as DESIGN says it.
const MANY: usize = 500;

#[tokio::test]
async fn every_type_is_found_by_each_of_its_keys_and_many_cost_what_few_do() {
    let (app, referred) = world().await;
    let coordinator = app.demonstrator("coordinator");
    // 27 types by their ids, and ten of them by another key.
    assert_eq!(kinds(&referred), 27 + 10);

    let mut counts = Vec::new();
    for many in [kinds(&referred), MANY] {
        let (representations, ids): (Vec<Value>, Vec<&str>) =
            mixed(&referred, many).into_iter().unzip();
        let statements = app.statements(async {
            let reply = entities(&coordinator, &representations).await;
            let found = reply.expect_ok()["_entities"].as_array().unwrap();
            let found: Vec<&str> = found.iter().map(|it| it["id"].as_str().unwrap()).collect();
            assert_eq!(found, ids);
        });
        counts.push(statements.await.len());
    }

    assert_eq!(counts[0], counts[1]);
    // One for each way to be looked up, and those that tell who asks.
    assert!(counts[0] <= kinds(&referred), "{counts:?}");
    println!("{} statements for {} references of {} kinds", counts[1], MANY, kinds(&referred));
}

#[tokio::test]
async fn five_references_cost_what_five_hundred_of_their_kinds_do() {
    let (app, referred) = world().await;
    let coordinator = app.demonstrator("coordinator");
    let wanted = ["Commune", "Document", "Commitment"];
    let some = referred.iter().filter(|it| wanted.contains(&&*it.type_name));
    let some: Vec<_> = some.collect();
    let query = "query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
            ... on Commune { name parent { name } }
            ... on Document { issuerCode issuer { code } }
            ... on Commitment { giver { code } place { code province { code } } } } }";

    let mut counts = Vec::new();
    for many in [5, MANY] {
        let kinds =
            [("Commune", 0), ("Commune", 1), ("Document", 0), ("Document", 1), ("Commitment", 0)];
        let representations: Vec<&Value> = (0..many)
            .map(|at| {
                let (type_name, key) = kinds[at % kinds.len()];
                let of_type: Vec<_> = some.iter().filter(|it| it.type_name == type_name).collect();
                &of_type[at / kinds.len() % of_type.len()].representations[key]
            })
            .collect();
        let variables = json!({ "representations": representations });
        let asked = async { _ = coordinator.gql(query, variables).await.expect_ok() };
        counts.push(app.statements(asked).await);
    }

    assert_eq!(counts[0].len(), counts[1].len(), "{counts:#?}");
    println!("{} statements", counts[0].len());
}

#[tokio::test]
async fn a_bad_reference_among_five_hundred_spoils_itself_alone() {
    let (app, referred) = world().await;
    let coordinator = app.demonstrator("coordinator");
    let (mut representations, ids): (Vec<Value>, Vec<&str>) =
        mixed(&referred, MANY).into_iter().unzip();
    let bad = 137;
    representations[bad] = json!({ "__typename": "Commune", "code": "02014", "validFrom": "now" });

    let reply = entities(&coordinator, &representations).await;

    let found = reply.at("/_entities").as_array().unwrap();
    for (at, id) in ids.iter().enumerate() {
        let expected = if at == bad { Value::Null } else { json!(id) };
        assert_eq!(found[at]["id"], expected, "{at}");
    }
    assert!(found[bad].is_null());
    assert_eq!(reply.expect_fault("BAD_USER_INPUT")["path"], json!(["_entities", bad]));
}

#[tokio::test]
async fn errors_inside_an_entity_say_in_which_one() {
    let app = TestApp::start().await;
    let communes = [app.commune("02014").await, app.commune("02071").await];
    let representations = communes.map(|row| by_id("Commune", row.id));
    let query = "query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
            ... on Commune { code promised(after: \"nonsense\") { totalCount } } } }";

    let reply = app.public().gql(query, json!({ "representations": representations })).await;

    // The field is not null, and takes the entity with it: one each.
    let paths: Vec<&Value> = reply.errors().iter().map(|error| &error["path"]).collect();
    let expected = json!([["_entities", 0, "promised"], ["_entities", 1, "promised"]]);
    assert_eq!(json!(paths), expected, "{}", reply.text);
    assert_eq!(reply.at("/_entities"), &json!([null, null]));
}

#[tokio::test]
async fn what_there_is_not_is_null_without_an_error() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let (code, issuer) = (&commune.code, app.party_by_code("UBND-19-2025").await.code);
    let representations = [
        by_id("Commune", "place_01h455vb4pex5vsknk084sn02q"),
        by_id("Commitment", "commitment_01h455vb4pex5vsknk084sn02q"),
        json!({ "__typename": "Commune", "code": "99999", "validFrom": commune.valid_from }),
        // Its code, and the day on which another had it.
        json!({ "__typename": "Commune", "code": code, "validFrom": "1999-01-01" }),
        json!({ "__typename": "Bank", "code": "NOBODY" }),
        json!({ "__typename": "ActivityKind", "code": "" }),
        json!({ "__typename": "Document", "issuerCode": issuer, "number": "1", "symbol": "QĐ-UBND",
            "issuedOn": "2001-01-01" }),
    ];

    let reply = entities(&app.public(), &representations).await;

    assert_eq!(reply.expect_ok()["_entities"], json!(vec![Value::Null; 7]));
}

#[tokio::test]
async fn a_code_names_a_commune_of_its_own_time() {
    let app = TestApp::start().await;
    let (old, new) =
        (app.place_on("02071", "2025-06-01").await, app.place_on("02071", "2025-08-01").await);
    assert_ne!(old.id, new.id);
    let by_code = |from| json!({ "__typename": "Commune", "code": "02071", "validFrom": from });
    let representations = [by_code(new.valid_from), by_code(old.valid_from)];

    let reply = entities(&app.public(), &representations).await;

    let ids = [reply.at("/_entities/0/id"), reply.at("/_entities/1/id")];
    assert_eq!(json!(ids), json!([new.id.to_string(), old.id.to_string()]));
}

#[tokio::test]
async fn documents_with_parts_of_a_head_in_common_are_told_apart() {
    let app = TestApp::start().await;
    let issuers =
        [app.party_by_code("UBND-19-2025").await, app.party_by_code("SKHCN-19-2025").await];
    let mut expected = Vec::new();
    let mut representations = Vec::new();
    for issuer in &issuers {
        for (number, symbol) in [("11", "QĐ-THỬ"), ("12", "QĐ-THỬ"), ("11", "KH-THỬ")] {
            for issued_on in ["2026-02-02", "2026-02-03"] {
                let document = app.document(issuer).with(|row| {
                    (row.number, row.symbol) = (number.to_owned(), symbol.to_owned());
                    row.issued_on = day(issued_on);
                });
                expected.push(document.await.id.to_string());
                representations.push(json!({ "__typename": "Document", "number": number,
                    "symbol": symbol, "issuedOn": issued_on, "issuerCode": issuer.code }));
            }
        }
    }
    // Of all that they have in common, this is nobody's.
    representations.push(json!({ "__typename": "Document", "number": "12", "symbol": "KH-THỬ",
        "issuedOn": "2026-02-02", "issuerCode": issuers[0].code }));

    let reply = entities(&app.public(), &representations).await;

    let found = reply.expect_ok()["_entities"].as_array().unwrap();
    let (last, rest) = found.split_last().unwrap();
    let rest: Vec<&str> = rest.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!((rest, last), (expected.iter().map(String::as_str).collect(), &Value::Null));
}

#[tokio::test]
async fn a_key_may_be_sent_decomposed() {
    let app = TestApp::start().await;
    let issuer = app.party_by_code("UBND-19-2025").await;
    let document = app.document(&issuer).with(|row| row.symbol = "QĐ-THỬ".to_owned()).await;
    let by_symbol = |symbol: &str| {
        json!({ "__typename": "Document", "issuerCode": issuer.code, "number": document.number,
            "symbol": symbol, "issuedOn": document.issued_on })
    };
    let decomposed = "QĐ-THU\u{31b}\u{309}";
    assert_ne!(decomposed, document.symbol);
    // Marks on a code that has none make another code.
    let marked =
        json!({ "__typename": "ProvincialAuthority", "code": format!("{}\u{301}", issuer.code) });

    let sent = [by_symbol(decomposed), by_symbol(&document.symbol), marked];
    let reply = entities(&app.public(), &sent).await;

    let id = document.id.to_string();
    let found = [reply.at("/_entities/0/id"), reply.at("/_entities/1/id")];
    assert_eq!(json!(found), json!([id, id]));
    assert_eq!((reply.at("/_entities/2"), reply.errors()), (&Value::Null, &[][..]));
}

#[tokio::test]
async fn other_fields_of_a_reference_are_passed_over() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    let required = json!({ "__typename": "Commune", "id": commune.id.to_string(), "name": "other",
        "code": 7, "parent": { "id": "x" }, "aliases": [1, [2]], "__proto__": { "id": "x" } });
    // What is no text is no key; another one may be there.
    let by_code = json!({ "__typename": "Commune", "id": null, "code": commune.code,
        "validFrom": commune.valid_from });

    let reply = entities(&app.public(), &[required, by_code]).await;

    let found = [reply.at("/_entities/0/id"), reply.at("/_entities/1/id")];
    assert_eq!(json!(found), json!([commune.id.to_string(), commune.id.to_string()]));
    assert_eq!(reply.errors(), &[] as &[Value]);
}

#[tokio::test]
async fn a_reference_is_charged_for_and_the_first_may_be_none() {
    let app = TestApp::start().await;
    let commune = by_id("Commune", app.commune("02014").await.id);
    let nothing = by_id("Commune", "place_01h455vb4pex5vsknk084sn02q");

    let of_all = entities(&app.public(), &vec![commune.clone(); 100]).await;
    let mut with_none = vec![commune; 100];
    with_none[0] = nothing;
    let of_rest = entities(&app.public(), &with_none).await;

    // An object with two leaves costs 1.2 points, and no answer more than it was to cost at most.
    for reply in [of_all, of_rest] {
        let cost = &reply.body["extensions"]["cost"];
        assert_eq!((&cost["requested"], &cost["actual"]), (&json!(120), &json!(120)));
    }
}

async fn entities(actor: &Actor, representations: &[Value]) -> Reply {
    actor.gql(ENTITIES, json!({ "representations": representations })).await
}
