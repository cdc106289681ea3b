//! The cookie of a session. Outside this machine its name begins with `__Host-`, which browsers take
//! only by TLS, for this very host and all of its paths: no neighbouring name can set it.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::error::{Error, Result};

const NAME: &str = "camket-session";
const HOST_NAME: &str = "__Host-camket-session";

/// What a request shows of its session; none where it shows two.
pub fn read(headers: &HeaderMap) -> Option<&str> {
    value(headers, if is_local(headers) { NAME } else { HOST_NAME })
}

/// The value of a cookie that is there once.
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs =
        sent.flat_map(|sent| sent.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(sent, _)| *sent == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}

/// Hands a secret to the browser, until that is closed.
pub fn set(headers: &HeaderMap, secret: &str) -> Result<HeaderValue> {
    written(headers, secret, "")
}

/// Takes the secret from the browser.
pub fn clear(headers: &HeaderMap) -> Result<HeaderValue> {
    written(headers, "", "; Max-Age=0")
}

fn written(headers: &HeaderMap, secret: &str, more: &str) -> Result<HeaderValue> {
    let (name, secure) = if is_local(headers) { (NAME, "") } else { (HOST_NAME, "; Secure") };
    let text = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}{more}");
    text.parse().map_err(Error::internal)
}

/// Whether the browser calls this machine itself, where there is no TLS.
pub fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    ["127.0.0.1", "localhost", "::1"].iter().any(|local| name.eq_ignore_ascii_case(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(host: &'static str, cookies: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        headers
    }

    #[test]
    fn a_cookie_is_read_by_the_name_that_its_host_has() {
        for (host, cookies, value) in [
            ("camket.vn", &["__Host-camket-session=a"][..], Some("a")),
            ("camket.vn", &["x=1; __Host-camket-session=a; y=2"], Some("a")),
            ("camket.vn", &["camket-session=a"], None),
            ("camket.vn", &["__Host-camket-session=a", "__Host-camket-session=b"], None),
            ("127.0.0.1:4000", &["camket-session=a"], Some("a")),
            ("LOCALHOST", &["camket-session=a"], Some("a")),
            ("[::1]:4000", &["camket-session=a"], Some("a")),
            ("127.0.0.1.camket.vn", &["camket-session=a"], None),
            ("localhost:4000", &["__Host-camket-session=a"], None),
            ("localhost:4000", &["camket-session=a; camket-session=b"], None),
            ("localhost:4000", &[], None),
        ] {
            assert_eq!(read(&sent(host, cookies)), value, "{host} {cookies:?}");
        }
    }

    #[test]
    fn a_cookie_outside_this_machine_wants_tls() {
        let set = |host| set(&sent(host, &[]), "s").unwrap();
        let all = "Path=/; HttpOnly; SameSite=Strict";
        assert_eq!(set("camket.vn"), &*format!("__Host-camket-session=s; {all}; Secure"));
        assert_eq!(set("127.0.0.1:4000"), &*format!("camket-session=s; {all}"));
    }
}
