-- The run that a request belongs to, and the file that the run's list came from.
ALTER TABLE history ADD COLUMN run_id TEXT;
ALTER TABLE history ADD COLUMN file_name TEXT;

CREATE INDEX history_by_run ON history (run_id, begun_at DESC);

-- Has all that the view below asks for of a token's other requests.
DROP INDEX history_by_token;
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
