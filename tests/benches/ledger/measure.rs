//! Blocks of requests over kept connections, and what they say.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use super::{cases::Case, world::World};

const CLIENTS: usize = 8;

const ROUNDS: usize = 7;

const BLOCK: Duration = Duration::from_secs(1);

const GRAPH: &str = "/graphql";

/// No two requests are the same where a case needs that.
static COUNT: AtomicU64 = AtomicU64::new(1);

pub struct Figures {
    name: &'static str,
    statements: (u64, u64),
    /// Requests a second in each round: the graph, the graph again, the reference.
    rates: Vec<[f64; 3]>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |of: usize| spread(self.rates.iter().map(|rates| rates[of])).1;
        let share = |of: usize, by: usize| spread(self.rates.iter().map(|it| it[of] / it[by]));
        let ((low, median, high), (floor, _, ceiling)) = (share(0, 2), share(0, 1));
        write!(
            f,
            "{}: {median:.2} of the reference ({low:.2}–{high:.2}; noise {floor:.2}–{ceiling:.2}), \
             {:.0}/s and {:.0}/s, {} and {} statements",
            self.name,
            rate(0),
            rate(2),
            self.statements.0,
            self.statements.1,
        )
    }
}

/// The least, the middle and the greatest.
fn spread(figures: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let at = |at: usize| figures.get(at).copied().unwrap_or(f64::NAN);
    (at(0), at(figures.len() / 2), at(figures.len().saturating_sub(1)))
}

/// Compares bytes and statements, then times.
pub fn compare(case: &Case, world: &World) -> Result<Figures, String> {
    let mut client = Client::connect(world).map_err(|cause| cause.to_string())?;
    let mut once = |path| {
        // The first request of its kind prepares its statements.
        client.send(path, &next(case))?;
        let before = world.statements.load(Relaxed);
        let answer = client.send(path, &next(case))?;
        Ok::<_, io::Error>((answer, world.statements.load(Relaxed) - before))
    };
    let (answer, of_graph) = once(GRAPH).map_err(|cause| cause.to_string())?;
    let (expected, of_reference) = once(case.path).map_err(|cause| cause.to_string())?;
    if answer != expected {
        return Err(difference(&answer, &expected));
    }
    if (of_graph, of_reference) != case.statements {
        return Err(format!("{of_graph} and {of_reference} statements, not {:?}", case.statements));
    }
    let mut rates = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let mut order = [(0, GRAPH), (1, GRAPH), (2, case.path)];
        if round % 2 == 1 {
            order.reverse();
        }
        let mut of_round = [0.0; 3];
        for (of, path) in order {
            of_round[of] = block(case, path, world).map_err(|cause| cause.to_string())?;
        }
        rates.push(of_round);
    }
    Ok(Figures { name: case.name, statements: case.statements, rates })
}

/// Where two answers part.
fn difference(answer: &str, expected: &str) -> String {
    let same = answer.chars().zip(expected.chars()).take_while(|(one, other)| one == other).count();
    let from = |text: &str| text.chars().skip(same).take(60).collect::<String>();
    let (answer, expected) = (from(answer), from(expected));
    format!("after {same} characters the graph says {answer:?}, the reference {expected:?}")
}

fn next(case: &Case) -> String {
    case.request(COUNT.fetch_add(1, Relaxed))
}

/// Requests a second of all clients for the time of a block.
fn block(case: &Case, path: &str, world: &World) -> io::Result<f64> {
    let clients = (0..CLIENTS).map(|_| Client::connect(world)).collect::<io::Result<Vec<_>>>()?;
    let begun = Instant::now();
    let count = thread::scope(|scope| {
        let clients = clients.into_iter().map(|mut client| {
            scope.spawn(move || {
                let mut count = 0_u32;
                while begun.elapsed() < BLOCK {
                    client.send(path, &next(case))?;
                    count += 1;
                }
                Ok(count)
            })
        });
        let clients: Vec<_> = clients.collect();
        let counts = clients.into_iter().map(|client| {
            client.join().unwrap_or_else(|_| Err(io::Error::other("a client panicked")))
        });
        counts.sum::<io::Result<u32>>()
    })?;
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

/// A kept connection.
struct Client {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Client {
    fn connect(world: &World) -> io::Result<Self> {
        let stream = TcpStream::connect(world.address)?;
        stream.set_nodelay(true)?;
        let head = format!(
            "host: {}\r\ncontent-type: application/json\r\nauthorization: Bearer {}",
            tests::HOST,
            world.token
        );
        Ok(Self { stream: BufReader::new(stream), head })
    }

    /// The body of an answer that went well.
    fn send(&mut self, path: &str, body: &str) -> io::Result<String> {
        let (head, length) = (&self.head, body.len());
        let request =
            format!("POST {path} HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), 0);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if line.starts_with("HTTP/1.1") && !line.starts_with("HTTP/1.1 200") {
                return Err(io::Error::other(line));
            }
            if let Some(bytes) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = bytes.trim().parse().map_err(io::Error::other)?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        String::from_utf8(answer).map_err(io::Error::other)
    }
}
