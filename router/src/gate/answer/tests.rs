//! Answers of partners that keep to what they were asked, and of those that do not.

use hive_router::query_planner::utils::parsing::parse_schema;
use serde_json::{Value, json};

use super::*;
use crate::{gate::asked, types::Types};

fn types() -> Types {
    Types::of(&parse_schema(
        "type Query { vidutelPoints: [VidutelPoint!] vidutelCount: VidutelNumber vidutelKind: Kind }
         scalar VidutelNumber enum Kind { ONE }
         type Commune { id: ID! vidutel: VidutelCommune }
         type VidutelCommune { points: [VidutelPoint] }
         type VidutelPoint { name: String place: VidutelPlace commune: Commune levels: [[Int]] }
         scalar VidutelPlace",
    ))
}

/// Two communes, of which the partner is asked what hangs under its prefix, and their ids again.
fn communes() -> Value {
    json!({
        "query": "query($r: [_Any!]!) { _entities(representations: $r) {
            ... on Commune { __typename id vidutel { points { name commune { id } } } } } }",
        "variables": { "r": [
            { "__typename": "Commune", "id": "c1" },
            { "__typename": "Commune", "id": "c2" },
        ] },
    })
}

fn root() -> Value {
    json!({ "query": "{ vidutelPoints { name place } vidutelCount }" })
}

fn pruned_text(sent: &Value, body: &str) -> Option<Value> {
    let sent = sent.to_string();
    let sent = serde_json::from_str(&sent).unwrap();
    let asked = asked::of_types(&sent, &types()).unwrap().fields;
    let answer = pruned("vidutel", &asked, body.as_bytes())?;
    Some(serde_json::from_slice(&answer).unwrap())
}

fn pruned_json(sent: &Value, body: Value) -> Value {
    pruned_text(sent, &body.to_string()).unwrap()
}

fn paths(answer: &Value) -> Vec<&Value> {
    answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect()
}

#[test]
fn an_answer_to_what_was_asked_passes_as_it_is() {
    let answer = json!({ "data": { "_entities": [
        { "__typename": "Commune", "id": "c1", "vidutel": { "points": [
            { "name": "Chợ", "commune": { "id": "c1" } }, null,
        ] } },
        null,
    ] } });

    assert_eq!(pruned_json(&communes(), answer.clone()), answer);
}

#[test]
fn fields_that_were_not_asked_for_are_left_out() {
    let answer = pruned_json(
        &communes(),
        json!({ "data": {
            "_entities": [
                { "name": "Taken over", "vidutel": {
                    "points": [{ "name": "Chợ", "commune": { "id": "c1", "name": "Taken over" } }],
                    "more": 1,
                } },
                { "vidutel": null, "vidubank": { "branches": 9 } },
            ],
            "communes": [],
        }, "extensions": { "cost": 1 }, "hasNext": true }),
    );

    let points = json!([{ "name": "Chợ", "commune": { "id": "c1" } }]);
    assert_eq!(
        answer,
        json!({ "data": { "_entities": [
            { "__typename": "Commune", "id": "c1", "vidutel": { "points": points } },
            { "__typename": "Commune", "id": "c2", "vidutel": null },
        ] } })
    );
}

#[test]
fn an_object_keeps_the_values_by_which_it_was_asked_about() {
    let answer = pruned_json(
        &communes(),
        json!({ "data": { "_entities": [
            { "__typename": "Party", "id": "c2", "vidutel": { "points": [] } },
            { "__typename": null, "id": ["c1"], "vidutel": { "points": [] } },
        ] } }),
    );

    let entities = &answer["data"]["_entities"];
    assert_eq!((&entities[0]["__typename"], &entities[0]["id"]), (&json!("Commune"), &json!("c1")));
    assert_eq!((&entities[1]["__typename"], &entities[1]["id"]), (&json!("Commune"), &json!("c2")));
}

#[test]
fn an_answer_about_other_objects_than_asked_is_null_for_each_and_says_so() {
    for entities in
        [json!([]), json!([{ "vidutel": {} }]), json!([{}, {}, {}]), json!({}), json!(7)]
    {
        let answer = pruned_json(&communes(), json!({ "data": { "_entities": entities } }));

        assert_eq!(answer["data"], json!({ "_entities": [null, null] }));
        assert_eq!(
            paths(&answer),
            [&json!(["_entities", 0, "vidutel"]), &json!(["_entities", 1, "vidutel"])]
        );
        assert_eq!(answer["errors"][0]["extensions"], json!({ "code": "UNAVAILABLE" }));
    }
}

#[test]
fn what_cannot_stand_at_a_place_is_null_there_and_says_so() {
    let answer = pruned_json(
        &communes(),
        json!({ "data": { "_entities": [
            { "vidutel": "rubbish" },
            { "vidutel": { "points": [{ "name": "Chợ" }, 5] } },
        ] } }),
    );

    assert_eq!(answer["data"]["_entities"][0]["vidutel"], Value::Null);
    assert_eq!(
        answer["data"]["_entities"][1]["vidutel"]["points"],
        json!([{ "name": "Chợ" }, null])
    );
    assert_eq!(
        paths(&answer),
        [&json!(["_entities", 0, "vidutel"]), &json!(["_entities", 1, "vidutel", "points", 1])]
    );
}

#[test]
fn a_value_has_the_shape_of_its_field_or_is_null() {
    let sent = json!({ "query": "{ vidutelPoints { name levels } vidutelKind }" });
    let point = |point: Value| json!({ "data": { "vidutelPoints": [point] } });
    for (body, path) in [
        (point(json!({ "name": 7 })), json!(["vidutelPoints", 0, "name"])),
        (point(json!({ "name": ["x"] })), json!(["vidutelPoints", 0, "name"])),
        (point(json!({ "levels": 1 })), json!(["vidutelPoints", 0, "levels"])),
        (point(json!({ "levels": [[1], 2] })), json!(["vidutelPoints", 0, "levels", 1])),
        (point(json!({ "levels": [[1, "x"]] })), json!(["vidutelPoints", 0, "levels", 0, 1])),
        (point(json!([{ "name": "x" }])), json!(["vidutelPoints", 0])),
        (json!({ "data": { "vidutelPoints": { "name": "x" } } }), json!(["vidutelPoints"])),
        (json!({ "data": { "vidutelKind": "TWO" } }), json!(["vidutelKind"])),
    ] {
        let answer = pruned_json(&sent, body);

        assert_eq!(paths(&answer), [&path]);
        let steps = path.as_array().unwrap();
        let pointer: String =
            steps.iter().map(|step| format!("/{step}").replace('"', "")).collect();
        assert_eq!(answer["data"].pointer(&pointer), Some(&Value::Null), "{answer}");
    }
    let body = point(json!({ "name": null, "levels": [null, [1, null]] }));
    assert_eq!(pruned_json(&sent, body.clone()), body);
}

#[test]
fn what_is_asked_of_types_that_are_not_known_passes_as_it_is() {
    let sent = json!({ "query": "{ vidutelNew { a b { c } } }" });
    let body = json!({ "data": { "vidutelNew": [[{ "a": { "x": 1 }, "b": null }]] } });

    assert_eq!(pruned_json(&sent, body.clone()), body);
}

#[test]
fn numbers_and_leaves_pass_to_the_letter() {
    let sent = root();
    let body = r#"{"data":{"vidutelPoints":[{"name":"\u0041","place":{"lat":0.10,"x":[1e400]}}],
        "vidutelCount":12345678901234567890.5}}"#;
    let sent = sent.to_string();
    let sent = serde_json::from_str(&sent).unwrap();

    let answer =
        pruned("vidutel", &asked::of_types(&sent, &types()).unwrap().fields, body.as_bytes())
            .unwrap();

    assert_eq!(
        String::from_utf8(answer).unwrap(),
        r#"{"data":{"vidutelPoints":[{"name":"\u0041","place":{"lat":0.10,"x":[1e400]}}],"vidutelCount":12345678901234567890.5}}"#
    );
}

#[test]
fn what_is_no_answer_is_none() {
    let deep = format!("{{\"data\":{{\"vidutelCount\":{}1{}}}}}", "[".repeat(200), "]".repeat(200));
    for body in [
        "",
        "<html>",
        "null",
        "[]",
        "7",
        "{}",
        r#"{"data":null}"#,
        r#"{"data":null,"errors":[]}"#,
        r#"{"data":[]}"#,
        r#"{"data":"x"}"#,
        r#"{"data":{"vidutelCount":}}"#,
        "{\"data\":{\"\u{0}",
        &deep,
    ] {
        assert!(pruned_text(&root(), body).is_none(), "{body}");
    }
    assert!(pruned("vidutel", &[], b"{\"data\":{\"a\":\"\xff\"}}").is_none(), "not UTF-8");
}

#[test]
fn an_error_stays_at_its_place() {
    let answer = pruned_json(
        &communes(),
        json!({
            "data": { "_entities": [{ "vidutel": null }, { "vidutel": { "points": null } }] },
            "errors": [
                { "message": "gone\nfor good", "path": ["_entities", 0, "vidutel"],
                  "extensions": { "code": "GONE", "traceId": "t1", "secret": 1 } },
                { "message": "down", "path": ["_entities", 1, "vidutel", "points"], "locations": [] },
            ],
        }),
    );

    assert_eq!(
        answer["errors"],
        json!([
            { "message": "gone for good", "path": ["_entities", 0, "vidutel"],
              "extensions": { "code": "GONE", "traceId": "t1" } },
            { "message": "down", "path": ["_entities", 1, "vidutel", "points"], "extensions": {} },
        ])
    );
}

#[test]
fn an_error_is_never_at_a_place_that_was_not_asked_for() {
    let everywhere = [json!(["_entities", 0, "vidutel"]), json!(["_entities", 1, "vidutel"])];
    for path in [
        json!(null),
        json!([]),
        json!(["communes", 0, "name"]),
        json!(["_entities"]),
        json!(["_entities", 2, "vidutel"]),
        json!(["_entities", -1]),
        json!([0]),
        json!("x"),
    ] {
        let answer =
            pruned_json(&communes(), json!({ "errors": [{ "message": "m", "path": path }] }));

        assert_eq!(paths(&answer), everywhere.iter().collect::<Vec<_>>(), "{path}");
        assert_eq!(answer["data"], json!({ "_entities": [null, null] }));
    }
    let body = json!({ "data": { "_entities": [null, null] },
        "errors": [{ "message": "m", "path": ["_entities", 1, "name"] }] });
    assert_eq!(paths(&pruned_json(&communes(), body)), [&json!(["_entities", 1])]);
}

#[test]
fn an_error_without_a_place_beside_data_is_said_once() {
    let body = json!({ "data": { "_entities": [{ "vidutel": null }, null] },
        "errors": [{ "message": "m" }] });

    let answer = pruned_json(&communes(), body);

    assert_eq!(paths(&answer), [&json!(["_entities", 0, "vidutel"])]);
}

#[test]
fn errors_are_bounded() {
    let long = "x".repeat(MESSAGE + 1);
    let errors = vec![
        json!({ "message": long, "path": ["vidutelCount"],
        "extensions": { "code": long } });
        5000
    ];

    let answer = pruned_json(&root(), json!({ "errors": errors }));

    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), ERRORS);
    assert_eq!(errors[0]["message"].as_str().unwrap().len(), MESSAGE);
    assert_eq!(errors[0]["extensions"]["code"].as_str().unwrap().len(), WORD);
}

#[test]
fn without_a_partner_each_of_its_fields_is_null_with_an_error() {
    let fault = Fault::late("vidutel did not answer in time".to_owned());
    let answer = |sent: Value| -> Value {
        let sent = sent.to_string();
        let sent = serde_json::from_str(&sent).unwrap();
        serde_json::from_slice(&without(&asked::of_types(&sent, &types()).unwrap().fields, &fault))
            .unwrap()
    };

    let (entities, root) = (answer(communes()), answer(root()));

    assert_eq!(entities["data"], json!({ "_entities": [null, null] }));
    assert_eq!(
        paths(&entities),
        [&json!(["_entities", 0, "vidutel"]), &json!(["_entities", 1, "vidutel"])]
    );
    assert_eq!(root["data"], json!({ "vidutelPoints": null, "vidutelCount": null }));
    assert_eq!(paths(&root), [&json!(["vidutelPoints"]), &json!(["vidutelCount"])]);
    assert_eq!(root["errors"][0]["extensions"], json!({ "code": "TIMEOUT" }));
}
