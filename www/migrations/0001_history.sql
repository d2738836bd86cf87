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
  expires_at INTEGER
) WITHOUT ROWID;

CREATE INDEX history_by_time ON history (begun_at DESC, id);
CREATE INDEX history_by_token ON history (token_id);
