-- The runs, and the result of each user. A user is in a run once, so a message that comes twice
-- does no harm.
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  expires_in_seconds INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('loading', 'running', 'paused', 'failed')),
  created_at INTEGER NOT NULL
);

CREATE TABLE results (
  run_id TEXT NOT NULL REFERENCES runs (id),
  user_id TEXT NOT NULL,
  org_id TEXT,
  -- queued: nothing was sent. sending: a request is or was in flight. unknown: a token may exist
  -- that nobody has.
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'created', 'failed', 'unknown')),
  changed_at INTEGER NOT NULL,
  token_id TEXT,
  url TEXT,
  error TEXT,
  PRIMARY KEY (run_id, user_id)
) WITHOUT ROWID;

CREATE INDEX results_by_state ON results (run_id, state);

-- Unusable lines of an upload, and unusable messages.
CREATE TABLE problems (
  run_id TEXT,
  line INTEGER,
  reason TEXT NOT NULL
);
