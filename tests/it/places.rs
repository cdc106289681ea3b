//! Places: a code means something only together with a date, and people type as they type.

use entity::{party::Kind, place::Level};
use serde_json::{Value, json};
use tests::{Reply, TestApp};

const BY_CODE: &str = "query ($code: String!, $asOf: Date) {
    place(by: { code: { code: $code, asOf: $asOf } }) {
        __typename id code name kind level validFrom validFromIsFloor validTo
        parent { code name } province { code name validTo }
        successors { kind weightPpm place { code name } }
        predecessors { kind place { code name } } } }";

const SEARCH: &str = "query ($search: String!, $asOf: Date) {
    places(asOf: $asOf, filter: { search: $search }, first: 100) { totalCount nodes { code name } } }";

/// Before the new list of units.
const OLD: &str = "2024-05-15";

#[tokio::test]
async fn a_code_is_read_on_a_date() {
    let app = TestApp::start().await;
    let public = app.public();

    let old = public.gql(BY_CODE, json!({ "code": "01912", "asOf": OLD })).await;
    let last_day = public.gql(BY_CODE, json!({ "code": "01912", "asOf": "2025-06-30" })).await;
    let first_day = public.gql(BY_CODE, json!({ "code": "01912", "asOf": "2025-07-01" })).await;
    let today = public.gql(BY_CODE, json!({ "code": "01912" })).await;

    assert_eq!(old.at("/place/name"), "Xã Thượng Giáo");
    assert_eq!(last_day.at("/place/id"), old.at("/place/id"));
    assert_eq!(first_day.at("/place/id"), today.at("/place/id"));
    assert_eq!(today.at("/place/name"), "Xã Chợ Rã");
    assert_eq!(old.at("/place/validTo"), "2025-07-01");
    assert!(today.at("/place/validTo").is_null());
}

#[tokio::test]
async fn today_follows_the_clock() {
    let app = TestApp::start().await;
    app.clock.set_date("2025-06-30");

    let reply = app.public().gql(BY_CODE, json!({ "code": "01912" })).await;

    assert_eq!(reply.at("/place/name"), "Xã Thượng Giáo");
}

#[tokio::test]
async fn a_code_that_means_nothing_on_a_date_is_null_without_an_error() {
    let app = TestApp::start().await;

    for (code, on) in
        [("99999", OLD), ("01912", "1999-01-01"), ("ABCDE", OLD), ("058", "2026-01-01")]
    {
        let reply = app.public().gql(BY_CODE, json!({ "code": code, "asOf": on })).await;
        assert!(reply.expect_ok()["place"].is_null(), "{code}");
    }
}

#[tokio::test]
async fn a_code_without_its_leading_zero_is_a_mistake() {
    let app = TestApp::start().await;

    for code in ["1912", "", "0190200"] {
        let reply = app.public().gql(BY_CODE, json!({ "code": code, "asOf": OLD })).await;
        reply.expect_fault("BAD_USER_INPUT");
        assert!(reply.at("/place").is_null());
    }
}

#[tokio::test]
async fn the_eight_pilot_units_lie_in_their_districts_and_have_their_successors() {
    let app = TestApp::start().await;

    for (code, unit, district, new_code, successor) in [
        ("01837", "Phường Sông Cầu", "058", "01843", "Phường Bắc Kạn"),
        ("02017", "Xã Quang Thuận", "063", "02014", "Xã Bạch Thông"),
        ("01912", "Xã Thượng Giáo", "061", "01912", "Xã Chợ Rã"),
        ("02071", "Xã Nghĩa Tá", "064", "02071", "Xã Nghĩa Tá"),
        ("02122", "Xã Như Cố", "065", "02086", "Xã Chợ Mới"),
        ("01951", "Xã Đức Vân", "062", "01954", "Xã Ngân Sơn"),
        ("02173", "Xã Côn Minh", "066", "02185", "Xã Côn Minh"),
        ("01870", "Xã Giáo Hiệu", "060", "01864", "Xã Bằng Thành"),
    ] {
        let reply = app.public().gql(BY_CODE, json!({ "code": code, "asOf": OLD })).await;

        let place = &reply.expect_ok()["place"];
        assert_eq!(place["name"], unit);
        assert_eq!(place["parent"]["code"], district, "{unit}");
        assert_eq!(place["province"]["code"], "06", "{unit}");
        let became = json!([{ "kind": "MERGED_WHOLE", "weightPpm": null,
            "place": { "code": new_code, "name": successor } }]);
        assert_eq!(place["successors"], became, "{unit}");
    }
}

#[tokio::test]
async fn a_new_commune_names_the_old_ones_that_went_into_it() {
    let app = TestApp::start().await;

    let reply = app.public().gql(BY_CODE, json!({ "code": "02014" })).await;

    let place = &reply.expect_ok()["place"];
    assert_eq!(
        (&place["__typename"], &place["name"]),
        (&json!("Commune"), &json!("Xã Bạch Thông"))
    );
    let old = place["predecessors"].as_array().unwrap();
    assert!(old.iter().any(|edge| edge["place"]["name"] == "Xã Quang Thuận"), "{old:?}");
    assert_eq!(place["parent"], json!({ "code": "19", "name": "Tỉnh Thái Nguyên" }));
    assert!(place["province"]["validTo"].is_null());
}

#[tokio::test]
async fn a_search_ignores_case_diacritics_and_how_they_are_composed() {
    let app = TestApp::start().await;

    for typed in
        ["nghia ta", "Nghĩa Tá", "NGHĨA  TÁ", "Nghi\u{303}a Ta\u{301}", "xã nghĩa tá", "nghĩa"]
    {
        let reply = search(&app, typed, OLD).await;
        assert_eq!(reply.column("/places", "code"), ["02071"], "{typed}");
    }
    let reply = search(&app, "duc van", OLD).await;
    assert_eq!(reply.column("/places", "name"), ["Xã Đức Vân"]);
}

#[tokio::test]
async fn a_search_finds_the_other_spelling_too() {
    let app = TestApp::start().await;

    for typed in ["Sỹ Bình", "Sĩ Bình", "si binh", "sy binh"] {
        let reply = search(&app, typed, OLD).await;
        assert_eq!(reply.column("/places", "code"), ["01978"], "{typed}");
    }
}

#[tokio::test]
async fn a_name_that_several_communes_share_finds_them_all() {
    let app = TestApp::start().await;
    let district = app.place_on("064", OLD).await;
    let ward = app.place(Level::Commune, "99001", "Phường Tân Lập").inside(&district);
    ward.valid("2023-01-01", Some("2025-07-01")).await;

    let reply = search(&app, "tan lap", OLD).await;

    assert_eq!(reply.column("/places", "name"), ["Xã Tân Lập", "Phường Tân Lập"]);
    assert_eq!(reply.at("/places/totalCount"), 2);
}

#[tokio::test]
async fn a_search_begins_at_a_word_and_knows_no_wildcards() {
    let app = TestApp::start().await;

    for typed in ["ghia", "ng_ia ta", "ta nghia"] {
        let reply = search(&app, typed, OLD).await;
        assert_eq!(reply.at("/places/totalCount"), 0, "{typed}");
    }
}

#[tokio::test]
async fn a_list_holds_the_units_of_its_date_alone() {
    let app = TestApp::start().await;
    let count = "query ($asOf: Date, $level: PlaceLevel!) {
        places(asOf: $asOf, filter: { level: { eq: $level } }, first: 1) { totalCount } }";

    let mut counts = Vec::new();
    for (on, level) in [
        (Some(OLD), "PROVINCE"),
        (Some(OLD), "DISTRICT"),
        (Some(OLD), "COMMUNE"),
        (None, "PROVINCE"),
        (None, "DISTRICT"),
        (None, "COMMUNE"),
    ] {
        let reply = app.public().gql(count, json!({ "asOf": on, "level": level })).await;
        counts.push(reply.at("/places/totalCount").as_i64().unwrap());
    }

    assert_eq!(counts, [2, 8, 108, 1, 0, 92]);
}

#[tokio::test]
async fn pages_walk_a_list_in_both_directions_without_gap_or_repetition() {
    let app = TestApp::start().await;
    let page = "query ($first: Int, $after: String, $last: Int, $before: String) {
        places(first: $first, after: $after, last: $last, before: $before,
               filter: { level: { eq: COMMUNE } }) {
            pageInfo { startCursor endCursor hasNextPage hasPreviousPage } nodes { code name } } }";

    let mut forward: Vec<String> = Vec::new();
    let mut after = Value::Null;
    loop {
        let reply = app.public().gql(page, json!({ "first": 40, "after": after })).await;
        forward.extend(reply.column("/places", "code").into_iter().map(str::to_owned));
        after = reply.at("/places/pageInfo/endCursor").clone();
        if reply.at("/places/pageInfo/hasNextPage") == false {
            break;
        }
    }
    let mut backward: Vec<String> = Vec::new();
    let mut before = Value::Null;
    loop {
        let reply = app.public().gql(page, json!({ "last": 40, "before": before })).await;
        let codes = reply.column("/places", "code").into_iter().map(str::to_owned);
        backward.splice(0..0, codes);
        before = reply.at("/places/pageInfo/startCursor").clone();
        if reply.at("/places/pageInfo/hasPreviousPage") == false {
            break;
        }
    }

    let mut sorted = forward.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((forward.len(), &forward), (92, &sorted));
    assert_eq!(backward, forward);
}

#[tokio::test]
async fn a_page_has_a_size_and_a_direction() {
    let app = TestApp::start().await;

    for arguments in [
        "filter: {}",
        "first: 101",
        "first: -1",
        "first: 1, last: 1",
        "first: 1, before: \"x\"",
        "first: 1, after: \"nonsense\"",
    ] {
        let query = format!("{{ places({arguments}) {{ nodes {{ id }} }} }}");
        app.public().ask(&query).await.expect_fault("BAD_USER_INPUT");
    }
    let none = app.public().ask("{ places(first: 0) { nodes { id } } }").await;
    assert_eq!(none.expect_ok()["places"]["nodes"], json!([]));
}

#[tokio::test]
async fn a_cursor_of_another_list_does_no_harm() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let lists = ["places", "documents", "members"];
    let mut cursors = Vec::new();
    for list in lists {
        let query = format!("{{ {list}(first: 1) {{ pageInfo {{ endCursor }} }} }}");
        let reply = coordinator.ask(&query).await;
        cursors.push(reply.text_at(&format!("/{list}/pageInfo/endCursor")).to_owned());
    }

    for (list, cursor) in lists.iter().flat_map(|list| cursors.iter().map(move |c| (list, c))) {
        let query = format!("{{ {list}(first: 1, after: \"{cursor}\") {{ nodes {{ id }} }} }}");
        let reply = coordinator.ask(&query).await;
        if !reply.errors().is_empty() {
            reply.expect_fault("BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn a_place_shows_its_authority_and_who_helps_it() {
    let app = TestApp::start().await;
    let department = app.assigned_department("02014").await;
    let query = "{ place(by: { code: { code: \"02014\" } }) { authority { code } ... on Commune {
        assignments { department { code } validFrom validTo document { reference } }
        predecessors { place { ... on Commune { enrolments { stage } } } } } } }";

    let reply = app.public().ask(query).await;

    let place = &reply.expect_ok()["place"];
    assert_eq!(place["authority"]["code"], "UBND-02014-2025");
    assert_eq!(place["assignments"][0]["department"]["code"], department.party().code);
    assert_eq!(place["assignments"][0]["document"]["reference"], "1431/QĐ-UBND");
    let enrolled = |edge: &&Value| edge["place"]["enrolments"] == json!([{ "stage": "PILOT" }]);
    assert_eq!(place["predecessors"].as_array().unwrap().iter().filter(enrolled).count(), 1);
}

#[tokio::test]
async fn a_province_names_who_coordinates_and_leads_it_today() {
    let app = TestApp::start().await;
    let query = "query ($asOf: Date!) { place(by: { code: { code: \"19\", asOf: $asOf } }) {
        ... on Province { coordinators { code } leadership { code } } } }";

    let today = app.public().gql(query, json!({ "asOf": "2026-11-23" })).await;
    app.clock.set_date("2025-03-15");
    let spring = app.public().gql(query, json!({ "asOf": "2025-03-15" })).await;

    let new = json!({ "coordinators": [{ "code": "SKHCN-19-2025" }],
        "leadership": [{ "code": "UBND-19-2025" }] });
    assert_eq!(today.at("/place"), &new);
    let old = json!({ "coordinators": [{ "code": "SKHCN-19-2023" }],
        "leadership": [{ "code": "UBND-19-2023" }] });
    assert_eq!(spring.at("/place"), &old);
}

#[tokio::test]
async fn ids_of_another_type_are_no_place() {
    let app = TestApp::start().await;
    let party = app.party(Kind::Bank).await;

    for id in [party.id.to_string(), "place_nonsense".to_owned(), String::new()] {
        let query = "query ($id: ID!) { place(by: { id: $id }) { id } }";
        let reply = app.public().gql(query, json!({ "id": id })).await;
        assert!(reply.expect_ok()["place"].is_null(), "{id}");
    }
}

async fn search(app: &TestApp, typed: &str, on: &str) -> Reply {
    let reply = app.public().gql(SEARCH, json!({ "search": typed, "asOf": on })).await;
    reply.expect_ok();
    reply
}
