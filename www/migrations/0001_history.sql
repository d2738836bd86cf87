-- The audit trail: a row for every request to Clerk, written before it is sent and completed after.
-- Never a token or a URL.
CREATE TABLE history (
  id TEXT PRIMARY KEY,
  operation TEXT NOT NULL CHECK (operation IN ('create', 'revoke')),
  -- sending: a request is, or was, under way. unknown: it may have taken effect. not_pending: the
  -- token was used or revoked before.
  outcome TEXT NOT NULL CHECK (
    outcome IN ('sending', 'created', 'revoked', 'not_pending', 'failed', 'unknown')
  ),
  actor TEXT NOT NULL,
  reason TEXT,
  user_id TEXT,
  org_id TEXT,
  token_id TEXT,
  expires_in_seconds INTEGER,
  error_code TEXT,
  trace_id TEXT,
  -- Unix time in milliseconds.
  begun_at INTEGER NOT NULL,
  ended_at INTEGER,
  expires_at INTEGER,
  -- The run that a request belongs to, and the file that the run's list came from.
  run_id TEXT,
  file_name TEXT
) WITHOUT ROWID;

CREATE INDEX history_by_time ON history (begun_at DESC, id);
CREATE INDEX history_by_run ON history (run_id, begun_at DESC);
-- Has all that the view below asks for of a token's other requests.
CREATE INDEX history_by_token ON history (token_id, operation, outcome, user_id);

-- What the page shows: each request with its state now. A request in flight for a minute has an
-- unknown outcome.
CREATE VIEW history_now AS
SELECT
  id,
  operation,
  CASE outcome
    WHEN 'sending'
      THEN iif(begun_at < unixepoch('now', 'subsec') * 1000 - 60000, 'unknown', 'sending')
    WHEN 'created' THEN coalesce(
      (
        SELECT max(later.outcome) FROM history AS later
        WHERE later.token_id = history.token_id AND later.operation = 'revoke'
          AND later.outcome IN ('revoked', 'not_pending')
      ),
      iif(expires_at <= unixepoch('now', 'subsec') * 1000, 'expired', 'active')
    )
    ELSE outcome
  END AS state,
  actor,
  begun_at AS begunAt,
  reason,
  -- A revoke names only the token. Its create has the user.
  coalesce(
    user_id,
    (
      SELECT user_id FROM history AS made
      WHERE made.token_id = history.token_id AND made.operation = 'create'
    )
  ) AS userId,
  org_id AS orgId,
  token_id AS tokenId,
  expires_in_seconds AS expiresInSeconds,
  expires_at AS expiresAt,
  error_code AS errorCode,
  trace_id AS traceId,
  run_id AS runId,
  file_name AS fileName
FROM history;
