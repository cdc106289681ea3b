//! Whether a page of this console sends a request. A header that no form, tag or link can send, and
//! that a script of another origin may send only after asking, is on all of them; where a browser
//! says more about who sends it, that has to agree. A socket has no headers of a script's own, so
//! there the browser has to say its `Origin`.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{
    super::{Door, Graph, operations::problem::Problem, trace},
    cookie::is_local,
};
use crate::app::App;

const HEADER: &str = "x-requested-with";
const CONSOLE: &str = "camket-console";

pub async fn check(State(door): State<Door<App>>, request: Request, next: Next) -> Response {
    let trace_id = trace::id(door.graph.clock(), &request);
    let headers = request.headers();
    let is_ours = if headers.contains_key(header::UPGRADE) {
        headers.contains_key(header::ORIGIN)
    } else {
        headers.get(HEADER).is_some_and(|value| value == CONSOLE)
    };
    if is_ours && may_be(headers) {
        return next.run(request).await;
    }
    Problem::said(StatusCode::FORBIDDEN, "FORBIDDEN", "no page of this console asks this")
        .respond(&trace_id)
}

/// Whether nothing that a browser said speaks against it.
fn may_be(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let origin = headers.get(header::ORIGIN).is_none_or(|origin| {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        match (origin, host) {
            (Some((scheme, name)), Some(host)) => {
                let is_safe = scheme == "https" || scheme == "http" && is_local(headers);
                is_safe && name.eq_ignore_ascii_case(host)
            }
            _ => false,
        }
    });
    site && origin
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_a_browser_says_of_another_page_speaks_against_it() {
        for (host, said, may) in [
            ("camket.vn", &[][..], true),
            (
                "camket.vn",
                &[("origin", "https://camket.vn"), ("sec-fetch-site", "same-origin")],
                true,
            ),
            ("localhost:4000", &[("origin", "http://localhost:4000")], true),
            ("camket.vn", &[("origin", "http://camket.vn")], false),
            ("camket.vn", &[("origin", "https://other.camket.vn")], false),
            ("camket.vn", &[("origin", "https://camket.vn:444")], false),
            ("camket.vn", &[("origin", "null")], false),
            ("localhost:4000", &[("origin", "http://localhost:4001")], false),
            ("localhost:4000", &[("origin", "http://127.0.0.1:4000")], false),
            ("camket.vn", &[("sec-fetch-site", "same-site")], false),
            ("camket.vn", &[("sec-fetch-site", "cross-site")], false),
            ("camket.vn", &[("sec-fetch-site", "none")], false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            for (name, value) in said {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(may_be(&headers), may, "{host} {said:?}");
        }
    }
}
