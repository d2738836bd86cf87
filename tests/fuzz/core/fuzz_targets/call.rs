//! Whatever the attempts of a call are answered with: it ends, no create is repeated that may have
//! taken effect, and no error says that an operation had no effect unless that is certain.
#![no_main]

use clerk_sign_in_tokens::fuzzing::{Answer, Body, Call, ClerkErrors, RetryInputs, Step};
use clerk_sign_in_tokens::{Error, Operation, Outcome};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    is_create: bool,
    max_retries: u8,
    attempts: Vec<Attempt>,
}

/// What comes of one attempt, and what the driver looks up then.
#[derive(Arbitrary, Debug)]
struct Attempt {
    reply: Reply,
    remaining_ms: u32,
    random: u16,
}

#[derive(Arbitrary, Debug)]
enum Reply {
    Answered {
        status: Status,
        retry_after: Option<u32>,
        cf_ray: Option<String>,
        body: Content,
    },
    Unanswered,
    TimedOut,
}

/// Mostly the statuses that the API has.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Status {
    Ok,
    BadRequest,
    NotFound,
    TooManyRequests,
    ServiceUnavailable,
    Other(u16),
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Content {
    SignInToken,
    ClerkErrors,
    Unrecognized,
    TooLong,
    Broken,
}

impl Status {
    fn code(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::BadRequest => 400,
            Self::NotFound => 404,
            Self::TooManyRequests => 429,
            Self::ServiceUnavailable => 503,
            Self::Other(code) => code,
        }
    }
}

impl Content {
    fn body(self) -> Body {
        match self {
            Self::SignInToken => Body::SignInToken,
            Self::ClerkErrors => Body::ClerkErrors(ClerkErrors::default()),
            Self::Unrecognized => Body::Unrecognized,
            Self::TooLong => Body::TooLong,
            Self::Broken => Body::Broken(None),
        }
    }
}

impl Reply {
    /// Whether it proves that its attempt had no effect.
    fn is_refusal(&self) -> bool {
        match self {
            Self::Answered { status, body, .. } => match status.code() {
                429 => true,
                400..=499 => *body == Content::ClerkErrors,
                _ => false,
            },
            Self::Unanswered | Self::TimedOut => false,
        }
    }

    fn is_success(&self) -> bool {
        matches!(self, Self::Answered { status, body: Content::SignInToken, .. }
            if (200..300).contains(&status.code()))
    }

    fn tell(&self, call: &mut Call, inputs: RetryInputs) -> Step {
        match self {
            Self::Answered {
                status,
                retry_after,
                cf_ray,
                body,
            } => {
                let answer = Answer {
                    status: status.code(),
                    retry_after: *retry_after,
                    cf_ray: cf_ray.clone(),
                    body: body.body(),
                };
                call.answered(answer, &|| inputs)
            }
            Self::Unanswered => call.unanswered(None, true, &|| inputs),
            Self::TimedOut => Step::Failed(call.timed_out()),
        }
    }
}

fuzz_target!(|input: Input| {
    let operation = if input.is_create {
        Operation::Create
    } else {
        Operation::Revoke
    };
    let max_retries = u32::from(input.max_retries);
    let mut call = Call::new(operation, max_retries);
    let mut may_have_taken_effect = false;
    let mut sent = 0;
    for attempt in &input.attempts {
        let inputs = RetryInputs {
            remaining_ms: attempt.remaining_ms,
            random: f64::from(attempt.random) / 65_536.0,
        };
        call.sent();
        sent += 1;
        let step = attempt.reply.tell(&mut call, inputs);
        may_have_taken_effect |= !attempt.reply.is_refusal();
        match step {
            Step::Done => {
                assert!(attempt.reply.is_success());
                return;
            }
            Step::Retry { wait_ms, .. } => {
                assert!(wait_ms < inputs.remaining_ms);
                assert!(sent <= max_retries);
                assert!(!(input.is_create && may_have_taken_effect));
            }
            Step::Failed(error) => {
                assert!(!attempt.reply.is_success());
                check(&error, sent, may_have_taken_effect);
                return;
            }
        }
    }
    // The timeout passed in a wait, or before anything was sent.
    check(&call.timed_out(), sent, may_have_taken_effect);
});

fn check(error: &Error, sent: u32, may_have_taken_effect: bool) {
    assert_eq!(error.attempts, sent);
    assert_eq!(error.outcome == Outcome::Unknown, may_have_taken_effect);
}
