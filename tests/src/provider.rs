//! A real OpenID provider in a process of its own: npm `oidc-provider`, driven by `oidc/server.mjs`.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use api::http::auth::oidc::{
    Trust,
    code::{Client, Secret},
};
use jsonwebtoken::Algorithm;
use serde_json::Value;

use crate::npm;

/// It ends with the test, however that ends.
pub struct Provider {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// What it calls itself.
    pub issuer: String,
    audience: String,
    /// The subject of its system.
    pub system: String,
    /// What our console is to it.
    console: String,
    secret: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Provider {
    /// `target` is `CARGO_TARGET_TMPDIR`.
    pub fn start(target: &str) -> Self {
        let folder = npm::install("oidc", target);
        let mut child = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("this test needs Node 20 or later on the path");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output")).lines();
        let empty = String::new();
        let (issuer, audience, system) = (empty.clone(), empty.clone(), empty.clone());
        let (console, secret) = (empty.clone(), empty);
        let mut provider = Self { child, input, output, issuer, audience, system, console, secret };
        let ready = provider.line();
        for (name, field) in [
            ("issuer", &mut provider.issuer),
            ("audience", &mut provider.audience),
            ("system", &mut provider.system),
            ("console", &mut provider.console),
            ("secret", &mut provider.secret),
        ] {
            *field = ready[name].as_str().expect("it says what it is").to_owned();
        }
        provider
    }

    pub fn trust(&self) -> Trust {
        Trust {
            issuer: self.issuer.clone(),
            audiences: vec![self.audience.clone()],
            algorithms: vec![Algorithm::RS256],
            jwks_uri: None,
            clock_skew: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(3600),
            client: Some(Client {
                name: "Cổng đăng nhập".to_owned(),
                id: self.console.clone(),
                secret: Some(Secret(self.secret.clone())),
            }),
        }
    }

    /// A token of its system, by client credentials.
    pub fn client_token(&mut self) -> String {
        self.token("client")
    }

    /// A token of a person.
    pub fn token_of(&mut self, subject: &str) -> String {
        self.token(&format!("person {subject}"))
    }

    /// Signs a person in, in a browser that was sent here; answers whereto it is sent back.
    pub fn signs_in(&mut self, subject: &str, address: &str) -> String {
        let answer = self.answer(&format!("sign-in {subject} {address}"));
        answer["location"].as_str().unwrap_or_else(|| panic!("no way back: {answer}")).to_owned()
    }

    /// Signs with a new key from now on.
    pub fn rotate(&mut self) {
        self.answer("rotate");
    }

    /// Publishes the newest key alone.
    pub fn withdraw(&mut self) {
        self.answer("withdraw");
    }

    /// How often its keys were asked for.
    pub fn asked(&mut self) -> u64 {
        self.answer("asked")["asked"].as_u64().expect("a number")
    }

    fn token(&mut self, command: &str) -> String {
        let answer = self.answer(command);
        answer["token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    fn answer(&mut self, command: &str) -> Value {
        writeln!(self.input, "{command}").expect("it reads commands");
        self.line()
    }

    /// Its next line of JSON; it has notices of its own between them.
    fn line(&mut self) -> Value {
        loop {
            let line = self.output.next().expect("it runs").expect("it speaks UTF-8");
            if let Ok(value) = serde_json::from_str(&line) {
                return value;
            }
        }
    }
}
