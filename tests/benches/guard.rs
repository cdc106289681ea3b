//! What the guard costs on a repeated operation: the same server with it, without it (the parsed
//! document handed to the schema as it is), and the library by itself, which parses and validates
//! each time. Blocks alternate in one run and change their order; a second series without the guard
//! is the noise. Prints medians and ranges; it fails on a wrong answer, never on time.
#![expect(clippy::expect_used, reason = "a bench that cannot do its part fails, loudly")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use api::{
    authz::Viewer,
    graphql::{self, Mutation, Query, batch, context::Parts},
    refusal::Language,
};
use async_graphql::{
    EmptySubscription, Request, Response, Schema,
    parser::{parse_query, types::ExecutableDocument},
};
use tests::{FIRST_DAY, TestApp, day};

const ROUNDS: usize = 9;
const BLOCK: Duration = Duration::from_millis(700);

/// A page as a console asks for it.
const QUERY: &str = "query Board($first: Int!) {
    enrolments(first: $first) { nodes { id stage validFrom validTo
        commune { id code name validFrom authority { id code name } successors { place { code name } } }
        document { id reference } } } }";

struct Bench {
    app: TestApp,
    bare: Schema<Query, Mutation, EmptySubscription>,
    document: ExecutableDocument,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Guarded,
    Unguarded,
    UnguardedAgain,
    Bare,
}

const WAYS: [Way; 4] = [Way::Guarded, Way::Unguarded, Way::UnguardedAgain, Way::Bare];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let bench = Bench {
        app: TestApp::start().await,
        bare: Schema::build(Query::default(), Mutation::default(), EmptySubscription).finish(),
        document: parse_query(QUERY).expect("the query parses"),
    };
    let expected = bench.answer(Way::Bare).await.data;
    for way in WAYS {
        let response = bench.answer(way).await;
        assert!(response.errors.is_empty() && response.data == expected, "{way:?}: {response:?}");
    }
    let mut taken: [Vec<f64>; 4] = Default::default();
    for round in 0..ROUNDS {
        for at in 0..WAYS.len() {
            let at = if round % 2 == 0 { at } else { WAYS.len() - 1 - at };
            taken[at].push(bench.block(WAYS[at]).await);
        }
    }
    for (way, mut micros) in WAYS.into_iter().zip(taken) {
        micros.sort_by(f64::total_cmp);
        let (least, median, most) = (micros[0], micros[ROUNDS / 2], micros[ROUNDS - 1]);
        println!("{way:?}: median {median:.0} µs a request, {least:.0} to {most:.0}");
    }
    bench.admission();
}

impl Bench {
    /// Microseconds a request takes in a block of them.
    async fn block(&self, way: Way) -> f64 {
        let (begun, mut requests) = (Instant::now(), 0);
        while begun.elapsed() < BLOCK {
            black_box(self.answer(way).await);
            requests += 1;
        }
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(requests)
    }

    async fn answer(&self, way: Way) -> Response {
        let mut request = request();
        let parts = Parts::new(self.app.api.clone(), viewer(), Language::En);
        match way {
            Way::Guarded => {
                let admitted = self.app.api.guard.admit(request);
                let admitted = admitted.map_err(|errors| format!("{errors:?}"));
                request = admitted.expect("the query is admitted").request;
            }
            Way::Unguarded | Way::UnguardedAgain => request.set_parsed_query(self.document.clone()),
            Way::Bare => {
                let queue = parts.queue();
                return batch::run(self.bare.execute(request.data(parts)), &queue).await;
            }
        }
        graphql::run(parts, request).await
    }

    /// The guard alone, on a text that it knows.
    fn admission(&self) {
        let (begun, times) = (Instant::now(), 20_000);
        for _ in 0..times {
            black_box(self.app.api.guard.admit(request()).is_ok());
        }
        let micros = begun.elapsed().as_secs_f64() * 1e6 / f64::from(times);
        let (begun, times) = (Instant::now(), 2_000);
        for n in 0..times {
            let mut request = request();
            request.query.push_str(&format!(" # {n}"));
            black_box(self.app.api.guard.admit(request).is_ok());
        }
        let new = begun.elapsed().as_secs_f64() * 1e6 / f64::from(times);
        println!("admission alone: {micros:.1} µs of a known text, {new:.0} µs of a new one");
    }
}

fn viewer() -> Viewer {
    Viewer::public(day(FIRST_DAY))
}

fn request() -> Request {
    let variables = async_graphql::value!({ "first": 8 });
    Request::new(QUERY).variables(async_graphql::Variables::from_value(variables))
}
