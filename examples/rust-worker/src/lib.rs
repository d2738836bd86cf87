//! A Cloudflare Worker in Rust: POST {"userId": "user_…"} returns a link that signs this user in.
use clerk_sign_in_tokens::{
    ApiUrl, CreateParams, Error, ErrorCode, SecretKey, SignInToken, SignInTokens,
};
use serde::Deserialize;
use serde_json::json;
use worker::{Context, Env, Request, Response, Result, event};

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
    match create(&env, user_id).await {
        Ok(token) => Response::from_json(&json!({ "id": token.id, "url": token.url })),
        Err(error) => {
            let status = if error.code == ErrorCode::NotFound {
                404
            } else {
                502
            };
            let body = json!({ "code": error.code.as_str(), "outcome": error.outcome.as_str() });
            Ok(Response::from_json(&body)?.with_status(status))
        }
    }
}

async fn create(env: &Env, user_id: String) -> core::result::Result<SignInToken, Error> {
    let key = env
        .secret("CLERK_SECRET_KEY")
        .map(|key| key.to_string())
        .unwrap_or_default();
    let mut tokens = SignInTokens::new(SecretKey::new(&key)?);
    if let Ok(url) = env.var("CLERK_API_URL") {
        tokens = tokens.api_url(ApiUrl::new(&url.to_string())?);
    }
    tokens
        .create(&CreateParams::new(user_id).expires_in_seconds(600))
        .await
}
