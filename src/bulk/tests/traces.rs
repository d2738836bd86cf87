//! Replays traces of the pacer in JavaScript: each line has a call, with its time and its random
//! number, and what it returned. `tests/support/trace.ts` writes them.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::bulk::pacer::{Failure, Item, Pacer, Settings, Step};
use crate::error::{ErrorCode, Outcome};

const CODES: [ErrorCode; 11] = [
    ErrorCode::InvalidArgument,
    ErrorCode::Unauthorized,
    ErrorCode::NotFound,
    ErrorCode::NotPending,
    ErrorCode::Rejected,
    ErrorCode::RateLimited,
    ErrorCode::ServerError,
    ErrorCode::Network,
    ErrorCode::Timeout,
    ErrorCode::InvalidResponse,
    ErrorCode::Internal,
];

/// The words of one half of a line.
struct Words<'a>(std::str::Split<'a, char>);

impl<'a> Words<'a> {
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
}

impl Replay {
    /// Begins with the first line: the options, and the time.
    fn new(line: &str) -> Self {
        let mut words = Words(line.split(' '));
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
        }
    }

    fn line(&mut self, line: &str) {
        let (call, returned) = line.split_once(" > ").unwrap_or((line, ""));
        let mut call = Words(call.split(' '));
        let mut returned = Words(returned.split(' '));
        match call.word() {
            "next" => self.next(call.number(), &mut returned),
            "ended" => self.ended(&mut call, &mut returned),
            "pulled" => self.pacer.pulled(()),
            "exhausted" => self.pacer.exhausted(),
            "taken" => self.pacer.taken(),
            "setLimit" => self.pacer.set_limit(call.integer()),
            "stop" => {
                let stopped = self.pacer.stop().into_iter().map(|item| item.index);
                let expected = returned.0.filter_map(|index| index.parse::<usize>().ok());
                assert_eq!(
                    stopped.collect::<Vec<usize>>(),
                    expected.collect::<Vec<_>>()
                );
            }
            call => panic!("unknown call: {call}"),
        }
    }

    fn next(&mut self, now: f64, returned: &mut Words<'_>) {
        let expected = returned.word();
        let step = match self.pacer.next(now) {
            Step::Pull => "pull",
            Step::End => "end",
            Step::Wait(ms) => {
                assert_eq!(ms.to_bits(), returned.number().to_bits());
                "wait"
            }
            Step::Send(item) => {
                assert_eq!(item.index, returned.integer::<usize>());
                self.in_flight.insert(item.index, item);
                "send"
            }
        };
        assert_eq!(step, expected);
    }

    fn ended(&mut self, call: &mut Words<'_>, returned: &mut Words<'_>) {
        let item = self.in_flight.remove(&call.integer()).expect("in flight");
        let (now, random, failure) = (call.number(), call.number(), call.failure());
        match self.pacer.ended(item, failure, now, random) {
            None => assert_eq!(returned.word(), "again"),
            Some(Item {
                attempts,
                is_unknown,
                ..
            }) => {
                assert_eq!(returned.word(), if is_unknown { "unknown" } else { "done" });
                assert_eq!(attempts, returned.integer::<u32>());
            }
        }
        let pause = self.pacer.pause();
        assert_eq!(
            returned.word(),
            pause.map_or("sending", |pause| pause.reason.as_str())
        );
        if let Some(pause) = pause {
            assert_eq!(pause.until.to_bits(), returned.number().to_bits());
        }
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

/// Replays a trace. Returns the number of its lines.
fn replay(path: &Path) -> usize {
    let mut lines = BufReader::new(File::open(path).unwrap()).lines();
    let mut replay = Replay::new(&lines.next().unwrap().unwrap());
    let mut place = Place(path, 1);
    for line in lines {
        place.1 += 1;
        replay.line(&line.unwrap());
    }
    place.1
}

#[test]
fn golden_traces() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let traces: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(traces.len() >= 5);
    for trace in traces {
        assert!(replay(&trace) > 100, "{}", trace.display());
    }
}

/// The soak tier replays the simulated million.
#[test]
#[ignore = "needs a trace"]
fn trace_of_a_simulation() {
    let path = std::env::var_os("TRACE").expect("the path of a trace");
    println!("{} lines", replay(Path::new(&path)));
}
