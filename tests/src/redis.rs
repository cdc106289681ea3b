//! A Redis of a test's own, which can go away and come back empty.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long to wait before it is asked again.
const PAUSE: Duration = Duration::from_millis(5);

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Redis {
    port: u16,
    child: Child,
}

impl Redis {
    /// Starts `redis-server` at a free port of this machine.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        drop(listener);
        Self { port, child: serve(port) }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    #[track_caller]
    pub fn client(&self) -> redis::Client {
        redis::Client::open(self.url()).expect("it is an address")
    }

    /// Ends it without warning.
    pub fn kill(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it can be killed");
    }

    pub fn start_again(&mut self) {
        self.child = serve(self.port);
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn serve(port: u16) -> Child {
    let mut child = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server starts");
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(child.try_wait().is_ok_and(|ended| ended.is_none()), "redis-server goes on");
        assert!(begun.elapsed() < PATIENCE, "redis-server answers");
        thread::sleep(PAUSE);
    }
    child
}
