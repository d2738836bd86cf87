//! Bulk runs of a client.

use futures_util::Stream;
use futures_util::future::LocalBoxFuture;

use super::options::ManyOptions;
use super::rate_limiter::{LIVE_LIMIT, TEST_LIMIT};
use super::run::{Backend, Entry, Run, Sent};
#[cfg(not(target_arch = "wasm32"))]
use crate::client::native::{now_ms, random, sleep};
#[cfg(target_arch = "wasm32")]
use crate::client::platform::{now_ms, random};
#[cfg(target_arch = "wasm32")]
use crate::client::run::sleep;
use crate::client::{CallOptions, SignInTokens};
use crate::operation::Operation;
use crate::params::CreateParams;
use crate::secret::InstanceType;

/// Creates a token for each input: see the [module](crate::bulk).
pub fn create_many<'a, I: AsRef<CreateParams> + 'a>(
    tokens: &SignInTokens,
    inputs: impl Stream<Item = I> + 'a,
    options: ManyOptions<'a>,
) -> Run<'a, I> {
    run(
        tokens,
        inputs,
        options,
        Operation::Create,
        |tokens, entry, options| {
            Box::pin(async move {
                let result = tokens
                    .create_with(entry.kept.input.as_ref(), &options)
                    .await;
                (entry, result)
            })
        },
    )
}

/// Revokes each token by its ID, as [`create_many`] creates them. A revoke is idempotent, so it is
/// also retried after a lost answer, a timeout and a 5xx: after `Retry-After`, or an exponential
/// back-off (from 0.5 s, at most 8 s) with full jitter. Other tokens are revoked meanwhile.
pub fn revoke_many<'a, I: AsRef<str> + 'a>(
    tokens: &SignInTokens,
    ids: impl Stream<Item = I> + 'a,
    options: ManyOptions<'a>,
) -> Run<'a, I> {
    run(
        tokens,
        ids,
        options,
        Operation::Revoke,
        |tokens, entry, options| {
            Box::pin(async move {
                let result = tokens
                    .revoke_with(entry.kept.input.as_ref(), &options)
                    .await;
                (entry, result)
            })
        },
    )
}

type Send<'a, I> = fn(SignInTokens, Entry<I>, CallOptions) -> Sent<'a, I>;

struct Client<'a, I> {
    tokens: SignInTokens,
    call: CallOptions,
    rate_limit: Option<u32>,
    send: Send<'a, I>,
}

fn run<'a, I: 'a>(
    tokens: &SignInTokens,
    inputs: impl Stream<Item = I> + 'a,
    options: ManyOptions<'a>,
    operation: Operation,
    send: Send<'a, I>,
) -> Run<'a, I> {
    let client = Client {
        tokens: tokens.clone(),
        call: options.call.clone().max_retries(0),
        rate_limit: options.rate_limit,
        send,
    };
    Run::new(inputs, client, options, operation.is_idempotent())
}

impl<'a, I> Backend<'a, I> for Client<'a, I> {
    fn send(&self, entry: Entry<I>) -> Sent<'a, I> {
        (self.send)(self.tokens.clone(), entry, self.call.clone())
    }

    fn limit(&self) -> u32 {
        self.rate_limit
            .unwrap_or(match self.tokens.instance_type() {
                Some(InstanceType::Production) => LIVE_LIMIT,
                _ => TEST_LIMIT,
            })
    }

    fn now(&self) -> f64 {
        now_ms()
    }

    fn random(&self) -> f64 {
        random()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'a, bool> {
        Box::pin(sleep(ms))
    }
}
