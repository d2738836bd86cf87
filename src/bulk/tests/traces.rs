//! Replays traces of the pacer in JavaScript. `tests/support/trace.ts` says what a line has.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::bulk::pacer::{Failure, Item, Pacer, Settings, Step};
use crate::error::{ErrorCode, Outcome};

const CODES: [ErrorCode; 9] = [
    ErrorCode::InvalidArgument,
    ErrorCode::NotFound,
    ErrorCode::NotPending,
    ErrorCode::RateLimited,
    ErrorCode::ServerError,
    ErrorCode::Network,
    ErrorCode::Timeout,
    ErrorCode::InvalidResponse,
    ErrorCode::Internal,
];

/// The words of a part of a line.
struct Words<'a>(std::str::Split<'a, char>);

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        Self(text.split(' '))
    }

    fn word(&mut self) -> &'a str {
        self.0.next().expect("a word")
    }

    fn number(&mut self) -> f64 {
        self.word().parse().expect("a number")
    }

    fn integer<N: TryFrom<u64>>(&mut self) -> N {
        let number: u64 = self.word().parse().expect("an integer");
        N::try_from(number).ok().expect("a small integer")
    }

    fn failure(&mut self) -> Option<Failure> {
        let code = match self.word() {
            "token" => return None,
            code => CODES.into_iter().find(|known| known.as_str() == code),
        };
        let outcome = match self.word() {
            "none" => Outcome::NoEffect,
            "unknown" => Outcome::Unknown,
            outcome => panic!("unknown outcome: {outcome}"),
        };
        Some(Failure {
            code: code.expect("a known code"),
            outcome,
            attempts: self.integer(),
            retry_after: self.word().parse().ok(),
        })
    }
}

struct Replay {
    pacer: Pacer<()>,
    in_flight: HashMap<usize, Item<()>>,
    /// The inputs that come when they are pulled.
    inputs: usize,
    is_pulling: bool,
    is_exhausted: bool,
}

impl Replay {
    /// Begins with the first line.
    fn new(line: &str) -> Self {
        let mut words = Words::new(line);
        let is_idempotent = words.word() == "revoke";
        let settings = Settings {
            limit: words.integer(),
            concurrency: words.integer(),
            max_retries: words.integer(),
            is_idempotent,
        };
        Self {
            pacer: Pacer::new(settings, words.number()),
            in_flight: HashMap::new(),
            inputs: 0,
            is_pulling: false,
            is_exhausted: false,
        }
    }

    fn moment(&mut self, line: &str) {
        let (happened, results) = line.split_once(" > ").expect("the results");
        let (now, events) = happened.split_once(' ').unwrap_or((happened, ""));
        let now = now.parse().expect("a time");
        let mut results = Words::new(results);
        for event in events.split(", ").filter(|event| !event.is_empty()) {
            self.happen(now, event, &mut results);
            if self.is_pulling {
                self.pull();
            }
        }
        while self.step(now, &mut results) {}
        assert_eq!(results.0.next(), None);
    }

    fn happen(&mut self, now: f64, event: &str, results: &mut Words<'_>) {
        let (what, words) = event.split_once(' ').unwrap_or((event, ""));
        let mut words = Words::new(words);
        match what {
            "inputs" => self.inputs += words.integer::<usize>(),
            "exhausted" => self.is_exhausted = true,
            "taken" => (0..words.integer()).for_each(|_| self.pacer.taken()),
            "limit" => self.pacer.set_limit(words.integer()),
            "stop" => {
                assert_eq!(results.word(), "stopped");
                for item in self.pacer.stop() {
                    assert_eq!(item.index, results.integer::<usize>());
                }
            }
            index => {
                let index = index.parse().expect("an index");
                let item = self.in_flight.remove(&index).expect("in flight");
                self.ended(item, now, &mut words, results);
            }
        }
    }

    fn pull(&mut self) {
        self.is_pulling = self.inputs == 0 && !self.is_exhausted;
        if self.inputs > 0 {
            self.inputs -= 1;
            self.pacer.pulled(());
        } else if self.is_exhausted {
            self.pacer.exhausted();
        }
    }

    fn ended(&mut self, item: Item<()>, now: f64, words: &mut Words<'_>, results: &mut Words<'_>) {
        let failure = words.failure();
        let random = failure.map_or(0.0, |_| words.number());
        match self.pacer.ended(item, failure, now, random) {
            None => assert_eq!(results.word(), "again"),
            Some(item) => {
                let outcome = if item.is_unknown { "unknown" } else { "done" };
                assert_eq!(results.word(), outcome);
                assert_eq!(item.attempts, results.integer::<u32>());
            }
        }
        if let Some(pause) = self.pacer.pause() {
            assert_eq!(results.word(), pause.reason.as_str());
            assert_eq!(pause.until.to_bits(), results.number().to_bits());
        }
    }

    /// Does what comes next. Returns whether something else follows at once.
    fn step(&mut self, now: f64, results: &mut Words<'_>) -> bool {
        let expected = results.word();
        let step = match self.pacer.next(now) {
            Step::Pull => {
                self.pull();
                "pull"
            }
            Step::Send(item) => {
                assert_eq!(item.index, results.integer::<usize>());
                self.in_flight.insert(item.index, item);
                "send"
            }
            Step::Wait(ms) => {
                assert_eq!(ms.to_bits(), results.number().to_bits());
                "wait"
            }
            Step::End => "end",
        };
        assert_eq!(step, expected);
        matches!(step, "pull" | "send")
    }
}

/// Says where a trace differs.
struct Place<'a>(&'a Path, usize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}:{}", self.0.display(), self.1);
        }
    }
}

/// Replays the traces of a file. Returns the number of their moments.
fn replay(path: &Path) -> usize {
    let (mut replay, mut moments) = (None, 0);
    let mut place = Place(path, 0);
    for line in BufReader::new(File::open(path).unwrap()).lines() {
        let line = line.unwrap();
        place.1 += 1;
        if line.starts_with(['c', 'r']) {
            replay = Some(Replay::new(&line));
        } else if line.starts_with(|start: char| start.is_ascii_digit()) {
            replay.as_mut().expect("a first line").moment(&line);
            moments += 1;
        }
    }
    moments
}

#[test]
fn golden_traces() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let files: Vec<_> = fs::read_dir(folder).unwrap().collect();
    assert!(files.len() >= 4);
    for file in files {
        let path = file.unwrap().path();
        assert!(replay(&path) > 30, "{}", path.display());
    }
}

/// The soak tier replays the simulated million.
#[test]
#[ignore = "needs a trace"]
fn trace_of_a_simulation() {
    let path = std::env::var_os("TRACE").expect("the path of a trace");
    println!("{} moments", replay(Path::new(&path)));
}
