//! The class `SignInTokens`. Its doc comments are those of the npm package's types.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::client::driver::Driver;
use crate::client::events::Task;
use crate::client::platform::guard;
use crate::client::settings::Settings;
use crate::client::target::Target;
use crate::js::error::{from_error, internal};
use crate::js::fields::string;
use crate::js::options;
use crate::js::task::ClassCall;
use crate::operation::Operation;
use crate::secret::InstanceType;

/// A client for Clerk's two operations on sign-in tokens. It needs no initialization: the `import`
/// loads the wasm. One client serves any number of concurrent calls and requests, also when it is
/// created at a module's top level.
///
/// ```ts
/// const tokens = new SignInTokens({ secretKey: env.CLERK_SECRET_KEY });
/// const token = await tokens.create({ userId: "user_2x", expiresInSeconds: 600 });
/// await tokens.revoke(token.id);
/// ```
#[wasm_bindgen(js_name = SignInTokens)]
pub struct JsSignInTokens {
    settings: Rc<Settings>,
}

#[wasm_bindgen(js_class = SignInTokens)]
impl JsSignInTokens {
    /// Makes a client.
    ///
    /// @throws {SignInTokensError} `invalid_argument` for an unknown option, a wrong type or a
    /// refused value.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SignInTokensOptions")] options: JsValue,
    ) -> Result<JsSignInTokens, JsValue> {
        let mut made = None;
        guard(|| made = Some(options::client_options(&options)));
        let settings = made.unwrap_or_else(|| Err(internal(0)))?;
        Ok(Self {
            settings: Rc::new(settings),
        })
    }

    /// Returns 2 for a production instance, 1 for a development one, else 0. `pkg/src/client.ts`
    /// says it in Clerk's words.
    #[wasm_bindgen(getter, js_name = instanceType, skip_typescript)]
    pub fn instance_type(&self) -> u32 {
        match self.settings.instance_type.get() {
            Some(InstanceType::Production) => 2,
            Some(InstanceType::Development) => 1,
            None => 0,
        }
    }

    /// Creates a sign-in token for a user: `POST /v1/sign_in_tokens`.
    ///
    /// Retried only after a 429, which has no effect, and where no connection was made. When the
    /// answer is lost, the call fails at once with `outcome: "unknown"`.
    ///
    /// @returns the token; its `token` and `url` sign the user in, so treat them like a password.
    /// @throws {SignInTokensError} with any `code`; `not_found` where there is no such user,
    /// `rejected` for parameters that Clerk refuses (422). An abort rejects with `signal.reason`
    /// instead.
    #[wasm_bindgen(unchecked_return_type = "Promise<SignInToken>")]
    pub fn create(
        &self,
        #[wasm_bindgen(unchecked_param_type = "CreateSignInTokenParams")] params: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(Operation::Create, &params, &options)
    }

    /// Revokes a pending sign-in token: `POST /v1/sign_in_tokens/{id}/revoke`.
    ///
    /// Retried after a 429, a lost answer and a 500, 502, 503 or 504, since revoking is
    /// idempotent.
    ///
    /// @param id the token's `id` (not its `token`); percent-encoded into the path.
    /// @returns the token, its `status` now `"revoked"`.
    /// @throws {SignInTokensError} with any `code`; `not_found` where there is no such token,
    /// `not_pending` where it was used or revoked before. An abort rejects with `signal.reason`
    /// instead.
    #[wasm_bindgen(unchecked_return_type = "Promise<SignInToken>")]
    pub fn revoke(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(Operation::Revoke, &id, &options)
    }

    /// The same operation as {@link SignInTokens.revoke}, under the name that generated SDKs give
    /// it.
    #[wasm_bindgen(unchecked_return_type = "Promise<SignInToken>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.revoke(id, options)
    }
}

impl JsSignInTokens {
    /// Reads the arguments at once, so that a caller may change them afterwards, and starts the
    /// call.
    fn call(&self, operation: Operation, argument: &JsValue, options: &JsValue) -> Promise {
        let mut call = None;
        let mut refused = None;
        let survived = guard(|| {
            let driver = self.driver(operation, argument, options);
            match driver.and_then(ClassCall::new) {
                Ok(made) => call.insert(made).poll(),
                Err(error) => refused = Some(error),
            }
        });
        let Some(call) = call else {
            return Promise::reject(&refused.unwrap_or_else(|| internal(0)));
        };
        let promise = call.promise();
        call.polled(survived);
        promise.unchecked_into()
    }

    fn driver(
        &self,
        operation: Operation,
        argument: &JsValue,
        options: &JsValue,
    ) -> Result<Driver, JsValue> {
        let target = match operation {
            Operation::Create => Target::create(&options::create_params(argument)?),
            Operation::Revoke => Target::revoke(&string("id", argument)?),
        };
        let (call_settings, signal) = options::call_options(options, &self.settings)?;
        target
            .and_then(|target| {
                Driver::new(Rc::clone(&self.settings), call_settings, target, signal)
            })
            .map_err(from_error)
    }
}
