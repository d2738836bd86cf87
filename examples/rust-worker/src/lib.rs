//! A Cloudflare Worker in Rust: POST {"userId": "user_…"} returns a link that signs this user in.
use core::time::Duration;
use std::sync::OnceLock;

use clerk_sign_in_tokens::{ApiUrl, CreateParams, ErrorCode, SecretKey, SignInTokens};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::send::SendWrapper;
use worker::wasm_bindgen::JsValue;
use worker::{Context, Env, Fetcher, Request, Response, Result, event, web_sys};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    user_id: String,
}

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let expected = format!("Bearer {}", env.secret("ADMIN_TOKEN")?);
    if request.headers().get("authorization")?.as_deref() != Some(&*expected) {
        return Response::error("Unauthorized", 401);
    }
    let Body { user_id } = request.json().await?;
    let (status, body) = sign_in_link(shared_client(&env)?, user_id).await;
    Ok(Response::from_json(&body)?.with_status(status))
}

/// Returns the status and the body of the answer.
async fn sign_in_link(tokens: &SignInTokens, user_id: String) -> (u16, Value) {
    let params = CreateParams::new(user_id).expires_in(Duration::from_secs(600));
    match tokens.create(&params).await {
        Ok(token) => (200, json!({ "id": token.id, "url": token.url })),
        Err(error) => {
            let status = if error.code == ErrorCode::NotFound {
                404
            } else {
                502
            };
            let body = json!({ "code": error.code, "outcome": error.outcome });
            (status, body)
        }
    }
}

/// Returns the one client of all requests. A `static` has to be `Sync`, and `axum` asks for `Send`:
/// `SendWrapper` is both, since a Worker has one thread.
fn shared_client(env: &Env) -> Result<&'static SignInTokens> {
    static TOKENS: OnceLock<SendWrapper<SignInTokens>> = OnceLock::new();
    if let Some(tokens) = TOKENS.get() {
        return Ok(tokens);
    }
    let tokens = SendWrapper::new(client(env)?);
    Ok(TOKENS.get_or_init(|| tokens))
}

fn client(env: &Env) -> Result<SignInTokens> {
    let key = env.secret("CLERK_SECRET_KEY")?.to_string();
    let mut tokens = SignInTokens::new(SecretKey::new(key).map_err(JsValue::from)?);
    if let Ok(url) = env.var("CLERK_API_URL") {
        tokens = tokens.api_url(ApiUrl::new(&url.to_string()).map_err(JsValue::from)?);
    }
    // With a service binding, another Worker of yours sends the requests.
    if let Ok(service) = env.service("CLERK_API") {
        tokens = tokens.fetch(move |request| send(service.clone(), request));
    }
    Ok(tokens)
}

async fn send(
    service: Fetcher,
    request: web_sys::Request,
) -> core::result::Result<web_sys::Response, JsValue> {
    let response = service.fetch_request(Request::from(request)).await?;
    Ok(response.into())
}

/// `cargo test` runs these natively.
#[cfg(test)]
mod tests {
    use clerk_sign_in_tokens::testing::{FakeCall, FakeFetch, FakeStep};

    use super::*;

    fn answer(fetch: &FakeFetch) -> (u16, Value) {
        let tokens = SignInTokens::new(SecretKey::new("sk_test_any").unwrap()).fake_fetch(fetch);
        pollster::block_on(sign_in_link(&tokens, "user_1".into()))
    }

    #[test]
    fn a_link_lasts_ten_minutes() {
        let fetch = FakeFetch::new([FakeStep::Status(429)]);
        let (status, body) = answer(&fetch);
        assert_eq!((status, &body["id"]), (200, &json!("sit_fake2")));
        let params = CreateParams::new("user_1").expires_in(Duration::from_secs(600));
        assert_eq!(
            fetch.calls(),
            [FakeCall::Create(params.clone()), FakeCall::Create(params)]
        );
    }

    #[test]
    fn a_failure_says_whether_a_token_may_exist() {
        for (step, status, code, outcome) in [
            (FakeStep::Status(404), 404, "not_found", "none"),
            (FakeStep::Status(422), 502, "rejected", "none"),
            (FakeStep::Lost, 502, "network", "unknown"),
            (FakeStep::Silent, 502, "timeout", "unknown"),
        ] {
            let expected = json!({ "code": code, "outcome": outcome });
            assert_eq!(answer(&FakeFetch::new([step])), (status, expected));
        }
    }
}
