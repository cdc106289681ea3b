//! Says in our codes what Hive Router says in its own when a subgraph cannot be asked, without the
//! addresses that stand in some of its messages.

use hive_router::GraphQLError;

use crate::fault::Fault;

/// The code for an answer whose HTTP status is not 2xx, which comes in addition to what the answer
/// itself says.
const STATUS: &str = "SUBREQUEST_HTTP_ERROR";

/// The code for an answer that did not come in time.
const LATE: &str = "SUBGRAPH_REQUEST_TIMEOUT";

/// Rewrites errors of Hive Router's own. Where a subgraph says itself what is wrong, that its answer
/// had the status for it is left out.
pub fn plain(errors: &mut Vec<GraphQLError>) {
    let said: Vec<String> = errors
        .iter()
        .filter(|error| !is_own(error))
        .filter_map(|error| error.extensions.service_name.clone())
        .collect();
    errors.retain(|error| {
        let extensions = &error.extensions;
        let is_status =
            extensions.code.as_deref() == Some(STATUS) && extensions.get("http").is_some();
        !is_status || !extensions.service_name.as_ref().is_some_and(|name| said.contains(name))
    });
    for error in errors.iter_mut().filter(|error| is_own(error)) {
        let name = error.extensions.service_name.as_deref().unwrap_or("a subgraph");
        let fault = match error.extensions.code.as_deref() {
            Some(LATE) => Fault::late(format!("{name} did not answer in time")),
            _ => Fault::unavailable(format!("{name} cannot be reached")),
        };
        error.message = fault.message;
        error.extensions.code = fault.code;
        error.extensions.extensions.clear();
    }
}

fn is_own(error: &GraphQLError) -> bool {
    let code = error.extensions.code.as_deref().unwrap_or_default();
    code.starts_with("SUBGRAPH_") || code.starts_with("SUBREQUEST_")
}

#[cfg(test)]
mod tests {
    use hive_router::sonic_rs;
    use serde_json::{Value, json};

    use super::*;

    fn plain_json(errors: Value) -> Value {
        let mut errors: Vec<GraphQLError> = sonic_rs::from_str(&errors.to_string()).unwrap();
        plain(&mut errors);
        serde_json::from_str(&sonic_rs::to_string(&errors).unwrap()).unwrap()
    }

    #[test]
    fn a_status_adds_nothing_to_what_a_subgraph_says() {
        let said = json!({ "message": "not good", "extensions": { "code": "UNAUTHENTICATED",
            "traceId": "t", "service": "api" } });
        let status = json!({ "message": "401", "extensions": { "code": STATUS, "service": "api",
            "http": { "status": 401 } } });

        assert_eq!(plain_json(json!([said, status])), json!([said]));
    }

    #[test]
    fn what_hive_router_says_itself_is_said_in_our_codes() {
        let own = |code: &str, service: &str| {
            json!({ "message": "http://10.0.0.1/graphql failed", "path": ["a"],
                "extensions": { "code": code, "service": service, "http": { "status": 502 } } })
        };
        let errors = json!([
            own(STATUS, "api"),
            own(LATE, "vidutel"),
            own("SUBGRAPH_RESPONSE_BODY_READ_FAILURE", "api"),
        ]);

        let plain = |message: &str, code: &str, service: &str| {
            json!({ "message": message, "path": ["a"],
                "extensions": { "code": code, "service": service } })
        };
        assert_eq!(
            plain_json(errors),
            json!([
                plain("api cannot be reached", "UNAVAILABLE", "api"),
                plain("vidutel did not answer in time", "TIMEOUT", "vidutel"),
                plain("api cannot be reached", "UNAVAILABLE", "api"),
            ])
        );
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        let errors = json!([{ "message": "m", "path": ["a"], "extensions": { "code": "FORBIDDEN",
            "service": "api", "reason": "r" } }, { "message": "n" }]);

        assert_eq!(plain_json(errors.clone()), errors);
    }
}
