//! The server in a process of its own, and requests to it over a real connection.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a process may take to say or do what a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that serves; it ends with the test, however that ends.
pub struct Server {
    child: Child,
    /// Both outputs, line by line.
    lines: Receiver<String>,
    pub port: u16,
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
    #[track_caller]
    pub fn start(mut command: Command, host: &str, commands: usize) -> (Self, Vec<String>) {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let (send, lines) = channel();
        let outputs: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("it is piped")),
            Box::new(child.stderr.take().expect("it is piped")),
        ];
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
            .expect("it says where it listens");
        let deadline = Instant::now() + PATIENCE;
        while server.get("/readyz", host).0 != 200 {
            assert!(Instant::now() < deadline, "it does not become ready: {said:#?}");
            thread::sleep(Duration::from_millis(20));
        }
        (server, said)
    }

    /// Reads lines until they are all there.
    #[track_caller]
    pub fn said_until(&self, complete: impl Fn(&[String]) -> bool) -> Vec<String> {
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

    pub fn get(&self, path: &str, host: &str) -> (u16, String) {
        self.send("GET", path, &[("host", host)], "")
    }

    /// Sends a GraphQL request as somebody.
    pub fn ask(&self, host: &str, token: Option<&str>, query: &str) -> (u16, Value) {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("host", host), ("content-type", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        let (status, body) =
            self.send("POST", "/graphql", &headers, &json!({ "query": query }).to_string());
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// One request on a connection of its own: its status and body.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, String) {
        send(self.port, method, path, headers, body).expect("the server answers")
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it can be killed");
    }

    /// Ends it the way an operator does, and answers whether it ended well.
    pub fn stop(mut self) -> bool {
        let kill = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &kill]).status();
        asked.is_ok_and(|kill| kill.success()) && self.child.wait().is_ok_and(|it| it.success())
    }
}

/// One request on a connection of its own to this machine: its status and body, or what went wrong
/// on the way.
pub fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\n{headers}content-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or(io::ErrorKind::InvalidData)?, body.to_owned()))
}

/// The port in a line that tells where it listens.
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("127.0.0.1:")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
