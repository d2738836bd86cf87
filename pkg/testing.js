// Fakes for unit tests: a token as `create` returns it, and a `fetch` that answers as Clerk does, without a server.

/**
 * @typedef {import("clerk-sign-in-tokens").SignInToken} SignInToken
 * @typedef {import("clerk-sign-in-tokens/testing").FakeCall} FakeCall
 * @typedef {import("clerk-sign-in-tokens/testing").FakeStep} FakeStep
 */

/** @type {typeof import("clerk-sign-in-tokens/testing").fakeToken} */
export function fakeToken(overrides) {
  return {
    object: "sign_in_token",
    id: "sit_fake",
    userId: "user_fake",
    status: "pending",
    token: "fake_ticket",
    url: "https://clerk.example.com/v1/tickets/accept?ticket=fake_ticket",
    createdAt: 1767225600000,
    updatedAt: 1767225600000,
    ...overrides,
  };
}

/** @type {typeof import("clerk-sign-in-tokens/testing").fakeFetch} */
export function fakeFetch(script = []) {
  script.forEach((step, index) => {
    if (!isStep(step)) {
      throw new TypeError(
        `script[${index}]: expected 200, 4xx, 5xx, "lost", "silent", a token or a function`,
      );
    }
  });
  /** @type {FakeCall[]} */
  const calls = [];
  /**
   * @param {string} url
   * @param {import("clerk-sign-in-tokens").FetchLikeInit} init
   * @returns {Promise<import("clerk-sign-in-tokens").FetchLikeResponse>}
   */
  const fetch = async (url, { body, signal }) => {
    const [, id] = url.match(/([^/]+)\/revoke$/) ?? [];
    /** @type {FakeCall} */
    const call = id
      ? { operation: "revoke", id: decodeURIComponent(id) }
      : { operation: "create", params: camelCase(await new Response(body).json()) };
    const step = script[calls.push(call) - 1];
    if (typeof step === "function") return step(call);
    if (step === "lost") throw new TypeError("fetch failed");
    if (step === "silent") {
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }
    if (isFailure(step)) return failure(step);
    return Response.json(wire(step?.object ? step : answerTo(call, calls.length)));
  };
  return Object.assign(fetch, { calls });
}

/** @param {FakeStep} step */
function isStep(step) {
  return (
    step === 200 ||
    isFailure(step) ||
    step === "lost" ||
    step === "silent" ||
    typeof step === "function" ||
    step?.object === "sign_in_token"
  );
}

/**
 * @param {FakeStep | undefined} step
 * @returns {step is number}
 */
function isFailure(step) {
  return (
    Number.isInteger(step) &&
    /** @type {number} */ (step) > 399 &&
    /** @type {number} */ (step) < 600
  );
}

/**
 * @param {FakeCall} call
 * @param {number} count of the calls so far
 */
function answerTo({ id, params }, count) {
  return params
    ? fakeToken({ id: `sit_fake${count}`, userId: params.userId })
    : fakeToken({ id, status: "revoked", token: undefined, url: undefined });
}

/** @param {number} status */
function failure(status) {
  const code = `fake_${status}`;
  return Response.json(
    { errors: [{ code, message: code, long_message: code }] },
    { status, headers: status === 429 ? { "retry-after": "0" } : {} },
  );
}

/** @param {SignInToken} token */
function wire({ userId, createdAt, updatedAt, ...rest }) {
  return { ...rest, user_id: userId, created_at: createdAt, updated_at: updatedAt };
}

/** @param {{ user_id: string, org_id?: string, expires_in_seconds?: number }} body */
function camelCase({ user_id, org_id, expires_in_seconds }) {
  return { userId: user_id, orgId: org_id, expiresInSeconds: expires_in_seconds };
}
