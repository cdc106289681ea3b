//! The real command line in a process of its own: what it prints, what it refuses, and that it
//! serves.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

mod commands;
mod dev;
mod serve;

/// How long a process may take to say or do what a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command with no environment but the given settings, in a directory of its own.
fn camket(directory: &TempDir, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_camket-under-test"));
    command.env_clear().envs(settings.iter().copied());
    command.args(arguments).current_dir(directory.path()).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    camket(&TempDir::new().unwrap(), arguments, settings).output().unwrap()
}

/// What a command that went well printed, which said nothing besides.
#[track_caller]
fn printed(output: &Output) -> &str {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.is_empty(), "{}: {told}", output.status);
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The one line that a command failed with, after its name.
#[track_caller]
fn complaint(output: &Output) -> &str {
    let told = std::str::from_utf8(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{told}");
    let line = told.strip_prefix("camket: ").and_then(|line| line.strip_suffix('\n'));
    match line {
        Some(line) if !line.contains('\n') => line,
        _ => panic!("not one line: {told}"),
    }
}

/// A process that serves; it ends with the test, however that ends.
struct Server {
    child: Child,
    /// Both outputs, line by line.
    lines: Receiver<String>,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Server {
    /// Starts a command that serves at a port which the system chooses, and waits until it has
    /// printed so many commands and is ready. Answers what it said so far, too.
    fn start(mut command: Command, host: &str, commands: usize) -> (Self, Vec<String>) {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let send = send.clone();
            thread::spawn(move || {
                BufReader::new(output).lines().map_while(Result::ok).try_for_each(|l| send.send(l))
            });
        }
        let mut server = Self { child, lines, port: 0 };
        // The outputs are two, and come in any order.
        let said = server.said_until(|said| {
            let curls = said.iter().filter(|line| line.starts_with("curl ")).count();
            curls == commands && said.iter().any(|line| line.contains("listening"))
        });
        server.port = said
            .iter()
            .find(|line| line.contains("listening"))
            .and_then(|line| port(line))
            .unwrap();
        let deadline = Instant::now() + PATIENCE;
        while server.get("/readyz", host).0 != 200 {
            assert!(Instant::now() < deadline, "it does not become ready: {said:#?}");
            thread::sleep(Duration::from_millis(20));
        }
        (server, said)
    }

    /// Reads lines until they are all there.
    fn said_until(&self, complete: impl Fn(&[String]) -> bool) -> Vec<String> {
        let mut said = Vec::new();
        while !complete(&said) {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended: {said:#?}"),
                Err(RecvTimeoutError::Timeout) => panic!("it says no more: {said:#?}"),
            }
        }
        said
    }

    fn get(&self, path: &str, host: &str) -> (u16, String) {
        self.send("GET", path, &[("host", host)], "")
    }

    /// Sends a GraphQL request as somebody.
    fn ask(&self, host: &str, token: Option<&str>, query: &str) -> (u16, Value) {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("host", host), ("content-type", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let (status, body) =
            self.send("POST", "/graphql", &headers, &json!({ "query": query }).to_string());
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// One request on a connection of its own: its status and body.
    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{headers}content-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap(), body.to_owned())
    }

    /// Ends it the way an operator does, and answers whether it ended well.
    fn stop(mut self) -> bool {
        let kill = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &kill]).status();
        asked.unwrap().success() && self.child.wait().unwrap().success()
    }
}

/// The port in a line that tells where it listens.
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("127.0.0.1:")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
