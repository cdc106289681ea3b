//! Signing in with a provider: away to it, and back from it. What the browser has to keep meanwhile
//! is in a cookie of ten minutes that comes along when another site leads here, which the cookie of
//! a session never does. So whoever comes back is handed a session and a page of our own that leads
//! on: only what that page asks for is asked from here.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

use super::{super::Door, cookie};
use crate::{
    app::App,
    authz::Identity,
    domain::session::write,
    error::{Error, Result},
    http::auth::oidc::code::{Failed, ProviderDoor, Transaction},
};

const NAME: &str = "camket-sign-in";
const HOST_NAME: &str = "__Host-camket-sign-in";

/// How long somebody may take to sign in with the provider, in seconds.
const PATIENCE: i64 = 600;

pub fn routes() -> Router<Door<App>> {
    Router::new()
        .route("/console/sign-in/start", get(start))
        .route("/console/sign-in/return", get(back))
}

#[derive(Deserialize)]
struct Start {
    provider: String,
}

async fn start(State(door): State<Door<App>>, request: Request) -> Response {
    let app = &door.graph;
    let provider = said::<Start>(&request).map(|start| start.provider).unwrap_or_default();
    let Some(chosen) = app.sign_in.providers.door(&provider) else {
        return NOT_OFFERED.respond();
    };
    let transaction = Transaction::new(&*app.clock);
    let left = leave(app, &chosen, &provider, &transaction, request.headers()).await;
    left.unwrap_or_else(|why| why.respond())
}

/// What stands in the query of an address.
fn said<T: DeserializeOwned>(request: &Request) -> Option<T> {
    serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).ok()
}

async fn leave(
    app: &App,
    door: &ProviderDoor<'_>,
    provider: &str,
    transaction: &Transaction,
    headers: &HeaderMap,
) -> Result<Response, Told> {
    let now = app.clock.now();
    let place = door.leave(transaction, &return_address(headers), now).await?;
    let Transaction { state, nonce, verifier } = transaction;
    let kept = Kept::<&str> { state, nonce, verifier, provider, until: now.timestamp() + PATIENCE };
    let value = serde_urlencoded::to_string(kept).map_err(Error::internal)?;
    let headers = [
        (header::LOCATION, place.parse::<HeaderValue>().map_err(Error::internal)?),
        (header::SET_COOKIE, written(headers, &value, PATIENCE)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// What the cookie holds.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    state: T,
    nonce: T,
    verifier: T,
    provider: T,
    /// In seconds since 1970.
    until: i64,
}

#[derive(Default, Deserialize)]
struct Return {
    state: Option<String>,
    code: Option<String>,
    /// Who answers (RFC 9207), where the provider says so.
    iss: Option<String>,
}

async fn back(State(door): State<Door<App>>, request: Request) -> Response {
    let returned = said(&request).unwrap_or_default();
    let headers = request.headers();
    let mut response = match arrived(&door.graph, headers, returned).await {
        Ok(secret) => match cookie::set(headers, &secret) {
            Ok(cookie) => ([(header::SET_COOKIE, cookie)], led_on()).into_response(),
            Err(error) => Told::from(error).respond(),
        },
        Err(why) => why.respond(),
    };
    // Good or not, it was used.
    if let Ok(cookie) = written(headers, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The secret of a new session for whom the provider says that it is.
async fn arrived(app: &App, headers: &HeaderMap, returned: Return) -> Result<String, Told> {
    let kept = cookie::value(headers, name(headers));
    let kept = kept.and_then(|kept| serde_urlencoded::from_str::<Kept<String>>(kept).ok());
    let Kept { state, nonce, verifier, provider, until } = kept.ok_or(NOT_BEGUN)?;
    let now = app.clock.now();
    let is_answer =
        returned.state.is_some_and(|sent| sent.as_bytes().ct_eq(state.as_bytes()).into());
    if !is_answer || now.timestamp() >= until {
        return Err(NOT_BEGUN);
    }
    let door = app.sign_in.providers.door(&provider).ok_or(NOT_OFFERED)?;
    if returned.iss.is_some_and(|issuer| issuer != door.issuer()) {
        return Err(REFUSED);
    }
    let code = returned.code.ok_or(REFUSED)?;
    let transaction = Transaction { state, nonce, verifier };
    let person = door.arrive(&transaction, &code, &return_address(headers), now).await?;
    let Identity::Person { issuer, subject } = person else { return Err(REFUSED) };
    write::begin(app, &issuer, &subject, None).await?.ok_or(REFUSED)
}

/// Where the provider sends the browser back to: the name that it calls us by, which is one of ours.
fn return_address(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if cookie::is_local(headers) { "http" } else { "https" };
    format!("{scheme}://{host}/console/sign-in/return")
}

fn name(headers: &HeaderMap) -> &'static str {
    if cookie::is_local(headers) { NAME } else { HOST_NAME }
}

fn written(headers: &HeaderMap, value: &str, seconds: i64) -> Result<HeaderValue> {
    let secure = if cookie::is_local(headers) { "" } else { "; Secure" };
    let name = name(headers);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    text.parse().map_err(Error::internal)
}

/// Why somebody is not signed in, as a page says it.
struct Told {
    status: StatusCode,
    vietnamese: &'static str,
    english: &'static str,
}

const NOT_OFFERED: Told = Told {
    status: StatusCode::NOT_FOUND,
    vietnamese: "Máy chủ này không có nhà cung cấp đăng nhập đó.",
    english: "This server has no such sign-in provider.",
};
const NOT_BEGUN: Told = Told {
    status: StatusCode::BAD_REQUEST,
    vietnamese: "Lần đăng nhập này không bắt đầu từ đây, đã dùng rồi hoặc đã quá mười phút.",
    english: "This sign-in did not begin here, was used already, or took more than ten minutes.",
};
const REFUSED: Told = Told {
    status: StatusCode::UNAUTHORIZED,
    vietnamese: "Nhà cung cấp đăng nhập không xác nhận lần đăng nhập này.",
    english: "The sign-in provider does not confirm this sign-in.",
};
const AWAY: Told = Told {
    status: StatusCode::SERVICE_UNAVAILABLE,
    vietnamese: "Chưa kết nối được nhà cung cấp đăng nhập. Hãy thử lại sau ít phút.",
    english: "The sign-in provider cannot be reached. Try again in a few minutes.",
};
const BROKEN: Told = Told {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    vietnamese: "Máy chủ gặp lỗi. Hãy thử lại.",
    english: "The server has a fault. Try again.",
};

impl From<Failed> for Told {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Away => AWAY,
            Failed::Refused(why) => {
                tracing::warn!(why, "a sign-in was refused");
                REFUSED
            }
        }
    }
}

impl From<Error> for Told {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) => AWAY_OURSELVES,
            Error::Internal(cause) => {
                tracing::error!(%cause, "somebody cannot be signed in");
                BROKEN
            }
            _ => BROKEN,
        }
    }
}

const AWAY_OURSELVES: Told = Told {
    status: StatusCode::SERVICE_UNAVAILABLE,
    vietnamese: "Máy chủ đang bận. Hãy thử lại sau ít phút.",
    english: "The server is busy. Try again in a few minutes.",
};

impl Told {
    fn respond(&self) -> Response {
        let Self { status, vietnamese, english } = self;
        let text = format!(
            "<p>{vietnamese}</p>\n<p lang=\"en\">{english}</p>\n\
             <p><a href=\"/console/sign-in\">Đăng nhập lại · Sign in again</a></p>"
        );
        (*status, leaf("", &text)).into_response()
    }
}

/// Leads on into the console, as a page of ours.
fn led_on() -> Response {
    leaf(
        "<meta http-equiv=\"refresh\" content=\"0; url=/console\">",
        "<p><a href=\"/console\">Đã đăng nhập: vào bảng tổng hợp · Signed in: to the board</a></p>",
    )
}

/// A page without a script or a style, which needs none of the console's.
fn leaf(head: &str, body: &str) -> Response {
    let text = format!(
        "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">{head}\
         <title>Cam Kết</title></head>\n<body>{body}</body></html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, text).into_response()
}
